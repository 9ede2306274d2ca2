"""Whether an invoice of the cycle is created, and with which dates when it is created late."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from caudal.core.periods import Part, Period, Schedule
from caudal.core.records import Reason, ReasonCode
from caudal.core.settlement import InvoiceKind


class EmissionGuard(StrEnum):
    """Which invoices of the same calendar month block a new one, besides the period (RD-2)."""

    OPERATOR_MADE = "operator-made"
    PERIOD_ONLY = "period-only"
    ANY = "any"


class SuspendedBilling(StrEnum):
    """Whether the cycle goes on billing a suspended service (RD-22)."""

    ALWAYS = "always"
    STOP_AT_CUT = "stop-at-cut"
    STOP_AFTER_MONTHS = "stop-after-months"


class LateStyle(StrEnum):
    """An invoice created late moves its due and cut dates, or keeps them (RD-14)."""

    SHIFT = "shift"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class ExistingInvoice:
    """An invoice of the same service; a merged one carries all its periods (MRG-1)."""

    kind: InvoiceKind
    emission: date
    periods: tuple[Period, ...] = ()
    by_operator: bool = False
    void: bool = False


@dataclass(frozen=True, slots=True)
class BillingTerms:
    """What decides, apart from dates, whether the cycle bills a service."""

    gratis: bool = False
    suspended_on: date | None = None
    suspended_billing: SuspendedBilling = SuspendedBilling.ALWAYS
    months_while_suspended: int = 0
    recharge_waits: bool = False


def blocked_by(
    emission: date,
    period: Period,
    existing: Iterable[ExistingInvoice],
    guard: EmissionGuard = EmissionGuard.OPERATOR_MADE,
) -> Reason | None:
    """GEN-2, GEN-5: why the invoice of `period`, scheduled on `emission`, must not be created."""
    counted = [i for i in existing if i.kind is InvoiceKind.SERVICE and not i.void]
    for invoice in counted:
        for other in invoice.periods:
            if other.overlaps(period):
                days = {"first": other.first, "last": other.last, "emission": invoice.emission}
                return Reason("GEN-2", ReasonCode.ALREADY_BILLED_PERIOD, days)
    for invoice in counted:
        if _guarded(invoice, guard) and _month(invoice.emission) == _month(emission):
            return _this_month(invoice)
    return None


def not_billed(
    emission: date, part: Part | None, terms: BillingTerms, recharge_unpaid: bool = False
) -> Reason | None:
    """EXM-1, CAN-1, RD-19, RD-22: why the cycle does not bill this service on `emission`."""
    if terms.gratis:
        return Reason("EXM-1", ReasonCode.CUSTOMER_GRATIS)
    if part is None:
        return Reason("PER-1", ReasonCode.NOT_SERVED)
    if recharge_unpaid and terms.recharge_waits:
        return Reason("RCH-2", ReasonCode.RECHARGE_UNPAID)
    if _stopped(emission, terms):
        since = terms.suspended_on or emission
        return Reason("RUN-1", ReasonCode.SUSPENDED_NOT_BILLED, {"since": since})
    return None


def late_shift(
    schedule: Schedule,
    created_on: date,
    lead_days: int | None = None,
    style: LateStyle = LateStyle.SHIFT,
) -> Schedule:
    """RUN-5: due = max(scheduled, creation + lead), and the cut moves by as many days.

    `lead_days` defaults to the days that the schedule itself leaves from emission to due date.
    """
    lead = schedule.due - schedule.emission if lead_days is None else timedelta(days=lead_days)
    late = max(created_on + lead - schedule.due, timedelta(0))
    if style is LateStyle.KEEP or created_on <= schedule.emission:
        return schedule
    return replace(schedule, due=schedule.due + late, cut=schedule.cut + late)


def explain_late_shift(scheduled: Schedule, shifted: Schedule, created_on: date) -> Reason:
    """Why an invoice is due later than its calendar says."""
    dates = {"created": created_on, "scheduled_due": scheduled.due, "due": shifted.due}
    return Reason("RUN-5", ReasonCode.ADJUSTED_BY_LATE_CREATION, dates)


def _guarded(invoice: ExistingInvoice, guard: EmissionGuard) -> bool:
    if guard is EmissionGuard.OPERATOR_MADE:
        return invoice.by_operator
    return guard is EmissionGuard.ANY


def _this_month(invoice: ExistingInvoice) -> Reason:
    made = invoice.by_operator
    code = ReasonCode.OPERATOR_INVOICE_THIS_MONTH if made else ReasonCode.INVOICE_THIS_MONTH
    return Reason("GEN-2", code, {"emission": invoice.emission})


def _stopped(emission: date, terms: BillingTerms) -> bool:
    since = terms.suspended_on
    if since is None or since > emission or terms.suspended_billing is SuspendedBilling.ALWAYS:
        return False
    if terms.suspended_billing is SuspendedBilling.STOP_AT_CUT:
        return True
    return _whole_months(since, emission) >= terms.months_while_suspended


def _whole_months(since: date, day: date) -> int:
    months = (day.year - since.year) * 12 + day.month - since.month
    return months - (day.day < since.day)


def _month(day: date) -> tuple[int, int]:
    return day.year, day.month
