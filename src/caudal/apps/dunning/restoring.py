"""Letting suspended customers browse again: because they paid, or because a person says so."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from caudal.apps.billing.actions import lock_customers
from caudal.apps.billing.calendars import time_zone_of
from caudal.apps.customers import actions as customers
from caudal.apps.customers.models import Customer, Service, ServiceState, SuspensionReason
from caudal.apps.dunning.facts import cases_of
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
    suspended = Service.objects.filter(
        customer=customer, suspensions__reason=UNPAID, suspensions__closed_at=None
    )
    restored = []
    for case in cases_of(suspended):
        if case.holds_suspension(today).cut:
            continue
        customers.lift(actor=actor, now=now, service=case.service, reason=UNPAID, note=note)
        restored.append(case.service)
        _tell_restored(case.service, now)
    return restored


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
        _waive(service, drop_promise, actor, now)
    for reason in wanted:
        customers.lift(actor=actor, now=now, service=service, reason=reason, note=note)


def _waive(service: Service, drop: bool | None, actor: Actor, now: datetime) -> None:
    live = live_promise(service.customer)
    if live is not None and drop is None:
        raise RuleError("promise-asks", until=live.until)
    if live is not None and not drop:
        return
    if live is not None:
        end_promise(live, Promise.Outcome.DROPPED, actor, now)
    on = local_date(now, zone_named(time_zone_of(service.customer.zone)))
    if any(case.due(on) for case in cases_of([service])):
        EnabledByHand.objects.create(service=service, on=on, at=now, by=actor.name, promise=live)


def _tell_restored(service: Service, now: datetime) -> None:
    """He browses again only if no other reason is open."""
    if service.state == ServiceState.ACTIVE:
        last = service.suspensions.filter(reason=UNPAID).latest("opened_at", "id")
        leave_restored_notice(service, f"suspension:{last.pk}:restored", now)
