"""Fees that wait for or landed on an invoice, and customers whose invoice could not be made."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from caudal.apps.billing.models.invoice import Invoice
from caudal.apps.customers.models import Customer, Suspension
from caudal.store.money import MoneyField


class LateFee(models.Model):
    """What an overdue invoice made another one charge, or charges itself (FEE-1, RD-5)."""

    overdue = models.ForeignKey(Invoice, models.CASCADE, related_name="late_fees")
    invoice = models.ForeignKey(Invoice, models.CASCADE, related_name="late_fees_charged")
    amount = MoneyField(_("amount"))
    is_repeated = models.BooleanField(default=False)
    """Charged by a company that charges it on every invoice while it is owed."""
    is_void = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["overdue"],
                condition=Q(is_void=False, is_repeated=False),
                name="one_late_fee_per_invoice",
            ),
            models.UniqueConstraint(
                fields=["overdue", "invoice"],
                condition=Q(is_void=False),
                name="one_late_fee_per_invoice_pair",
            ),
        ]


class ReconnectionCharge(models.Model):
    """What one automatic suspension leaves to pay on the next service invoice (FEE-3)."""

    suspension = models.OneToOneField(
        Suspension, models.PROTECT, related_name="reconnection_charge"
    )
    overdue = models.ForeignKey(
        Invoice, models.SET_NULL, null=True, blank=True, related_name="cuts_charged"
    )
    """The oldest unpaid invoice that cut: a company may charge it once only (RD-13)."""
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="reconnection_charges")
    amount = MoneyField(_("amount"))
    invoice = models.ForeignKey(
        Invoice, models.PROTECT, null=True, blank=True, related_name="reconnection_charges"
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["customer"], name="reconnections_to_charge", condition=Q(invoice=None)
            )
        ]


class Parked(models.Model):
    """A customer whose invoice of a date could not be created: reported, tried again (RUN-7)."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="parked")
    on = models.DateField(_("date"))
    since = models.DateTimeField(_("since"))
    error = models.CharField(_("error"), max_length=300)

    class Meta:
        ordering = ["on", "customer"]
        constraints = [
            models.UniqueConstraint(fields=["customer", "on"], name="parked_once_per_date")
        ]
