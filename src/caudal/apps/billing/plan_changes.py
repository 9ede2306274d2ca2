"""Another plan or price for a service from a day on: past, today or later (PRO-3, RD-8)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Max

from caudal.apps.billing.batches import lock_customers
from caudal.apps.billing.calendars import calendar_of
from caudal.apps.billing.corrections import (
    Act,
    Difference,
    repriced,
    served_again,
    settle_differences,
)
from caudal.apps.billing.models import BilledPeriod, OwedDays, PendingItem, ServiceChange
from caudal.apps.billing.owing import leave_unbilled
from caudal.apps.billing.service_days import ServiceDays
from caudal.apps.catalog.models import Plan
from caudal.apps.customers import actions as customers
from caudal.apps.customers.actions.services import require_price
from caudal.apps.customers.models import Service, ServiceState
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record
from caudal.core.civil import require_near
from caudal.core.days import Rate, rates
from caudal.core.errors import ErrorCode, RuleError
from caudal.core.money import ZERO
from caudal.core.periods import ONE_DAY, Period, cycle_of

PLAN = ServiceChange.Kind.PLAN
DONE = ServiceChange.Status.DONE
SCHEDULED = ServiceChange.Status.SCHEDULED
DROPPED = ServiceChange.Status.DROPPED


@dataclass(frozen=True, slots=True)
class PlanChangePreview:
    """What a change of plan would do: from which day, and what it corrects of billed days."""

    on: date
    style: str
    differences: Sequence[Difference]


@transaction.atomic
def schedule_plan_change(
    *,
    actor: Actor,
    now: datetime,
    today: date,
    service: Service,
    plan: Plan,
    on: date,
    price: Decimal | None = None,
    style: str = "",
) -> ServiceChange:
    """`on` is the first day of the new plan; `price` None is the plan's, `style` "" the company's.

    A day that has come is done at once, a later one by the daily job. With the style next-cycle
    it begins with the first cycle that is not billed yet. Another change of the same day gives way.
    Raises RuleError for a cancelled service or a plan in another currency.
    """
    lock_customers([service.customer_id])
    service.refresh_from_db()
    require_near(today, on)
    _require_live(service)
    if plan.currency != service.plan.currency:
        raise RuleError("plan-in-another-currency", field="plan", currency=plan.currency)
    require_price(price, plan.currency)
    style = style or service.customer.company.rules.plan_change_style
    change = ServiceChange(
        service=service,
        kind=PLAN,
        plan=plan,
        price=price,
        on=first_day(service, on, style),
        style=style,
        created_by=actor.name,
        created_at=now,
    )
    if change.on <= today:
        return _do(Act(actor, now, today), change)
    _drop_same_day(change, now)
    change.save()
    record(
        actor,
        "billing.schedule_plan_change",
        change,
        now=now,
        customer_id=service.customer_id,
        after={"plan": str(plan), "on": change.on.isoformat()},
    )
    return change


@transaction.atomic
def apply_plan_change(
    *, actor: Actor, now: datetime, today: date, change: ServiceChange
) -> ServiceChange:
    """Do a scheduled change whose day has come; done already, it stays as it is."""
    lock_customers([change.service.customer_id])
    change = ServiceChange.objects.select_for_update().get(pk=change.pk)
    if change.status != SCHEDULED:
        return change
    _require_live(change.service)
    return _do(Act(actor, now, today), change)


@transaction.atomic
def drop_change(
    *, actor: Actor, now: datetime, today: date, change: ServiceChange
) -> ServiceChange:
    """It will not be done; what was billed ahead for it is corrected.

    Raises RuleError for one that is done or dropped already.
    """
    lock_customers([change.service.customer_id])
    change = ServiceChange.objects.select_for_update().get(pk=change.pk)
    if change.status != SCHEDULED:
        raise RuleError("change-not-scheduled")
    change.status, change.settled_at = DROPPED, now
    change.save(update_fields=["status", "settled_at"])
    act = Act(actor, now, today)
    if change.kind == PLAN:
        _settle(act, change, repriced(change.service, _span(change)), change.plan)
    else:
        again = served_again(change.service, Period(change.on, date.max))
        settle_differences(act, change.service, again)
        leave_unbilled(change.service, change.on, today, OwedDays.Cause.RETURN)
    record(
        actor,
        "billing.drop_change",
        change,
        now=now,
        customer_id=change.service.customer_id,
        before={"on": change.on.isoformat()},
        after={},
    )
    return change


def preview_plan_change(
    *, service: Service, plan: Plan, on: date, price: Decimal | None = None, style: str = ""
) -> PlanChangePreview:
    """What `schedule_plan_change` would do on that day, as things stand; changes nothing."""
    style = style or service.customer.company.rules.plan_change_style
    first = first_day(service, on, style)
    with transaction.atomic():
        here = transaction.savepoint()
        change = ServiceChange(
            service=service, kind=PLAN, plan=plan, price=price, on=first, style=style,
            created_by="", created_at=service.changed_at,
        )  # fmt: skip
        _enter(change, service.changed_at)
        differences = repriced(service, _span(change))
        transaction.savepoint_rollback(here)
    service.refresh_from_db()
    return PlanChangePreview(first, style, differences)


def first_day(service: Service, on: date, style: str) -> date:
    """The day itself, or with next-cycle the first cycle from it on that is not billed yet."""
    if style != ServiceChange.Style.NEXT_CYCLE:
        return on
    billed = BilledPeriod.objects.filter(service=service, is_void=False)
    through = billed.aggregate(last=Max("last"))["last"] or on - ONE_DAY
    day = calendar_of(service.customer).payment_day
    start = max(on, through + ONE_DAY)
    cycle = cycle_of(day, start)
    return start if cycle.first == start else cycle.last + ONE_DAY


def _do(act: Act, change: ServiceChange) -> ServiceChange:
    service = change.service
    later = _later_done(change)
    _enter(change, act.now)
    if later is None:
        _change_terms(act, change)
        service.refresh_from_db()
    at_once = change.style == ServiceChange.Style.AT_ONCE
    _settle(act, change, repriced(service, _span(change)), change.old_plan, at_once)
    record(
        act.actor,
        "billing.plan_change",
        change,
        now=act.now,
        customer_id=service.customer_id,
        before={"plan": str(change.old_plan), "price": _text(change.old_price)},
        after={
            "plan": str(change.plan),
            "price": _text(change.new_price),
            "on": change.on.isoformat(),
        },
    )
    return change


def _settle(
    act: Act,
    change: ServiceChange,
    differences: Sequence[Difference],
    credit_plan: Plan | None,
    at_once: bool = False,
) -> None:
    settle_differences(
        act,
        change.service,
        differences,
        credit_kind=PendingItem.Kind.PLAN_CREDIT,
        charge_kind=PendingItem.Kind.PLAN_CHARGE,
        credit_plan=credit_plan,
        at_once=at_once,
    )


def _enter(change: ServiceChange, now: datetime) -> None:
    """Store it as done among the others: it knows what held before, and the next one knows it."""
    service = change.service
    known = ServiceDays([service])
    eve = change.on - ONE_DAY
    change.old_plan = known.plan_on(service, eve)
    change.old_price = _price_on(known.steps(service), eve)
    _drop_same_day(change, now)
    later = _later_done(change)
    if later is not None:
        later.old_plan, later.old_price = change.plan, change.new_price
        later.save(update_fields=["old_plan", "old_price"])
    elif change.plan is not None:
        service.plan, service.price = change.plan, change.price
    change.status, change.settled_at = DONE, now
    change.save()


def _change_terms(act: Act, change: ServiceChange) -> None:
    """Tell the customers room, and with it the routers; a price alone does not touch them."""
    service, plan = Service.objects.select_related("plan").get(pk=change.service_id), change.plan
    if plan is not None and plan.pk != service.plan_id:
        customers.change_plan(actor=act.actor, now=act.now, service=service, plan=plan)
    if change.price != service.price:
        customers.change_price(actor=act.actor, now=act.now, service=service, price=change.price)


def _later_done(change: ServiceChange) -> ServiceChange | None:
    rows = ServiceChange.objects.filter(
        service=change.service_id, kind=PLAN, status=DONE, on__gt=change.on
    )
    return rows.order_by("on").first()


def _drop_same_day(change: ServiceChange, now: datetime) -> None:
    same = ServiceChange.objects.filter(service=change.service_id, kind=PLAN, on=change.on)
    same.exclude(status=DROPPED).exclude(pk=change.pk).update(status=DROPPED, settled_at=now)


def _span(change: ServiceChange) -> Period:
    """The days that it rules: up to the eve of the next change."""
    later = (
        ServiceChange.objects.filter(service=change.service_id, kind=PLAN, on__gt=change.on)
        .exclude(status=DROPPED)
        .order_by("on")
        .first()
    )
    return Period(change.on, date.max if later is None else later.on - ONE_DAY)


def _price_on(steps: Sequence[tuple[date, Decimal]], day: date) -> Decimal:
    found: list[Rate] = rates(Period(day, day), steps, [Period(day, day)])
    return found[0].price or ZERO


def _require_live(service: Service) -> None:
    if service.state == ServiceState.CANCELLED:
        raise RuleError(ErrorCode.NOT_ALLOWED_IN_STATE, state=str(service.state), act="change-plan")


def _text(value: Decimal | None) -> str:
    return "" if value is None else f"{value:.2f}"
