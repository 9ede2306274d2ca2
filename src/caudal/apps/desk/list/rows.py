"""The rows of the customers list: plain values of a page of customers and what rooms know of them.

A fixed number of queries whatever the rows, only what the chosen columns need, and no count.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import Count, F, QuerySet, Sum
from django.utils.safestring import SafeString, mark_safe

from caudal.apps.billing.models import Invoice
from caudal.apps.customers.fields import Value, say, values_of
from caudal.apps.customers.models import Contact, Customer, Service, Suspension
from caudal.apps.desk.list.order import with_keys
from caudal.apps.ledger.models import Balance
from caudal.apps.network.models import sync_state
from caudal.store.lookups import Among
from caudal.store.money import MoneyField
from caudal.web.money import format_money

ALWAYS = ("id", "archived_at")
"""What every row needs, whatever is shown of it."""


class Owed(NamedTuple):
    """A balance: > 0 is debt, < 0 is in his favour."""

    amount: Decimal
    currency: str


class ListedService(NamedTuple):
    """What lists and files show of a service and its connection."""

    customer_id: int
    number: int
    state: str
    revision: int
    started_on: date
    cancelled_on: date | None
    cancel_reason: str
    price: Decimal | None
    plan__name: str
    plan__price: Decimal
    plan__technology: str
    connection__router__name: str | None
    connection__technology: str | None
    connection__username: str | None
    connection__address: str | None
    connection__mac: str | None
    connection__released_at: datetime | None
    connection__sync: str | None
    connection__attempted_revision: int | None
    connection__online_since: datetime | None

    @property
    def is_live(self) -> bool:
        """Whether a router gives it."""
        return self.connection__router__name is not None and self.connection__released_at is None

    @property
    def sync(self) -> str:
        if not self.is_live:
            return ""
        attempted = self.connection__attempted_revision or 0
        return sync_state(self.connection__sync or "", attempted, self.revision)

    @property
    def access(self) -> str:
        live = self.is_live
        return (self.connection__address or self.connection__username or "") if live else ""


class Label(NamedTuple):
    """A tag as lists show it."""

    name: str
    color: str
    text: str


class Unpaid(NamedTuple):
    many: int
    rest: Decimal


NOTHING_UNPAID = Unpaid(0, Decimal(0))


@dataclass(slots=True)
class Parts:
    """What the rooms know of a page of customers, by customer; only what was asked for."""

    services: Mapping[int, Sequence[ListedService]] = field(default_factory=dict)
    balances: Mapping[int, Sequence[Owed]] = field(default_factory=dict)
    contacts: Mapping[int, Mapping[str, list[str]]] = field(default_factory=dict)
    unpaid: Mapping[int, Unpaid] = field(default_factory=dict)
    reasons: Mapping[int, Sequence[tuple[str, date]]] = field(default_factory=dict)
    fields: Mapping[int, Mapping[int, Value]] = field(default_factory=dict)
    tags: Mapping[int, Sequence[Label]] = field(default_factory=dict)


class Listed:
    """One customer as the list shows him; `customer` is a tuple of the columns that were asked."""

    def __init__(self, customer: Any, parts: Parts) -> None:
        self.customer = customer
        self._parts = parts
        self.is_new = False
        self.fresh_sync = ""
        """Of a customer just registered: how far his router is, as markup that refreshes itself."""

    @cached_property
    def key(self) -> SafeString:
        """His number, ready for addresses."""
        return mark_safe(str(self.customer.id))

    @cached_property
    def services(self) -> Sequence[ListedService]:
        return self._parts.services.get(self.customer.id, ())

    @cached_property
    def service(self) -> ListedService | None:
        """The first service that is not cancelled, else the last one he had."""
        for each in self.services:
            if each.state != "cancelled":
                return each
        return self.services[-1] if self.services else None

    @property
    def more(self) -> int:
        return max(len(self.services) - 1, 0)

    @cached_property
    def state(self) -> str:
        if self.customer.archived_at:
            return "archived"
        return self.service.state if self.service else ""

    @property
    def price(self) -> Decimal | None:
        """What the service costs a month: the price agreed with the customer, else the plan's."""
        held = self.service
        if held is None:
            return None
        return held.plan__price if held.price is None else held.price

    @property
    def payment_day(self) -> int:
        day: int = self.customer.own_day or self.customer.zone__payment_day
        return day

    @cached_property
    def owed(self) -> Sequence[Owed]:
        return self._parts.balances.get(self.customer.id, ())

    @property
    def debt(self) -> Decimal:
        return sum((each.amount for each in self.owed), Decimal(0))

    @property
    def debt_label(self) -> str:
        """What he owes in each currency; in his favour with a minus."""
        return " · ".join(format_money(each.amount, each.currency) for each in self.owed)

    @property
    def debt_css(self) -> str:
        if any(each.amount > 0 for each in self.owed):
            return "owes"
        return "in-favour" if self.owed else "even"

    @property
    def phones(self) -> str:
        return self._contacts(Contact.Kind.PHONE)

    @property
    def emails(self) -> str:
        return self._contacts(Contact.Kind.EMAIL)

    @property
    def unpaid(self) -> Unpaid:
        return self._parts.unpaid.get(self.customer.id, NOTHING_UNPAID)

    @property
    def reasons(self) -> Sequence[tuple[str, date]]:
        """(reason, since) of what holds his services."""
        return self._parts.reasons.get(self.customer.id, ())

    @property
    def tags(self) -> Sequence[Label]:
        return self._parts.tags.get(self.customer.id, ())

    @property
    def fields(self) -> Mapping[int, Value]:
        """The operator's own fields, by their key."""
        return self._parts.fields.get(self.customer.id, {})

    def custom(self, key: int, kind: str) -> str:
        """What he has in that field, in words."""
        return say(kind, self.fields.get(key))

    def _contacts(self, kind: str) -> str:
        return "; ".join(self._parts.contacts.get(self.customer.id, {}).get(kind, ()))


def names_of(fields: Iterable[str], order: Iterable[str] = ()) -> list[str]:
    """What `tuples` of these columns and this order hold, in their order."""
    keys = [name.removeprefix("-") for name in order]
    return list(dict.fromkeys([*ALWAYS, *fields, *keys]))


def tuples(
    customers: QuerySet[Customer], fields: Iterable[str], order: Iterable[str] = ()
) -> "QuerySet[Any, Any]":
    """The customers as named tuples of these columns and of those that the order compares."""
    names = names_of(fields, order)
    if "own_day" in names:
        customers = customers.annotate(own_day=F("own_calendar__payment_day"))
    return with_keys(customers, names).values_list(*names, named=True)


def listed(customers: Sequence[Any], parts: Iterable[str]) -> list[Listed]:
    """Tuples of customers as rows, with what `parts` names read for all of them at once."""
    keys = [customer.id for customer in customers]
    read = Parts(**{name: READERS[name](keys) for name in parts}) if keys else Parts()
    return [Listed(customer, read) for customer in customers]


def _services(keys: list[int]) -> dict[int, list[ListedService]]:
    found: dict[int, list[ListedService]] = defaultdict(list)
    rows = Service.objects.filter(Among("customer_id", keys)).order_by("customer_id", "number")
    for values in rows.values_list(*ListedService._fields):
        found[values[0]].append(ListedService._make(values))
    return found


def _balances(keys: list[int]) -> dict[int, list[Owed]]:
    found: dict[int, list[Owed]] = defaultdict(list)
    rows = Balance.objects.filter(Among("customer_id", keys)).order_by("currency")
    for customer, amount, currency in rows.values_list("customer_id", "amount", "currency"):
        if amount:
            found[customer].append(Owed(amount, currency))
    return found


def _contacts(keys: list[int]) -> dict[int, dict[str, list[str]]]:
    found: dict[int, dict[str, list[str]]] = {}
    rows = Contact.objects.filter(Among("customer_id", keys)).order_by("id")
    for key, kind, value in rows.values_list("customer_id", "kind", "value"):
        found.setdefault(key, {}).setdefault(kind, []).append(value)
    return found


def _unpaid(keys: list[int]) -> dict[int, Unpaid]:
    """How many invoices he has not paid whole, and what they still ask for."""
    rows = Invoice.objects.filter(Among("customer_id", keys), state__in=("open", "partial"))
    sums: Any = rows.order_by().values_list("customer_id")
    sums = sums.annotate(many=Count("id"), rest=Sum("remaining", output_field=MoneyField()))
    return {key: Unpaid(many, rest or Decimal(0)) for key, many, rest in sums}


def _reasons(keys: list[int]) -> dict[int, list[tuple[str, date]]]:
    found: dict[int, list[tuple[str, date]]] = defaultdict(list)
    rows = Suspension.objects.filter(Among("service__customer_id", keys), closed_at=None)
    names = ("service__customer_id", "reason", "opened_on")
    for key, reason, since in rows.order_by("opened_at").values_list(*names):
        found[key].append((reason, since))
    return found


def _tags(keys: list[int]) -> dict[int, list[Label]]:
    found: dict[int, list[Label]] = defaultdict(list)
    rows = Customer.tags.through._default_manager.filter(Among("customer_id", keys))
    names = ("customer_id", "tag__name", "tag__color", "tag__text")
    for key, *label in rows.order_by("tag__name").values_list(*names):
        found[key].append(Label(*label))
    return found


READERS: dict[str, Callable[[list[int]], Any]] = {
    "services": _services,
    "balances": _balances,
    "contacts": _contacts,
    "unpaid": _unpaid,
    "reasons": _reasons,
    "fields": values_of,
    "tags": _tags,
}
