"""Tables of the ledger: double entry, exact, append-only.

A transaction is inserted after its entries and seals them: a trigger refuses it unless they sum
to zero, and refuses entries for a sealed one, and any change to either. Corrections are new
transactions that name the one they reverse.
"""

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from caudal.apps.catalog.models import Company
from caudal.apps.customers.models import Customer
from caudal.store.money import MoneyField


class Account(models.Model):
    """Where money stands, per company and currency."""

    class Kind(models.TextChoices):
        RECEIVABLE = "receivable", _("Customers")
        REVENUE = "revenue", _("Revenue")
        TAX = "tax", _("Taxes to pay")
        CASH = "cash", _("Cash box")
        BANK = "bank", _("Bank")
        CHEQUES = "cheques", _("Cheques")
        GATEWAY = "gateway", _("Payment gateway")
        ADJUSTMENT = "adjustment", _("Non-fiscal adjustments")
        DIFFERENCE = "difference", _("Cash over and short")
        EXPENSE = "expense", _("Expenses")
        FUND = "fund", _("Money put in and taken out")

    company = models.ForeignKey(
        Company, models.PROTECT, verbose_name=_("company"), related_name="accounts"
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    code = models.CharField(_("code"), max_length=60)
    """Which one of its kind: revenue category, tax code, cash box ..."""
    name = models.CharField(_("name"), max_length=120)
    currency = models.CharField(_("currency"), max_length=3)

    class Meta:
        ordering = ["company", "kind", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "kind", "code", "currency"], name="one_account_per_code"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Transaction(models.Model):
    """A dated set of entries that sum to zero."""

    class Kind(models.TextChoices):
        INVOICE = "invoice", _("Invoice")
        PAYMENT = "payment", _("Payment")
        ADJUSTMENT = "adjustment", _("Adjustment")
        REVERSAL = "reversal", _("Reversal")
        TRANSFER = "transfer", _("Transfer between cash boxes")
        REFUND = "refund", _("Refund")
        REJECTION = "rejection", _("Rejected cheque")
        CASH = "cash", _("Cash in or out")
        DIFFERENCE = "difference", _("Cash over or short")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    sequence = models.BigIntegerField(_("number"))
    """Grows with time, in the order of posting for each customer; may have gaps."""
    company = models.ForeignKey(Company, models.PROTECT, verbose_name=_("company"))
    currency = models.CharField(_("currency"), max_length=3)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    on = models.DateField(_("date"))
    posted_at = models.DateTimeField(_("posted"))
    actor_name = models.CharField(_("by"), max_length=120)
    memo = models.CharField(_("memo"), max_length=250, blank=True)
    document = models.CharField(_("document"), max_length=60, blank=True)
    """What it books, e.g. "invoice:12", "payment:7"."""
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="reversed_by", verbose_name=_("reverses")
    )

    class Meta:
        ordering = ["on", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["sequence"], name="one_transaction_per_sequence")
        ]
        indexes = [models.Index(fields=["document"], name="transaction_of_document")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.sequence}"


class Entry(models.Model):
    """One side of a transaction: positive is debit. Receivable entries name the customer."""

    transaction = models.ForeignKey(Transaction, models.PROTECT, related_name="entries")
    account = models.ForeignKey(Account, models.PROTECT, related_name="entries")
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, related_name="entries")
    amount = MoneyField(_("amount"))

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(amount=0), name="no_empty_entries")]
        indexes = [models.Index(fields=["customer", "id"], name="entries_of_customer")]


class Balance(models.Model):
    """What a customer owes a company in a currency (> 0), kept by the transaction that posts."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="balances")
    company = models.ForeignKey(Company, models.PROTECT)
    currency = models.CharField(max_length=3)
    amount = MoneyField(_("balance"), default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "company", "currency"], name="one_balance_per_currency"
            )
        ]
        indexes = [models.Index(fields=["amount", "customer"], name="balance_by_amount")]


class Verification(models.Model):
    """One proof of the books: every check, and the first row that it found wrong."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        AGREES = "agrees", _("All rows agree")
        DISAGREES = "disagrees", _("Rows disagree")

    status = models.CharField(_("result"), max_length=10, choices=Status, default=Status.WAITING)
    requested_by = models.CharField(_("by"), max_length=120)
    requested_at = models.DateTimeField(_("asked"))
    finished_at = models.DateTimeField(_("finished"), null=True)
    results = models.JSONField(default=list)
    """One {"check", "ok", "row", "expected", "found", "history"} per check, in order."""

    class Meta:
        ordering = ["-requested_at", "-id"]
        indexes = [models.Index(fields=["-requested_at", "-id"], name="verification_newest")]

    def __str__(self) -> str:
        return f"{self.requested_at:%Y-%m-%d %H:%M}"
