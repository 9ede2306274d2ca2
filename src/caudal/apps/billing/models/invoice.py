"""Invoices with their lines and taxes, and the days of service that they charge."""

from datetime import date
from decimal import Decimal
from typing import cast

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from caudal.apps.catalog.models import Company, Product, TaxMode
from caudal.apps.customers.models import Customer, Service
from caudal.core.periods import Period
from caudal.core.records import Reason
from caudal.store.money import MoneyField, money

PRORATED = "PRO-1"
"""The rule of lines that charge days."""


class InvoiceQuerySet(models.QuerySet["Invoice"]):
    """Reads that more than one place asks for."""

    def unpaid(self) -> "InvoiceQuerySet":
        """Still owed, in whole or in part; void and merged ones owe nothing."""
        return self.filter(remaining__gt=money())

    def service(self) -> "InvoiceQuerySet":
        return self.filter(kind=Invoice.Kind.SERVICE)

    def to_cut(self, today: date) -> "InvoiceQuerySet":
        """Unpaid service invoices whose own cut date has come."""
        return self.service().unpaid().filter(cut__lte=today)


class Invoice(models.Model):
    """A service invoice (can cut) or a free one (never does); GEN and MW-22, MW-23."""

    class Kind(models.TextChoices):
        SERVICE = "service", _("Service invoice")
        FREE = "free", _("Free invoice")

    class State(models.TextChoices):
        OPEN = "open", _("Unpaid")
        PARTIAL = "partial", _("Partially paid")
        PAID = "paid", _("Paid")
        VOID = "void", pgettext_lazy("of an invoice", "Void")
        MERGED = "merged", _("Merged")

    class Origin(models.TextChoices):
        AUTOMATIC = "automatic", _("Automatic")
        MANUAL = "manual", _("By hand")
        MERGE = "merge", pgettext_lazy("origin of an invoice", "Merge")

    company = models.ForeignKey(
        Company, models.PROTECT, verbose_name=_("company"), related_name="invoices"
    )
    customer = models.ForeignKey(
        Customer, models.PROTECT, verbose_name=_("customer"), related_name="invoices"
    )
    service = models.ForeignKey(
        Service,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("service"),
        related_name="invoices",
    )
    """The one service that it charges and cuts; empty: all of the customer's."""
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
    run = models.PositiveBigIntegerField(null=True, blank=True, editable=False)
    """Number of the run that made it, if one did; no foreign key, for runs stand above billing."""

    currency = models.CharField(_("currency"), max_length=3)
    tax_mode = models.CharField(_("taxes"), max_length=10, choices=TaxMode, default=TaxMode.NONE)
    net = MoneyField(_("net"))
    tax = MoneyField(_("tax"), default=Decimal(0))
    total = MoneyField(_("total"))
    debits = MoneyField(_("debit notes"), default=Decimal(0))
    """Non-fiscal debits (DX) that it asks for besides its fiscal total (ADJ-4)."""
    remaining = MoneyField(_("still to pay"))

    customer_name = models.CharField(_("name"), max_length=200)
    """Name, document and address as they were when it was issued."""
    customer_document = models.CharField(_("document"), max_length=60, blank=True)
    customer_address = models.CharField(_("address"), max_length=250, blank=True)
    note = models.TextField(_("note"), blank=True)
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("merged into"),
        related_name="merged_from",
    )
    """The invoice that asks for what was left of this one (MRG)."""
    voided_at = models.DateTimeField(_("voided"), null=True, blank=True)
    void_reason = models.CharField(_("why it was voided"), max_length=200, blank=True)
    gave_number_back = models.BooleanField(default=False)
    """It was void, the last of its series and not fiscal: the next one has its number (RD-25)."""

    objects = InvoiceQuerySet.as_manager()

    class Meta:
        ordering = ["-emission", "-id"]
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        constraints = [
            models.UniqueConstraint(
                fields=["company", "prefix", "number"],
                condition=Q(gave_number_back=False),
                name="one_invoice_per_number",
            ),
            models.CheckConstraint(
                condition=Q(total__gte=0, debits__gte=0, remaining__gte=0)
                & Q(remaining__lte=models.F("total") + models.F("debits")),
                name="invoice_remaining_in_total",
            ),
            models.CheckConstraint(
                condition=Q(cut__isnull=True) | Q(cut__gte=models.F("due")),
                name="cut_not_before_due",
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
            models.Index(fields=["number"], name="invoice_by_number"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The number as people say it, e.g. A-102."""
        return f"{self.prefix}{self.number}"

    @property
    def asked(self) -> Decimal:
        """What it asks for before anything was paid."""
        return self.total + self.debits

    def overdue(self, today: date) -> bool:
        """Its due date has passed and it is still owed."""
        return self.remaining > 0 and self.due < today


class BilledPeriod(models.Model):
    """The days of one service that one invoice charges: the key against billing twice (GEN-2)."""

    service = models.ForeignKey(Service, models.PROTECT, related_name="billed_periods")
    invoice = models.ForeignKey(Invoice, models.CASCADE, related_name="periods")
    first = models.DateField(_("from"))
    last = models.DateField(_("to"))
    cycle_first = models.DateField(null=True, blank=True)
    cycle_last = models.DateField(null=True, blank=True)
    """The whole cycle that prices these days; empty: they were charged at one agreed price."""
    price = MoneyField(null=True, blank=True)  # type: ignore[misc]
    """Of the whole cycle; empty: the days are billed without charge (a hold)."""
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
        DISCOUNT = "discount", _("Discount")
        PENDING = "pending", _("Pending item")
        DEBIT = "debit", _("Debit note")
        MERGED = "merged", _("Merged invoice")
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

    @property
    def days(self) -> Period | None:
        """The days that it charges, where it charges days (PRO-1)."""
        for plain in self.trace:
            if plain["rule"] == PRORATED:
                values = Reason.from_plain(plain).params
                return Period(cast(date, values["first"]), cast(date, values["last"]))
        return None


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
