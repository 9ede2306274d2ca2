"""Tables of the clock: the demo's shift, where catch-up starts, one row per run of a job."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Shift(models.Model):
    """How far the demo's clock is ahead of the machine's. One row; production never reads it."""

    seconds = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("shift of the clock")
        verbose_name_plural = _("shifts of the clock")


class Start(models.Model):
    """From which civil date on a daily job is looked at in a zone.

    Written when the job is first seen, so that a new installation does not catch up on years;
    moved forward as dates are settled, so that a pass does not read the whole history.
    """

    job = models.CharField(_("job"), max_length=60)
    scope = models.CharField(_("time zone"), max_length=60)
    since = models.DateField(_("since"))

    class Meta:
        verbose_name = _("start of a job")
        verbose_name_plural = _("starts of jobs")
        constraints = [
            models.UniqueConstraint(fields=["job", "scope"], name="one_start_per_job_and_zone")
        ]


class JobRun(models.Model):
    """One run of one job for one slot: a civil date of a time zone, or an instant.

    The row is the lock: whoever creates it or finds its lease expired does the work, so a job
    is done once however many workers there are, and again where one of them died.
    """

    class Status(models.TextChoices):
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    job = models.CharField(_("job"), max_length=60)
    scope = models.CharField(_("time zone"), max_length=60, blank=True)
    slot = models.CharField(_("for"), max_length=25)
    """Civil date (2026-07-05) of a daily job, UTC instant (2026-07-05T14:03:00.000) of another."""
    status = models.CharField(_("state"), max_length=10, choices=Status, default=Status.RUNNING)
    worker = models.CharField(_("worker"), max_length=80, blank=True)
    lease_until = models.DateTimeField(null=True)
    """By the machine's clock. Running: dead by then. Failed: tried again then; null = never."""
    again = models.BooleanField(default=False)
    """Somebody asked for this frequent job while it was running: it runs once more."""
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), null=True)
    tries = models.PositiveIntegerField(_("tries"), default=1)
    done = models.PositiveIntegerField(_("done"), default=0)
    planned = models.PositiveIntegerField(_("planned"), default=0)
    failures = models.PositiveIntegerField(_("failures"), default=0)
    summary = models.JSONField(_("result"), default=dict, blank=True)
    error = models.TextField(_("error"), blank=True)

    class Meta:
        verbose_name = _("run of a job")
        verbose_name_plural = _("runs of jobs")
        constraints = [
            models.UniqueConstraint(
                fields=["job", "scope", "slot"], name="one_run_per_job_and_slot"
            ),
            models.UniqueConstraint(
                fields=["job", "scope"],
                condition=Q(status="running"),
                name="one_running_run_per_job",
            ),
        ]
        indexes = [
            models.Index(fields=["-started_at", "-id"], name="jobrun_newest"),
            models.Index(fields=["job", "-slot"], name="jobrun_of_job"),
        ]
        ordering = ["-started_at", "-id"]

    def __str__(self) -> str:
        return f"{self.job} {self.slot}"

    @property
    def percent(self) -> int:
        """How much of what was planned is done, 0..100."""
        if not self.planned:
            return 100 if self.status == self.Status.DONE else 0
        return min(100, (self.done + self.failures) * 100 // self.planned)

    @property
    def had_nothing_to_do(self) -> bool:
        return self.status == self.Status.DONE and not (
            self.planned or self.done or self.failures or self.summary
        )
