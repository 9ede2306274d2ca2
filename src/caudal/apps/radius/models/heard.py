"""What FreeRADIUS writes: sessions as routers report them, and refusals with their reason."""

from datetime import UTC, datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from caudal.apps.network.models import Connection, Router

CAUSES = {
    "lost": _("ended without a word"),
    "Accounting-On": _("the router restarted"),
    "Accounting-Off": _("the router was switched off"),
    "NAS-Reboot": _("the router restarted"),
    "NAS-Request": _("closed by the router"),
    "NAS-Error": _("error of the router"),
    "Admin-Reset": _("closed from here"),
    "Admin-Reboot": _("the router restarted"),
    "User-Request": _("the customer's device hung up"),
    "User-Error": _("error of the customer's device"),
    "Lost-Carrier": _("the connection broke"),
    "Lost-Service": _("the connection broke"),
    "Idle-Timeout": _("nothing was used"),
    "Session-Timeout": _("its time was over"),
}
"""Acct-Terminate-Cause (RFC 2866, 5.10) and our own, in words."""
SILENCES = 3
"""A session that missed so many reports has ended without a word."""


class SessionQuerySet(models.QuerySet["Session"]):
    """What is asked about many sessions. Times are seconds since 1970."""

    def open(self) -> "SessionQuerySet":
        return self.filter(ended=None)

    def silent(self, at: int) -> "SessionQuerySet":
        """Open, and without a report for too long."""
        return self.open().filter(heard__lt=at - SILENCES * F("interim_s"))


class Session(models.Model):
    """One stay of a customer on the network, as the router's accounting tells it (RFC 2866)."""

    key = models.CharField(max_length=32, unique=True)
    """Made by FreeRADIUS of user, session and router: a router repeats its session numbers."""
    session_id = models.CharField(_("session"), max_length=64)
    """As the router wrote it, escaped by FreeRADIUS: `=25` stands for `%`."""
    username = models.CharField(_("user"), max_length=80)
    connection = models.ForeignKey(
        Connection, models.SET_NULL, null=True, db_constraint=False, related_name="radius_sessions"
    )
    router = models.ForeignKey(
        Router, models.SET_NULL, null=True, db_constraint=False, related_name="radius_sessions"
    )
    nas = models.CharField(_("router"), max_length=45)
    """The address that reported it."""
    port = models.CharField(_("port"), max_length=64, blank=True)
    address = models.CharField(_("IP address"), max_length=45, blank=True)
    prefix = models.CharField(_("IPv6 prefix"), max_length=50, blank=True)
    mac = models.CharField(_("MAC address"), max_length=64, blank=True)
    answer = models.CharField(max_length=130, blank=True)
    """What it carries (see core.access.logins): the Class it was let in with, which the router
    repeats in its reports, or what a change of authorization gave it since."""
    interim_s = models.PositiveIntegerField(default=300)
    started = models.BigIntegerField(_("began"))
    heard = models.BigIntegerField(_("last report"))
    ended = models.BigIntegerField(_("ended"), null=True)
    seconds = models.BigIntegerField(default=0)
    up_bytes = models.BigIntegerField(_("upload"), default=0)
    down_bytes = models.BigIntegerField(_("download"), default=0)
    cause = models.CharField(_("ended because"), max_length=40, blank=True)

    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ["-started", "-id"]
        indexes = [
            models.Index(fields=["router", "started"], name="session_open",
                         condition=Q(ended=None)),
            models.Index(fields=["username"], name="session_user_open", condition=Q(ended=None)),
            models.Index(fields=["connection", "-started"], name="session_history"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.username} {self.address}"

    @property
    def started_at(self) -> datetime:
        return datetime.fromtimestamp(self.started, UTC)

    @property
    def heard_at(self) -> datetime:
        return datetime.fromtimestamp(self.heard, UTC)

    @property
    def cause_text(self) -> str:
        return str(CAUSES.get(self.cause, self.cause))

    @property
    def ended_at(self) -> datetime | None:
        return None if self.ended is None else datetime.fromtimestamp(self.ended, UTC)


class Rejection(models.Model):
    """Somebody was refused. One row per user, router, device and reason: devices insist."""

    class Reason(models.TextChoices):
        PASSWORD = "password", _("Wrong password")
        UNKNOWN = "unknown", _("Unknown user")
        SUSPENDED = "suspended", _("Suspended")
        CANCELLED = "cancelled", _("Cancelled")
        ROUTER = "router", _("Connects through another router")
        MAC = "mac", _("Another device than allowed")
        SESSIONS = "sessions", _("Already connected")

    username = models.CharField(_("user"), max_length=80)
    nas = models.CharField(_("router"), max_length=45)
    mac = models.CharField(_("MAC address"), max_length=64, blank=True)
    reason = models.CharField(_("reason"), max_length=12, choices=Reason)
    router = models.ForeignKey(
        Router, models.SET_NULL, null=True, db_constraint=False, related_name="radius_rejections"
    )
    connection = models.ForeignKey(
        Connection,
        models.SET_NULL,
        null=True,
        db_constraint=False,
        related_name="radius_rejections",
    )
    times = models.PositiveIntegerField(_("times"), default=1)
    since = models.BigIntegerField(_("first time"))
    latest = models.BigIntegerField(_("last time"))

    class Meta:
        ordering = ["-latest", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["username", "nas", "mac", "reason"], name="one_row_per_refusal"
            )
        ]
        indexes = [
            models.Index(fields=["router", "-latest"], name="rejection_newest"),
            models.Index(fields=["connection", "-latest"], name="rejection_of_connection"),
        ]

    def __str__(self) -> str:
        return f"{self.username} {self.reason}"

    @property
    def latest_at(self) -> datetime:
        return datetime.fromtimestamp(self.latest, UTC)
