"""What happens to a service: added, suspended, restored, cancelled; routers follow."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from caudal.apps.catalog.models import Plan
from caudal.apps.clock.jobs import wake
from caudal.apps.customers.followers import tell
from caudal.apps.customers.models import (
    Customer,
    Service,
    ServiceState,
    Stay,
    Suspension,
)
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record
from caudal.core import lifecycle
from caudal.core.errors import ErrorCode, RuleError
from caudal.core.lifecycle import ServiceAct
from caudal.core.money import minor_digits, round_half_up


def touch(services: Iterable[Service], now: datetime) -> None:
    """Tell the network that these services changed: one more revision, and a wake-up on commit.

    Call it inside the transaction that changes them.
    """
    rows = list(services)
    Service.objects.filter(pk__in=[row.pk for row in rows]).update(
        revision=F("revision") + 1, changed_at=now
    )
    for row in rows:
        row.revision, row.changed_at = row.revision + 1, now
    tell(rows, now)
    wake()


@transaction.atomic
def add_service(
    *,
    actor: Actor,
    now: datetime,
    customer: Customer,
    plan: Plan,
    started_on: date,
    price: Decimal | None = None,
    state: str = ServiceState.ACTIVE,
) -> Service:
    """One more service of the customer; `price` None is the plan's."""
    Customer.objects.select_for_update().get(pk=customer.pk)
    last = customer.services.aggregate(last=Max("number"))["last"] or 0
    service = Service(
        customer=customer,
        number=last + 1,
        plan=plan,
        price=price,
        state=state,
        started_on=started_on,
        changed_at=now,
        created_at=now,
    )
    require_price(price, plan.currency)
    service.save()
    after = {"plan": str(plan), "price": _text(price), "state": state, "started_on": started_on}
    _journal(actor, "service.add", service, now, {}, after)
    wake()
    return service


@transaction.atomic
def change_plan(*, actor: Actor, now: datetime, service: Service, plan: Plan) -> Service:
    """Another plan at its own price; a price agreed for the old one ends with it."""
    _lock(service)
    if service.state == ServiceState.CANCELLED:
        raise _not_allowed(service, "change-plan")
    before = {"plan": str(service.plan), "price": _text(service.price)}
    service.plan, service.price = plan, None
    service.save(update_fields=["plan", "price"])
    _journal(actor, "service.change_plan", service, now, before, {"plan": str(plan), "price": None})
    touch([service], now)
    return service


@transaction.atomic
def change_price(
    *, actor: Actor, now: datetime, service: Service, price: Decimal | None
) -> Service:
    """The customer's own price for his plan; None goes back to the plan's. Routers do not care."""
    _lock(service)
    require_price(price, service.plan.currency)
    before = {"price": _text(service.price)}
    service.price = price
    service.save(update_fields=["price"])
    _journal(actor, "service.change_price", service, now, before, {"price": _text(price)})
    return service


@transaction.atomic
def suspend(
    *,
    actor: Actor,
    now: datetime,
    today: date,
    service: Service,
    reason: str,
    note: str = "",
    trace: Iterable[Any] = (),
    automatic: bool = False,
) -> bool:
    """Open one reason; False where that reason is open already.

    `trace` holds `core.records` in their plain form. Raises RuleError for a service that is
    pending or cancelled.
    """
    _lock(service)
    rule_reason = lifecycle.SuspensionReason(reason)
    open_reasons = _open_reasons(service)
    lifecycle.require_allowed(_rule_state(service), ServiceAct.SUSPEND)
    if rule_reason in open_reasons:
        return False
    lifecycle.suspend(_rule_state(service), open_reasons, rule_reason)
    Suspension.objects.create(
        service=service,
        reason=reason,
        opened_at=now,
        opened_on=today,
        opened_by=actor.name,
        is_automatic=automatic,
        note=note[:250],
        trace=list(trace),
    )
    before = {"state": service.state}
    _set_state(service, ServiceState.SUSPENDED)
    after = {"state": service.state, "reason": str(reason)}
    _journal(actor, "service.suspend", service, now, before, after, note)
    touch([service], now)
    return True


@transaction.atomic
def lift(*, actor: Actor, now: datetime, service: Service, reason: str, note: str = "") -> bool:
    """Close that reason alone; active again when no other is open. False where it is not open."""
    _lock(service)
    rule_reason = lifecycle.SuspensionReason(reason)
    open_reasons = _open_reasons(service)
    if rule_reason not in open_reasons:
        return False
    after = lifecycle.lift(open_reasons, lifecycle.LiftCause.OPERATOR, [rule_reason])
    service.suspensions.filter(reason=reason, closed_at=None).update(
        closed_at=now, closed_by=actor.name
    )
    before = {"state": service.state, "reason": str(reason)}
    _set_state(service, ServiceState(after.state.value))
    _journal(actor, "service.lift", service, now, before, {"state": service.state}, note)
    touch([service], now)
    return True


@transaction.atomic
def keep_suspended(*, actor: Actor, now: datetime, service: Service, reason: str) -> bool:
    """A person leaves that reason open although nothing asks for it; False where it is not open."""
    _lock(service)
    kept = service.suspensions.filter(reason=reason, closed_at=None).update(kept_by=actor.name)
    if kept:
        _journal(actor, "service.keep_suspended", service, now, {}, {"reason": str(reason)})
    return bool(kept)


@transaction.atomic
def activate(*, actor: Actor, now: datetime, service: Service, started_on: date) -> None:
    """The pending service is installed: billed from `started_on`."""
    _lock(service)
    lifecycle.require_allowed(_rule_state(service), ServiceAct.ACTIVATE)
    before = {"state": service.state, "started_on": service.started_on}
    service.started_on = started_on
    service.state = ServiceState.ACTIVE
    service.save(update_fields=["state", "started_on"])
    after = {"state": service.state, "started_on": started_on}
    _journal(actor, "service.activate", service, now, before, after)
    touch([service], now)


@transaction.atomic
def cancel(*, actor: Actor, now: datetime, service: Service, last_day: date, reason: str) -> None:
    """The customer leaves: `last_day` is the last one served; open suspensions end with it.

    The address is freed by the network room, pending invoices are voided by billing: the desk
    calls them. One that was never installed keeps no day of service. Raises RuleError where it is
    cancelled already, or before it ever began.
    """
    _lock(service)
    lifecycle.require_allowed(_rule_state(service), ServiceAct.CANCEL)
    never_served = service.started_on - timedelta(days=1)
    if service.state != ServiceState.PENDING and last_day < never_served:
        raise RuleError(ErrorCode.PERIOD_REVERSED, first=service.started_on, last=last_day)
    service.suspensions.filter(closed_at=None).update(closed_at=now, closed_by=actor.name)
    before = {"state": service.state, "cancelled_on": None}
    if service.state == ServiceState.PENDING:
        service.started_on = max(service.started_on, last_day + timedelta(days=1))
    service.state = ServiceState.CANCELLED
    service.cancelled_on, service.cancel_reason = last_day, reason[:200]
    service.save(update_fields=["state", "started_on", "cancelled_on", "cancel_reason"])
    after = {"state": service.state, "cancelled_on": last_day}
    _journal(actor, "service.cancel", service, now, before, after, reason)
    touch([service], now)


@transaction.atomic
def reactivate(*, actor: Actor, now: datetime, service: Service, started_on: date) -> None:
    """A cancelled customer is back (WH-107): active and billed from `started_on`.

    His address was freed: the desk has the network room give one again. Raises RuleError for a
    day on which he was still served before.
    """
    _lock(service)
    lifecycle.require_allowed(_rule_state(service), ServiceAct.RETURN)
    before = {"state": service.state, "cancelled_on": service.cancelled_on}
    _remember_stay(service, started_on)
    service.state = ServiceState.ACTIVE
    service.cancelled_on, service.cancel_reason = None, ""
    service.started_on = started_on
    service.save(update_fields=["state", "cancelled_on", "cancel_reason", "started_on"])
    after = {"state": service.state, "cancelled_on": None, "started_on": started_on}
    _journal(actor, "service.reactivate", service, now, before, after)
    touch([service], now)


def _lock(service: Service) -> None:
    """Take the row and bring the caller's object up to date with it."""
    service.refresh_from_db(from_queryset=Service.objects.select_for_update())


def _remember_stay(service: Service, returns_on: date) -> None:
    """What he was served before is not billed again, and what of it is not billed yet still is."""
    last = service.cancelled_on
    if last is not None and returns_on <= last:
        raise RuleError(ErrorCode.PERIOD_REVERSED, first=last, last=returns_on)
    if last is not None and service.started_on <= last:
        Stay.objects.create(
            service=service, first=service.started_on, last=last, reason=service.cancel_reason
        )


def _rule_state(service: Service) -> lifecycle.ServiceState:
    return lifecycle.ServiceState(str(service.state))


def _open_reasons(service: Service) -> list[lifecycle.SuspensionReason]:
    rows = service.suspensions.filter(closed_at=None).values_list("reason", flat=True)
    return [lifecycle.SuspensionReason(reason) for reason in rows]


def _set_state(service: Service, state: ServiceState) -> None:
    service.state = state
    service.save(update_fields=["state"])


def _not_allowed(service: Service, act: str) -> RuleError:
    return RuleError(ErrorCode.NOT_ALLOWED_IN_STATE, state=str(service.state), act=act)


def require_price(price: Decimal | None, currency: str) -> None:
    """Refuse what nobody can pay: less than nothing, or finer than the currency; None is fine."""
    if price is None:
        return
    if price < 0:
        raise ValidationError({"price": _("The price cannot be negative.")})
    digits = minor_digits(currency)
    if price != round_half_up(price, digits):
        raise RuleError(ErrorCode.AMOUNT_TOO_FINE, field="price", amount=price, digits=digits)


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


def _journal(
    actor: Actor,
    verb: str,
    service: Service,
    now: datetime,
    before: dict[str, Any],
    after: dict[str, Any],
    note: str = "",
) -> None:
    record(
        actor,
        verb,
        service,
        now=now,
        customer_id=service.customer_id,
        before=_plain(before),
        after=_plain(after),
        note=note,
    )


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in values.items()
    }
