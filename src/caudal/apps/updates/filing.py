"""The file for editing: a row per service, with the keys that bring it back to its customer."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import IO, Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from caudal.apps.customers.models import Customer
from caudal.apps.staff.models import User
from caudal.apps.staff.verbs import Verb
from caudal.apps.updates.cells import current, filed
from caudal.apps.updates.columns import CODE, NUMBER, FileColumn, Part, columns
from caudal.apps.updates.held import Held, people_in_order
from caudal.web.export import csv_lines, write_xlsx

AT_ONCE = 500
"""Customers per reading."""
GROUPS = [
    ("customer", _("Customer and contacts")),
    ("place", _("Where he lives")),
    ("service", _("Plan, price and state")),
    ("network", _("Router, user and addresses")),
    ("billing", _("Billing and others")),
]
_CUSTOMER = frozenset({
    "nickname", "person_kind", "first_name", "second_name", "first_surname", "second_surname",
    "customer_type", "document_type", "document_number", "business_activity", "contact_person",
    "phones", "emails", "notes",
})  # fmt: skip
_PLACE = frozenset({
    "zone", "address", "street_1", "street_2", "neighbourhood", "city", "province", "postal_code",
    "latitude", "longitude",
})  # fmt: skip


def offered(user: User, groups: Iterable[str]) -> list[FileColumn]:
    """The keys, the name, and the columns of these groups that this person may see."""
    wanted = set(groups)
    every = columns(user).values()
    chosen = [
        column
        for column in every
        if column.part is not Part.KEY
        and (column.key == "name" or _group(column) in wanted)
        and (not column.is_secret or user.may(Verb.SEE_SECRETS))
    ]
    return [CODE, NUMBER, *chosen]


def _group(column: FileColumn) -> str:
    if column.part is Part.ACCESS:
        return "network"
    if column.part in (Part.TERMS, Part.STATE):
        return "service"
    if column.key in _CUSTOMER:
        return "customer"
    return "place" if column.key in _PLACE else "billing"


def rows(
    customers: QuerySet[Customer], chosen: Sequence[FileColumn], told: Callable[[int], None]
) -> Iterator[list[Any]]:
    """Cells as a file holds them; `told` is called with how many more customers are in it."""
    waiting = 0
    for person in people_in_order(customers, AT_ONCE):
        for service in person.filed:
            held = Held(person, service)
            yield [filed(column, current(column, held)) for column in chosen]
        waiting += 1
        if waiting == AT_ONCE:
            told(waiting)
            waiting = 0
    if waiting:
        told(waiting)


def header(chosen: Iterable[FileColumn]) -> list[str]:
    return [str(column.label) for column in chosen]


def write(
    file: IO[bytes], kind: str, chosen: Sequence[FileColumn], lines: Iterable[Sequence[Any]]
) -> None:
    if kind == "xlsx":
        write_xlsx(file, header(chosen), lines)
        return
    for text in csv_lines(header(chosen), lines):
        file.write(text.encode())
