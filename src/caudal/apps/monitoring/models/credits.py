"""What an outage is worth to each service behind it, until a person has decided."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from caudal.apps.billing.models import Adjustment
from caudal.apps.customers.models import Customer, Service
from caudal.apps.outages.models import Outage
from caudal.store.money import MoneyField


class CreditProposal(models.Model):
    """A credit for the time without service: proposed, then approved and posted, or rejected.

    One of an outage that turned out to be none may be taken back: a debit note undoes its note.
    """

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        APPROVED = "approved", _("Approved")
        """A job posts it."""
        POSTED = "posted", _("Posted")
        REJECTED = "rejected", _("Rejected")
        FAILED = "failed", _("Failed")
        RECALLED = "recalled", _("Being taken back")
        """A job books the debit note."""
        TAKEN_BACK = "taken_back", _("Taken back")

    outage = models.ForeignKey(Outage, models.PROTECT, related_name="credits")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="outage_credits")
    service = models.ForeignKey(Service, models.PROTECT, related_name="outage_credits")
    minutes = models.PositiveIntegerField(_("minutes without service"))
    price = MoneyField(_("price of the period"))
    amount = MoneyField(_("credit"))
    currency = models.CharField(max_length=3)
    status = models.CharField(_("state"), max_length=10, choices=Status, default=Status.PROPOSED)
    trace = models.JSONField(default=list)
    """Records of `core.records` that led to the amount."""
    decided_by = models.CharField(_("decided by"), max_length=120, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True)
    error = models.CharField(_("error"), max_length=300, blank=True)
    adjustment = models.OneToOneField(
        Adjustment, models.PROTECT, null=True, related_name="outage_credit"
    )
    reversal = models.OneToOneField(
        Adjustment, models.PROTECT, null=True, related_name="recalled_outage_credit"
    )
    """The debit note that took it back."""

    class Meta:
        ordering = ["id"]
        verbose_name = _("credit for an outage")
        verbose_name_plural = _("credits for outages")
        constraints = [
            models.UniqueConstraint(
                fields=["outage", "service"], name="one_credit_per_service_and_outage"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="outage_credit_positive"),
            models.CheckConstraint(
                condition=Q(
                    status__in=["posted", "recalled"],
                    adjustment__isnull=False,
                    reversal__isnull=True,
                )
                | Q(status="taken_back", adjustment__isnull=False, reversal__isnull=False)
                | (
                    ~Q(status__in=["posted", "recalled", "taken_back"])
                    & Q(adjustment__isnull=True, reversal__isnull=True)
                ),
                name="posted_credits_have_a_note",
            ),
        ]
        indexes = [
            models.Index(fields=["id"], name="credits_to_post", condition=Q(status="approved")),
            models.Index(fields=["id"], name="credits_to_recall", condition=Q(status="recalled")),
        ]

    def __str__(self) -> str:
        return f"{self.service_id}: {self.amount}"
