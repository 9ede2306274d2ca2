"""Acts of the desk that need several rooms at once: one action of each, in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from caudal.apps.billing import actions as billing
from caudal.apps.billing.calendars import calendar_of
from caudal.apps.catalog.models import Plan, Technology
from caudal.apps.customers import actions as customers
from caudal.apps.customers.contacts import ContactData
from caudal.apps.customers.fields import Value
from caudal.apps.customers.models import Customer, CustomField, Service, ServiceState
from caudal.apps.desk.life import (
    archive_customer,
    cancel,
    change_terms,
    end_service,
    restore,
)
from caudal.apps.desk.models import Submission
from caudal.apps.network import actions as network
from caudal.apps.network.models import Connection, Pool, Router
from caudal.apps.staff.actor import Actor
from caudal.core.addressing import ip_interface_address
from caudal.core.periods import ONE_DAY, PaymentMode, Period, cycle_of, schedule_for

__all__ = ["archive_customer", "cancel", "change_terms", "end_service", "restore"]
"""The acts that stand in `life`; the others are here."""


class FirstInvoice(models.TextChoices):
    """What happens with the days between the installation and the next cycle (WH-52, WH-53)."""

    NONE = "none", _("None now; the next one comes by itself")
    NOW = "now", _("Now, for the days left of this cycle")
    NEXT_CYCLE = "next", _("From the next cycle; the days left are free")


@dataclass(frozen=True)
class Access:
    """How a new service is given. Empty user and password are made up; an empty address is the
    first free one of the router's pool, where it has one. `more` is what only some technologies
    know: server, interface, bind_mac, prefix, duid, iaid."""

    router: Router
    technology: str
    username: str = ""
    password: str = ""
    address: str = ""
    local_address: str = ""
    mac: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class NewService:
    """`started_on` is the first billed day; `price` None is the plan's."""

    plan: Plan
    started_on: date
    price: Decimal | None = None
    state: str = ServiceState.ACTIVE
    access: Access | None = None


@dataclass(frozen=True)
class Registration:
    """All that one registration page holds; `key` was made when it was shown."""

    key: UUID
    data: Mapping[str, Any]
    contacts: Sequence[ContactData]
    payment_day: int
    service: NewService
    first_invoice: str
    sales: Sequence[billing.Sale] = ()
    """Additional services (IW-10)."""
    fields: Mapping[CustomField, Value | None] = field(default_factory=dict)
    """What the operator's own fields hold."""


def registered(key: UUID) -> Customer | None:
    """The customer that the page with this key has made already, if it has."""
    found = Submission.objects.filter(key=key).select_related("customer").first()
    return found.customer if found else None


def register(*, actor: Actor, now: datetime, today: date, registration: Registration) -> Customer:
    """A customer with his service, connection and first invoice: all of it, or nothing.

    The same registration sent again, even at the same moment, gives the customer it made.
    Raises ValidationError by field, or RuleError.
    """
    if done := registered(registration.key):
        return done
    try:
        with transaction.atomic():
            submission = Submission.objects.create(key=registration.key, at=now)
            submission.customer = _register(actor, now, today, registration)
            submission.save(update_fields=["customer"])
            return submission.customer
    except IntegrityError:
        if done := registered(registration.key):
            return done
        raise


@transaction.atomic
def open_service(*, actor: Actor, now: datetime, customer: Customer, new: NewService) -> Service:
    """One more service of the customer, with its connection."""
    service = customers.add_service(
        actor=actor,
        now=now,
        customer=customer,
        plan=new.plan,
        started_on=new.started_on,
        price=new.price,
        state=new.state,
    )
    if new.access and new.plan.technology != Technology.UNMANAGED:
        _connect(actor, now, service, new.access)
    return service


@transaction.atomic
def save_customer(
    *,
    actor: Actor,
    now: datetime,
    customer: Customer,
    data: Mapping[str, Any],
    contacts: Sequence[ContactData] | None,
    payment_day: int,
    fields: Mapping[CustomField, Value | None] | None = None,
) -> Customer:
    """The same and his payment day."""
    change_customer(
        actor=actor, now=now, customer=customer, data=data, contacts=contacts, fields=fields or {}
    )
    customers.set_payment_day(actor=actor, now=now, customer=customer, payment_day=payment_day)
    return customer


@transaction.atomic
def register_alone(
    *,
    actor: Actor,
    now: datetime,
    data: Mapping[str, Any],
    contacts: Sequence[ContactData],
    fields: Mapping[CustomField, Value | None],
) -> Customer:
    """A customer without a service yet, with the operator's own fields."""
    customer = customers.register_customer(actor=actor, now=now, data=data, contacts=contacts)
    customers.set_fields(actor=actor, now=now, customer=customer, values=fields)
    return customer


@transaction.atomic
def change_customer(
    *,
    actor: Actor,
    now: datetime,
    customer: Customer,
    data: Mapping[str, Any],
    contacts: Sequence[ContactData] | None,
    fields: Mapping[CustomField, Value | None],
) -> None:
    """Change his fields, contacts (None: as they are) and the operator's own fields."""
    customers.edit_customer(actor=actor, now=now, customer=customer, data=data, contacts=contacts)
    customers.set_fields(actor=actor, now=now, customer=customer, values=fields)


@transaction.atomic
def resume_service(
    *,
    actor: Actor,
    now: datetime,
    today: date,
    service: Service,
    started_on: date,
    charge_days_left: bool = True,
) -> Connection | None:
    """The customer is back: active again, with the address he had or the first free one.

    `charge_days_left`: his next invoice charges the days of the running cycle too.
    """
    billing.return_service(
        actor=actor,
        now=now,
        today=today,
        service=service,
        started_on=started_on,
        charge_days_left=charge_days_left,
    )
    held = Connection.objects.filter(service=service)
    connection = held.select_related("router", "pool", "service__customer").first()
    if connection is None or connection.released_at is None:
        return connection
    if not _is_taken(connection):
        return network.return_address(actor=actor, now=now, connection=connection)
    return _connect(actor, now, service, _as_before(connection))


@transaction.atomic
def give_portal_access(
    *, actor: Actor, now: datetime, customer: Customer, user: str, password: str
) -> None:
    """Another user (empty: his code or e-mail) and another password for the portal (IC-30).

    Raises ValidationError where somebody else has that user.
    """
    taken = Customer.objects.filter(portal_user=user.strip()).exclude(pk=customer.pk)
    if user.strip() and taken.exists():
        raise ValidationError(_("Another customer has that user."))
    customers.edit_customer(actor=actor, now=now, customer=customer, data={"portal_user": user})
    customers.set_portal_password(actor=actor, now=now, customer=customer, password=password)


def _as_before(connection: Connection) -> Access:
    """His way of access without what somebody else may have by now: user, address and prefix."""
    return Access(
        connection.router,
        connection.technology,
        password=connection.password,
        mac=connection.mac,
        more={name: getattr(connection, name) for name in ("server", "interface", "bind_mac")},
    )


def pool_for(router: Router, address: str = "") -> Pool | None:
    """The pool of the router that holds the address; its first one where none does."""
    pools = list(router.pools.order_by("id"))
    if address:
        wanted = ip_interface_address(address)
        pools.sort(key=lambda pool: wanted not in pool.addresses())
    return pools[0] if pools else None


def _register(actor: Actor, now: datetime, today: date, registration: Registration) -> Customer:
    customer = customers.register_customer(
        actor=actor, now=now, data=registration.data, contacts=registration.contacts
    )
    customers.set_payment_day(
        actor=actor, now=now, customer=customer, payment_day=registration.payment_day
    )
    customers.set_fields(actor=actor, now=now, customer=customer, values=registration.fields)
    new, choice = registration.service, registration.first_invoice
    cycle = cycle_of(registration.payment_day, new.started_on)
    if choice == FirstInvoice.NEXT_CYCLE and new.started_on > cycle.first:
        new = replace(new, started_on=cycle.last + ONE_DAY)
    service = open_service(actor=actor, now=now, customer=customer, new=new)
    for sale in registration.sales:
        billing.add_product(actor=actor, now=now, customer=customer, sale=sale, service=service)
    if choice == FirstInvoice.NOW:
        _charge_days_left(actor, now, today, service, cycle)
    return customer


def _charge_days_left(
    actor: Actor, now: datetime, today: date, service: Service, cycle: Period
) -> None:
    """The part of the running cycle, dated as that cycle's invoices were (WH-52).

    With today's date it would stand in for the next automatic invoice of the month (GEN-2).
    """
    calendar = calendar_of(service.customer)
    prepaid = calendar.mode is PaymentMode.PREPAID
    due = cycle.first if prepaid else cycle.last + ONE_DAY
    order = billing.Order(
        service=service,
        days=Period(service.started_on, cycle.last),
        emission=min(schedule_for(calendar, due).emission, today),
        takes_waiting=True,
    )
    billing.issue_invoice(actor=actor, now=now, customer=service.customer, order=order)


def _connect(actor: Actor, now: datetime, service: Service, access: Access) -> Connection:
    return network.connect(
        actor=actor,
        now=now,
        service=service,
        router=access.router,
        technology=access.technology,
        username=access.username,
        password=access.password,
        address=access.address or None,
        pool=pool_for(access.router, access.address),
        local_address=access.local_address or None,
        mac=access.mac,
        **access.more,
    )


def _is_taken(connection: Connection) -> bool:
    """Whether somebody else has got what this connection held before."""
    same_user = Q(username=connection.username)
    same_address = Q(address=connection.address) if connection.address else Q(pk=None)
    others = connection.router.connections.live().exclude(pk=connection.pk)
    return others.filter(same_user | same_address).exists()
