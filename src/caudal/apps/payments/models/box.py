"""Places where money is, and the movements of each."""

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from caudal.apps.catalog.models import Company
from caudal.apps.ledger.models import Account, Transaction
from caudal.apps.staff.models import Branch, User
from caudal.store.money import MoneyField


class Method(models.TextChoices):
    """How money changes hands."""

    CASH = "cash", _("Cash")
    TRANSFER = "transfer", _("Transfer")
    CARD = "card", _("Card")
    DEPOSIT = "deposit", _("Deposit")
    CHEQUE = "cheque", _("Cheque")
    GATEWAY = "gateway", _("Payment gateway")
    OTHER = "other", _("Other")
    MIXED = "mixed", _("Mixed")
    """Only of whole payments: their parts say how each came."""


class CashBox(models.Model):
    """Where money is put: a drawer, a bank account, a gateway (CSH-1)."""

    class Kind(models.TextChoices):
        CASH = "cash", _("Cash box")
        BANK = "bank", _("Bank account")
        GATEWAY = "gateway", _("Payment gateway")
        CHEQUES = "cheques", _("Cheques in portfolio")

    company = models.ForeignKey(
        Company, models.PROTECT, verbose_name=_("company"), related_name="cash_boxes"
    )
    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.CASH)
    account = models.OneToOneField(Account, models.PROTECT, editable=False)
    operator = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("operator"),
        related_name="cash_boxes",
    )
    """Whose drawer it is: proposed for the cash that this person takes."""
    branch = models.ForeignKey(
        Branch,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("branch"),
        related_name="cash_boxes",
    )
    """Empty: of all branches."""
    needs_session = models.BooleanField(_("needs an open session"), default=False)
    """Its money moves only while somebody has opened it and answers for it (CSH-2)."""
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("cash box")
        verbose_name_plural = _("cash boxes")
        constraints = [
            models.UniqueConstraint(fields=["company", "name"], name="one_cash_box_per_name")
        ]

    def __str__(self) -> str:
        return self.name


class CashSession(models.Model):
    """From the count at opening to the blind count at closing: a drawer that somebody answers for.

    Once closed it never changes, and no movement joins it: the database refuses both (CSH-2).
    """

    box = models.ForeignKey(
        CashBox, models.PROTECT, verbose_name=_("cash box"), related_name="sessions"
    )
    operator = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("operator"), related_name="cash_sessions"
    )
    opened_at = models.DateTimeField(_("opened"))
    opened_with = MoneyField(_("opened with"))
    """What was counted in the drawer; from then on the books say the same."""
    opening_difference = MoneyField(_("difference at opening"), default=Decimal(0))
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closed_by = models.ForeignKey(
        User, models.PROTECT, null=True, verbose_name=_("closed by"), related_name="+"
    )
    counted_cash = MoneyField(_("counted"), null=True, blank=True)  # type: ignore[misc]
    expected_cash = MoneyField(_("expected"), null=True, blank=True)  # type: ignore[misc]
    difference = MoneyField(_("difference"), null=True, blank=True)  # type: ignore[misc]
    """Counted less expected: over (> 0) or short (< 0), and booked so."""
    counted = models.JSONField(default=dict)
    """Method -> what the operator counted of what is not cash, e.g. {"card": "250.00"}."""
    expected = models.JSONField(default=dict)
    """The same of what was recorded during the session."""
    denominations = models.JSONField(default=dict)
    """Face value -> how many, where the cash was counted so."""
    note = models.CharField(_("note"), max_length=250, blank=True)

    class Meta:
        ordering = ["-opened_at", "-id"]
        verbose_name = _("cash session")
        verbose_name_plural = _("cash sessions")
        constraints = [
            models.UniqueConstraint(
                fields=["box"],
                condition=Q(closed_at__isnull=True),
                name="one_open_session_per_box",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, counted_cash__isnull=True)
                | Q(
                    closed_at__isnull=False,
                    counted_cash=models.F("expected_cash") + models.F("difference"),
                ),
                name="session_closed_with_a_count",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.box} #{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class Movement(models.Model):
    """Money in (> 0) or out (< 0) of one box: whose session, how and why. Never changed."""

    class Kind(models.TextChoices):
        PAYMENT = "payment", _("Payment")
        REVERSAL = "reversal", _("Deleted")
        EDIT = "edit", _("Moved to another cash box")
        REFUND = "refund", _("Refund")
        CHEQUE = "cheque", _("Cheque deposited")
        REJECTION = "rejection", _("Rejected cheque")
        TRANSFER = "transfer", _("Hand-over")
        IN = "in", _("Money put in")
        OUT = "out", _("Expense")
        FLOAT = "float", _("Count at opening")
        DIFFERENCE = "difference", _("Over or short")

    box = models.ForeignKey(
        CashBox, models.PROTECT, verbose_name=_("cash box"), related_name="movements"
    )
    session = models.ForeignKey(
        CashSession,
        models.PROTECT,
        null=True,
        verbose_name=_("cash session"),
        related_name="movements",
    )
    transaction = models.ForeignKey(Transaction, models.PROTECT, related_name="movements")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    method = models.CharField(_("form of payment"), max_length=10, choices=Method)
    amount = MoneyField(_("amount"))
    at = models.DateTimeField(_("when"))
    operator = models.ForeignKey(
        User, models.PROTECT, null=True, verbose_name=_("operator"), related_name="+"
    )
    payment = models.ForeignKey(
        "payments.Payment",
        models.PROTECT,
        null=True,
        verbose_name=_("payment"),
        related_name="movements",
    )
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        ordering = ["at", "id"]
        verbose_name = _("movement")
        verbose_name_plural = _("movements")
        constraints = [models.CheckConstraint(condition=~Q(amount=0), name="no_empty_movements")]
        indexes = [
            models.Index(fields=["box", "-id"], name="movements_of_box"),
            models.Index(fields=["operator", "at"], name="movements_of_operator"),
        ]
