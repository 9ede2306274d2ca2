"""Products that customers bought, and what each service invoice charged of them (PRD)."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from caudal.apps.billing.models.invoice import Invoice
from caudal.apps.catalog.models import Product
from caudal.apps.customers.models import Customer, Service, ServiceState
from caudal.core.errors import RuleError
from caudal.core.money import minor_digits
from caudal.core.products import MOST_INSTALMENTS, ProductBilling, ProductTerms, unbilled_rest
from caudal.store.money import MoneyField


class CustomerProduct(models.Model):
    """Something sold to a customer that his service invoices charge: TV, a router, VoIP (WH-74)."""

    class Billing(models.TextChoices):
        RECURRING = "recurring", _("On every service invoice")
        ONCE = "once", _("Once")
        INSTALMENTS = "instalments", _("In instalments")

    customer = models.ForeignKey(
        Customer, models.PROTECT, verbose_name=_("customer"), related_name="products"
    )
    service = models.ForeignKey(
        Service,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("service"),
        related_name="products",
    )
    """Whose invoice charges it; empty: that of the customer's first service."""
    product = models.ForeignKey(
        Product, models.PROTECT, null=True, blank=True, verbose_name=_("product")
    )
    description = models.CharField(_("description on the invoice"), max_length=200)
    billing = models.CharField(
        _("is charged"), max_length=12, choices=Billing, default=Billing.RECURRING
    )
    price = MoneyField(_("price"))
    """Each time when recurring; the whole of it when charged once or in instalments."""
    currency = models.CharField(_("currency"), max_length=3)
    instalments = models.PositiveSmallIntegerField(
        _("instalments"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_INSTALMENTS)],
    )
    starts = models.DateField(_("from"), null=True, blank=True)
    ends = models.DateField(_("to"), null=True, blank=True)
    """Both are emission dates, and both are included (PRD-4)."""
    billed = models.PositiveIntegerField(_("times charged"), default=0, editable=False)
    numbered = models.PositiveIntegerField(default=0, editable=False)
    """The highest number that a charge of it ever had."""
    completed_at = models.DateTimeField(_("billed"), null=True, blank=True)
    """All of it is on invoices, paid or not (PRD-2)."""
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    created_by = models.CharField(_("by"), max_length=120)
    created_at = models.DateTimeField(_("created"))

    class Meta:
        ordering = ["id"]
        verbose_name = _("product of a customer")
        verbose_name_plural = _("products of customers")
        constraints = [
            models.CheckConstraint(
                condition=Q(price__gte=0), name="sold_product_price_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(billing="instalments", instalments__range=(2, MOST_INSTALMENTS))
                | (~Q(billing="instalments") & Q(instalments=1)),
                name="instalments_2_to_24",
            ),
            models.CheckConstraint(
                condition=Q(starts=None) | Q(ends=None) | Q(ends__gte=models.F("starts")),
                name="sold_product_dates_in_order",
            ),
        ]
        indexes = [
            models.Index(
                fields=["customer"],
                name="products_to_charge",
                condition=Q(completed_at=None, cancelled_at=None),
            )
        ]

    def __str__(self) -> str:
        return self.description

    @property
    def terms(self) -> ProductTerms:
        """As the rules of `core.products` understand it."""
        return ProductTerms(
            ProductBilling(self.billing), self.price, self.instalments, self.starts, self.ends
        )

    @property
    def times(self) -> int | None:
        """How often it is charged in all; None: without end."""
        return None if self.billing == self.Billing.RECURRING else self.instalments

    @property
    def waits_for_nothing(self) -> bool:
        """Its service ended, so no invoice charges it until it is moved or the service returns."""
        is_open = self.completed_at is None and self.cancelled_at is None
        ended = self.service is not None and self.service.state == ServiceState.CANCELLED
        return is_open and ended

    @property
    def rest(self) -> Decimal:
        """What no invoice has charged yet; after its end date it is shown, not lost (PRD-5)."""
        try:
            return unbilled_rest(self.terms, self.billed, minor_digits(self.currency))
        except RuleError:
            return Decimal(0)


class ProductCharge(models.Model):
    """One charge of a sold product on an invoice; a voided one gives its turn back."""

    customer_product = models.ForeignKey(CustomerProduct, models.PROTECT, related_name="charges")
    invoice = models.ForeignKey(Invoice, models.CASCADE, related_name="product_charges")
    number = models.PositiveIntegerField(_("number"))
    """1, 2, ...: which instalment or turn it is."""
    cycle = models.DateField(_("period from"))
    """First day of the period that the invoice charges."""
    amount = MoneyField(_("amount"))
    is_void = models.BooleanField(default=False)

    class Meta:
        ordering = ["customer_product", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["customer_product", "number"],
                condition=Q(is_void=False),
                name="one_charge_per_number",
            ),
            models.UniqueConstraint(
                fields=["customer_product", "cycle"],
                condition=Q(is_void=False),
                name="one_charge_per_period",
            ),
        ]
