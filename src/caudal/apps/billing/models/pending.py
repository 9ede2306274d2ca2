"""What waits for a customer's next service invoice: items to land on it, and discounts."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from caudal.apps.billing.models.invoice import Invoice
from caudal.apps.catalog.models import Company
from caudal.apps.customers.models import Customer, Service
from caudal.core.discounts import DiscountTerms
from caudal.store.money import MoneyField


class PendingItem(models.Model):
    """A line that the next service invoice takes, with tax; < 0 is in the customer's favour.

    An invoice never goes below zero: what it cannot take of a credit waits as another item.
    """

    class Kind(models.TextChoices):
        PLAN_CREDIT = "plan_credit", _("Credit of a plan change")
        PLAN_CHARGE = "plan_charge", _("Charge of a plan change")
        UNUSED_DAYS = "unused_days", _("Days without service")
        BRIDGE = "bridge", _("Days until the new payment day")
        OTHER = "other", _("Other")

    customer = models.ForeignKey(
        Customer, models.PROTECT, verbose_name=_("customer"), related_name="pending_items"
    )
    service = models.ForeignKey(
        Service,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("service"),
        related_name="pending_items",
    )
    company = models.ForeignKey(Company, models.PROTECT)
    currency = models.CharField(max_length=3)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.OTHER)
    amount = MoneyField(_("amount"))
    """As a price of this customer: net, gross or untaxed as his taxes say."""
    description = models.CharField(_("description"), max_length=200)
    on = models.DateField(_("date"))
    trace = models.JSONField(default=list)
    invoice = models.ForeignKey(
        Invoice, models.PROTECT, null=True, blank=True, related_name="pending_items"
    )
    """Where it landed; empty while it waits."""
    origin_key = models.CharField(max_length=80, blank=True, editable=False)
    """What left it; an act done twice finds its item by this."""
    created_by = models.CharField(_("by"), max_length=120)
    created_at = models.DateTimeField(_("created"))
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)

    class Meta:
        ordering = ["on", "id"]
        verbose_name = _("pending item")
        verbose_name_plural = _("pending items")
        constraints = [
            models.UniqueConstraint(
                fields=["origin_key"], condition=~Q(origin_key=""), name="one_item_per_origin"
            ),
            models.CheckConstraint(condition=~Q(amount=0), name="pending_item_not_zero"),
        ]
        indexes = [
            models.Index(
                fields=["customer"],
                name="items_to_land",
                condition=Q(invoice=None, cancelled_at=None),
            )
        ]

    def __str__(self) -> str:
        return self.description


class Discount(models.Model):
    """A promotion: part of the plan's price is off for some invoices, or until a date."""

    customer = models.ForeignKey(
        Customer, models.PROTECT, verbose_name=_("customer"), related_name="discounts"
    )
    service = models.ForeignKey(
        Service,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("service"),
        related_name="discounts",
    )
    """Empty: the first service that an invoice charges."""
    description = models.CharField(_("description on the invoice"), max_length=200)
    percent = models.DecimalField(
        _("percent"),
        max_digits=7,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.01")), MaxValueValidator(Decimal(100))],
    )
    amount = MoneyField(_("amount"), null=True, blank=True)  # type: ignore[misc]
    currency = models.CharField(_("currency"), max_length=3)
    months = models.PositiveSmallIntegerField(
        _("invoices"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    """How many invoices get it; empty: all, until it ends."""
    used = models.PositiveSmallIntegerField(_("used"), default=0, editable=False)
    starts = models.DateField(_("from"), null=True, blank=True)
    ends = models.DateField(_("to"), null=True, blank=True)
    """Both are emission dates, and both are included."""
    created_by = models.CharField(_("by"), max_length=120)
    created_at = models.DateTimeField(_("created"))
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("discount")
        verbose_name_plural = _("discounts")
        constraints = [
            models.CheckConstraint(
                condition=(Q(percent__gt=0, percent__lte=100) & Q(amount=None))
                | (Q(amount__gt=0) & Q(percent=None)),
                name="discount_is_percent_or_amount",
            ),
            models.CheckConstraint(
                condition=Q(months=None) | Q(used__lte=models.F("months")),
                name="discount_used_within_months",
            ),
        ]
        indexes = [
            models.Index(
                fields=["customer"], name="discounts_to_use", condition=Q(cancelled_at=None)
            )
        ]

    def __str__(self) -> str:
        return self.description

    @property
    def terms(self) -> DiscountTerms:
        """As the rules of `core.discounts` understand it."""
        return DiscountTerms(self.percent, self.amount, self.months, self.starts, self.ends)


class DiscountUse(models.Model):
    """One invoice that a discount made cheaper; a voided one gives its turn back."""

    discount = models.ForeignKey(Discount, models.PROTECT, related_name="uses")
    invoice = models.ForeignKey(Invoice, models.CASCADE, related_name="discount_uses")
    cycle = models.DateField(_("period from"))
    amount = MoneyField(_("amount"))
    is_void = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["discount", "cycle"],
                condition=Q(is_void=False),
                name="one_discount_per_period",
            )
        ]


class FixedDate(models.Model):
    """Fecha fija: one coming creation of a customer takes place on another day, once (GEN-7)."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="fixed_dates")
    due = models.DateField(_("due"))
    """Due date of the invoice by its calendar."""
    on = models.DateField(_("created on"))
    created_by = models.CharField(_("by"), max_length=120)
    created_at = models.DateTimeField(_("created"))

    class Meta:
        ordering = ["due"]
        verbose_name = _("fixed date")
        verbose_name_plural = _("fixed dates")
        constraints = [
            models.UniqueConstraint(fields=["customer", "due"], name="one_fixed_date_per_invoice")
        ]
        indexes = [models.Index(fields=["on"], name="fixed_dates_of_day")]

    def __str__(self) -> str:
        return f"{self.customer}: {self.on}"
