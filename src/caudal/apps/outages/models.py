"""An outage, and the services that it leaves without internet."""

from datetime import date, datetime, timedelta

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from caudal.apps.customers.models import Customer, Service


class OutageQuerySet(models.QuerySet["Outage"]):
    """What is asked about many outages."""

    def open(self) -> "OutageQuerySet":
        return self.filter(ended_at=None, voided_at=None)

    def real(self) -> "OutageQuerySet":
        """Those that nobody has called a false alarm."""
        return self.filter(voided_at=None)


class Outage(models.Model):
    """A time in which some services do not work, and what is held for their customers.

    From `held_from` to `held_until`, both included, their cuts, late fees and reminders wait; while
    it is open there is no last day.
    """

    class State(models.TextChoices):
        OPEN = "outage_open", _("Going on")
        ENDED = "outage_ended", _("Ended")
        VOID = "outage_void", _("False alarm")

    title = models.CharField(_("title"), max_length=160)
    cause = models.TextField(_("cause"), blank=True)
    started_at = models.DateTimeField(_("since"))
    ended_at = models.DateTimeField(_("until"), null=True, blank=True)
    grace_days = models.PositiveSmallIntegerField(
        _("days of grace afterwards"), default=1, validators=[MaxValueValidator(60)]
    )
    """So many days after it ends still nobody is cut, charged for being late or reminded."""
    held_from = models.DateField(editable=False)
    held_until = models.DateField(null=True, editable=False)
    is_automatic = models.BooleanField(_("opened by an alarm"), default=False, editable=False)
    opened_by = models.CharField(_("opened by"), max_length=120, editable=False)
    ended_by = models.CharField(_("ended by"), max_length=120, blank=True, editable=False)
    voided_at = models.DateTimeField(_("called a false alarm"), null=True, editable=False)
    """It holds nobody and is not credited: as if it had not been."""

    objects = OutageQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "-id"]
        verbose_name = _("outage")
        verbose_name_plural = _("outages")
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")),
                name="outage_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, held_until__isnull=True)
                | Q(ended_at__isnull=False, held_until__isnull=False),
                name="ended_outages_hold_until_a_day",
            ),
        ]
        indexes = [models.Index(fields=["held_until", "held_from"], name="outage_by_hold")]

    def __str__(self) -> str:
        return self.title

    @property
    def state(self) -> "Outage.State":
        if self.voided_at is not None:
            return self.State.VOID
        return self.State.OPEN if self.ended_at is None else self.State.ENDED

    def duration(self, now: datetime) -> timedelta:
        """How long it has gone on, or went on."""
        return (self.ended_at or now) - self.started_at


class AffectedQuerySet(models.QuerySet["Affected"]):
    """What is asked about many affected services."""

    def holding(self, day: date) -> "AffectedQuerySet":
        """Rows of outages that hold cuts, late fees and reminders on that civil date."""
        return self.filter(
            Q(outage__held_until=None) | Q(outage__held_until__gte=day),
            outage__held_from__lte=day,
            outage__voided_at=None,
        )


class Affected(models.Model):
    """A service that an outage leaves without internet."""

    outage = models.ForeignKey(Outage, models.CASCADE, related_name="affected")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="outages")
    service = models.ForeignKey(Service, models.PROTECT, related_name="outages")
    through = models.CharField(_("because of"), max_length=160, blank=True)
    """What failed, as people call it: a site, a router, a device, a zone."""

    objects = AffectedQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = _("affected service")
        verbose_name_plural = _("affected services")
        constraints = [
            models.UniqueConstraint(fields=["outage", "service"], name="affected_once_per_outage")
        ]

    def __str__(self) -> str:
        return f"{self.outage}: {self.service_id}"
