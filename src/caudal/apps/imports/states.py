"""The state that the other system says a service is in, and the day it is billed from."""

from datetime import date

from django.utils.translation import gettext as _

from caudal.apps.customers import actions as customers
from caudal.apps.customers.models import Customer, Service, ServiceState, SuspensionReason
from caudal.apps.imports.records import Record
from caudal.apps.imports.taking import Taking
from caudal.apps.network import actions as network
from caudal.apps.network.models import Connection
from caudal.core.cells import State
from caudal.core.ports.importer import Field


def first_billed_day(record: Record, first_day: date) -> date:
    """Not before the day on which billing passes to us; of a cancelled service, when it began."""
    if record.state is State.CANCELLED:
        return record.started_on or record.cancelled_on or first_day
    return max(record.started_on or first_day, first_day)


def initial(record: Record) -> str:
    pending = record.state is State.PENDING
    return ServiceState.PENDING if pending else ServiceState.ACTIVE


def bring_to(record: Record, service: Service, taking: Taking) -> None:
    """Suspend or cancel the new service, as it is there."""
    if record.state is State.SUSPENDED:
        _suspend(record, service, taking)
    elif record.state is State.CANCELLED:
        _cancel(record, service, taking)


def change_state(news: Record, service: Service, taking: Taking) -> list[list[str]]:
    """Move the service to the state that the file has come to say."""
    if news.state is None:
        return []
    before = service.get_state_display()
    if news.state is State.CANCELLED:
        if service.state != ServiceState.CANCELLED:
            _cancel(news, service, taking)
    elif service.state == ServiceState.CANCELLED:
        _return(service, taking)
    elif news.state is State.SUSPENDED:
        if service.state == ServiceState.ACTIVE:
            _suspend(news, service, taking)
    elif news.state in (State.ACTIVE, State.FREE):
        _activate(service, taking)
    service.refresh_from_db()
    after = service.get_state_display()
    return [[Field.STATE.value, before, after]] if before != after else []


def change_payment_day(day: int, customer: Customer, taking: Taking) -> list[list[str]]:
    own = getattr(customer, "own_calendar", None)
    before = own.payment_day if own else customer.zone.payment_day
    if before == day:
        return []
    customers.set_payment_day(
        actor=taking.actor, now=taking.now, customer=customer, payment_day=day
    )
    return [[Field.PAYMENT_DAY.value, str(before), str(day)]]


def _suspend(record: Record, service: Service, taking: Taking) -> None:
    """With a debt it is for not paying, and a payment brings it back; else somebody meant it."""
    unpaid = record.debt is not None and record.debt > 0
    customers.suspend(
        actor=taking.actor,
        now=taking.now,
        today=taking.today,
        service=service,
        reason=SuspensionReason.UNPAID if unpaid else SuspensionReason.MANUAL,
        note=_("Suspended in the system before"),
    )


def _cancel(record: Record, service: Service, taking: Taking) -> None:
    last_day = record.cancelled_on or taking.today
    if service.state != ServiceState.PENDING:
        last_day = max(last_day, service.started_on)
    customers.cancel(
        actor=taking.actor,
        now=taking.now,
        service=service,
        last_day=last_day,
        reason=_("Cancelled in the system before"),
    )
    held = Connection.objects.live().filter(service=service).first()
    if held:
        network.release(actor=taking.actor, now=taking.now, connection=held)


def _return(service: Service, taking: Taking) -> None:
    customers.reactivate(
        actor=taking.actor, now=taking.now, service=service, started_on=taking.today
    )
    held = Connection.objects.filter(service=service, released_at__isnull=False).first()
    if held:
        network.return_address(actor=taking.actor, now=taking.now, connection=held)


def _activate(service: Service, taking: Taking) -> None:
    if service.state == ServiceState.PENDING:
        customers.activate(
            actor=taking.actor, now=taking.now, service=service, started_on=taking.today
        )
    reasons = list(service.suspensions.filter(closed_at=None).values_list("reason", flat=True))
    for reason in reasons:
        customers.lift(actor=taking.actor, now=taking.now, service=service, reason=reason)
