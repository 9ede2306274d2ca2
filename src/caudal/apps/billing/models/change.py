"""What happens in the life of a service and moves money: changes, holds, and days it owes."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from caudal.apps.billing.models.credit import Adjustment
from caudal.apps.billing.models.invoice import BilledPeriod, Invoice
from caudal.apps.catalog.models import Plan
from caudal.apps.customers.models import Service
from caudal.core.periods import Period
from caudal.core.proration import PlanChangeStyle
from caudal.store.money import MoneyField


class ServiceChange(models.Model):
    """A service gets another plan or price from a day on, or ends the day before it."""

    class Kind(models.TextChoices):
        PLAN = "plan", _("Change of plan or price")
        CANCEL = "cancel", _("Cancellation")

    class Status(models.TextChoices):
        SCHEDULED = "scheduled", _("Scheduled")
        DONE = "done", _("Done")
        DROPPED = "dropped", _("Dropped")

    class Style(models.TextChoices):
        NEXT_INVOICE = PlanChangeStyle.NEXT_INVOICE.value, _("On the next service invoice")
        AT_ONCE = PlanChangeStyle.AT_ONCE.value, _("At once, on an invoice of its own")
        NEXT_CYCLE = PlanChangeStyle.NEXT_CYCLE.value, _("Nothing now: from the next period on")

    service = models.ForeignKey(
        Service, models.PROTECT, verbose_name=_("service"), related_name="changes"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    status = models.CharField(_("state"), max_length=10, choices=Status, default=Status.SCHEDULED)
    on = models.DateField(_("from"))
    """The first day of the new terms; of a cancellation, the first day without service."""
    plan = models.ForeignKey(
        Plan, models.PROTECT, null=True, blank=True, verbose_name=_("plan"), related_name="+"
    )
    price = MoneyField(_("own price"), null=True, blank=True)  # type: ignore[misc]
    """Empty: the new plan's price."""
    old_plan = models.ForeignKey(Plan, models.PROTECT, null=True, blank=True, related_name="+")
    old_price = MoneyField(null=True, blank=True)  # type: ignore[misc]
    """What a period cost on the eve of `on`; known once the change is done."""
    style = models.CharField(
        _("the difference is charged"), max_length=20, choices=Style, default=Style.NEXT_INVOICE
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    credit_unused = models.BooleanField(_("credit the days not used"), default=False)
    void_pending = models.BooleanField(_("void his unpaid invoices"), default=False)
    created_by = models.CharField(_("by"), max_length=120)
    created_at = models.DateTimeField(_("created"))
    settled_at = models.DateTimeField(_("done or dropped"), null=True, blank=True)
    problem = models.CharField(_("why it could not be done"), max_length=300, blank=True)

    class Meta:
        ordering = ["on", "id"]
        verbose_name = _("change of a service")
        verbose_name_plural = _("changes of services")
        constraints = [
            models.UniqueConstraint(
                fields=["service", "on", "kind"],
                condition=~Q(status="dropped"),
                name="one_change_per_day",
            ),
            models.UniqueConstraint(
                fields=["service"],
                condition=Q(status="scheduled", kind="cancel"),
                name="one_scheduled_cancellation",
            ),
            models.CheckConstraint(
                condition=Q(kind="cancel") | Q(plan__isnull=False), name="plan_changes_name_a_plan"
            ),
        ]
        indexes = [
            models.Index(fields=["on"], name="changes_to_do", condition=Q(status="scheduled"))
        ]

    def __str__(self) -> str:
        return f"{self.service}: {self.get_kind_display()} {self.on}"

    @property
    def new_price(self) -> Decimal | None:
        """What a period costs from `on`, as things stand; None for a cancellation."""
        if self.plan is None:
            return None
        return self.plan.price if self.price is None else self.price


class Hold(models.Model):
    """Days without service at the customer's request; both ends are included."""

    service = models.ForeignKey(
        Service, models.PROTECT, verbose_name=_("service"), related_name="holds"
    )
    first = models.DateField(_("first day"))
    last = models.DateField(_("last day"))
    credit = models.BooleanField(_("credit the days that are billed already"), default=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    created_by = models.CharField(_("by"), max_length=120)
    created_at = models.DateTimeField(_("created"))
    opened_at = models.DateTimeField(_("began"), null=True, blank=True)
    closed_at = models.DateTimeField(_("ended"), null=True, blank=True)
    dropped_at = models.DateTimeField(_("dropped"), null=True, blank=True)

    class Meta:
        ordering = ["first", "id"]
        verbose_name = _("hold")
        verbose_name_plural = _("holds")
        constraints = [
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="hold_in_order")
        ]
        indexes = [
            models.Index(
                fields=["first"],
                name="holds_to_turn",
                condition=Q(closed_at=None, dropped_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.service}: {self.first} - {self.last}"

    @property
    def days(self) -> Period:
        return Period(self.first, self.last)


class OwedDays(models.Model):
    """Served days that no regular invoice will charge: the next service invoice takes them."""

    class Cause(models.TextChoices):
        CALENDAR = "calendar", _("Change of the payment day")
        HOLD = "hold", _("End of a hold")
        RETURN = "return", _("Return of the customer")

    service = models.ForeignKey(Service, models.PROTECT, related_name="owed_days")
    first = models.DateField(_("from"))
    last = models.DateField(_("to"))
    cycle_first = models.DateField(null=True, blank=True)
    cycle_last = models.DateField(null=True, blank=True)
    """The cycle that prices them; empty: those of the calendar that bills them."""
    cause = models.CharField(_("cause"), max_length=10, choices=Cause)
    on = models.DateField(_("date"))
    invoice = models.ForeignKey(
        Invoice, models.PROTECT, null=True, blank=True, related_name="owed_days"
    )

    class Meta:
        ordering = ["first"]
        constraints = [
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="owed_days_in_order")
        ]
        indexes = [
            models.Index(fields=["service"], name="owed_days_to_bill", condition=Q(invoice=None))
        ]

    @property
    def days(self) -> Period:
        return Period(self.first, self.last)


class DayCorrection(models.Model):
    """Days of a billed period that bear another price than they were billed at.

    What it credits and charges are pending items whose origin key names it. The newest one of a
    day counts.
    """

    period = models.ForeignKey(BilledPeriod, models.CASCADE, related_name="corrections")
    first = models.DateField(_("from"))
    last = models.DateField(_("to"))
    price = MoneyField(_("price of a period"), null=True, blank=True)  # type: ignore[misc]
    """Empty: the days are not charged."""
    net = MoneyField(_("amount"), default=Decimal(0))
    """What it charges (> 0) or gives back, before added taxes."""
    on = models.DateField(_("date"))
    invoice = models.ForeignKey(
        Invoice, models.PROTECT, null=True, blank=True, related_name="day_corrections"
    )
    """The invoice of its own that charged it at once; empty: pending items did."""
    adjustment = models.ForeignKey(
        Adjustment, models.PROTECT, null=True, blank=True, related_name="day_corrections"
    )
    """The credit note of a cancellation that gave it back at once."""
    is_void = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="correction_in_order")
        ]

    @property
    def days(self) -> Period:
        return Period(self.first, self.last)
