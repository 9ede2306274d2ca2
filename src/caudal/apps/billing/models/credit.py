"""Money in favour and what it settled; debits and credits made by hand."""

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from caudal.apps.billing.models.invoice import Invoice
from caudal.apps.catalog.models import Company
from caudal.apps.customers.models import Customer
from caudal.apps.ledger.models import Transaction
from caudal.store.money import MoneyField


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
    returned = MoneyField(_("returned"), default=Decimal(0))
    """What left it for good: refunded to the customer, or a cheque that was not paid."""
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    amount__gt=0,
                    remaining__gte=0,
                    returned__gte=0,
                    remaining__lte=models.F("amount") - models.F("returned"),
                ),
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


class Adjustment(models.Model):
    """A non-fiscal debit (DX) or credit (CX) made by hand: settled by the next service invoice."""

    class Kind(models.TextChoices):
        DEBIT = "debit", _("Debit note (DX)")
        CREDIT = "credit", _("Credit note (CX)")

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="adjustments")
    company = models.ForeignKey(Company, models.PROTECT)
    currency = models.CharField(max_length=3)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    prefix = models.CharField(max_length=12, blank=True)
    number = models.PositiveBigIntegerField(_("number"))
    amount = MoneyField(_("amount"))
    on = models.DateField(_("date"))
    reason = models.CharField(_("reason"), max_length=200)
    created_by = models.CharField(_("by"), max_length=120)
    transaction = models.OneToOneField(Transaction, models.PROTECT, related_name="adjustment")
    credit = models.OneToOneField(Credit, models.PROTECT, null=True, related_name="adjustment")
    invoice = models.ForeignKey(
        Invoice, models.PROTECT, null=True, blank=True, related_name="adjustments"
    )
    """The service invoice that asks for the debit; empty while none has come since."""

    class Meta:
        ordering = ["on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "prefix", "number"], name="one_adjustment_per_number"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="adjustment_positive"),
        ]
        indexes = [
            models.Index(
                fields=["customer"],
                name="debits_to_land",
                condition=Q(kind="debit", invoice__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.prefix}{self.number}"
