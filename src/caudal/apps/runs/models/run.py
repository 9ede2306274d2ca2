"""Runs: what was asked for, how far it is, what it would do in sums, and what it did."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from caudal.apps.staff.actor import actor_word


class RunQuerySet(models.QuerySet["Run"]):
    """Reads that more than one place asks for."""

    def asked_for(self) -> "RunQuerySet":
        """To be planned because a person asked; the clock plans its own runs on their date."""
        return self.filter(status=Run.Status.PLANNING, is_automatic=False, frozen=True)

    def approved(self) -> "RunQuerySet":
        """To be executed, or left half done by a worker that died."""
        return self.filter(status__in=Run.IN_EXECUTION, frozen=True)

    def waiting_for_a_person(self) -> "RunQuerySet":
        """Planned by the clock and stopped: by a brake, or because plans are to be approved."""
        return self.filter(status=Run.Status.PLANNED, is_automatic=True, is_shadow=False)


class Run(models.Model):
    """One creation, cut, price change, or the undoing of one; its rows say what it is to do.

    The row is the request, its progress and its result: whichever worker finds it goes on with it.
    """

    class Kind(models.TextChoices):
        CREATE = "create", _("Create invoices")
        CUT = "cut", _("Cut who owes")
        PRICE = "price", _("Change prices")
        UNDO = "undo", _("Undo a run")

    class Status(models.TextChoices):
        PLANNING = "planning", _("Being planned")
        PLANNED = "planned", pgettext_lazy("run", "Planned")
        APPROVED = "approved", _("Approved")
        EXECUTING = "executing", _("Being executed")
        DONE = "done", _("Done")
        DISCARDED = "discarded", _("Discarded")

    IN_EXECUTION = (Status.APPROVED, Status.EXECUTING)

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    on = models.DateField(_("date"))
    time_zone = models.CharField(_("time zone"), max_length=60, blank=True)
    """IANA name of the one clock whose date it is; empty: every clock."""
    options = models.JSONField(default=dict)
    """What else was asked: zones, plans, how prices change."""
    status = models.CharField(_("state"), max_length=10, choices=Status, default=Status.PLANNING)
    is_automatic = models.BooleanField(_("by the clock"), default=False)
    is_shadow = models.BooleanField(_("shadow"), default=False)
    """It computes and stores and never acts."""
    frozen = models.BooleanField(default=True)
    """It has rows, and does exactly those; one that the clock did in one go has only sums."""
    brakes = models.JSONField(default=list)
    """Reasons, as plain records, for which the clock stopped and waits for a person."""
    undoes = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="undone_by"
    )
    inputs_hash = models.CharField(max_length=64, blank=True)
    """SHA-256 over the fingerprints of its rows, in their order."""
    totals = models.JSONField(_("planned"), default=dict)
    result = models.JSONField(_("result"), default=dict)
    instants = models.JSONField(default=list)
    """When workers took it up to write: more than one where a worker died."""

    requested_by = models.CharField(_("by"), max_length=120)
    requested_at = models.DateTimeField(_("requested"))
    planned_at = models.DateTimeField(_("planned"), null=True)
    approved_by = models.CharField(_("approved by"), max_length=120, blank=True)
    approved_at = models.DateTimeField(_("approved"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)
    planned = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    error = models.TextField(_("error"), blank=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at", "-id"]
        verbose_name = _("run")
        verbose_name_plural = _("runs")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "on", "time_zone"],
                condition=Q(is_automatic=True) & ~Q(status="discarded"),
                name="one_automatic_run_per_date_and_clock",
            ),
            models.UniqueConstraint(
                fields=["undoes"],
                condition=Q(undoes__isnull=False) & ~Q(status="discarded"),
                name="a_run_is_undone_once",
            ),
        ]
        indexes = [
            models.Index(fields=["-requested_at", "-id"], name="run_newest"),
            models.Index(fields=["kind", "-on"], name="run_by_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.on}"

    @property
    def is_moving(self) -> bool:
        """The worker is at it, or will be."""
        return self.status in (self.Status.PLANNING, *self.IN_EXECUTION)

    @property
    def percent(self) -> int:
        """How much of what is to be done is done, 0..100."""
        if not self.planned:
            return 0 if self.is_moving else 100
        return min(100, (self.done + self.failures) * 100 // self.planned)

    @property
    def shown_amounts(self) -> dict[str, str]:
        """By currency: what it did, else what it is to do. New prices do not add up to anything."""
        if self.kind == self.Kind.PRICE:
            return {}
        done: dict[str, str] = self.result.get("amounts", {})
        asked: dict[str, str] = self.totals.get("amounts", {})
        return done or asked

    @property
    def size(self) -> int | None:
        """How many rows it has, or wrote where it has none; None while nobody knows."""
        known: int | None = self.totals.get("rows")
        written: int | None = self.result.get("counts", {}).get("done")
        return written if known is None else known

    @property
    def asked_by(self) -> str:
        """The person, or the part of the system in words."""
        return actor_word(self.requested_by)

    def option(self, name: str, default: Any = None) -> Any:
        return self.options.get(name, default)
