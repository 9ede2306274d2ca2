"""Tables of the network: sites, routers, pools, connections and what reconciliation did."""

from datetime import datetime, timedelta

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from caudal.apps.catalog.models import Plan, Technology
from caudal.apps.customers.models import Service, Zone
from caudal.core import addressing
from caudal.store.secrets import SecretField


class Site(models.Model):
    """A tower or node (IC-10)."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    latitude = models.DecimalField(
        _("latitude"), max_digits=9, decimal_places=6, null=True, blank=True
    )
    longitude = models.DecimalField(
        _("longitude"), max_digits=9, decimal_places=6, null=True, blank=True
    )
    radius_m = models.PositiveIntegerField(_("coverage radius (m)"), null=True, blank=True)
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


class Pool(models.Model):
    """Addresses of one router from which services get theirs."""

    router = models.ForeignKey(
        Router, models.CASCADE, verbose_name=_("router"), related_name="pools"
    )
    name = models.CharField(_("name"), max_length=80)
    network = models.CharField(_("network"), max_length=50)
    """CIDR, e.g. 10.20.0.0/22."""
    gateway = models.GenericIPAddressField(_("gateway"), null=True, blank=True)
    first = models.GenericIPAddressField(_("first address"), null=True, blank=True)
    last = models.GenericIPAddressField(_("last address"), null=True, blank=True)
    excluded = models.TextField(_("excluded addresses"), blank=True)
    """Addresses or ranges a-b that are never given, one per line."""

    class Meta:
        ordering = ["router", "name"]
        verbose_name = _("address pool")
        verbose_name_plural = _("address pools")
        constraints = [models.UniqueConstraint(fields=["router", "name"], name="one_pool_per_name")]

    def __str__(self) -> str:
        return f"{self.name} ({self.network})"

    def addresses(self) -> addressing.Pool:
        """What may be given to customers. Raises AddressError where the row is badly written."""
        text = f"{self.first}-{self.last}" if self.first and self.last else self.network
        return addressing.parse_pool(text, excluded=self.excluded, gateway=self.gateway or "")


class ConnectionQuerySet(models.QuerySet["Connection"]):
    """What is asked about many connections."""

    def live(self) -> "ConnectionQuerySet":
        """That hold their address and user."""
        return self.filter(released_at=None)

    def waiting(self) -> "ConnectionQuerySet":
        """Whose router is not yet known to hold what the rows say."""
        return self.filter(
            Q(sync=Connection.Sync.PENDING) | Q(attempted_revision__lt=F("service__revision"))
        )

    def untried(self) -> "ConnectionQuerySet":
        """Changed since the last complete pass."""
        return self.filter(attempted_revision__lt=F("service__revision"))

    def online(self) -> "ConnectionQuerySet":
        return self.filter(online_since__isnull=False)


def sync_state(sync: str, attempted_revision: int, revision: int) -> str:
    """What a connection's `sync` is worth: pending where the service has changed since."""
    return "pending" if attempted_revision < revision else sync


class Connection(models.Model):
    """How a service is given (router, technology, user, address), and what was seen of it."""

    class Sync(models.TextChoices):
        PENDING = "pending", _("Pending")
        IN_SYNC = "in_sync", _("In sync")
        DRIFT = "drift", _("Drift")

    service = models.OneToOneField(
        Service, models.CASCADE, verbose_name=_("service"), related_name="connection"
    )
    router = models.ForeignKey(
        Router, models.PROTECT, verbose_name=_("router"), related_name="connections"
    )
    technology = models.CharField(_("technology"), max_length=15, choices=Technology)
    username = models.CharField(_("user"), max_length=80, blank=True)
    password = SecretField(_("password"), blank=True)
    address = models.GenericIPAddressField(_("IP address"), null=True, blank=True)
    pool = models.ForeignKey(
        Pool, models.SET_NULL, null=True, blank=True, verbose_name=_("address pool")
    )
    local_address = models.GenericIPAddressField(_("local address"), null=True, blank=True)
    mac = models.CharField(_("MAC address"), max_length=17, blank=True)
    bind_mac = models.BooleanField(_("only from this MAC address"), default=False)
    adopt = models.BooleanField(_("may take over a row of its name"), default=False)
    """A person allowed it: an unmarked row of this name becomes ours at the next pass."""
    released_at = models.DateTimeField(_("address released"), null=True, blank=True)

    sync = models.CharField(
        _("router state"), max_length=10, choices=Sync, default=Sync.PENDING, editable=False
    )
    synced_revision = models.PositiveBigIntegerField(default=0, editable=False)
    """The service's revision that the router was last verified to hold."""
    attempted_revision = models.PositiveBigIntegerField(default=0, editable=False)
    """The revision of the last complete pass, whatever came of it; lower than it: not tried yet."""
    pending_since = models.DateTimeField(_("pending since"), null=True, editable=False)
    verified_at = models.DateTimeField(_("last verified"), null=True, editable=False)
    drift = models.JSONField(default=list, editable=False)
    """Drift entries of the last pass: code, field, wanted, found."""
    last_error = models.CharField(_("last error"), max_length=300, blank=True, editable=False)
    online_since = models.DateTimeField(_("session since"), null=True, editable=False)
    last_session = models.JSONField(default=dict, editable=False)

    objects = ConnectionQuerySet.as_manager()

    class Meta:
        ordering = ["service_id"]
        verbose_name = _("connection")
        verbose_name_plural = _("connections")
        constraints = [
            models.UniqueConstraint(
                fields=["router", "address"],
                condition=Q(released_at=None, address__isnull=False),
                name="one_live_address_per_router",
            ),
            models.UniqueConstraint(
                fields=["router", "username"],
                condition=Q(released_at=None) & ~Q(username=""),
                name="one_live_user_per_router",
            ),
        ]
        indexes = [
            models.Index(fields=["router", "sync"], name="connection_by_sync"),
            models.Index(fields=["address"], name="connection_by_address"),
        ]

    def __str__(self) -> str:
        return self.username or str(self.address or self.service)

    @property
    def state(self) -> str:
        """`sync`, or pending where the service has changed since: needs `service`."""
        return sync_state(self.sync, self.attempted_revision, self.service.revision)

    @property
    def waits_since(self) -> datetime | None:
        """Since when a change has not been verified on the router, None where nothing waits."""
        if self.state != self.Sync.PENDING:
            return None
        return self.pending_since or self.service.changed_at


class AddressUse(models.Model):
    """Who held an address and when: the history that stays when it is freed (decision on WH-41)."""

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="address_uses")
    router = models.ForeignKey(Router, models.PROTECT, related_name="address_uses")
    address = models.GenericIPAddressField(_("IP address"))
    since = models.DateTimeField(_("from"))
    until = models.DateTimeField(_("until"), null=True)

    class Meta:
        ordering = ["-since"]
        indexes = [models.Index(fields=["address", "-since"], name="address_history")]

    def __str__(self) -> str:
        return str(self.address)


class SyncPassQuerySet(models.QuerySet["SyncPass"]):
    """What is asked about many passes."""

    def held_by_the_brake(self) -> "SyncPassQuerySet":
        """Passes that wait for a typed count: no later one of their router could write."""
        wrote = ("braked", "applied", "in_sync", "drift")
        same = SyncPass.objects.filter(router=OuterRef("router"), outcome__in=wrote)
        newest = same.order_by("-started_at", "-id").values("pk")[:1]
        last = self.filter(pk=Subquery(newest))
        return last.filter(outcome=SyncPass.Outcome.BRAKED, approved_by="")


class SyncPass(models.Model):
    """One reconciliation of one router: what was found, what was to be done and what came of it."""

    class Outcome(models.TextChoices):
        RUNNING = "running", _("Running")
        IN_SYNC = "in_sync", _("In sync")
        APPLIED = "applied", _("Applied")
        BRAKED = "braked", _("Stopped by the brake")
        UNREACHABLE = "unreachable", _("Router does not answer")
        FAILED = "failed", _("Failed")
        DRY_RUN = "dry_run", _("Dry run")
        DRIFT = "drift", _("Differences left")
        READ_ONLY = "read_only", _("Read only")

    router = models.ForeignKey(Router, models.CASCADE, related_name="passes")
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), null=True)
    outcome = models.CharField(_("result"), max_length=12, choices=Outcome, default=Outcome.RUNNING)
    requested_by = models.CharField(_("by"), max_length=120, blank=True)
    planned = models.PositiveIntegerField(_("planned"), default=0)
    applied = models.PositiveIntegerField(_("applied"), default=0)
    failed = models.PositiveIntegerField(_("failed"), default=0)
    cuts = models.PositiveIntegerField(_("cuts"), default=0)
    error = models.CharField(_("error"), max_length=300, blank=True)
    findings = models.JSONField(default=dict)
    """Unknown rows, conflicts and drift found, as shown on the router's page."""
    approved_by = models.CharField(_("approved by"), max_length=120, blank=True)
    """Who typed the count of a pass that the brake stopped."""
    approval_used_at = models.DateTimeField(null=True, editable=False)

    objects = SyncPassQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "-id"]
        indexes = [models.Index(fields=["router", "-started_at"], name="pass_newest")]

    def __str__(self) -> str:
        return f"{self.router} {self.started_at:%Y-%m-%d %H:%M}"

    @property
    def brake_count(self) -> int:
        """What a person must type to go on after the brake; 0 where there is none."""
        return max((brake["count"] or 0 for brake in self.findings.get("brakes", [])), default=0)


class Operation(models.Model):
    """One change written to a router, with before and after: the network's journal."""

    sync_pass = models.ForeignKey(SyncPass, models.CASCADE, related_name="operations")
    connection = models.ForeignKey(
        Connection, models.SET_NULL, null=True, related_name="operations"
    )
    at = models.DateTimeField(_("when"))
    action = models.CharField(_("act"), max_length=40)
    menu = models.CharField(_("where"), max_length=60)
    key = models.CharField(_("name on the router"), max_length=120, blank=True)
    before = models.JSONField(_("before"), default=dict)
    after = models.JSONField(_("after"), default=dict)
    ok = models.BooleanField(_("done"), null=True)
    """None: about to be written, or the worker died before it learned the answer."""
    error = models.CharField(_("error"), max_length=300, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.action} {self.menu}"


class Installation(models.Model):
    """The key in our marks on routers, drawn once: two installations on one router do not fight."""

    key = models.CharField(max_length=32)

    def __str__(self) -> str:
        return self.key


class PlanSeen(models.Model):
    """The speed of a plan that routers were last told of; another one touches its services."""

    plan = models.OneToOneField(Plan, models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return str(self.plan)
