"""Services: what a customer bought, its state, and why it is suspended."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from caudal.apps.catalog.models import Plan
from caudal.apps.customers.models.customer import Customer
from caudal.store.money import MoneyField


class ServiceState(models.TextChoices):
    PENDING = "pending", _("Pending installation")
    ACTIVE = "active", _("Active")
    SUSPENDED = "suspended", _("Suspended")
    CANCELLED = "cancelled", _("Cancelled")


class SuspensionReason(models.TextChoices):
    UNPAID = "unpaid", pgettext_lazy("reason", "Unpaid")
    MANUAL = "manual", _("By hand")
    HOLD = "hold", _("At the customer's request")
    ABUSE = "abuse", _("Abuse")


class Service(models.Model):
    """One internet service of a customer. The network room makes routers match it."""

    customer = models.ForeignKey(
        Customer, models.PROTECT, verbose_name=_("customer"), related_name="services"
    )
    number = models.PositiveSmallIntegerField(_("number"))
    """1, 2, ... within the customer: the order of his contracts."""
    plan = models.ForeignKey(Plan, models.PROTECT, verbose_name=_("plan"), related_name="services")
    price = MoneyField(_("own price"), null=True, blank=True)  # type: ignore[misc]
    """Empty: the plan's price."""
    state = models.CharField(
        _("state"), max_length=10, choices=ServiceState, default=ServiceState.ACTIVE
    )
    started_on = models.DateField(_("first billed day"))
    cancelled_on = models.DateField(_("last served day"), null=True, blank=True)
    cancel_reason = models.CharField(_("why it was cancelled"), max_length=200, blank=True)
    revision = models.PositiveBigIntegerField(default=1, editable=False)
    """Grows with each change that its router must learn of; a connection in sync has seen it."""
    changed_at = models.DateTimeField(_("changed"))
    created_at = models.DateTimeField(_("created"))

    class Meta:
        ordering = ["customer_id", "number"]
        verbose_name = _("service")
        verbose_name_plural = _("services")
        constraints = [
            models.UniqueConstraint(fields=["customer", "number"], name="one_service_per_number"),
            models.CheckConstraint(
                condition=Q(price__isnull=True) | Q(price__gte=0), name="service_price_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(state="cancelled", cancelled_on__isnull=False)
                | (~Q(state="cancelled") & Q(cancelled_on__isnull=True)),
                name="cancelled_services_have_a_date",
            ),
        ]
        indexes = [models.Index(fields=["state", "customer"], name="service_by_state")]

    def __str__(self) -> str:
        return f"{self.customer} · {self.plan}"


class Suspension(models.Model):
    """One reason why a service is suspended; it browses again only when no reason is open."""

    service = models.ForeignKey(Service, models.CASCADE, related_name="suspensions")
    reason = models.CharField(_("reason"), max_length=10, choices=SuspensionReason)
    opened_at = models.DateTimeField(_("since"))
    opened_on = models.DateField(_("day"))
    opened_by = models.CharField(_("by"), max_length=120)
    is_automatic = models.BooleanField(_("by the cut job"), default=False)
    kept_by = models.CharField(_("kept by"), max_length=120, blank=True)
    """Who took the debt's money and chose not to restore; the clock leaves it to a person then."""
    note = models.CharField(_("note"), max_length=250, blank=True)
    trace = models.JSONField(default=list)
    """Records of `core.records` that led to it: what "why?" shows."""
    closed_at = models.DateTimeField(_("until"), null=True, blank=True)
    closed_by = models.CharField(_("lifted by"), max_length=120, blank=True)

    class Meta:
        ordering = ["-opened_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["service", "reason"],
                condition=Q(closed_at=None),
                name="one_open_suspension_per_reason",
            )
        ]
        indexes = [models.Index(fields=["opened_on"], name="suspensions_by_day")]

    def __str__(self) -> str:
        return f"{self.service}: {self.get_reason_display()}"


class Stay(models.Model):
    """A time that a service was served before it was cancelled and taken up again."""

    service = models.ForeignKey(Service, models.CASCADE, related_name="stays")
    first = models.DateField(_("from"))
    last = models.DateField(_("to"))
    reason = models.CharField(_("why it was cancelled"), max_length=200, blank=True)

    class Meta:
        ordering = ["first"]
        constraints = [
            models.CheckConstraint(condition=Q(last__gte=models.F("first")), name="stay_in_order")
        ]
