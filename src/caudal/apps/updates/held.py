"""Customers and services as they stand, read for many rows of a file by a fixed few queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from caudal.apps.customers.fields import values_of
from caudal.apps.customers.models import Contact, Customer, Service, ServiceState
from caudal.apps.network.models import Connection
from caudal.store.lookups import Among


@dataclass(slots=True)
class Person:
    """A customer with his services, in their order, and how to reach him."""

    customer: Customer
    services: list[Service] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    custom: Mapping[int, Any] = field(default_factory=dict)
    """His values of the operator's own fields, by field."""
    tags: list[str] = field(default_factory=list)
    """Their names, in order."""

    @property
    def living(self) -> list[Service]:
        return [row for row in self.services if row.state != ServiceState.CANCELLED]

    @property
    def filed(self) -> list[Service | None]:
        """One row of a file each: what lives, else the last one, else none."""
        return [*self.living] or [*self.services[-1:]] or [None]


@dataclass(frozen=True, slots=True)
class Held:
    """What one row of a file is about."""

    person: Person
    service: Service | None

    @property
    def customer(self) -> Customer:
        return self.person.customer

    @property
    def country(self) -> str:
        return self.customer.company.country

    @property
    def payment_day(self) -> int:
        own = getattr(self.customer, "own_calendar", None)
        return own.payment_day if own else self.customer.zone.payment_day

    @property
    def price(self) -> Decimal | None:
        """What the service costs a month: agreed with him, else the plan's."""
        if self.service is None:
            return None
        return self.service.plan.price if self.service.price is None else self.service.price

    @property
    def connection(self) -> Connection | None:
        """How the service is given now; None where no router gives it."""
        found = getattr(self.service, "connection", None) if self.service else None
        return found if found is not None and found.released_at is None else None

    def contacts(self, kind: str) -> list[str]:
        return [row.value for row in self.person.contacts if row.kind == kind]


def people(customers: QuerySet[Customer]) -> dict[int, Person]:
    """Those customers by key, in their order."""
    related = [each.name for each in Customer._meta.concrete_fields if each.is_relation]
    found = {
        row.pk: Person(row) for row in customers.select_related(*related, "own_calendar").iterator()
    }
    keys = list(found)
    for service in _services(keys):
        found[service.customer_id].services.append(service)
        service.customer = found[service.customer_id].customer
    contacts = Contact.objects.filter(Among("customer_id", keys)).order_by("kind", "id")
    for contact in contacts:
        found[contact.customer_id].contacts.append(contact)
    labels = Customer.tags.through.objects.filter(Among("customer_id", keys))
    names = labels.order_by("tag__name").values_list("customer_id", "tag__name")
    for pk, name in names:
        found[pk].tags.append(name)
    for pk, values in values_of(keys).items():
        found[pk].custom = values
    return found


def people_in_order(customers: QuerySet[Customer], size: int) -> Iterable[Person]:
    """All of them in the order of the query, some hundreds at a time."""
    waiting: list[int] = []
    for pk in customers.values_list("pk", flat=True).iterator(chunk_size=size):
        waiting.append(pk)
        if len(waiting) == size:
            yield from _by_keys(waiting)
            waiting = []
    if waiting:
        yield from _by_keys(waiting)


def services_by(key: str, texts: Iterable[str]) -> dict[str, list[Service]]:
    """Services whose live connection has that user, address or MAC."""
    name = {"username": "username", "ip_address": "address", "mac": "mac"}[key]
    wanted: dict[str, Any] = {f"connection__{name}__in": list(texts)}
    rows = Service.objects.filter(connection__released_at=None, **wanted)
    found: dict[str, list[Service]] = defaultdict(list)
    for service in rows.select_related("connection"):
        found[str(getattr(service.connection, name))].append(service)
    return found


def _by_keys(keys: list[int]) -> Iterable[Person]:
    found = people(Customer.objects.filter(Among("id", keys)))
    return [found[pk] for pk in keys if pk in found]


def _services(keys: list[int]) -> QuerySet[Service]:
    rows = Service.objects.filter(Among("customer_id", keys))
    related = ("plan", "connection", "connection__router", "connection__pool")
    return rows.select_related(*related).order_by("customer_id", "number")
