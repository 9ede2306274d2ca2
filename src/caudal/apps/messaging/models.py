"""Tables of messaging: templates that people edit, and the outbox."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from caudal.apps.messaging.occasions import Occasion


class Template(models.Model):
    """What is sent on an occasion, in the Liquid language, in one human language."""

    class Channel(models.TextChoices):
        EMAIL = "email", _("E-mail")

    occasion = models.CharField(_("occasion"), max_length=40, choices=Occasion)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel, default=Channel.EMAIL)
    language = models.CharField(_("language"), max_length=5, default="es")
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"))
    is_active = models.BooleanField(_("in use"), default=True)
    updated_at = models.DateTimeField(_("changed"), null=True)

    class Meta:
        ordering = ["occasion", "language"]
        verbose_name = _("message template")
        verbose_name_plural = _("message templates")
        constraints = [
            models.UniqueConstraint(
                fields=["occasion", "channel", "language"], name="one_template_per_occasion"
            )
        ]

    def __str__(self) -> str:
        return str(Occasion(self.occasion).label)


class Delivery(models.Model):
    """One message to one address: the row is the truth, whoever claims its lease sends it."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    key = models.CharField(max_length=120, unique=True)
    """What it is about, e.g. "invoice:12:issued": the same thing is never told twice."""
    channel = models.CharField(
        _("channel"), max_length=10, choices=Template.Channel, default=Template.Channel.EMAIL
    )
    occasion = models.CharField(_("occasion"), max_length=40, choices=Occasion, blank=True)
    customer_id = models.BigIntegerField(null=True)
    to = models.CharField(pgettext_lazy("recipient", "to"), max_length=254)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"))
    attachment = models.CharField(max_length=60, blank=True)
    """What goes with it, "kind:id", made at sending by whoever registered the kind."""
    status = models.CharField(_("state"), max_length=10, choices=Status, default=Status.WAITING)
    created_at = models.DateTimeField(_("created"))
    next_try_at = models.DateTimeField(_("next try"))
    tries = models.PositiveIntegerField(_("tries"), default=0)
    lease_until = models.DateTimeField(null=True)
    lease_by = models.CharField(max_length=80, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True)
    error = models.CharField(_("error"), max_length=300, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes = [
            models.Index(
                fields=["next_try_at"], name="deliveries_waiting", condition=Q(status="waiting")
            ),
            models.Index(fields=["customer_id", "-created_at"], name="deliveries_of_customer"),
            models.Index(fields=["-created_at", "-id"], name="delivery_newest"),
        ]

    def __str__(self) -> str:
        return self.subject
