"""Blocks: the provider's networks at every level, inside which the routers' pools lie."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from caudal.apps.customers.models import Zone
from caudal.apps.network.models.routers import Router, Site
from caudal.core import addressing


class AddressBlock(models.Model):
    """A network, IPv4 or IPv6: what it is for, where it is used and what of it is never given.

    What lies inside what follows from the networks themselves, so nothing can contradict it.
    """

    class Purpose(models.TextChoices):
        SUPERNET = "supernet", _("Supernet")
        CUSTOMERS = "customers", _("Customers")
        DELEGATED = "delegated", _("Prefixes for customers (IPv6)")
        SHARED = "shared", _("Shared by customers (CGNAT)")
        INFRASTRUCTURE = "infrastructure", _("Infrastructure")
        MANAGEMENT = "management", _("Management of equipment")
        RESERVED = "reserved", _("Reserved")

    name = models.CharField(_("name"), max_length=80)
    network = models.CharField(_("network"), max_length=50, unique=True)
    """CIDR in its usual spelling, e.g. 10.20.0.0/16 or 2001:db8::/32."""
    purpose = models.CharField(
        _("purpose"), max_length=20, choices=Purpose, default=Purpose.CUSTOMERS
    )
    zone = models.ForeignKey(
        Zone, models.SET_NULL, null=True, blank=True, verbose_name=_("zone"), related_name="+"
    )
    site = models.ForeignKey(
        Site, models.SET_NULL, null=True, blank=True, verbose_name=_("site"), related_name="+"
    )
    router = models.ForeignKey(
        Router, models.SET_NULL, null=True, blank=True, verbose_name=_("router"), related_name="+"
    )
    gateway = models.GenericIPAddressField(_("gateway"), null=True, blank=True)
    reserved = models.TextField(_("reserved addresses"), blank=True)
    """Addresses, networks or ranges a-b, one per line: no pool inside gives them away."""
    notes = models.TextField(_("notes"), blank=True)

    class Meta:
        ordering = ["network"]
        verbose_name = _("address block")
        verbose_name_plural = _("address blocks")

    def __str__(self) -> str:
        return f"{self.name} ({self.network})"

    def parsed(self) -> addressing.Network:
        return addressing.parse_network(self.network)

    @property
    def is_for_customers(self) -> bool:
        return self.purpose not in _NOT_FOR_CUSTOMERS

    def barred(self) -> tuple[addressing.Range, ...]:
        """What of it no customer gets. Raises AddressError where the row is badly written."""
        return addressing.parse_ranges(self.reserved, gateway=self.gateway or "")


_NOT_FOR_CUSTOMERS = frozenset(
    {
        AddressBlock.Purpose.INFRASTRUCTURE,
        AddressBlock.Purpose.MANAGEMENT,
        AddressBlock.Purpose.RESERVED,
    }
)
