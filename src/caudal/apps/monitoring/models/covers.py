"""What an outage covers, and what its customers were told."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from caudal.apps.customers.models import Customer, Zone
from caudal.apps.monitoring.models.devices import Device
from caudal.apps.network.models import Router, Site
from caudal.apps.outages.models import Outage

PARTS = ("site", "device", "router", "zone", "customer")


def _only(part: str) -> Q:
    return Q(**{f"{name}__isnull": name != part for name in PARTS})


class Cover(models.Model):
    """One thing that fails in an outage: a site, a device, a router, a zone or a customer."""

    outage = models.ForeignKey(Outage, models.CASCADE, related_name="covers")
    site = models.ForeignKey(Site, models.CASCADE, null=True, verbose_name=_("site"))
    device = models.ForeignKey(Device, models.CASCADE, null=True, verbose_name=_("device"))
    router = models.ForeignKey(Router, models.CASCADE, null=True, verbose_name=_("router"))
    zone = models.ForeignKey(Zone, models.CASCADE, null=True, verbose_name=_("zone"))
    customer = models.ForeignKey(Customer, models.CASCADE, null=True, verbose_name=_("customer"))

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=_only("site")
                | _only("device")
                | _only("router")
                | _only("zone")
                | _only("customer"),
                name="cover_is_one_thing",
            ),
            *(
                models.UniqueConstraint(
                    fields=["outage", part],
                    condition=Q(**{f"{part}__isnull": False}),
                    name=f"one_cover_per_{part}",
                )
                for part in PARTS
            ),
        ]

    def __str__(self) -> str:
        return str(next(each for each in map(self.__getattribute__, PARTS) if each is not None))


class Announcement(models.Model):
    """A notice to everybody behind an outage, left in the outbox page by page by a job."""

    class Kind(models.TextChoices):
        BEGUN = "begun", _("That it began")
        ENDED = "ended", _("That it is over")

    outage = models.ForeignKey(Outage, models.CASCADE, related_name="announcements")
    kind = models.CharField(_("what is told"), max_length=5, choices=Kind)
    asked_at = models.DateTimeField(_("asked"))
    asked_by = models.CharField(_("by"), max_length=120)
    reached = models.BigIntegerField(default=0, editable=False)
    """The last customer who was told: where the job goes on."""
    told = models.PositiveIntegerField(_("told"), default=0, editable=False)
    done_at = models.DateTimeField(_("done"), null=True, editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["outage", "kind"], name="one_announcement_per_kind")
        ]

    def __str__(self) -> str:
        return f"{self.outage}: {self.get_kind_display()}"
