"""How a service is given, and what was seen of it on its router."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from caudal.apps.catalog.models import Plan, Technology
from caudal.apps.customers.models import Service
from caudal.apps.network.models.addresses import Pool
from caudal.apps.network.models.routers import Router
from caudal.store.secrets import SecretField


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
    server = models.CharField(_("server"), max_length=60, blank=True)
    """The one HotSpot or DHCP server that gives the service; empty: all of the router."""
    interface = models.CharField(_("interface"), max_length=60, blank=True)
    """Where the bound MAC address is seen; empty: the router's LAN interface."""
    prefix = models.CharField(_("IPv6 prefix"), max_length=50, blank=True)
    """The customer's own, such as 2001:db8:12:300::/56."""
    pool6 = models.ForeignKey(
        Pool,
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("IPv6 pool"),
        related_name="+",
    )
    """The router's pool of this name delegates a prefix to who dials (PPPoE)."""
    duid = models.CharField(_("DUID"), max_length=60, blank=True)
    iaid = models.CharField(_("IAID"), max_length=12, blank=True)
    """Both tell the DHCPv6 client to whom the prefix belongs."""
    queue_parent = models.CharField(max_length=80, blank=True, editable=False)
    """The queue of the router under which this one's stood when it was taken over: it stays."""
    reminded = models.BooleanField(default=False, editable=False)
    """Plain http of who owes and browses leads to the notice until he has read it (IC-72)."""
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
            models.UniqueConstraint(
                fields=["router", "prefix"],
                condition=Q(released_at=None) & ~Q(prefix=""),
                name="one_live_prefix_per_router",
            ),
        ]
        indexes = [
            models.Index(fields=["router", "sync"], name="connection_by_sync"),
            models.Index(fields=["address"], name="connection_by_address"),
        ]

    def __str__(self) -> str:
        return self.username or str(self.address or self.service)

    @property
    def device_url(self) -> str:
        """Where the customer's device shows its own pages; empty without an address."""
        if not self.address:
            return ""
        return f"http://[{self.address}]/" if ":" in self.address else f"http://{self.address}/"

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
    seen = models.BooleanField(default=False)
    """Given by the router from its own pool and seen in a reading, not assigned here: `since` is
    the session's start, `until` the first reading that no longer found it."""

    class Meta:
        ordering = ["-since"]
        indexes = [models.Index(fields=["address", "-since"], name="address_history")]

    def __str__(self) -> str:
        return str(self.address)


class PlanSeen(models.Model):
    """The speed of a plan that routers were last told of; another one touches its services."""

    plan = models.OneToOneField(Plan, models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return str(self.plan)
