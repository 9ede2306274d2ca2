"""Tables of the clock: how far the demo's clock was moved, and one row per run of a job."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Shift(models.Model):
    """How far the demo's clock is ahead of the machine's. One row; production never reads it."""

    seconds = models.BigIntegerField(default=0)


class JobRun(models.Model):
    """One run of one job for one slot: a civil date of a time zone, or a minute.

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
    """Civil date (2026-07-05) of a daily job, or UTC minute (2026-07-05T14:03) of a frequent one."""
    status = models.CharField(_("state"), max_length=10, choices=Status, default=Status.RUNNING)
    worker = models.CharField(_("worker"), max_length=80, blank=True)
    lease_until = models.DateTimeField(null=True)
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), null=True)
    tries = models.PositiveIntegerField(_("tries"), default=1)
    done = models.PositiveIntegerField(_("done"), default=0)
    planned = models.PositiveIntegerField(_("planned"), default=0)
    failures = models.PositiveIntegerField(_("failures"), default=0)
    summary = models.JSONField(_("result"), default=dict, blank=True)
    error = models.TextField(_("error"), blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["job", "scope", "slot"], name="one_run_per_job_and_slot"
            )
        ]
        indexes = [models.Index(fields=["-started_at"], name="jobrun_newest")]
        ordering = ["-started_at", "-id"]

    def __str__(self) -> str:
        return f"{self.job} {self.slot}"
