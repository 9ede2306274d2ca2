"""What people decide about rows of routers, and the brakes of the whole installation."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from caudal.apps.network.models.passes import Operation
from caudal.apps.network.models.routers import Router
from caudal.store.secrets import SecretField


class RowDecision(models.Model):
    """What a person decided about one row of a router; the next pass obeys."""

    class Choice(models.TextChoices):
        IGNORE = "ignore", _("Ignored")
        REMOVE = "remove", _("To be removed")
        LEAVE = "leave", _("Left as it is")

    router = models.ForeignKey(Router, models.CASCADE, related_name="decisions")
    kind = models.CharField(_("what"), max_length=20)
    key = models.CharField(_("name on the router"), max_length=200)
    choice = models.CharField(_("decision"), max_length=10, choices=Choice)
    seen = models.CharField(max_length=32, blank=True)
    """Fingerprint of what it was decided about: the row of others, or for LEAVE what the system
    wanted then. The decision ends when that is another."""
    row = SecretField(blank=True)
    """For LEAVE: the row to put back, as text of `sync.rows`; empty: there is to be none."""
    shown = models.JSONField(default=dict)
    """The row as screens show it."""
    decided_by = models.CharField(_("by"), max_length=120)
    decided_at = models.DateTimeField(_("when"))
    done_at = models.DateTimeField(null=True, editable=False)
    """When the router was written; until then it waits."""
    error = models.CharField(_("error"), max_length=300, blank=True)
    undoes = models.ForeignKey(Operation, models.SET_NULL, null=True, related_name="decisions")

    class Meta:
        ordering = ["-decided_at", "-id"]
        verbose_name = _("decision about a row")
        verbose_name_plural = _("decisions about rows")
        constraints = [
            models.UniqueConstraint(
                fields=["router", "kind", "key"], name="one_decision_per_router_row"
            )
        ]

    def __str__(self) -> str:
        return self.key


class Safety(models.Model):
    """The brakes of the whole installation: one row, numbered 1."""

    cuts_per_hour = models.PositiveIntegerField(
        _("most cuts in one hour"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    """Over all routers; empty: see core.access.pace.hourly_ceiling."""
    stopped_at = models.DateTimeField(null=True, editable=False)
    """The kill switch of all routers: since then they are read and not written."""
    stopped_by = models.CharField(max_length=120, blank=True, editable=False)
    hour_since = models.DateTimeField(null=True, editable=False)
    hour_cuts = models.PositiveIntegerField(default=0, editable=False)
    """Cuts given out in the hour that began at `hour_since`."""

    def __str__(self) -> str:
        return "safety"


class CutRules(models.Model):
    """What the firewall of one router is to do with customers who are cut."""

    router = models.OneToOneField(Router, models.CASCADE, related_name="cut_rules")
    wan_list = models.CharField(_("interface list of the internet side"), max_length=60)
    wan_interfaces = models.CharField(_("its interfaces"), max_length=200, blank=True)
    """Comma list, to fill the interface list where it is missing or empty."""
    notice_address = models.GenericIPAddressField(
        _("address of the notice page"), null=True, blank=True
    )
    notice_port = models.PositiveIntegerField(
        _("port of the notice page"),
        default=80,
        validators=[MinValueValidator(1), MaxValueValidator(65535)],
    )
    allowed = models.TextField(_("what they may still open"), blank=True)
    """Addresses, networks or names, one a line: the portal, the payment page."""
    installed_at = models.DateTimeField(_("installed"), null=True, editable=False)
    installed_by = models.CharField(_("installed by"), max_length=120, blank=True, editable=False)

    def __str__(self) -> str:
        return str(self.router)
