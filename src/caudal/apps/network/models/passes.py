"""Passes over routers and what they wrote: the journal of the network."""

from django.db import models
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from caudal.apps.network.models.connections import Connection
from caudal.apps.network.models.routers import Router
from caudal.store.secrets import SecretField


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
    effect = models.CharField(_("effect"), max_length=10, blank=True)
    """What it did to the connection: core.access.Effect."""
    rows = SecretField(blank=True)
    """The whole rows before and after, as text of `sync.rows`: what an undo goes by."""
    undone_at = models.DateTimeField(_("undone"), null=True)
    undone_by = models.CharField(_("undone by"), max_length=120, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.action} {self.menu}"


class Installation(models.Model):
    """The key in our marks on routers, drawn once: two installations on one router do not fight."""

    key = models.CharField(max_length=32)

    def __str__(self) -> str:
        return self.key
