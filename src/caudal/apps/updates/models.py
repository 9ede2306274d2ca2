"""Tables of updates: the file, its rows, what each would change, and what undoing one needs."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from caudal.apps.bulk.models import BulkAct
from caudal.apps.customers.models import Customer, Service
from caudal.apps.staff.models import User
from caudal.store.secrets import SecretField


class Update(models.Model):
    """One edited file on its way into the rows."""

    class Status(models.TextChoices):
        MAPPING = "mapping", _("Choosing columns")
        CHECKING = "checking", _("Checking")
        REVIEW = "review", _("Waiting for approval")
        DONE = "done", _("Done")
        CANCELLED = "cancelled", _("Discarded")

    filename = models.CharField(_("file"), max_length=200, blank=True)
    encoding = models.CharField(_("encoding"), max_length=20, blank=True)
    separator = models.CharField(_("separator"), max_length=2, blank=True)
    header = models.JSONField(default=list)
    mapping = models.JSONField(default=list)
    """Key of `columns.columns` per column of the file; empty where it is left out."""
    known_by = models.CharField(max_length=20, default="code")
    """Key of the column that says which customer a row is."""
    month_first = models.BooleanField(_("month before day"), null=True, blank=True)
    """None until the file was looked at and nobody has said."""
    empties = models.BooleanField(_("empty cells empty the field"), default=False)
    left_out = models.JSONField(default=list)
    """Keys of the columns that are not to be taken over."""
    differing = models.JSONField(default=dict)
    """Key of a column -> in how many rows it would change something."""
    total = models.PositiveIntegerField(_("rows"), default=0)
    checked = models.PositiveIntegerField(default=0)
    status = models.CharField(
        _("state"), max_length=10, choices=Status, default=Status.MAPPING, db_index=True
    )
    act = models.OneToOneField(
        BulkAct, models.SET_NULL, null=True, verbose_name=_("act"), related_name="+"
    )
    created_at = models.DateTimeField(_("created"))
    created_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("by"), related_name="updates"
    )
    finished_at = models.DateTimeField(_("finished"), null=True)
    lease_until = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name = _("update by file")
        verbose_name_plural = _("updates by file")

    def __str__(self) -> str:
        return self.filename or str(self.pk)


class UpdateRow(models.Model):
    """One row of the file; never dropped, whatever it holds."""

    class Outcome(models.TextChoices):
        """What taking it over would do."""

        UNCHECKED = "unchecked", _("Not checked yet")
        CHANGED = "changed", _("Changes")
        SAME = "same", _("Already as it is")
        WRONG = "wrong", _("With errors")
        DONE = "done", _("Taken over")

    update = models.ForeignKey(Update, models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField(_("line"))
    cells = SecretField()
    """The cells as a JSON list, encrypted for the passwords among them; emptied in the end."""
    customer = models.ForeignKey(
        Customer, models.SET_NULL, null=True, verbose_name=_("customer"), related_name="+"
    )
    service = models.ForeignKey(
        Service, models.SET_NULL, null=True, verbose_name=_("service"), related_name="+"
    )
    label = models.CharField(_("customer"), max_length=250, blank=True)
    outcome = models.CharField(
        _("would be"), max_length=10, choices=Outcome, default=Outcome.UNCHECKED
    )
    selected = models.BooleanField(_("take it over"), default=True)
    changes = models.JSONField(_("changes"), default=list)
    """[column, before, after] in words; secrets are masked."""
    problems = models.JSONField(_("problems"), default=list)
    """[column or "", text]."""
    kept = SecretField(blank=True)
    """What its undo needs, as JSON; encrypted for the passwords among it."""

    class Meta:
        ordering = ["update", "line"]
        verbose_name = _("row of an update")
        verbose_name_plural = _("rows of updates")
        constraints = [
            models.UniqueConstraint(fields=["update", "line"], name="one_update_row_per_line")
        ]
        indexes = [
            models.Index(fields=["update", "outcome", "line"], name="updaterow_by_outcome"),
            models.Index(fields=["update", "customer"], name="updaterow_by_customer"),
        ]

    def __str__(self) -> str:
        return self.label or str(self.line)
