"""Runs that a person asked for: the row is the request, its progress and its result."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RequestedRun(models.Model):
    """A creation or cut of a date in every zone, done by the worker as if its hour had come."""

    class Kind(models.TextChoices):
        CREATE = "create", _("Create invoices")
        CUT = "cut", _("Cut who owes")

    class Status(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    on = models.DateField(_("date"))
    requested_by = models.CharField(_("by"), max_length=120)
    requested_at = models.DateTimeField(_("requested"))
    finished_at = models.DateTimeField(_("finished"), null=True)
    status = models.CharField(_("state"), max_length=10, choices=Status, default=Status.QUEUED)
    planned = models.PositiveIntegerField(_("planned"), default=0)
    done = models.PositiveIntegerField(_("done"), default=0)
    failures = models.PositiveIntegerField(_("failures"), default=0)
    summary = models.JSONField(_("result"), default=dict)
    error = models.TextField(_("error"), blank=True)

    class Meta:
        ordering = ["-requested_at", "-id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.on}"
