"""The rows of the customers list: a page of customers and what the rooms know of them.

A fixed number of queries whatever the rows, and no count of them.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, Generic, NamedTuple, TypeVar

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from caudal.apps.customers.models import Customer, OwnCalendar, Service, ServiceState
from caudal.apps.ledger.models import Balance
from caudal.apps.network.models import Connection, sync_state
from caudal.store.money import MoneyField, money, total
from caudal.web.badges import color_of
from caudal.web.money import format_money
from caudal.web.table import Column

PAGE = 50
AT_ONCE = 500
"""Customers per query of an export."""

COLUMNS = (
    Column("code", _("Code"), sort=("code",)),
    Column("name", _("Name"), sort=("name",)),
    Column("zone", _("Zone"), sort=("zone__name", "name")),
    Column("plan", _("Plan")),
    Column("access", _("IP address")),
    Column("state", _("State")),
    Column("debt", _("Balance"), sort=("debt",), css="number"),
    Column("payment_day", _("Payment day"), css="number"),
    Column("sync", _("Router")),
    Column("registered", _("Registered"), sort=("registered_on",)),
    Column("tools", ""),
)

SHOWN = ("id", "code", "name", "nickname", "registered_on", "archived_at", "zone_id", "company_id")
ZONE_SHOWN = ("zone__name", "zone__payment_day")


@dataclass(frozen=True, slots=True)
class ListedConnection:
    """What the list shows of a connection."""

    address: str | None
    username: str
    released_at: datetime | None
    state: str
    router_name: str


@dataclass(frozen=True, slots=True)
class ListedService:
    """What the list shows of a service. Plain values: whole rows cost five times as much."""

    state: str
    plan_name: str
    connection: ListedConnection | None


class Owed(NamedTuple):
    """A balance: > 0 is debt, < 0 is in his favour."""

    amount: Decimal
    currency: str


S = TypeVar("S", Service, ListedService)


@dataclass
class Row(Generic[S]):
    """One customer as the list shows him."""

    customer: Customer
    payment_day: int
    services: Sequence[S] = field(default_factory=list)
    balances: Sequence[Owed] = field(default_factory=list)
    is_new: bool = False
    sync: str = ""
    """Of a customer just registered: how far his router is, as markup that refreshes itself."""

    @cached_property
    def service(self) -> S | None:
        """The first service that is not cancelled, else the last one he had."""
        live = [each for each in self.services if each.state != "cancelled"]
        return live[0] if live else self.services[-1] if self.services else None

    @property
    def more(self) -> int:
        return len(self.services) - 1 if len(self.services) > 1 else 0

    @cached_property
    def connection(self) -> Any:
        service = self.service
        return getattr(service, "connection", None) if service else None

    @cached_property
    def state(self) -> str:
        if self.customer.archived_at:
            return "archived"
        return str(self.service.state) if self.service else ""

    @property
    def state_color(self) -> str:
        return color_of(self.state)

    @property
    def state_label(self) -> str:
        if self.state == "archived":
            return str(_("Archived"))
        return str(ServiceState(self.service.state).label) if self.service else ""

    @property
    def access(self) -> str:
        held = self.connection
        if held is None or held.released_at is not None:
            return ""
        return str(held.address or held.username)

    @property
    def owed(self) -> list[Owed]:
        return [balance for balance in self.balances if balance.amount]

    @property
    def debt_label(self) -> str:
        """What he owes in each currency; in his favour with a minus."""
        return " · ".join(format_money(each.amount, each.currency) for each in self.owed)

    @property
    def debt_css(self) -> str:
        if any(each.amount > 0 for each in self.owed):
            return "owes"
        return "in-favour" if self.owed else "even"


@dataclass(frozen=True)
class Labels:
    """What the rows say in words, by code: looked up once for all of them."""

    states: dict[str, str]
    colors: dict[str, str]
    syncs: dict[str, str]

    @classmethod
    def in_readers_language(cls) -> "Labels":
        states = {code: str(label) for code, label in ServiceState.choices}
        states["archived"] = str(_("Archived"))
        return cls(
            states,
            {code: color_of(code) for code in states},
            {code: str(label) for code, label in Connection.Sync.choices},
        )


def page_queryset(queryset: QuerySet[Customer], order: Iterable[str] = ()) -> QuerySet[Customer]:
    """Only the columns that a list shows, with the zone; the sum of balances where it sorts."""
    queryset = queryset.select_related("zone").only(*SHOWN, *ZONE_SHOWN)
    queryset = queryset.annotate(own_day=F("own_calendar__payment_day"))
    if "debt" in {name.removeprefix("-") for name in order}:
        sums = Balance.objects.filter(customer=OuterRef("pk")).order_by().values("customer")
        debt = Subquery(sums.annotate(sum=total("amount")).values("sum"), output_field=MoneyField())
        queryset = queryset.annotate(debt=_or_zero(debt))
    return queryset


def rows_of(customers: Sequence[Customer]) -> list[Row[Service]]:
    """The rows of these customers with their services whole, by three queries."""
    own = OwnCalendar.objects.filter(customer__in=[customer.pk for customer in customers])
    days = dict(own.values_list("customer_id", "payment_day"))
    return _rows(customers, _services, days)


def listed(customers: Sequence[Any]) -> list[Row[ListedService]]:
    """The rows as the list shows them, which is all that a ListedService knows; two queries.

    The customers come from `page_queryset`.
    """
    days = {customer.pk: customer.own_day for customer in customers if customer.own_day}
    return _rows(customers, _listed_services, days)


def _rows(
    customers: Sequence[Customer],
    services_of: Callable[[list[int]], Mapping[int, Sequence[S]]],
    days: Mapping[int, int],
) -> list[Row[S]]:
    keys = [customer.pk for customer in customers]
    services, balances = services_of(keys), _balances(keys)
    return [
        Row(
            customer,
            days.get(customer.pk, customer.zone.payment_day),
            services.get(customer.pk, ()),
            balances[customer.pk],
        )
        for customer in customers
    ]


def _listed_services(keys: list[int]) -> dict[int, list[ListedService]]:
    found: dict[int, list[ListedService]] = defaultdict(list)
    rows = Service.objects.filter(customer__in=keys).order_by("customer_id", "number")
    for (
        customer, state, revision, plan, router, address, username, released_at, sync, attempted
    ) in rows.values_list(
        "customer_id", "state", "revision", "plan__name", "connection__router__name",
        "connection__address", "connection__username", "connection__released_at",
        "connection__sync", "connection__attempted_revision",
    ):  # fmt: skip
        connection = None
        if router is not None:
            seen = sync_state(sync, attempted, revision)
            connection = ListedConnection(address, username, released_at, seen, router)
        found[customer].append(ListedService(state, plan, connection))
    return found


def _services(keys: list[int]) -> dict[int, list[Service]]:
    found: dict[int, list[Service]] = defaultdict(list)
    rows = Service.objects.filter(customer__in=keys).select_related(
        "plan", "connection", "connection__router"
    )
    only = (
        "customer_id", "number", "state", "revision", "changed_at", "price", "started_on",
        "cancelled_on", "plan__name", "plan__price", "plan__currency",
        "connection__address", "connection__username", "connection__mac",
        "connection__released_at", "connection__sync", "connection__attempted_revision",
        "connection__pending_since", "connection__technology", "connection__router__name",
    )  # fmt: skip
    for service in rows.only(*only).order_by("customer_id", "number"):
        found[service.customer_id].append(service)
    return found


def _balances(keys: list[int]) -> dict[int, list[Owed]]:
    found: dict[int, list[Owed]] = defaultdict(list)
    rows = Balance.objects.filter(customer__in=keys).order_by("currency")
    for customer, amount, currency in rows.values_list("customer_id", "amount", "currency"):
        found[customer].append(Owed(amount, currency))
    return found


def _or_zero(expression: Any) -> Any:
    return Coalesce(expression, money(), output_field=MoneyField())


def price_of(service: Service) -> Decimal:
    """What the service costs a month: the price agreed with the customer, else the plan's."""
    return service.plan.price if service.price is None else service.price
