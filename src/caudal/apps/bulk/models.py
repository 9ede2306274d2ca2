"""Acts on many rows at once: what was asked, of which rows, and what became of each."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from caudal.apps.staff.models import User
from caudal.store.secrets import SecretField


class BulkAct(models.Model):
    """One act that a person asked for on chosen rows; the rows say how far it is."""

    class Status(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")

    key = models.UUIDField(unique=True)
    """Made with the form, so that a double click asks once."""
    act = models.CharField(_("act"), max_length=40)
    """What `acts.register` was given, e.g. "invoices.void"."""
    options = models.JSONField(default=dict)
    choice = models.JSONField(default=dict)
    """Of an act on all rows at once: what chose them; it has no rows of its own."""
    total = models.PositiveIntegerField(default=0)
    progress = models.PositiveIntegerField(default=0)
    """How many of `total` are done, of such an act."""
    undoes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="undone_by"
    )
    """The act that this one takes back; it is taken back once."""
    requested_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("by"), related_name="bulk_acts"
    )
    requested_at = models.DateTimeField(_("requested"))
    finished_at = models.DateTimeField(_("finished"), null=True)
    status = models.CharField(_("state"), max_length=10, choices=Status, default=Status.QUEUED)
    file = models.FileField(_("file"), upload_to="bulk/", blank=True)
    error = models.CharField(_("error"), max_length=300, blank=True)

    class Meta:
        ordering = ["-requested_at", "-id"]

    def __str__(self) -> str:
        return self.act

    @property
    def subject(self) -> str:
        """What kind of rows: the first part of its act."""
        return self.act.partition(".")[0]


class BulkRow(models.Model):
    """One row of a bulk act. Its state changes in the transaction that does the deed."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DONE = "done", _("Done")
        REFUSED = "refused", _("Refused")

    bulk = models.ForeignKey(BulkAct, models.CASCADE, related_name="rows")
    subject_id = models.BigIntegerField()
    position = models.PositiveIntegerField()
    status = models.CharField(_("state"), max_length=10, choices=Status, default=Status.WAITING)
    result = models.CharField(_("result"), max_length=300, blank=True)
    secret = SecretField(blank=True)
    """What only who asked may read, e.g. a new password; forgotten with the files."""
    before = models.JSONField(default=dict)
    """What the act's undo needs to know of the row as it was."""

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["bulk", "subject_id"], name="one_act_row_per_subject")
        ]
        indexes = [
            models.Index(
                fields=["bulk", "position"],
                name="act_rows_waiting",
                condition=models.Q(status="waiting"),
            )
        ]
