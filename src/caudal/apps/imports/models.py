"""Tables of imports: each file or router that was read, its rows, and what became of them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from caudal.apps.customers.models import Customer, Service
from caudal.apps.network.models import Router
from caudal.apps.staff.models import User
from caudal.store.secrets import SecretField


class ImportRun(models.Model):
    """One file, or one reading of a router, on its way into the rows."""

    class Kind(models.TextChoices):
        CUSTOMERS = "customers", _("Customers from a file")
        ROUTER = "router", _("Customers from a router")

    class Status(models.TextChoices):
        MAPPING = "mapping", _("Choosing columns")
        CHECKING = "checking", _("Checking")
        REVIEW = "review", _("Waiting for approval")
        APPLYING = "applying", _("Importing")
        DONE = "done", _("Done")
        CANCELLED = "cancelled", _("Discarded")

    kind = models.CharField(_("what"), max_length=10, choices=Kind, default=Kind.CUSTOMERS)
    source = models.CharField(_("comes from"), max_length=20)
    """Slug of the importer; its keys are remembered under this name."""
    router = models.ForeignKey(
        Router, models.CASCADE, null=True, blank=True, verbose_name=_("router"), related_name="+"
    )
    filename = models.CharField(_("file"), max_length=200, blank=True)
    file_hash = models.CharField(max_length=64, blank=True)
    encoding = models.CharField(_("encoding"), max_length=20, blank=True)
    separator = models.CharField(_("separator"), max_length=2, blank=True)
    header = models.JSONField(default=list)
    mapping = models.JSONField(default=list)
    """One meaning per column (`core.ports.importer.Field`), empty where it is left out."""
    options = models.JSONField(default=dict)
    """See `options.Options`."""
    missing = models.JSONField(default=list)
    """Plans and zones that the rows name and nobody has: see `missing.Missing`."""
    proposals = models.JSONField(default=list)
    """Plans that a router's speeds propose: name, technology, rows and the whole speed."""
    status = models.CharField(
        _("state"), max_length=10, choices=Status, default=Status.MAPPING, db_index=True
    )
    created_at = models.DateTimeField(_("created"))
    created_by = models.ForeignKey(
        User, models.SET_NULL, null=True, verbose_name=_("by"), related_name="+"
    )
    actor_name = models.CharField(_("by"), max_length=120)
    finished_at = models.DateTimeField(_("finished"), null=True)
    lease_until = models.DateTimeField(null=True)
    lease_by = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name = _("import")
        verbose_name_plural = _("imports")

    def __str__(self) -> str:
        return self.filename or str(self.router or self.get_kind_display())


class ImportRow(models.Model):
    """One row of the file, or one access of the router; never dropped, whatever it holds."""

    class Plan(models.TextChoices):
        """What importing it would do."""

        UNCHECKED = "unchecked", _("Not checked yet")
        NEW = "new", _("New")
        CHANGED = "changed", _("Changes")
        SAME = "same", _("Already as it is")
        WRONG = "wrong", _("With errors")

    class Status(models.TextChoices):
        """What importing it did."""

        WAITING = "waiting", _("Waiting")
        DONE = "done", _("Imported")
        FAILED = "failed", _("Not imported")
        UNDONE = "undone", _("Taken back")

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField(_("line"))
    cells = SecretField()
    """The cells as a JSON list, encrypted for the passwords among them; emptied once imported."""
    key = models.CharField(max_length=120, blank=True)
    label = models.CharField(_("customer"), max_length=250, blank=True)
    plan = models.CharField(_("would be"), max_length=10, choices=Plan, default=Plan.UNCHECKED)
    selected = models.BooleanField(_("import it"), default=True)
    confidence = models.PositiveSmallIntegerField(_("sure"), null=True)
    """0 to 100, of a router's row being a customer; None in files."""
    reasons = models.JSONField(_("reasons"), default=list)
    """Codes of `core.adoption.Reason`."""
    match = models.ForeignKey(
        Service, models.SET_NULL, null=True, verbose_name=_("existing service"), related_name="+"
    )
    """Whom a person says the row belongs to."""
    changes = models.JSONField(_("changes"), default=list)
    """[meaning, before, after] of every value that differs; secrets are masked."""
    problems = models.JSONField(_("problems"), default=list)
    """[meaning or "", text, True where it stops the row]."""
    status = models.CharField(_("result"), max_length=10, choices=Status, default=Status.WAITING)
    customer = models.ForeignKey(Customer, models.SET_NULL, null=True, related_name="+")
    service = models.ForeignKey(Service, models.SET_NULL, null=True, related_name="+")
    kept = SecretField(blank=True)
    """What its undo needs, as `kept.Kept` writes it; encrypted for the passwords among it."""

    class Meta:
        ordering = ["run", "line"]
        verbose_name = _("imported row")
        verbose_name_plural = _("imported rows")
        constraints = [models.UniqueConstraint(fields=["run", "line"], name="one_row_per_line")]
        indexes = [
            models.Index(fields=["run", "status", "line"], name="importrow_to_do"),
            models.Index(fields=["run", "plan", "line"], name="importrow_by_plan"),
        ]

    def __str__(self) -> str:
        return self.label or str(self.line)


class Origin(models.Model):
    """Which of our services a row of another system became, and what the row said then.

    The next file is compared with this, so a value that is the same there leaves alone whatever
    was changed here since.
    """

    source = models.CharField(max_length=20)
    key = models.CharField(max_length=120)
    customer_key = models.CharField(max_length=120, blank=True)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="origins")
    service = models.ForeignKey(Service, models.CASCADE, null=True, related_name="origins")
    seen = models.JSONField(default=dict)
    """Meaning -> keyed hash of its text."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "key"], name="one_origin_per_key")]
        indexes = [
            models.Index(
                fields=["source", "customer_key"],
                name="origins_of_customer",
                condition=~Q(customer_key=""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.source}:{self.key}"


class FirstPlan(models.Model):
    """A router that is being adopted is only read until a person approves what would be written."""

    router = models.OneToOneField(
        Router, models.CASCADE, verbose_name=_("router"), related_name="first_plan"
    )
    run = models.ForeignKey(ImportRun, models.SET_NULL, null=True, related_name="+")
    held_at = models.DateTimeField(_("since"))
    approved_at = models.DateTimeField(_("approved"), null=True)
    approved_by = models.CharField(_("by"), max_length=120, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    """Of the operations that were approved, as they were shown."""

    class Meta:
        verbose_name = _("first plan")
        verbose_name_plural = _("first plans")

    def __str__(self) -> str:
        return str(self.router)

    @property
    def is_waiting(self) -> bool:
        return self.approved_at is None
