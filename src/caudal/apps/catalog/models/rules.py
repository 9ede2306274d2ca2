"""How each company reads the billing rules where they can be read in more than one way (RD)."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from caudal.apps.catalog.models.company import Company
from caudal.core.dunning import CONTROL_DAYS

_PERCENT = [MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))]


class BillingRules(models.Model):
    """One row per company, made with it. The values are those of the enums in `caudal.core`."""

    class EmissionGuard(models.TextChoices):
        OPERATOR_MADE = "operator-made", _("An invoice made by hand in the same month")
        PERIOD_ONLY = "period-only", _("Nothing but the days that are billed already")
        ANY = "any", _("Any service invoice of the same month")

    class PostpaidStyle(models.TextChoices):
        BEFORE_DUE = "before-due", _("Before the payment day that ends the period")
        AFTER_PERIOD = "after-period", _("When the period is over")
        MONTH_LATER = "month-later", _("Before the period, and payable when it is over")

    class GraceCounting(models.TextChoices):
        AFTER = "after", _("The day after the last day of grace")
        ON = "on", _("The last day of grace")

    class CutClamp(models.TextChoices):
        NEXT_DAY = "next-day", _("The day after the due date")
        SAME_DAY = "same-day", _("The due date itself")

    class LateStyle(models.TextChoices):
        SHIFT = "shift", _("Later, by as many days as it was created late")
        KEEP = "keep", _("As the calendar says")

    class SuspendedBilling(models.TextChoices):
        ALWAYS = "always", _("Always")
        STOP_AT_CUT = "stop-at-cut", _("Not while they are suspended")
        STOP_AFTER_MONTHS = "stop-after-months", _("For some months, then no more")

    class LateFeeTiming(models.TextChoices):
        ONCE = "once", _("Once, on the next service invoice")
        EVERY_CYCLE = "every-cycle", _("On every service invoice while it is owed")
        DAY_AFTER_DUE = "day-after-due", _("On the overdue invoice itself, by a daily job")

    class LateFrom(models.TextChoices):
        DUE = "due", _("The due date")
        CUT = "cut", _("The cut date")

    class ReconnectionStyle(models.TextChoices):
        PER_SUSPENSION = "per-suspension", _("For each automatic cut")
        PER_INVOICE = "per-invoice", _("Once for each unpaid invoice that cut")

    class DebtLimit(models.TextChoices):
        ABOVE = "above", _("When the debt is above the value that is not cut")
        AT_LEAST = "at-least", _("When the debt reaches the value")

    class PromiseScope(models.TextChoices):
        CUSTOMER = "customer", _("All that the customer owes")
        INVOICES = "invoices", _("The invoices that it names")

    class PlanChangeStyle(models.TextChoices):
        NEXT_INVOICE = "next-invoice", _("The difference on the next service invoice")
        AT_ONCE = "at-once", _("The difference at once, on an invoice of its own")
        NEXT_CYCLE = "next-cycle", _("No difference: the new plan begins with the next period")

    class RechargeStyle(models.TextChoices):
        STORED_DAYS = "stored-days", _("Days of the month, counted on the payment's own calendar")
        OFFSETS = "offsets", _("Days before and after the payment day, counted anew each month")
        MODULO_30 = "modulo-30", _("Days of the month, as if every month had 30")

    class RechargeStart(models.TextChoices):
        AFTER_BILLED = "after-billed", _("The day after what is billed")
        FROM_PAYMENT = "from-payment", _("The payment day")

    class BridgeBase(models.TextChoices):
        NEW_CYCLE = "new-cycle", _("The period of the new payment day")
        OLD_CYCLE = "old-cycle", _("The period of the old payment day")

    class ExcessStyle(models.TextChoices):
        OLDEST_FIRST = "oldest-first", _("Settles the other invoices, oldest first")
        CREDIT_WAITS = "credit-waits", _("Waits as credit for the next invoice")

    class DebitStyle(models.TextChoices):
        NOTE = "note", _("As an amount apart, without tax")
        LINE = "line", _("As a line of the invoice, with tax")

    company = models.OneToOneField(
        Company, models.CASCADE, primary_key=True, related_name="rules", verbose_name=_("company")
    )
    emission_guard = models.CharField(
        _("what stops an automatic invoice"),
        max_length=20,
        choices=EmissionGuard,
        default=EmissionGuard.OPERATOR_MADE,
    )
    postpaid_style = models.CharField(
        _("postpaid invoices are created"),
        max_length=20,
        choices=PostpaidStyle,
        default=PostpaidStyle.BEFORE_DUE,
    )
    late_style = models.CharField(
        _("an invoice created late is due"),
        max_length=20,
        choices=LateStyle,
        default=LateStyle.SHIFT,
    )
    suspended_billing = models.CharField(
        _("suspended services are invoiced"),
        max_length=20,
        choices=SuspendedBilling,
        default=SuspendedBilling.ALWAYS,
    )
    months_while_suspended = models.PositiveSmallIntegerField(
        _("months"), default=3, validators=[MaxValueValidator(120)]
    )
    """With STOP_AFTER_MONTHS: whole months of suspension that are still invoiced."""
    prorate_products = models.BooleanField(
        _("products that begin within a period are prorated"), default=False
    )
    plan_change_style = models.CharField(
        _("a change of plan is charged"),
        max_length=20,
        choices=PlanChangeStyle,
        default=PlanChangeStyle.NEXT_INVOICE,
    )
    bridge_base = models.CharField(
        _("days until a new payment day are priced by"),
        max_length=20,
        choices=BridgeBase,
        default=BridgeBase.NEW_CYCLE,
    )

    grace_counting = models.CharField(
        _("with days of grace the cut comes on"),
        max_length=20,
        choices=GraceCounting,
        default=GraceCounting.AFTER,
    )
    cut_clamp = models.CharField(
        _("a cut day that falls on the due date is"),
        max_length=20,
        choices=CutClamp,
        default=CutClamp.NEXT_DAY,
    )
    debt_limit = models.CharField(
        _("who owes is cut"), max_length=20, choices=DebtLimit, default=DebtLimit.ABOVE
    )
    promise_scope = models.CharField(
        _("a promise to pay covers"),
        max_length=20,
        choices=PromiseScope,
        default=PromiseScope.CUSTOMER,
    )
    promise_control_days = models.PositiveSmallIntegerField(
        _("days on which a broken promise is tried again"),
        default=CONTROL_DAYS,
        validators=[MaxValueValidator(31)],
    )
    no_cut_weekdays = models.JSONField(_("weekdays without cuts"), default=list, blank=True)
    """Monday is 0. Holidays are rows of their own."""
    notice_from_day = models.PositiveSmallIntegerField(
        _("notices from day"), default=1, validators=[MinValueValidator(1), MaxValueValidator(31)]
    )
    notice_to_day = models.PositiveSmallIntegerField(
        _("notices to day"), default=10, validators=[MinValueValidator(1), MaxValueValidator(31)]
    )
    """Days of the month on which who owes, without a window of his own, sees the notice (CUT-7)."""
    reminder_days = models.JSONField(_("days of reminders"), default=list, blank=True)
    """From the due date: -3 is three days before it, 2 two days after; besides the day itself."""

    late_fee_timing = models.CharField(
        _("the late fee is charged"),
        max_length=20,
        choices=LateFeeTiming,
        default=LateFeeTiming.ONCE,
    )
    late_fee_percent = models.DecimalField(
        _("late fee in percent of what is owed"),
        max_digits=7,
        decimal_places=4,
        default=Decimal(0),
        validators=_PERCENT,
    )
    """Besides the company's fixed late fee."""
    late_from = models.CharField(
        _("an invoice is late after"), max_length=20, choices=LateFrom, default=LateFrom.DUE
    )
    late_fee_paid_late = models.BooleanField(
        _("invoices that were paid late bear the fee as well"), default=False
    )
    reconnection_style = models.CharField(
        _("a reconnection is charged"),
        max_length=20,
        choices=ReconnectionStyle,
        default=ReconnectionStyle.PER_SUSPENSION,
    )

    recharge_style = models.CharField(
        _("a recharge stores"),
        max_length=20,
        choices=RechargeStyle,
        default=RechargeStyle.STORED_DAYS,
    )
    recharge_start = models.CharField(
        _("a recharge period begins on"),
        max_length=20,
        choices=RechargeStart,
        default=RechargeStart.AFTER_BILLED,
    )
    recharge_waits = models.BooleanField(
        _("no new recharge invoice while the last one is not paid"), default=False
    )
    excess_style = models.CharField(
        _("money beyond the invoice it was paid for"),
        max_length=20,
        choices=ExcessStyle,
        default=ExcessStyle.OLDEST_FIRST,
    )
    debit_style = models.CharField(
        _("a debit note is charged"), max_length=20, choices=DebitStyle, default=DebitStyle.NOTE
    )
    reuse_last_number = models.BooleanField(
        _("the number of a voided invoice is used again if it is the last and not fiscal"),
        default=False,
    )

    run_change_percent = models.PositiveSmallIntegerField(
        _("invoices that change by more than this % are shown"), default=20
    )
    cut_brake_percent = models.PositiveSmallIntegerField(
        _("most services cut in one run, in %"), default=30, validators=[MaxValueValidator(100)]
    )
    total_brake_percent = models.PositiveSmallIntegerField(
        _("most change of a run's total, in %"), default=50
    )

    class Meta:
        verbose_name = _("billing rules")
        verbose_name_plural = _("billing rules")
        constraints = [
            models.CheckConstraint(
                condition=Q(late_fee_percent__range=(0, 100)), name="late_fee_percent_in_range"
            )
        ]

    def __str__(self) -> str:
        return str(self.company)

    def clean(self) -> None:
        if self.notice_to_day < self.notice_from_day:
            text = _("The first day is after the last one.")
            raise ValidationError({"notice_to_day": text})


class Holiday(models.Model):
    """A date on which a company cuts nobody (PRM-6)."""

    company = models.ForeignKey(
        Company, models.CASCADE, verbose_name=_("company"), related_name="holidays"
    )
    on = models.DateField(_("date"))
    name = models.CharField(_("name"), max_length=80)

    class Meta:
        ordering = ["on"]
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")
        constraints = [
            models.UniqueConstraint(fields=["company", "on"], name="one_holiday_per_date")
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.name}"
