"""Devices, how they are checked, and which service hangs from which."""

from datetime import datetime

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from caudal.apps.customers.models import Service
from caudal.apps.network.models import Router, Site
from caudal.core import watching
from caudal.core.quality import Quality
from caudal.store.measures import MeasureField
from caudal.store.secrets import SecretField


class CheckTemplate(models.Model):
    """How often devices of one sort are asked, and how bad it must be to call somebody."""

    class Profile(models.TextChoices):
        """Whose identifiers are asked over SNMP: the keys of `core.metrics.PROFILES`."""

        NONE = "", _("Nothing, ping only")
        GENERIC = "generic", _("Any device (uptime and CPU)")
        UBNT = "ubnt", "Ubiquiti airMAX"
        ROUTEROS = "routeros", "MikroTik RouterOS"
        HUAWEI_OLT = "huawei-olt", _("Huawei OLT (GPON)")

    name = models.CharField(_("name"), max_length=80, unique=True)
    interval_s = models.PositiveIntegerField(
        _("seconds between checks"), default=60, validators=[MinValueValidator(20)]
    )
    ping_count = models.PositiveSmallIntegerField(
        _("pings per check"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(20)],
    )
    timeout_ms = models.PositiveIntegerField(
        _("milliseconds to wait for an answer"),
        default=1000,
        validators=[MinValueValidator(50), MaxValueValidator(10_000)],
    )
    fail_checks = models.PositiveSmallIntegerField(
        _("failed checks before the alarm"), default=3, validators=[MinValueValidator(1)]
    )
    fail_minutes = models.PositiveSmallIntegerField(_("minutes before the alarm"), default=2)
    """Both must have passed."""
    recover_checks = models.PositiveSmallIntegerField(
        _("answered checks that end it"), default=2, validators=[MinValueValidator(1)]
    )
    flaps = models.PositiveSmallIntegerField(
        _("falls that make it unstable"), default=3, validators=[MinValueValidator(2)]
    )
    flap_minutes = models.PositiveSmallIntegerField(_("within so many minutes"), default=60)
    settle_minutes = models.PositiveSmallIntegerField(
        _("minutes that an unstable one must answer"), default=15
    )
    profile = models.CharField(_("SNMP"), max_length=20, choices=Profile, blank=True)
    read_s = models.PositiveIntegerField(
        _("seconds between SNMP readings"), default=300, validators=[MinValueValidator(60)]
    )
    max_latency_ms = models.PositiveIntegerField(_("slow from (ms)"), null=True, blank=True)
    max_loss = models.PositiveSmallIntegerField(
        _("lossy from (%)"), null=True, blank=True, validators=[MaxValueValidator(100)]
    )
    min_signal = models.SmallIntegerField(_("weak below (dBm)"), null=True, blank=True)
    raises_alarm = models.BooleanField(_("tells the staff"), default=True)
    opens_outage = models.BooleanField(_("opens an outage"), default=True)
    """Where customers are behind the device; else an alarm is only an alarm."""

    class Meta:
        ordering = ["name"]
        verbose_name = _("template of checks")
        verbose_name_plural = _("templates of checks")

    def __str__(self) -> str:
        return self.name

    def rule(self) -> watching.WatchRule:
        return watching.WatchRule(
            fail_checks=self.fail_checks,
            fail_minutes=self.fail_minutes,
            recover_checks=self.recover_checks,
            flaps=self.flaps,
            flap_minutes=self.flap_minutes,
            settle_minutes=self.settle_minutes,
            silence_minutes=max(15, 5 * self.interval_s // 60),
        )


class DeviceQuerySet(models.QuerySet["Device"]):
    """What is asked about many devices."""

    def watched(self) -> "DeviceQuerySet":
        return self.filter(is_active=True, template__isnull=False)

    def due(self, now: datetime) -> "DeviceQuerySet":
        return self.watched().filter(Q(next_check_at=None) | Q(next_check_at__lte=now))


class Device(models.Model):
    """Something with an address that can fail: a router, a radio, an OLT, a switch, a server."""

    class Kind(models.TextChoices):
        ROUTER = "router", _("Router")
        AP = "ap", _("Access point")
        LINK = "link", _("Radio link")
        OLT = "olt", "OLT"
        SWITCH = "switch", "Switch"
        CPE = "cpe", _("Customer's equipment")
        SERVER = "server", _("Server")
        OTHER = "other", _("Other")

    class Health(models.TextChoices):
        UNKNOWN = "unknown", _("Not checked")
        UP = "up", _("Answers")
        FAILING = "failing", _("Does not answer")
        DOWN = "down", _("Down")
        UNREACHABLE = "unreachable", _("Unreachable")

    name = models.CharField(_("name"), max_length=120, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.ROUTER)
    address = models.CharField(_("address"), max_length=120)
    """IP address or name at which this server reaches it."""
    site = models.ForeignKey(
        Site, models.PROTECT, null=True, blank=True, verbose_name=_("site"), related_name="devices"
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, verbose_name=_("hangs from"),
        related_name="children",
    )  # fmt: skip
    """The device through which it is reached: when that one is down, this one is not to blame."""
    router = models.OneToOneField(
        Router, models.SET_NULL, null=True, blank=True, related_name="device",
        verbose_name=_("is the router"),
    )  # fmt: skip
    template = models.ForeignKey(
        CheckTemplate, models.PROTECT, null=True, blank=True, related_name="devices",
        verbose_name=_("template of checks"),
    )  # fmt: skip
    """Empty: it is not checked."""
    community = SecretField(_("SNMP community"), blank=True)
    snmp_version = models.CharField(
        _("SNMP version"), max_length=2, choices=[("2c", "2c"), ("1", "1")], default="2c"
    )
    snmp_port = models.PositiveIntegerField(
        _("SNMP port"), default=161, validators=[MinValueValidator(1), MaxValueValidator(65535)]
    )
    notes = models.TextField(_("notes"), blank=True)
    is_active = models.BooleanField(_("in use"), default=True)

    health = models.CharField(
        _("state"), max_length=12, choices=Health, default=Health.UNKNOWN, editable=False
    )
    failures = models.PositiveIntegerField(default=0, editable=False)
    failing_since = models.DateTimeField(_("does not answer since"), null=True, editable=False)
    answers = models.PositiveIntegerField(default=0, editable=False)
    answering_since = models.DateTimeField(_("answers since"), null=True, editable=False)
    falls = models.JSONField(default=list, editable=False)
    """When it went down, as far back as flapping looks (ISO instants)."""
    checked_at = models.DateTimeField(_("last check"), null=True, editable=False)
    next_check_at = models.DateTimeField(null=True, editable=False)
    next_read_at = models.DateTimeField(null=True, editable=False)
    bad_checks = models.PositiveIntegerField(default=0, editable=False)
    """Answers in a row that were slow, lossy or weak."""
    bad_since = models.DateTimeField(null=True, editable=False)
    fair_checks = models.PositiveIntegerField(default=0, editable=False)
    is_degraded = models.BooleanField(_("answers badly"), default=False, editable=False)
    """It has answered badly for so long that its alarm is open."""
    blamed = models.ForeignKey(
        "self", models.SET_NULL, null=True, editable=False, related_name="+",
        verbose_name=_("because of"),
    )  # fmt: skip
    fault = models.CharField(_("last error"), max_length=20, blank=True, editable=False)
    read_fault = models.CharField(
        _("last error of SNMP"), max_length=20, blank=True, editable=False
    )
    latency_ms = MeasureField(_("latency (ms)"), null=True, editable=False)
    loss = MeasureField(_("loss (%)"), null=True, editable=False)
    signal = MeasureField(_("signal (dBm)"), null=True, editable=False)

    objects = DeviceQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("device")
        verbose_name_plural = _("devices")
        constraints = [
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("id")), name="device_not_its_own_parent"
            )
        ]
        indexes = [
            models.Index(fields=["next_check_at"], name="device_next_check"),
            models.Index(fields=["health"], name="device_by_health"),
        ]

    def __str__(self) -> str:
        return self.name

    def watch(self) -> watching.Watch:
        return watching.Watch(
            health=watching.Health(self.health),
            failures=self.failures,
            failing_since=self.failing_since,
            answers=self.answers,
            answering_since=self.answering_since,
            checked_at=self.checked_at,
            falls=tuple(datetime.fromisoformat(each) for each in self.falls),
        )

    def quality(self) -> Quality:
        return Quality(self.bad_checks, self.bad_since, self.fair_checks, self.is_degraded)

    def keep_quality(self, found: Quality) -> None:
        """Take it over; the caller stores the row."""
        self.bad_checks, self.bad_since = found.bad, found.bad_since
        self.fair_checks, self.is_degraded = found.fair, found.is_poor

    @property
    def is_flapping(self) -> bool:
        """It has fallen so often lately that it must answer for a while to count as back."""
        if self.template is None or self.checked_at is None:
            return False
        return self.watch().is_flapping(self.template.rule(), self.checked_at)

    @property
    def is_poor(self) -> bool:
        """It answers, but slowly, with losses or over a weak signal."""
        limits = self.template
        if limits is None or self.health != self.Health.UP:
            return False
        return (
            _over(self.latency_ms, limits.max_latency_ms)
            or _over(self.loss, limits.max_loss)
            or _over(limits.min_signal, self.signal)
        )


def _over(value: float | None, limit: float | None) -> bool:
    return value is not None and limit is not None and value > limit


class ServedBy(models.Model):
    """The access point, OLT or equipment through which a service gets its internet."""

    service = models.OneToOneField(Service, models.CASCADE, related_name="served_by")
    device = models.ForeignKey(
        Device, models.CASCADE, related_name="services", verbose_name=_("device")
    )

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.service_id} {self.device_id}"
