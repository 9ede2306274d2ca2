"""The verdict of a date on each service: whether the job cuts it, and why or why not."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from caudal.apps.billing.calendars import clock_named
from caudal.apps.billing.models import Invoice
from caudal.apps.customers.models import Service
from caudal.apps.dunning.facts import Case, cases_of
from caudal.apps.dunning.models import Promise
from caudal.core.civil import local_date
from caudal.core.dunning import Decision, PromisePhase, spared
from caudal.core.money import ZERO


@dataclass(frozen=True)
class Judged:
    """A service, whether the job of the date cuts it and why, and its overdue invoices."""

    service: Service
    decision: Decision
    invoices: tuple[Invoice, ...]
    broken: Promise | None = None
    """The live promise whose day has come: a cut is one of its attempts."""
    waived_until: date | None = None
    """What was overdue by then does not cut him: a person enabled him that day."""

    @property
    def debt(self) -> Decimal:
        return sum((invoice.remaining for invoice in self.invoices), ZERO)

    @property
    def oldest(self) -> Invoice | None:
        """The overdue invoice that was the first to cut."""
        on = self.waived_until
        counted = [row for row in self.invoices if on is None or (row.cut or row.due) > on]
        return min(counted, key=lambda row: (row.cut or row.due, row.due), default=None)


def judge(services: Iterable[Service], today: date, now: datetime) -> list[Judged]:
    """What the rules say of each service on `today`, in as many queries for one as for many.

    A job that is late cuts at `now`: days without cuts and outages of that day hold as well.
    """
    return [judged(case, today, now) for case in cases_of(services, today)]


def judged(case: Case, day: date, now: datetime) -> Judged:
    promise, live = case.promise, case.last_promise
    in_control = promise is not None and promise.phase(day) is PromisePhase.CONTROL
    is_live = live is not None and live.outcome == Promise.Outcome.LIVE
    return Judged(
        case.service,
        _decide(case, day, now),
        case.overdue(day),
        broken=live if in_control and is_live else None,
        waived_until=case.exempt.enabled_by_hand_on,
    )


def _decide(case: Case, day: date, now: datetime) -> Decision:
    decision = case.decide(day)
    on = local_date(now, clock_named(case.service.customer.zone.timezone))
    held = spared(on, case.no_cut, case.outages) if decision.cut and on > day else None
    return decision if held is None else Decision(False, (held,))
