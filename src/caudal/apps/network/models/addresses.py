"""Pools of addresses, and the history of who held which."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from caudal.apps.network.models.routers import Router
from caudal.core import addressing


class Pool(models.Model):
    """Addresses of one router from which services get theirs."""

    router = models.ForeignKey(
        Router, models.CASCADE, verbose_name=_("router"), related_name="pools"
    )
    name = models.CharField(_("name"), max_length=80)
    network = models.CharField(_("network"), max_length=50)
    """CIDR, e.g. 10.20.0.0/22."""
    gateway = models.GenericIPAddressField(_("gateway"), null=True, blank=True)
    first = models.GenericIPAddressField(_("first address"), null=True, blank=True)
    last = models.GenericIPAddressField(_("last address"), null=True, blank=True)
    excluded = models.TextField(_("excluded addresses"), blank=True)
    """Addresses or ranges a-b that are never given, one per line."""

    class Meta:
        ordering = ["router", "name"]
        verbose_name = _("address pool")
        verbose_name_plural = _("address pools")
        constraints = [models.UniqueConstraint(fields=["router", "name"], name="one_pool_per_name")]

    def __str__(self) -> str:
        return f"{self.name} ({self.network})"

    def addresses(self) -> addressing.Pool:
        """What may be given to customers. Raises AddressError where the row is badly written."""
        text = f"{self.first}-{self.last}" if self.first and self.last else self.network
        return addressing.parse_pool(text, excluded=self.excluded, gateway=self.gateway or "")
