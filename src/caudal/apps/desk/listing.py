"""A few customers with what the rooms know of them, whole: for pages of one, not for long lists.

Lists of many are in `desk.list`, which reads plain values.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from caudal.apps.customers.models import Customer, OwnCalendar, Service
from caudal.apps.desk.list.rows import Owed
from caudal.apps.ledger.models import Balance
from caudal.web.money import format_money


@dataclass
class Row:
    """One customer with his services."""

    customer: Customer
    payment_day: int
    services: Sequence[Service] = field(default_factory=list)
    balances: Sequence[Owed] = field(default_factory=list)

    @cached_property
    def service(self) -> Service | None:
        """The first service that is not cancelled, else the last one he had."""
        live = [each for each in self.services if each.state != "cancelled"]
        return live[0] if live else self.services[-1] if self.services else None

    @cached_property
    def connection(self) -> Any:
        service = self.service
        return getattr(service, "connection", None) if service else None

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


def rows_of(customers: Sequence[Customer]) -> list[Row]:
    """The rows of these customers, by three queries."""
    keys = [customer.pk for customer in customers]
    own = OwnCalendar.objects.filter(customer__in=keys)
    days = dict(own.values_list("customer_id", "payment_day"))
    services, balances = _services(keys), _balances(keys)
    return [
        Row(
            customer,
            days.get(customer.pk, customer.zone.payment_day),
            services.get(customer.pk, ()),
            balances[customer.pk],
        )
        for customer in customers
    ]


def price_of(service: Service) -> Decimal:
    """What the service costs a month: the price agreed with the customer, else the plan's."""
    return service.plan.price if service.price is None else service.price


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
