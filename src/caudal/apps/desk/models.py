"""Tables of the desk."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from caudal.apps.customers.models import Customer
from caudal.apps.staff.models import User


class Submission(models.Model):
    """A registration form that was saved: sent twice, it is still one customer."""

    key = models.UUIDField(primary_key=True)
    """Made when the form was shown; travels in it."""
    at = models.DateTimeField()
    customer = models.ForeignKey(Customer, models.CASCADE, null=True, related_name="submissions")

    def __str__(self) -> str:
        return str(self.key)


class SavedView(models.Model):
    """A customers list that a person named: its filters, order and columns, as an address."""

    user = models.ForeignKey(User, models.CASCADE, related_name="saved_views")
    name = models.CharField(_("name"), max_length=60)
    query = models.TextField(blank=True)
    """What stands after the "?" of the list, without the page."""
    is_shared = models.BooleanField(_("everybody sees it"), default=False)
    """The address alone: whoever opens it sees his own customers, fields and columns in it."""
    position = models.PositiveIntegerField(_("order"), default=0)

    class Meta:
        ordering = ["position", "name"]
        constraints = [
            models.UniqueConstraint(fields=["user", "name"], name="one_saved_view_per_name")
        ]

    def __str__(self) -> str:
        return self.name


class Draft(models.Model):
    """What a person typed into a form of customers and did not save yet; never a password."""

    class Form(models.TextChoices):
        REGISTRATION = "registration"
        EDIT = "edit"

    user = models.ForeignKey(User, models.CASCADE, related_name="drafts")
    form = models.CharField(max_length=20, choices=Form)
    customer = models.ForeignKey(Customer, models.CASCADE, null=True, related_name="drafts")
    """Whom the form edits; None of a registration."""
    at = models.DateTimeField()
    data = models.JSONField()
    """Name of the input -> what is in it: a text, or a list of texts."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "form", "customer"], name="one_draft_per_person_and_customer"
            ),
            models.UniqueConstraint(
                fields=["user", "form"],
                condition=models.Q(customer=None),
                name="one_draft_per_person_and_form",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.form} {self.at:%Y-%m-%d %H:%M}"


class LocalityFile(models.Model):
    """A file of localities on its way into the table; its content is dropped in the end."""

    class Status(models.TextChoices):
        RUNNING = "running", _("Reading")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    name = models.CharField(_("file"), max_length=200)
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"))
    content = models.BinaryField(default=b"")
    status = models.CharField(max_length=10, choices=Status, default=Status.RUNNING, db_index=True)
    planned = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    """How many of `planned` different localities were looked at."""
    new = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    unread = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)
    lease_until = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name
