"""Customers who look like the one being typed, as far as the person who types may see (IC-4)."""

from dataclasses import dataclass, field

from caudal.apps.customers.duplicates import MOST, find_duplicates
from caudal.apps.customers.models import Customer
from caudal.apps.desk.listing import Row, rows_of
from caudal.apps.network.models import Connection
from caudal.apps.staff.models import User
from caudal.apps.staff.scope import visible
from caudal.core.cells import CellError, read_mac

Typed = dict[str, str]
"""`document`, `address`, `phone` (several by ";") and `mac`, as typed."""


@dataclass(frozen=True)
class Alike:
    """`rows` are shown with what they share; `hidden` is how many more belong to others."""

    rows: list[tuple[Row, list[str]]] = field(default_factory=list)
    hidden: int = 0

    def __bool__(self) -> bool:
        return bool(self.rows or self.hidden)


def alike(user: User, typed: Typed, country: str, besides: int | None = None) -> Alike:
    """Whoever shares a key with what is typed; `besides` is the customer being edited."""
    shared: dict[Customer, list[str]] = {}
    people = {key: text for key, text in typed.items() if key != "mac"}
    for found in find_duplicates(**people, country=country, besides=besides):
        shared.setdefault(found.customer, []).append(found.by)
    for customer in _with_mac(typed.get("mac", ""), besides):
        shared.setdefault(customer, []).append("mac")
    keys = [customer.pk for customer in shared]
    seen = set(visible(user, Customer.objects.filter(pk__in=keys)).values_list("pk", flat=True))
    rows = rows_of([customer for customer in shared if customer.pk in seen])
    shown = [(row, shared[row.customer]) for row in rows]
    return Alike(shown, len(shared) - len(shown))


def _with_mac(text: str, besides: int | None) -> list[Customer]:
    """Who has, or had, equipment of that address."""
    try:
        mac = read_mac(text)
    except CellError:
        return []
    held = Connection.objects.filter(mac=mac).values("service__customer")
    customers = Customer.objects.filter(pk__in=held).exclude(pk=besides or 0)
    return list(customers.select_related("zone").order_by("-id")[:MOST])
