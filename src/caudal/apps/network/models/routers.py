"""Sites and routers: what serves customers, how to reach it, what it was last seen to be."""

from datetime import datetime, timedelta

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from caudal.apps.customers.models import Zone
from caudal.store.secrets import SecretField


class Site(models.Model):
    """A tower or node (IC-10)."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    latitude = models.DecimalField(
        _("latitude"),
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )
    longitude = models.DecimalField(
        _("longitude"),
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )
    radius_m = models.PositiveIntegerField(_("coverage radius (m)"), null=True, blank=True)
    contact = models.CharField(_("contact"), max_length=120, blank=True)
    """Who opens the door there: the owner of the roof, the night watchman."""
    contact_phone = models.CharField(_("contact's phone"), max_length=40, blank=True)
    notes = models.TextField(_("notes"), blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("site")
        verbose_name_plural = _("sites")

    def __str__(self) -> str:
        return self.name


class Router(models.Model):
    """A router that serves customers, how to reach it and what it was last seen to be."""

    class Request(models.TextChoices):
        """What a person asked for and the worker has not begun yet."""

        READ = "read", _("Read")
        DRY_RUN = "dry_run", _("Dry run")
        APPLY = "apply", _("Apply")

    class Condition(models.TextChoices):
        """How a router stands, as lists show it."""

        ONLINE = "online", _("In service")
        OFF = "off", _("API off")
        NEVER = "never", _("Not read yet")
        SWAPPED = "swapped", _("Another router answers")
        ALARM = "alarm", _("Alarm")
        FAILING = "failing", _("Does not answer")
        FROZEN = "frozen", _("Frozen")

    class PcqQueues(models.TextChoices):
        """How PCQ limits the addresses of a plan."""

        TREE = "tree", _("Packet marks and a queue tree")
        NETWORK = "network", _("One queue per network")

    name = models.CharField(_("name"), max_length=120, unique=True)
    site = models.ForeignKey(
        Site, models.PROTECT, null=True, blank=True, verbose_name=_("site"), related_name="routers"
    )
    zones = models.ManyToManyField(
        Zone, verbose_name=_("zones served"), related_name="routers", blank=True
    )
    driver = models.CharField(_("kind"), max_length=20, default="routeros")
    host = models.CharField(_("address"), max_length=120)
    port = models.PositiveIntegerField(
        _("API port"), default=8728, validators=[MinValueValidator(1), MaxValueValidator(65535)]
    )
    tls = models.BooleanField(_("encrypted (TLS)"), default=False)
    username = models.CharField(_("user"), max_length=60)
    password = SecretField(_("password"), blank=True)
    blocked_list = models.CharField(
        _("address list of cut customers"), max_length=60, default="morosos"
    )
    lan_interface = models.CharField(_("LAN interface"), max_length=60, blank=True)
    """Where customers' equipment is seen, named as on the router (WH-103)."""
    pcq_queues = models.CharField(
        _("PCQ with"), max_length=10, choices=PcqQueues, default=PcqQueues.TREE
    )
    private_key = SecretField(_("private SSH key"), blank=True)
    ssh_port = models.PositiveIntegerField(
        _("SSH port"),
        null=True,
        blank=True,
        default=22,
        validators=[MinValueValidator(1), MaxValueValidator(65535)],
    )
    """Of RouterOS, for backups that its API does not hand over. Empty: SSH is not tried."""
    host_key = models.CharField(_("SSH key of the router"), max_length=80, blank=True)
    """The fingerprint that is insisted on; the first that answers is pinned."""
    only_customers = models.BooleanField(_("only customers pass"), default=False)
    """Who has an address that is nobody's does not browse."""
    is_active = models.BooleanField(_("API in use"), default=True)
    """Off: nothing is read nor written; changes wait (WH-31)."""
    is_frozen = models.BooleanField(_("frozen: read only"), default=False)
    """The kill switch: drift is shown, nothing is written."""
    alarm_after_hours = models.PositiveSmallIntegerField(
        _("alarm after so many hours"), default=2, validators=[MinValueValidator(1)]
    )
    """A router that fails, or changes that wait, longer than this are shown as an alarm."""

    serial = models.CharField(_("serial number"), max_length=60, blank=True)
    """Pinned at the first contact; another one is refused until a person accepts it."""
    found_serial = models.CharField(max_length=60, blank=True, editable=False)
    """What answered instead of the pinned one, until a person accepts it."""
    identity = models.CharField(_("identity"), max_length=120, blank=True)
    version = models.CharField(_("version"), max_length=60, blank=True)
    board = models.CharField(_("board"), max_length=80, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    """Last probe: uptime, cpu, memory, cut rules in place ..."""
    last_seen_at = models.DateTimeField(_("last answered"), null=True, editable=False)
    verified_at = models.DateTimeField(_("last verified"), null=True, editable=False)
    """When a complete read was last compared with the rows."""
    failing_since = models.DateTimeField(_("failing since"), null=True, editable=False)
    failures = models.PositiveIntegerField(default=0, editable=False)
    last_error = models.CharField(_("last error"), max_length=300, blank=True, editable=False)
    retry_at = models.DateTimeField(null=True, editable=False)
    dirty_since = models.DateTimeField(null=True, editable=False)
    """Set when something other than a service of this router changed, e.g. one moved away."""
    lease_until = models.DateTimeField(null=True, editable=False)
    lease_by = models.CharField(max_length=80, blank=True, editable=False)
    owned_rows = models.PositiveIntegerField(default=0, editable=False)
    """How many rows of the last complete read were ours; none at all the next time is a brake."""
    alarmed_at = models.DateTimeField(null=True, editable=False)
    """When the owner was told that it fails or waits too long; cleared when it recovers."""
    requested = models.CharField(max_length=10, choices=Request, blank=True, editable=False)
    requested_by = models.CharField(max_length=120, blank=True, editable=False)
    requested_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["name"]
        verbose_name = _("router")
        verbose_name_plural = _("routers")

    def __str__(self) -> str:
        return self.name

    def condition(self, now: datetime) -> "Router.Condition":
        """The first of these that is true."""
        states = (
            (not self.is_active, self.Condition.OFF),
            (bool(self.found_serial), self.Condition.SWAPPED),
            (self.is_alarming(now), self.Condition.ALARM),
            (self.failing_since is not None, self.Condition.FAILING),
            (self.verified_at is None, self.Condition.NEVER),
            (self.is_frozen, self.Condition.FROZEN),
        )
        return next((state for holds, state in states if holds), self.Condition.ONLINE)

    def is_alarming(self, now: datetime) -> bool:
        """It has failed for longer than its owner wants to wait."""
        return self.failing_since is not None and self.is_too_long(self.failing_since, now)

    def is_too_long(self, since: datetime, now: datetime) -> bool:
        return now - since >= timedelta(hours=self.alarm_after_hours)
