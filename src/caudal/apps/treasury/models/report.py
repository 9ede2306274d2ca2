"""Payments that customers say they made, with their proof, waiting for somebody to look."""

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from caudal.apps.customers.models import Customer
from caudal.apps.payments.models import Payment
from caudal.store.money import MoneyField


def proofs() -> FileSystemStorage:
    """Outside of what the web server gives out; only a guarded view reads it."""
    return FileSystemStorage(location=settings.DATA / "proofs", base_url=None)


class ReportedPayment(models.Model):
    """A payment as the customer tells it (WH-81)."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for approval")
        APPROVED = "approved", _("Approved")
        REJECTED = "rejected", _("Rejected")

    customer = models.ForeignKey(
        Customer, models.PROTECT, verbose_name=_("customer"), related_name="reported_payments"
    )
    key = models.CharField(max_length=40, unique=True)
    """The form's own: sent twice it is one report."""
    amount = MoneyField(_("amount"))
    currency = models.CharField(_("currency"), max_length=3)
    paid_on = models.DateField(_("date of payment"))
    method = models.CharField(_("form of payment"), max_length=10, choices=Payment.Method)
    reference = models.CharField(_("reference"), max_length=80, blank=True)
    note = models.CharField(_("note"), max_length=250, blank=True)
    proof = models.FileField(_("proof"), storage=proofs, upload_to="%Y/%m", blank=True)
    proof_type = models.CharField(max_length=40, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    created_at = models.DateTimeField(_("reported"))
    reported_by = models.CharField(_("by"), max_length=120)
    decided_at = models.DateTimeField(_("decided"), null=True)
    decided_by = models.CharField(_("decided by"), max_length=120, blank=True)
    reason = models.CharField(_("why it was rejected"), max_length=200, blank=True)
    payment = models.OneToOneField(
        Payment, models.PROTECT, null=True, related_name="reported_payment"
    )

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name = _("reported payment")
        verbose_name_plural = _("reported payments")
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="report_positive")]
        indexes = [
            models.Index(
                fields=["created_at"], name="reports_waiting", condition=Q(state="waiting")
            )
        ]

    def __str__(self) -> str:
        return f"{self.customer} {self.paid_on:%Y-%m-%d}"
