"""Letting the suspended browse again: they paid, owe nothing any more, or a person says so."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from caudal.apps.billing.actions import lock_customers
from caudal.apps.billing.batches import in_transactions, pages
from caudal.apps.billing.calendars import time_zone_of
from caudal.apps.clock.jobs import Run
from caudal.apps.customers import actions as customers
from caudal.apps.customers.models import (
    Customer,
    Service,
    ServiceState,
    Suspension,
    SuspensionReason,
)
from caudal.apps.dunning.facts import Case, cases_of
from caudal.apps.dunning.following import CLOCK
from caudal.apps.dunning.models import EnabledByHand, Promise
from caudal.apps.dunning.notices import leave_restored_notice
from caudal.apps.dunning.outcomes import end_promise, live_promise
from caudal.apps.staff.actor import Actor
from caudal.core.civil import local_date, zone_named
from caudal.core.errors import RuleError

UNPAID = SuspensionReason.UNPAID


def restore_paid(
    *, customer: Customer, today: date, now: datetime, actor: Actor, note: str = ""
) -> list[Service]:
    """Lift the suspensions for non-payment that the rules no longer ask for; returns the services.

    Only that reason is lifted: a service suspended for another one stays suspended.
    """
    restored = []
    for case in _no_longer_asked(customer, today):
        _lift(case.service, now, actor, note)
        restored.append(case.service)
    return restored


def keep_suspended(*, customer: Customer, today: date, now: datetime, actor: Actor) -> None:
    """He paid, and a person chose not to restore: `restore_cleared` leaves those services alone."""
    for case in _no_longer_asked(customer, today):
        customers.keep_suspended(actor=actor, now=now, service=case.service, reason=UNPAID)


def restore_cleared(now: datetime, run: Run | None = None, actor: Actor = CLOCK) -> int:
    """Restore those whose debt went away without a payment: voided, credited, merged or put off.

    Only what the cut job suspended and no person kept; a promise, a switch or a day without cuts
    restores nobody. Returns how many services.
    """
    job = run or Run()

    def work(ids: list[int]) -> int:
        lock_customers(ids)
        return sum(
            _lift(case.service, now, actor)
            for case in cases_of(_cut_by_the_job(now).filter(customer__in=ids))
            if not case.owes_too_much(_today(case.service, now))
        )

    def failed(customer_id: int, error: Exception) -> None:
        job.fail(Customer.objects.get(pk=customer_id), error)

    _count, batches = pages(_cut_by_the_job(now))
    return sum(sum(in_transactions(ids, work, failed)) for ids in batches)


@transaction.atomic
def restore_by_hand(
    *,
    actor: Actor,
    now: datetime,
    service: Service,
    reasons: Iterable[str] = (UNPAID,),
    drop_promise: bool | None = None,
    note: str = "",
) -> None:
    """A person ends reasons of a suspension; the service browses when none is left.

    Who is enabled although he owes is not cut again for what was overdue that day (PRM-5). With a
    live promise `drop_promise` says which: True drops it, False keeps it and its control days go
    on; None raises RuleError "promise-asks".
    """
    lock_customers([service.customer_id])
    wanted = list(reasons)
    unpaid = service.suspensions.filter(reason=UNPAID, closed_at=None)
    if UNPAID in wanted and unpaid.exists():
        _waive_or_ask(service, drop_promise, actor, now)
    for reason in wanted:
        customers.lift(actor=actor, now=now, service=service, reason=reason, note=note)


def waive(service: Service, actor: Actor, now: datetime, dropped: Promise | None = None) -> None:
    """What he owes by now does not cut this service again; what falls due later does (PRM-5).

    `dropped` is the promise that ended with it; another stays as it is. Who owes nothing needs
    no waiver.
    """
    on = _today(service, now)
    if any(case.due(on) for case in cases_of([service])):
        EnabledByHand.objects.create(service=service, on=on, at=now, by=actor.name, promise=dropped)


def _waive_or_ask(service: Service, drop: bool | None, actor: Actor, now: datetime) -> None:
    live = live_promise(service.customer)
    if live is not None and drop is None:
        raise RuleError("promise-asks", until=live.until)
    if live is not None and not drop:
        return
    if live is not None:
        end_promise(live, Promise.Outcome.DROPPED, actor, now)
    waive(service, actor, now, live)


def _no_longer_asked(customer: Customer, today: date) -> list[Case]:
    suspended = Service.objects.filter(
        customer=customer, suspensions__reason=UNPAID, suspensions__closed_at=None
    )
    return [case for case in cases_of(suspended) if not case.debt_holds(today)]


def _cut_by_the_job(now: datetime) -> QuerySet[Service]:
    """Of customers whom the job may cut and restore; a cut after `now` knows more than we do."""
    return Service.objects.filter(
        customer__in=Customer.objects.filter(
            may_be_cut=True, automatic_state=True, is_invoiced=True, archived_at=None
        ),
        suspensions__in=Suspension.objects.filter(
            reason=UNPAID, closed_at=None, is_automatic=True, kept_by="", opened_at__lte=now
        ),
    )


def _lift(service: Service, now: datetime, actor: Actor, note: str = "") -> bool:
    lifted = customers.lift(actor=actor, now=now, service=service, reason=UNPAID, note=note)
    if lifted:
        _tell_restored(service, now)
    return lifted


def _today(service: Service, now: datetime) -> date:
    return local_date(now, zone_named(time_zone_of(service.customer.zone)))


def _tell_restored(service: Service, now: datetime) -> None:
    """He browses again only if no other reason is open."""
    if service.state == ServiceState.ACTIVE:
        last = service.suspensions.filter(reason=UNPAID).latest("opened_at", "id")
        leave_restored_notice(service, f"suspension:{last.pk}:restored", now)
