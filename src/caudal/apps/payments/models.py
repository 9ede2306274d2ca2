"""Tables of payments: cash boxes and the payments that came in."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from caudal.apps.billing.models import Credit, Invoice
from caudal.apps.catalog.models import Company
from caudal.apps.customers.models import Customer
from caudal.apps.ledger.models import Account, Transaction
from caudal.apps.staff.models import User
from caudal.store.money import MoneyField


class CashBox(models.Model):
    """Where money is put: a drawer, a bank account, a gateway (CSH-1)."""

    class Kind(models.TextChoices):
        CASH = "cash", _("Cash box")
        BANK = "bank", _("Bank account")
        GATEWAY = "gateway", _("Payment gateway")

    company = models.ForeignKey(
        Company, models.PROTECT, verbose_name=_("company"), related_name="cash_boxes"
    )
    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.CASH)
    account = models.OneToOneField(Account, models.PROTECT, editable=False)
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


class Payment(models.Model):
    """Money received from a customer. Deleting one reverses it; the row stays."""

    class Method(models.TextChoices):
        CASH = "cash", _("Cash")
        TRANSFER = "transfer", _("Transfer")
        CARD = "card", _("Card")
        DEPOSIT = "deposit", _("Deposit")
        GATEWAY = "gateway", _("Payment gateway")
        OTHER = "other", _("Other")

    company = models.ForeignKey(
        Company, models.PROTECT, verbose_name=_("company"), related_name="payments"
    )
    customer = models.ForeignKey(
        Customer, models.PROTECT, verbose_name=_("customer"), related_name="payments"
    )
    prefix = models.CharField(max_length=12, blank=True)
    number = models.PositiveBigIntegerField(_("receipt"))
    amount = MoneyField(_("amount"))
    currency = models.CharField(_("currency"), max_length=3)
    method = models.CharField(
        _("form of payment"), max_length=10, choices=Method, default=Method.CASH
    )
    cash_box = models.ForeignKey(
        CashBox, models.PROTECT, verbose_name=_("cash box"), related_name="payments"
    )
    reference = models.CharField(_("reference"), max_length=80, blank=True)
    comment = models.CharField(_("comment"), max_length=250, blank=True)
    paid_at = models.DateTimeField(_("paid"))
    registered_at = models.DateTimeField(_("registered"))
    operator = models.ForeignKey(
        User, models.PROTECT, null=True, verbose_name=_("registered by"), related_name="payments"
    )
    gateway = models.CharField(_("gateway"), max_length=30, blank=True)
    external_id = models.CharField(_("payment id outside"), max_length=120, blank=True)
    """Unique per gateway; screens put the form's own key here, so a double click is one payment."""
    on_invoice = models.ForeignKey(
        Invoice, models.PROTECT, null=True, blank=True, verbose_name=_("invoice")
    )
    """The invoice it was meant for; empty: on the account."""
    credit = models.OneToOneField(Credit, models.PROTECT, related_name="payment")
    transaction = models.OneToOneField(Transaction, models.PROTECT, related_name="payment")
    calendar_before = models.JSONField(null=True, editable=False)
    """The days that it moved on a recharge calendar, as they were before (RCH-3)."""
    deleted_at = models.DateTimeField(_("deleted"), null=True, blank=True)
    deleted_by = models.CharField(_("deleted by"), max_length=120, blank=True)
    delete_reason = models.CharField(_("why it was deleted"), max_length=200, blank=True)

    class Meta:
        ordering = ["-paid_at", "-id"]
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        constraints = [
            models.UniqueConstraint(
                fields=["company", "prefix", "number"], name="one_payment_per_receipt"
            ),
            models.UniqueConstraint(
                fields=["gateway", "external_id"],
                condition=~Q(external_id=""),
                name="one_payment_per_external_id",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_positive"),
        ]
        indexes = [
            models.Index(fields=["customer", "-paid_at"], name="payments_of_customer"),
            models.Index(fields=["-paid_at", "-id"], name="payment_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.prefix}{self.number}"
