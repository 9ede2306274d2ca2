"""What is sold: plans and products."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from caudal.store.money import MoneyField


class Technology(models.TextChoices):
    """How a router gives the service."""

    PPPOE = "pppoe", _("PPPoE")
    SIMPLE_QUEUE = "simple_queue", _("Simple queue")
    PCQ = "pcq", _("PCQ and address list")
    HOTSPOT = "hotspot", _("HotSpot")
    DHCP = "dhcp", _("DHCP lease")
    STATIC = "static", _("Static address, bound to the MAC")
    UNMANAGED = "unmanaged", _("Not on a router")


class Plan(models.Model):
    """What a service costs and how fast it is (WH-9, WH-15); kbit/s, seen from the customer."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    technology = models.CharField(
        _("technology"), max_length=15, choices=Technology, default=Technology.PPPOE
    )
    price = MoneyField(_("price per month"))
    currency = models.CharField(_("currency"), max_length=3, default="MXN")
    down_kbps = models.PositiveIntegerField(
        _("download (kbit/s)"), validators=[MinValueValidator(1)]
    )
    up_kbps = models.PositiveIntegerField(_("upload (kbit/s)"), validators=[MinValueValidator(1)])
    guaranteed_down_kbps = models.PositiveIntegerField(
        _("guaranteed download (kbit/s)"), null=True, blank=True
    )
    guaranteed_up_kbps = models.PositiveIntegerField(
        _("guaranteed upload (kbit/s)"), null=True, blank=True
    )
    burst_down_kbps = models.PositiveIntegerField(
        _("burst download (kbit/s)"), null=True, blank=True
    )
    burst_up_kbps = models.PositiveIntegerField(_("burst upload (kbit/s)"), null=True, blank=True)
    burst_threshold_down_kbps = models.PositiveIntegerField(
        _("burst threshold download (kbit/s)"), null=True, blank=True
    )
    burst_threshold_up_kbps = models.PositiveIntegerField(
        _("burst threshold upload (kbit/s)"), null=True, blank=True
    )
    burst_seconds = models.PositiveIntegerField(_("burst time (s)"), null=True, blank=True)
    priority = models.PositiveSmallIntegerField(
        _("priority"), default=8, validators=[MinValueValidator(1), MaxValueValidator(8)]
    )
    profile = models.CharField(_("profile on the router"), max_length=80, blank=True)
    """Name of the PPP profile; empty: made from the plan's name."""
    description = models.CharField(_("description on the invoice"), max_length=200, blank=True)
    is_active = models.BooleanField(_("offered"), default=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        constraints = [
            models.CheckConstraint(condition=Q(price__gte=0), name="plan_price_not_negative")
        ]

    def __str__(self) -> str:
        return self.name


class Product(models.Model):
    """Anything else on an invoice: installation, equipment, TV (MW-6, WH-74, IW-10)."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    description = models.CharField(_("description on the invoice"), max_length=200, blank=True)
    price = MoneyField(_("price"))
    currency = models.CharField(_("currency"), max_length=3, default="MXN")
    is_active = models.BooleanField(_("offered"), default=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("product")
        verbose_name_plural = _("products")
        constraints = [
            models.CheckConstraint(condition=Q(price__gte=0), name="product_price_not_negative")
        ]

    def __str__(self) -> str:
        return self.name
