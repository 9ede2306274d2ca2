"""Tables of billing: invoices with lines and taxes, the periods they cover, credits and their application."""

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from caudal.apps.catalog.models import Company, Product, TaxMode
from caudal.apps.customers.models import Customer, Service
from caudal.store.money import MoneyField


class Invoice(models.Model):
    """A service invoice (can cut) or a free one (never does); GEN and MW-22, MW-23."""

    class Kind(models.TextChoices):
        SERVICE = "service", _("Service invoice")
        FREE = "free", _("Free invoice")

    class State(models.TextChoices):
        OPEN = "open", _("Unpaid")
        PARTIAL = "partial", _("Partially paid")
        PAID = "paid", _("Paid")
        VOID = "void", _("Void")
        MERGED = "merged", _("Merged")

    class Origin(models.TextChoices):
        AUTOMATIC = "automatic", _("Automatic")
        MANUAL = "manual", _("By hand")

    company = models.ForeignKey(
        Company, models.PROTECT, verbose_name=_("company"), related_name="invoices"
    )
    customer = models.ForeignKey(
        Customer, models.PROTECT, verbose_name=_("customer"), related_name="invoices"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.SERVICE)
    origin = models.CharField(_("origin"), max_length=10, choices=Origin, default=Origin.AUTOMATIC)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    prefix = models.CharField(_("prefix"), max_length=12, blank=True)
    number = models.PositiveBigIntegerField(_("number"))
    emission = models.DateField(_("emission"))
    notice = models.DateField(_("notice"), null=True, blank=True)
    due = models.DateField(_("due"))
    cut = models.DateField(_("cut"), null=True, blank=True)
    """First day without service if it is still unpaid; empty on free invoices."""
    fiscal_date = models.DateField(_("fiscal date"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"))
    created_by = models.CharField(_("by"), max_length=120)

    currency = models.CharField(_("currency"), max_length=3)
    tax_mode = models.CharField(_("taxes"), max_length=10, choices=TaxMode, default=TaxMode.NONE)
    net = MoneyField(_("net"))
    tax = MoneyField(_("tax"), default=Decimal(0))
    total = MoneyField(_("total"))
    remaining = MoneyField(_("still to pay"))

    customer_name = models.CharField(_("name"), max_length=200)
    """Name, document and address as they were when it was issued."""
    customer_document = models.CharField(_("document"), max_length=60, blank=True)
    customer_address = models.CharField(_("address"), max_length=250, blank=True)
    note = models.TextField(_("note"), blank=True)
    voided_at = models.DateTimeField(_("voided"), null=True, blank=True)
    void_reason = models.CharField(_("why it was voided"), max_length=200, blank=True)

    class Meta:
        ordering = ["-emission", "-id"]
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        constraints = [
            models.UniqueConstraint(
                fields=["company", "prefix", "number"], name="one_invoice_per_number"
            ),
            models.CheckConstraint(
                condition=Q(total__gte=0, remaining__gte=0, remaining__lte=models.F("total")),
                name="invoice_remaining_in_total",
            ),
            models.CheckConstraint(
                condition=Q(cut__isnull=True) | Q(cut__gt=models.F("due")), name="cut_after_due"
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "-emission"], name="invoices_of_customer"),
            models.Index(
                fields=["cut", "customer"],
                name="invoices_to_cut",
                condition=Q(kind="service", remaining__gt=0),
            ),
            models.Index(fields=["-emission", "-id"], name="invoice_newest"),
            models.Index(fields=["state", "due"], name="invoice_by_state"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The number as people say it, e.g. A-102."""
        return f"{self.prefix}{self.number}"


class BilledPeriod(models.Model):
    """The days of one service that one invoice charges: the key against billing twice (GEN-2)."""

    service = models.ForeignKey(Service, models.PROTECT, related_name="billed_periods")
    invoice = models.ForeignKey(Invoice, models.CASCADE, related_name="periods")
    first = models.DateField(_("from"))
    last = models.DateField(_("to"))
    is_void = models.BooleanField(default=False)

    class Meta:
        ordering = ["first"]
        constraints = [
            models.UniqueConstraint(
                fields=["service", "first"],
                condition=Q(is_void=False),
                name="one_invoice_per_service_and_period",
            ),
            models.CheckConstraint(
                condition=Q(last__gte=models.F("first")), name="period_in_order"
            ),
        ]


class InvoiceLine(models.Model):
    class Kind(models.TextChoices):
        PLAN = "plan", _("Service")
        PRODUCT = "product", _("Product")
        LATE_FEE = "late_fee", _("Late fee")
        RECONNECTION = "reconnection", _("Reconnection")
        OTHER = "other", _("Other")

    invoice = models.ForeignKey(Invoice, models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField(_("position"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    service = models.ForeignKey(Service, models.PROTECT, null=True, blank=True)
    product = models.ForeignKey(Product, models.PROTECT, null=True, blank=True)
    description = models.CharField(_("description"), max_length=250)
    quantity = models.DecimalField(
        _("quantity"), max_digits=12, decimal_places=4, default=Decimal(1)
    )
    unit_price = MoneyField(_("price"))
    net = MoneyField(_("net"))
    tax = MoneyField(_("tax"), default=Decimal(0))
    trace = models.JSONField(default=list)
    """Records of `core.records`: the rules, dates and amounts that led to it."""

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["invoice", "position"], name="one_line_per_position")
        ]


class InvoiceTax(models.Model):
    """One row per rate and kind (TAX-4)."""

    invoice = models.ForeignKey(Invoice, models.CASCADE, related_name="taxes")
    name = models.CharField(_("tax"), max_length=60)
    rate = models.DecimalField(_("rate in %"), max_digits=7, decimal_places=4)
    base = MoneyField(_("base"))
    amount = MoneyField(_("amount"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["invoice", "name", "rate"], name="one_row_per_tax")
        ]


class Credit(models.Model):
    """Money of a customer that settles invoices: a payment's, or a credit adjustment's.

    Every payment is a credit of its full amount; what it settled are its applications, so deleting
    the payment withdraws them all, whichever invoice they had reached by then.
    """

    class Origin(models.TextChoices):
        PAYMENT = "payment", _("Payment")
        ADJUSTMENT = "adjustment", _("Adjustment")

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="credits")
    company = models.ForeignKey(Company, models.PROTECT)
    currency = models.CharField(max_length=3)
    origin = models.CharField(max_length=12, choices=Origin)
    on = models.DateField(_("date"))
    amount = MoneyField(_("amount"))
    remaining = MoneyField(_("not yet used"))
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, remaining__gte=0, remaining__lte=models.F("amount")),
                name="credit_remaining_in_amount",
            )
        ]
        indexes = [
            models.Index(fields=["customer"], name="credits_to_use", condition=Q(remaining__gt=0))
        ]


class Application(models.Model):
    """How much of a credit settled which invoice. Undone ones stay, marked."""

    credit = models.ForeignKey(Credit, models.PROTECT, related_name="applications")
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="applications")
    amount = MoneyField(_("amount"))
    at = models.DateTimeField(_("when"))
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="application_positive")
        ]
        indexes = [models.Index(fields=["invoice"], name="applications_of_invoice")]
