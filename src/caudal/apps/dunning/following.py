"""What becomes of promises whose day has come: tried again, kept, broken or given up."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from caudal.apps.billing.actions import lock_customers
from caudal.apps.billing.batches import BATCH, in_transactions
from caudal.apps.billing.calendars import clock_named, zones_in
from caudal.apps.clock.jobs import Run
from caudal.apps.customers import actions as customers
from caudal.apps.customers.models import (
    Customer,
    Service,
    ServiceState,
    Suspension,
    SuspensionReason,
)
from caudal.apps.dunning.attempts import last_attempts, note_attempt, settle_attempts
from caudal.apps.dunning.facts import Case, cases_of
from caudal.apps.dunning.models import Promise, PromiseAttempt
from caudal.apps.dunning.notices import leave_alert
from caudal.apps.dunning.outcomes import end_promise
from caudal.apps.staff.actor import Actor
from caudal.core.civil import local_date
from caudal.core.records import ReasonCode

CLOCK = Actor.system("clock")
NOTHING_TO_CUT = (
    ReasonCode.TOO_FEW_OVERDUE,
    ReasonCode.DEBT_BELOW_LIMIT,
    ReasonCode.DEBT_WITHIN_THRESHOLD,
    ReasonCode.ENABLED_BY_HAND,
)


def follow_promises(
    today: date, now: datetime, zone: str = "", run: Run | None = None, actor: Actor = CLOCK
) -> dict[str, int]:
    """PRM-2, PRM-3: the live promises whose day has come, after the cut of `today`.

    A cut that has not reached its router is tried once more a day, until the control days are
    over; then the promise is given up and told once. Twice on one day changes nothing.
    """
    settle_attempts()
    job, on = run or Run(), local_date(now, clock_named(zone))
    due = Promise.objects.live().filter(until__lte=today, customer__zone__in=zones_in(zone))
    ids = sorted(due.values_list("customer", flat=True))

    def work(some: list[int]) -> int:
        lock_customers(some)
        rows = due.filter(customer__in=some).select_related("customer__company")
        found = _Followed(list(rows), today, on, now, actor)
        return sum(found.follow(row) for row in found.promises)

    def failed(customer_id: int, error: Exception) -> None:
        job.fail(Customer.objects.get(pk=customer_id), error)

    tried = 0
    for at in range(0, len(ids), BATCH):
        tried += sum(in_transactions(ids[at : at + BATCH], work, failed))
    return {"tried": tried}


class _Followed:
    """The promises of some locked customers, with what is known of their services."""

    def __init__(
        self, promises: Sequence[Promise], today: date, on: date, now: datetime, actor: Actor
    ) -> None:
        self.promises = promises
        self.today, self.on, self.now, self.actor = today, on, now, actor
        owners = [row.customer_id for row in promises]
        served = (ServiceState.ACTIVE, ServiceState.SUSPENDED)
        services = Service.objects.filter(customer__in=owners, state__in=served)
        self._cases: dict[int, list[Case]] = defaultdict(list)
        for case in cases_of(services):
            self._cases[case.service.customer_id].append(case)
        open_ones = Suspension.objects.filter(
            service__in=services, reason=SuspensionReason.UNPAID, closed_at=None
        )
        self._suspended = set(open_ones.values_list("service", flat=True))
        self._last = last_attempts(row.pk for row in promises)

    def follow(self, promise: Promise) -> int:
        """How many services were tried again."""
        cases = self._cases[promise.customer_id]
        if self.today > promise.last_day:
            self._close(promise, cases)
            return 0
        tried = sum(self._try_again(promise, case) for case in cases)
        if not tried and not self._tries(promise) and all(map(self._owes_nothing, cases)):
            end_promise(promise, Promise.Outcome.KEPT, self.actor, self.now)
        return tried

    def _try_again(self, promise: Promise, case: Case) -> bool:
        """The suspension stands, its router has not heard of it: tell it once more today."""
        last = self._last.get((promise.pk, case.service.pk))
        waits = last is not None and not last.done and last.on < self.on
        if not waits or case.service.pk not in self._suspended:
            return False
        if not case.decide(self.today).cut:
            return False
        customers.touch([case.service], self.now)
        note_attempt(promise, case.service, self.on)
        return True

    def _close(self, promise: Promise, cases: Sequence[Case]) -> None:
        """Its window is over; a try of this very day is given until tomorrow."""
        tries = self._tries(promise)
        if any(row.on == self.on and not row.done for row in tries):
            return
        outcome = self._outcome(promise, cases)
        end_promise(promise, outcome, self.actor, self.now)
        if outcome == Promise.Outcome.GIVEN_UP:
            leave_alert(promise, self.now)

    def _outcome(self, promise: Promise, cases: Sequence[Case]) -> Promise.Outcome:
        owing = [case for case in cases if case.holds_suspension(self.today).cut]
        if any(self._escaped(promise, case) for case in owing):
            return Promise.Outcome.GIVEN_UP
        was_cut = any(row.done for row in self._tries(promise))
        if owing or was_cut or not all(map(self._owes_nothing, cases)):
            return Promise.Outcome.BROKEN
        return Promise.Outcome.KEPT

    def _escaped(self, promise: Promise, case: Case) -> bool:
        """He owes, and nothing has cut him: no try, or none that reached the router."""
        last = self._last.get((promise.pk, case.service.pk))
        if last is not None:
            return not last.done
        return case.service.pk not in self._suspended

    def _owes_nothing(self, case: Case) -> bool:
        """PRM-3: what is due by now is paid, but for what nobody is cut for."""
        if case.policy.reached(case.due(self.today)):
            return False
        decision = case.decide(self.today)
        return not decision.cut and decision.reasons[0].code in NOTHING_TO_CUT

    def _tries(self, promise: Promise) -> list[PromiseAttempt]:
        return [row for (pk, _service), row in self._last.items() if pk == promise.pk]
