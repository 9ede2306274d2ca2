"""Alarms, and the choices of the provider about them."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from caudal.apps.monitoring.models.devices import Device
from caudal.apps.outages.models import Outage


class AlarmQuerySet(models.QuerySet["Alarm"]):
    def open(self) -> "AlarmQuerySet":
        return self.filter(ended_at=None)


class Alarm(models.Model):
    """A device that went down or answers badly, from its first such check until it is over."""

    class Kind(models.TextChoices):
        DOWN = "down", _("Down")
        POOR = "poor", _("Answers badly")

    kind = models.CharField(_("kind"), max_length=4, choices=Kind, default=Kind.DOWN)
    device = models.ForeignKey(Device, models.CASCADE, related_name="alarms")
    began_at = models.DateTimeField(_("since"))
    raised_at = models.DateTimeField(_("noticed"))
    ended_at = models.DateTimeField(_("until"), null=True)
    outage = models.ForeignKey(Outage, models.SET_NULL, null=True, related_name="alarms")

    objects = AlarmQuerySet.as_manager()

    class Meta:
        ordering = ["-began_at", "-id"]
        verbose_name = _("alarm")
        verbose_name_plural = _("alarms")
        constraints = [
            models.UniqueConstraint(
                fields=["device", "kind"],
                condition=Q(ended_at=None),
                name="one_open_alarm_per_device_and_kind",
            )
        ]

    def __str__(self) -> str:
        return f"{self.device} {self.began_at:%Y-%m-%d %H:%M}"


class Rules(models.Model):
    """One row: whom alarms are told to, how long outages hold, and what they are worth."""

    class Unit(models.TextChoices):
        """In what downtime is credited; what was begun counts whole."""

        MINUTE = "minute", _("Minutes")
        HOUR = "hour", _("Hours begun")
        DAY = "day", _("Days begun")

    alarm_emails = models.TextField(_("e-mails that are told of alarms"), blank=True)
    """One per line; empty: the companies' own."""
    grace_days = models.PositiveSmallIntegerField(
        _("days of grace after an outage"), default=1, validators=[MaxValueValidator(60)]
    )
    credit_from_minutes = models.PositiveIntegerField(
        _("credit outages from (minutes)"), default=120
    )
    credit_unit = models.CharField(_("credit by"), max_length=6, choices=Unit, default=Unit.HOUR)
    sample_days = models.PositiveSmallIntegerField(
        _("days that every measure is kept"), default=3, validators=[MinValueValidator(1)]
    )
    hour_days = models.PositiveSmallIntegerField(
        _("days that hours are kept"), default=90, validators=[MinValueValidator(2)]
    )
    day_days = models.PositiveSmallIntegerField(
        _("days that days are kept"), default=1095, validators=[MinValueValidator(30)]
    )

    class Meta:
        verbose_name = _("rules of monitoring")
        verbose_name_plural = _("rules of monitoring")

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    @classmethod
    def current(cls) -> "Rules":
        """The row, or what holds until somebody stores one."""
        return cls.objects.first() or cls()

    def recipients(self) -> list[str]:
        return [line.strip() for line in self.alarm_emails.splitlines() if line.strip()]
