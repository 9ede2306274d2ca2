"""The life of a service across rooms: its money, its address and his promise, all or nothing."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from caudal.apps.billing import actions as billing
from caudal.apps.billing.calendars import zones_in
from caudal.apps.billing.models import ServiceChange
from caudal.apps.catalog.models import Plan
from caudal.apps.clock.jobs import Run
from caudal.apps.customers import actions as customers
from caudal.apps.customers.models import Customer, Service, ServiceState, SuspensionReason
from caudal.apps.dunning import actions as dunning
from caudal.apps.network import actions as network
from caudal.apps.network.models import Connection
from caudal.apps.staff.actor import Actor
from caudal.core.periods import ONE_DAY

CLOCK = Actor.system("clock")


@transaction.atomic
def change_terms(
    *,
    actor: Actor,
    now: datetime,
    today: date,
    service: Service,
    plan: Plan,
    price: Decimal | None,
    on: date | None = None,
    style: str = "",
) -> ServiceChange | None:
    """Another plan, another price, or both, from `on` (today); None where nothing changes."""
    if plan == service.plan and price == service.price:
        return None
    return billing.schedule_plan_change(
        actor=actor,
        now=now,
        today=today,
        service=service,
        plan=plan,
        price=price,
        on=on or today,
        style=style,
    )


@transaction.atomic
def restore(
    *,
    actor: Actor,
    now: datetime,
    today: date,
    service: Service,
    reasons: Iterable[str],
    note: str = "",
    drop_promise: bool | None = None,
) -> None:
    """Close several reasons; he browses again when no other is open.

    Ending a hold by hand releases it: the rest of its days is charged again. Raises RuleError
    "promise-asks" where he has a promise and `drop_promise` does not say what becomes of it.
    """
    wanted = list(reasons)
    if SuspensionReason.HOLD in wanted:
        for hold in service.holds.filter(dropped_at=None, first__lte=today, last__gte=today):
            billing.release_hold(actor=actor, now=now, today=today, hold=hold)
    dunning.restore_by_hand(
        actor=actor, now=now, service=service, reasons=wanted, drop_promise=drop_promise, note=note
    )


@transaction.atomic
def end_service(
    *,
    actor: Actor,
    now: datetime,
    service: Service,
    last_day: date,
    reason: str,
    today: date,
    void_pending: bool = False,
    credit_unused: bool = False,
    keep_address: bool = False,
) -> None:
    """Cancel the service and free its address and user at once (WH-41).

    `void_pending` also voids the customer's unpaid invoices of that service (WH-40);
    `credit_unused` gives back what he paid for days after the last. With `keep_address` the
    router holds him on, cut (WH-43). With his last service goes his promise to pay.
    """
    billing.cancel_service(
        actor=actor,
        now=now,
        today=today,
        service=service,
        last_day=last_day,
        reason=reason,
        credit_unused=credit_unused,
        void_pending=void_pending,
    )
    others = Service.objects.filter(customer=service.customer_id).exclude(
        state=ServiceState.CANCELLED
    )
    if not others.exists():
        dunning.promise(actor=actor, now=now, customer=service.customer, until=None)
    connection = Connection.objects.filter(service=service).first()
    if connection is not None and not keep_address:
        network.release(actor=actor, now=now, connection=connection)


def cancel(
    *, today: date, last_day: date, keep_address: bool = False, **given: Any
) -> ServiceChange | None:
    """`end_service` now, or left for the clock where `last_day` is still to come.

    What the clock does frees the address, whatever `keep_address` says.
    """
    if last_day > today:
        return billing.schedule_cancellation(last_day=last_day, **given)
    end_service(today=today, last_day=last_day, keep_address=keep_address, **given)
    return None


@transaction.atomic
def archive_customer(
    *,
    actor: Actor,
    now: datetime,
    today: date,
    customer: Customer,
    reason: str,
    keep_address: bool = False,
) -> None:
    """End his services today, free what they held and hide him; his rows stay (IC-3, WH-46).

    With `keep_address` routers hold what they have of him, cut (WH-45).
    """
    for service in customer.services.exclude(state=ServiceState.CANCELLED):
        end_service(
            actor=actor,
            now=now,
            today=today,
            service=service,
            last_day=max(today, service.started_on - ONE_DAY),
            reason=reason,
            keep_address=keep_address,
        )
    customers.archive(actor=actor, now=now, customer=customer)


def do_changes(today: date, now: datetime, zone: str, run: Run) -> dict[str, Any]:
    """Whatever was scheduled for a day that has come, on that clock: plans, holds, cancellations.

    One that is refused stays, with the reason, and is tried again the next day.
    """
    due = ServiceChange.objects.filter(
        status=ServiceChange.Status.SCHEDULED,
        on__lte=today,
        service__customer__zone__in=zones_in(zone),
    )
    rows = list(due.select_related("service__customer", "service__plan", "plan").order_by("on"))
    run.plan(len(rows))
    for row in rows:
        try:
            _do(row, today, now)
        except Exception as error:
            ServiceChange.objects.filter(pk=row.pk).update(problem=str(error)[:300])
            run.fail(str(row), error)
        run.advance(1)
    return {"changes": len(rows), **billing.turn_holds(today, now, zone, CLOCK)}


@transaction.atomic
def _do(row: ServiceChange, today: date, now: datetime) -> None:
    if row.kind == ServiceChange.Kind.PLAN:
        billing.apply_plan_change(actor=CLOCK, now=now, today=today, change=row)
        return
    end_service(
        actor=CLOCK,
        now=now,
        today=today,
        service=row.service,
        last_day=row.on - ONE_DAY,
        reason=row.reason,
        void_pending=row.void_pending,
        credit_unused=row.credit_unused,
    )
    done = ServiceChange.Status.DONE
    ServiceChange.objects.filter(pk=row.pk).update(status=done, settled_at=now)
