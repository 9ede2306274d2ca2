"""When an unpaid invoice cuts: overdue count, debt, promises, exemptions and days without cuts."""

from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from caudal.core.errors import ErrorCode, require_range
from caudal.core.money import ZERO, require_not_negative
from caudal.core.records import Reason, ReasonCode, Value
from caudal.core.settlement import InvoiceKind

CONTROL_DAYS = 5


class DebtLimit(StrEnum):
    """Cut when the debt is above the threshold, or already when it reaches it (RD-7)."""

    ABOVE = "above"
    AT_LEAST = "at-least"


class PromiseScope(StrEnum):
    """A promise holds the whole customer, or only the invoices it names (RD-7)."""

    CUSTOMER = "customer"
    INVOICES = "invoices"


class PromisePhase(StrEnum):
    """HOLDING before its day; CONTROL on it and the days after; OVER when the job has given up."""

    HOLDING = "holding"
    CONTROL = "control"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class DunningInvoice:
    """An invoice as the cut sees it."""

    id: Hashable
    kind: InvoiceKind
    due: date
    cut: date
    remaining: Decimal
    number: str = ""
    """As people know it; named in the reasons where it is given."""

    def overdue(self, today: date) -> bool:
        """A service invoice, still owed, whose own cut date has come."""
        return self.kind is InvoiceKind.SERVICE and self.remaining > 0 and self.cut <= today


@dataclass(frozen=True, slots=True)
class CutPolicy:
    """CUT-4 and CUT-6: how many overdue invoices and how much debt cut a service."""

    after: int = 1
    threshold: Decimal = ZERO
    limit: DebtLimit = DebtLimit.ABOVE

    def __post_init__(self) -> None:
        require_range(self.after, 1, 99, ErrorCode.UNPAID_COUNT_OUT_OF_RANGE)
        require_not_negative(self.threshold)

    def reached(self, debt: Decimal) -> bool:
        """A debt of zero never cuts, whatever the limit."""
        if self.limit is DebtLimit.AT_LEAST:
            return debt > 0 and debt >= self.threshold
        return debt > self.threshold

    @property
    def is_from(self) -> bool:
        """Whether it cuts from the threshold on: of a threshold of zero nobody would say so."""
        return self.limit is DebtLimit.AT_LEAST and self.threshold > 0


@dataclass(frozen=True, slots=True)
class NoCutDays:
    """PRM-6: weekdays (Monday is 0) and holidays on which no job cuts."""

    weekdays: frozenset[int] = frozenset()
    holidays: frozenset[date] = frozenset()

    def forbid(self, day: date) -> bool:
        return day.weekday() in self.weekdays or day in self.holidays

    def next_allowed(self, day: date) -> date | None:
        """That day or the first one after it on which jobs cut; None if there is none in a year."""
        days = (day + timedelta(days=n) for n in range(366))
        return next((each for each in days if not self.forbid(each)), None)


EVERY_DAY = NoCutDays()


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise to pay on a day; `control_days` more days are tried, 0 being one shot (RD-7)."""

    until: date
    scope: PromiseScope = PromiseScope.CUSTOMER
    invoices: frozenset[Hashable] = frozenset()
    control_days: int = CONTROL_DAYS

    def __post_init__(self) -> None:
        require_range(self.control_days, 0, 31, ErrorCode.DAYS_OUT_OF_RANGE)

    @property
    def last_day(self) -> date:
        """The last day on which the job tries to cut."""
        return self.until + timedelta(days=self.control_days)

    def phase(self, today: date) -> PromisePhase:
        if today < self.until:
            return PromisePhase.HOLDING
        return PromisePhase.CONTROL if today <= self.last_day else PromisePhase.OVER

    def covers(self, invoice: DunningInvoice) -> bool:
        """Whether the promise speaks of an invoice; one that is cut after its window is new."""
        if self.scope is PromiseScope.INVOICES and invoice.id not in self.invoices:
            return False
        return invoice.cut <= self.last_day


@dataclass(frozen=True, slots=True)
class OutageHold:
    """While an outage lasts, and some days after it, nobody behind it is cut."""

    since: date
    until: date | None = None
    """The last day that is held, once the outage is over."""

    def holds(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)

    def reason(self) -> Reason:
        if self.until is None:
            return Reason("OUT-1", ReasonCode.OUTAGE_HOLDS, {"since": self.since})
        span = {"since": self.since, "until": self.until}
        return Reason("OUT-1", ReasonCode.OUTAGE_GRACE, span)


@dataclass(frozen=True, slots=True)
class Exemptions:
    """Why a customer is left alone: gratis, "bloquear = no", or enabled by hand on a day.

    `enabled_by_hand_on`: an operator enabled him, debt and all, and dropped the promise (PRM-5):
    what was overdue by then does not cut him again, what falls overdue later does.
    """

    gratis: bool = False
    never_cut: bool = False
    enabled_by_hand_on: date | None = None


NO_EXEMPTIONS = Exemptions()


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether to cut, and why or why not, most telling reason first."""

    cut: bool
    reasons: tuple[Reason, ...]


def promise_attempts(promise: Promise, no_cut: NoCutDays = EVERY_DAY) -> tuple[date, ...]:
    """PRM-2, PRM-6: the days on which the job tries to cut; the window itself never moves."""
    days = (promise.until + timedelta(days=n) for n in range(promise.control_days + 1))
    return tuple(day for day in days if not no_cut.forbid(day))


def overdue_debt(
    today: date, invoices: Iterable[DunningInvoice], credit: Decimal = ZERO
) -> Decimal:
    """What is left of the overdue service invoices, less unapplied `credit` >= 0; never below 0."""
    owed = sum((i.remaining for i in invoices if i.overdue(today)), ZERO)
    return max(owed - require_not_negative(credit), ZERO)


def credit_for(
    mine: Collection[Hashable], invoices: Iterable[DunningInvoice], credit: Decimal
) -> Decimal:
    """What of a customer's unapplied `credit` speaks for a service, no part of it for two.

    `invoices` are all that he owes, oldest first, of which the ids in `mine` count for the service.
    The credit covers what cuts first.
    """
    left, taken = require_not_negative(credit), ZERO
    for invoice in sorted(invoices, key=lambda each: (each.cut, each.due)):
        covered = min(left, invoice.remaining)
        left -= covered
        taken += ZERO if invoice.id in mine else covered
    return credit - taken


def should_cut(
    today: date,
    invoices: Sequence[DunningInvoice],
    policy: CutPolicy,
    *,
    promise: Promise | None = None,
    exempt: Exemptions = NO_EXEMPTIONS,
    no_cut: NoCutDays = EVERY_DAY,
    credit: Decimal = ZERO,
    outages: Sequence[OutageHold] = (),
) -> Decision:
    """CUT-1, CUT-4..6, PRM-1..6, EXM, OUT-1: whether the job of the date `today` cuts the service.

    `invoices` are those that count for this service; free and settled ones may be among them.
    """
    exemption = _exemption(exempt) or _no_cut_day(today, no_cut)
    if exemption is not None:
        return Decision(False, (exemption,))
    overdue = [i for i in invoices if i.overdue(today)]
    counted = [i for i in overdue if not _waived(i, exempt)]
    too_little = _too_little(today, counted, policy, credit)
    if too_little is not None:
        waived = _enabled_by_hand(exempt) if len(counted) < len(overdue) else ()
        return Decision(False, (*waived, too_little))
    held = _in_outage(today, outages) or _held_by(promise, today, counted, policy, credit)
    if held is not None:
        return Decision(False, (held,))
    return Decision(True, _why_cut(today, counted, policy, promise, credit))


def spared(
    day: date, no_cut: NoCutDays = EVERY_DAY, outages: Sequence[OutageHold] = ()
) -> Reason | None:
    """PRM-6, OUT-1: why nobody like him is cut on that day, whatever he owes; None: he may be."""
    return _no_cut_day(day, no_cut) or _in_outage(day, outages)


def first_cut(
    first: date,
    last: date,
    invoices: Sequence[DunningInvoice],
    policy: CutPolicy,
    *,
    promise: Promise | None = None,
    exempt: Exemptions = NO_EXEMPTIONS,
    no_cut: NoCutDays = EVERY_DAY,
    credit: Decimal = ZERO,
    outages: Sequence[OutageHold] = (),
) -> tuple[date, Decision] | None:
    """The first day from `first` to `last` on which the job cuts if nothing is paid until then."""
    turns = {first, *(invoice.cut for invoice in invoices)}
    if promise is not None:
        turns.add(promise.until)
    turns |= {hold.until + timedelta(days=1) for hold in outages if hold.until is not None}
    allowed = {no_cut.next_allowed(max(day, first)) for day in turns}
    for day in sorted(day for day in allowed if day is not None and day <= last):
        decision = should_cut(
            day,
            invoices,
            policy,
            promise=promise,
            exempt=exempt,
            no_cut=no_cut,
            credit=credit,
            outages=outages,
        )
        if decision.cut:
            return day, decision
    return None


def _exemption(exempt: Exemptions) -> Reason | None:
    if exempt.gratis:
        return Reason("EXM-1", ReasonCode.CUSTOMER_GRATIS)
    return Reason("EXM-2", ReasonCode.NEVER_CUT) if exempt.never_cut else None


def _no_cut_day(today: date, no_cut: NoCutDays) -> Reason | None:
    return Reason("PRM-6", ReasonCode.NO_CUT_DAY, {"day": today}) if no_cut.forbid(today) else None


def _in_outage(today: date, outages: Iterable[OutageHold]) -> Reason | None:
    """An open outage says more than one whose days of grace run."""
    holding = [hold for hold in outages if hold.holds(today)]
    latest = max(holding, key=lambda hold: hold.until or date.max, default=None)
    return None if latest is None else latest.reason()


def _waived(invoice: DunningInvoice, exempt: Exemptions) -> bool:
    on = exempt.enabled_by_hand_on
    return on is not None and invoice.cut <= on


def _enabled_by_hand(exempt: Exemptions) -> tuple[Reason, ...]:
    on = exempt.enabled_by_hand_on
    return () if on is None else (Reason("PRM-5", ReasonCode.ENABLED_BY_HAND, {"on": on}),)


def _too_little(
    today: date, overdue: Sequence[DunningInvoice], policy: CutPolicy, credit: Decimal
) -> Reason | None:
    if len(overdue) < policy.after:
        counts = {"count": len(overdue), "needed": policy.after}
        return Reason("CUT-4", ReasonCode.TOO_FEW_OVERDUE, counts)
    debt = overdue_debt(today, overdue, credit)
    if not policy.reached(debt):
        amounts = {"debt": debt, "threshold": policy.threshold}
        below = ReasonCode.DEBT_BELOW_LIMIT
        return Reason(
            "CUT-6", below if policy.is_from else ReasonCode.DEBT_WITHIN_THRESHOLD, amounts
        )
    return None


def _held_by(
    promise: Promise | None,
    today: date,
    overdue: Sequence[DunningInvoice],
    policy: CutPolicy,
    credit: Decimal,
) -> Reason | None:
    """Before its day a promise holds what it covers; after its window it asks for news to cut."""
    if promise is None or promise.phase(today) is PromisePhase.CONTROL:
        return None
    others = [invoice for invoice in overdue if not promise.covers(invoice)]
    if promise.phase(today) is PromisePhase.OVER:
        window = {"until": promise.until, "last": promise.last_day}
        return None if others else Reason("PRM-2", ReasonCode.PROMISE_WINDOW_OVER, window)
    if promise.scope is PromiseScope.INVOICES and not _too_little(today, others, policy, credit):
        return None
    return Reason("PRM-1", ReasonCode.PROMISE_HOLDS, {"until": promise.until})


def _why_cut(
    today: date,
    overdue: Sequence[DunningInvoice],
    policy: CutPolicy,
    promise: Promise | None,
    credit: Decimal,
) -> tuple[Reason, ...]:
    oldest = min(overdue, key=lambda invoice: (invoice.cut, invoice.due))
    counts: dict[str, Value] = {
        "count": len(overdue),
        "needed": policy.after,
        "oldest_due": oldest.due,
        "oldest_cut": oldest.cut,
    }
    if oldest.number:
        counts["oldest"] = oldest.number
    amounts: dict[str, Value] = {
        "debt": overdue_debt(today, overdue, credit),
        "threshold": policy.threshold,
    }
    reached = ReasonCode.DEBT_REACHES_LIMIT if policy.is_from else ReasonCode.DEBT_OVER_THRESHOLD
    reasons = (
        Reason("CUT-4", ReasonCode.ENOUGH_OVERDUE, counts),
        Reason("CUT-6", reached, amounts),
    )
    if promise is None or promise.phase(today) is PromisePhase.HOLDING:
        return reasons
    return (*reasons, Reason("PRM-2", ReasonCode.PROMISE_BROKEN, {"until": promise.until}))
