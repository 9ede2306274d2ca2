"""Files of positions that people sent, and what each placemark of them means."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from caudal.apps.customers.models import Customer
from caudal.apps.network.models import Site
from caudal.apps.staff.models import User


class PositionFile(models.Model):
    """A KML, KMZ or GeoJSON file as it was read."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        READING = "reading", _("Being read")
        DONE = "done", _("Read through")
        FAILED = "failed", _("Could not be read")

    name = models.CharField(_("file"), max_length=120)
    at = models.DateTimeField(_("sent"))
    by = models.ForeignKey(User, models.PROTECT, verbose_name=_("by"), related_name="+")
    status = models.CharField(_("state"), max_length=10, choices=Status, default=Status.DONE)
    content = models.BinaryField(default=b"")
    """The file itself, until it is read."""
    total = models.PositiveIntegerField(default=0)
    """Points of the file, and how many of them have been looked up."""
    read = models.PositiveIntegerField(default=0)
    refused = models.CharField(max_length=40, blank=True)
    """The code of `errors` that says why it could not be read."""
    lease_until = models.DateTimeField(null=True)
    shapes = models.PositiveIntegerField(default=0)
    """Placemarks that are no points."""
    nowhere = models.PositiveIntegerField(default=0)
    """Placemarks without a position on Earth."""

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = _("file of positions")
        verbose_name_plural = _("files of positions")

    @property
    def is_busy(self) -> bool:
        return self.status in (self.Status.WAITING, self.Status.READING)

    def __str__(self) -> str:
        return self.name


class Placemark(models.Model):
    """One point of a file, and who would be put there."""

    class Outcome(models.TextChoices):
        MOVES = "moves", _("Gets this position")
        SAME = "same", _("Stands there already")
        UNKNOWN = "unknown", _("Nobody has that code or name")
        AMBIGUOUS = "ambiguous", _("Several have that name")
        TWICE = "twice", _("Twice in the file, at different places")

    file = models.ForeignKey(PositionFile, models.CASCADE, related_name="placemarks")
    number = models.PositiveIntegerField(_("number"))
    """Its place in the file, from one on."""
    name = models.CharField(_("name"), max_length=200, blank=True)
    code = models.CharField(_("code"), max_length=200, blank=True)
    latitude = models.DecimalField(_("latitude"), max_digits=9, decimal_places=6)
    longitude = models.DecimalField(_("longitude"), max_digits=9, decimal_places=6)
    outcome = models.CharField(_("result"), max_length=10, choices=Outcome)
    customer = models.ForeignKey(
        Customer, models.CASCADE, null=True, verbose_name=_("customer"), related_name="+"
    )
    site = models.ForeignKey(
        Site, models.CASCADE, null=True, verbose_name=_("site"), related_name="+"
    )

    class Meta:
        ordering = ["number"]
        verbose_name = _("placemark")
        verbose_name_plural = _("placemarks")
        indexes = [models.Index(fields=["file", "outcome", "number"], name="placemark_by_outcome")]

    def __str__(self) -> str:
        return self.name or self.code or str(self.number)
