"""What FreeRADIUS reads: which routers may ask, what each user is answered, and the policy."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from caudal.apps.network.models import Connection, Router


class Policy(models.Model):
    """The one row of choices that hold for every router."""

    class Refused(models.TextChoices):
        """What becomes of somebody who must not browse."""

        NOTICE = "notice", _("Let in, with the notice only")
        REJECT = "reject", _("Refuse")

    on_cut = models.CharField(
        _("cut customer"), max_length=10, choices=Refused, default=Refused.NOTICE
    )
    on_cancelled = models.CharField(
        _("cancelled customer"), max_length=10, choices=Refused, default=Refused.REJECT
    )
    on_unknown = models.CharField(
        _("unknown user"), max_length=10, choices=Refused, default=Refused.REJECT
    )
    notice_pool = models.CharField(_("pool of the notice"), max_length=60, blank=True)
    """Name of a pool on the routers. Empty: a cut customer keeps his address."""
    notice_rate = models.CharField(_("speed of the notice"), max_length=40, default="256k/256k")
    """Mikrotik-Rate-Limit text: upload/download."""
    interim_s = models.PositiveIntegerField(
        _("seconds between reports"),
        default=300,
        validators=[MinValueValidator(60), MaxValueValidator(3600)],
    )
    """How often a router reports a session; three reports missed, and it counts as ended."""
    one_session = models.BooleanField(_("one session per customer"), default=False)
    any_router = models.BooleanField(_("a customer may connect through any router"), default=False)

    class Meta:
        verbose_name = _("RADIUS policy")
        verbose_name_plural = _("RADIUS policy")

    def __str__(self) -> str:
        return str(_("RADIUS policy"))


class Client(models.Model):
    """A router that may ask, as FreeRADIUS looks it up: no restart is needed for a new one."""

    router = models.OneToOneField(Router, models.CASCADE, related_name="radius_client")
    address = models.GenericIPAddressField(_("address"), unique=True)
    secret = models.CharField(_("shared secret"), max_length=80)
    """In clear, as FreeRADIUS needs it; only the role of FreeRADIUS and ours can read it."""
    blocked_list = models.CharField(_("address list of cut customers"), max_length=60)
    asked = models.BigIntegerField(_("last sign-in"), null=True)
    """When somebody was last let in or refused there, as seconds since 1970; None: never."""
    heard = models.BigIntegerField(_("last report"), null=True)
    """When it last reported a session; None: never."""
    busy = models.BooleanField(default=False)
    """Sessions were open there when it last was looked at: then it must go on reporting."""

    class Meta:
        ordering = ["address"]

    def __str__(self) -> str:
        return self.address


class Login(models.Model):
    """What one user of one router is answered: everything of it in one narrow row."""

    class Reason(models.TextChoices):
        """Why somebody is not let in with his full service."""

        NONE = "", _("In service")
        SUSPENDED = "suspended", _("Suspended")
        CANCELLED = "cancelled", _("Cancelled")

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="logins")
    router = models.ForeignKey(Router, models.CASCADE, related_name="logins")
    """Whose customer he is. After a move the old router's row stays until its pass took it."""
    username = models.CharField(_("user"), max_length=80)
    password = models.CharField(_("password"), max_length=80, blank=True)
    """In clear: CHAP and MS-CHAP cannot be answered without. Empty: none is asked (DHCP)."""
    reason = models.CharField(max_length=12, choices=Reason, blank=True, default="")
    gone = models.BooleanField(default=False)
    """No longer wanted; kept so that a refusal can say whose it was."""
    rate = models.CharField(_("speed"), max_length=120, blank=True)
    """Mikrotik-Rate-Limit, with burst and priority."""
    address = models.CharField(_("IP address"), max_length=45, blank=True)
    pool = models.CharField(_("address pool"), max_length=80, blank=True)
    prefix = models.CharField(_("IPv6 prefix"), max_length=50, blank=True)
    mac = models.CharField(_("MAC address"), max_length=17, blank=True)
    """The only device that may log in; empty: any."""
    comment = models.CharField(max_length=120)
    changed = models.BigIntegerField(default=0)
    """Seconds since 1970, as in every table that FreeRADIUS shares with us."""

    class Meta:
        ordering = ["username"]
        constraints = [
            models.UniqueConstraint(fields=["connection", "router"], name="one_login_per_router")
        ]
        indexes = [models.Index(fields=["username"], name="login_by_username")]

    def __str__(self) -> str:
        return self.username
