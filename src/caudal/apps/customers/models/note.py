"""The next customer code, and the private notes about a customer."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from caudal.apps.customers.models.customer import Customer
from caudal.apps.staff.models import User


class CodeCounter(models.Model):
    """One row: the next code to give; taken with the row locked."""

    next_number = models.PositiveBigIntegerField(default=1)


class Note(models.Model):
    """What the staff wrote about a customer (gestión, IC-32): private, dated, never deleted.

    Its author may mend it; the journal keeps how it was.
    """

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="journal_notes")
    at = models.DateTimeField(_("when"))
    author = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("author"),
        related_name="customer_notes",
    )
    author_name = models.CharField(_("by"), max_length=120)
    """Kept as text: the system writes notes too, and users may be renamed."""
    text = models.TextField(_("note"), max_length=2000)
    folded = models.TextField(blank=True, editable=False)
    """The text without accents and case: what the search compares."""
    edited_at = models.DateTimeField(_("changed"), null=True, blank=True)
    pinned_at = models.DateTimeField(_("pinned"), null=True, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        indexes = [models.Index(fields=["customer", "-at"], name="notes_of_customer")]

    def __str__(self) -> str:
        return self.text[:60]
