"""Bank statements: accounts, files, their lines, and to whom each line's money went."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from caudal.apps.billing.models import Invoice
from caudal.apps.catalog.models import Company
from caudal.apps.customers.models import Customer
from caudal.apps.payments.models import CashBox, Payment
from caudal.store.money import MoneyField


class BankAccount(models.Model):
    """An account of the provider, or the agency that collects for him: its lines are money in."""

    company = models.ForeignKey(Company, models.PROTECT, verbose_name=_("company"))
    name = models.CharField(_("name"), max_length=80)
    number = models.CharField(_("account number"), max_length=40, blank=True)
    cash_box = models.ForeignKey(
        CashBox, models.PROTECT, verbose_name=_("cash box"), related_name="bank_accounts"
    )
    columns = models.JSONField(default=dict)
    """Header name -> `core.ports.statement.Column`, as last chosen for its tables."""
    restores = models.BooleanField(_("a payment restores the service"), default=True)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("bank account")
        verbose_name_plural = _("bank accounts")
        constraints = [
            models.UniqueConstraint(fields=["company", "name"], name="one_bank_account_per_name")
        ]

    def __str__(self) -> str:
        return self.name


class BankStatement(models.Model):
    """One file of a bank, as it was read."""

    account = models.ForeignKey(
        BankAccount, models.PROTECT, verbose_name=_("bank account"), related_name="statements"
    )
    filename = models.CharField(_("file"), max_length=200)
    format = models.CharField(_("format"), max_length=20)
    """Slug of the reader."""
    file_hash = models.CharField(max_length=64)
    header = models.JSONField(default=list)
    opening = MoneyField(_("opening balance"), null=True)  # type: ignore[misc]
    closing = MoneyField(_("closing balance"), null=True)  # type: ignore[misc]
    difference = MoneyField(_("difference"), null=True)  # type: ignore[misc]
    """Closing less opening less the lines: 0 where the file agrees with itself."""
    first = models.DateField(_("from"), null=True)
    last = models.DateField(_("to"), null=True)
    new_lines = models.PositiveIntegerField(_("new lines"), default=0)
    known_lines = models.PositiveIntegerField(_("lines already there"), default=0)
    problems = models.JSONField(_("problems"), default=list)
    """[place, fault, cells] of every row that could not be read."""
    created_at = models.DateTimeField(_("read"))
    created_by = models.CharField(_("by"), max_length=120)

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name = _("bank statement")
        verbose_name_plural = _("bank statements")

    def __str__(self) -> str:
        return self.filename


class BankLine(models.Model):
    """One movement of an account, there once whatever files tell of it."""

    class State(models.TextChoices):
        OPEN = "open", _("Unmatched")
        MATCHED = "matched", _("Matched")
        IGNORED = "ignored", _("Ignored")
        OUTGOING = "outgoing", _("Money out")

    account = models.ForeignKey(
        BankAccount, models.PROTECT, verbose_name=_("bank account"), related_name="lines"
    )
    statement = models.ForeignKey(BankStatement, models.PROTECT, related_name="lines")
    place = models.PositiveIntegerField(_("line"))
    key = models.CharField(max_length=80)
    """The bank's own id, or a hash of the content and which of the same content it is."""
    on = models.DateField(_("date"))
    amount = MoneyField(_("amount"))
    text = models.CharField(_("description"), max_length=400, blank=True)
    reference = models.CharField(_("reference"), max_length=120, blank=True)
    payer = models.CharField(_("payer"), max_length=200, blank=True)
    payer_account = models.CharField(_("payer's account"), max_length=60, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    reason = models.CharField(_("why it is ignored"), max_length=200, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True)
    decided_by = models.CharField(_("by"), max_length=120, blank=True)

    class Meta:
        ordering = ["on", "id"]
        verbose_name = _("bank line")
        verbose_name_plural = _("bank lines")
        constraints = [
            models.UniqueConstraint(fields=["account", "key"], name="one_bank_line_per_key")
        ]
        indexes = [
            models.Index(fields=["on", "id"], name="lines_open", condition=Q(state="open")),
            models.Index(fields=["account", "-on", "-id"], name="lines_of_account"),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.on:%Y-%m-%d} {self.amount.normalize():f}"


class MatchBatch(models.Model):
    """Lines accepted together, to be undone together."""

    created_at = models.DateTimeField(_("accepted"))
    created_by = models.CharField(_("by"), max_length=120)
    lowest_score = models.PositiveSmallIntegerField(_("score from"))
    undone_at = models.DateTimeField(_("undone"), null=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name = _("lines accepted together")
        verbose_name_plural = _("lines accepted together")

    def __str__(self) -> str:
        return str(self.pk)


class Assignment(models.Model):
    """A line's money, or a part of it, given to one customer. Undone ones stay, marked."""

    line = models.ForeignKey(BankLine, models.PROTECT, related_name="assignments")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="bank_assignments")
    invoice = models.ForeignKey(Invoice, models.PROTECT, null=True, related_name="+")
    amount = MoneyField(_("amount"))
    payment = models.ForeignKey(Payment, models.PROTECT, null=True, related_name="bank_assignments")
    is_link = models.BooleanField(default=False)
    """The payment was already registered: undoing leaves it."""
    batch = models.ForeignKey(MatchBatch, models.PROTECT, null=True, related_name="assignments")
    score = models.PositiveSmallIntegerField(null=True)
    reasons = models.JSONField(default=list)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        constraints = [
            models.UniqueConstraint(
                fields=["payment"],
                condition=Q(undone_at__isnull=True, payment__isnull=False),
                name="one_line_per_payment",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="assignment_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.line} → {self.customer}"
