"""Zones: where customers live, and the billing calendar they share."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from caudal.apps.catalog.models import Company
from caudal.apps.customers.models.calendar import CalendarFields
from caudal.apps.staff.models import Branch


class Zone(CalendarFields):
    """A locality or sector (IW-7, WP-18) with its calendar; routers serve zones (network room)."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    company = models.ForeignKey(
        Company, models.PROTECT, verbose_name=_("company that invoices"), related_name="zones"
    )
    branch = models.ForeignKey(
        Branch,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("branch"),
        related_name="zones",
    )
    """Empty: of all branches. Its customers belong where it does."""
    timezone = models.CharField(_("time zone"), max_length=60, blank=True)
    """IANA name; empty: the installation's."""
    city = models.CharField(_("city"), max_length=120, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta(CalendarFields.Meta):
        ordering = ["name"]
        verbose_name = _("zone")
        verbose_name_plural = _("zones")

    def __str__(self) -> str:
        return self.name
