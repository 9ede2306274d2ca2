"""What only one may have, asked for by several rows of a file: who has it, and who gives it up."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from caudal.apps.customers.actions.exchange import UNIQUE
from caudal.apps.customers.models import Customer, ServiceState
from caudal.apps.network.models import Connection
from caudal.apps.network.ways import LEASED
from caudal.apps.updates.cells import state_named
from caudal.apps.updates.differences import Difference, wanted_router, wanted_technology
from caudal.apps.updates.held import Held
from caudal.apps.updates.models import Update, UpdateRow
from caudal.store.lookups import Among

Wanted = tuple[Any, ...]
"""(column, router, value) of a connection, (column, value) of a customer."""
Keeper = tuple[str, int]
"""("service" or "customer", its number): who has it now."""
ON_ROUTER = {"ip_address": "address", "username": "username", "mac": "mac", "ipv6_prefix": "prefix"}
"""Columns of a connection and the fields that they change."""
_CODES = {"code", "new_code"}
AT_ONCE = 500
Outcome = UpdateRow.Outcome


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has what a row asks for."""

    keeper: Keeper
    name: str

    def said(self, wanted: Wanted) -> str:
        text = _("%(value)s is already in use: %(holder)s.")
        return text % {"value": wanted[-1], "holder": self.name}


def wanted_by(found: Difference, held: Held) -> Iterator[tuple[str, Wanted]]:
    """(column, what it asks for) of everything that only one may have."""
    yield from _of_customer(found)
    router = wanted_router(found, held) if held.service else None
    if router is None:
        return
    now = held.connection
    for key in ON_ROUTER:
        value = found.changes[key][1] if key in found.changes else None
        if key == "username" and now is not None and "router" in found.changes:
            value = value or now.username
        if value and not (key == "mac" and wanted_technology(found, held) not in LEASED):
            yield key, (key, router.pk, value)


def _of_customer(found: Difference) -> Iterator[tuple[str, Wanted]]:
    for key in (*UNIQUE, "new_code"):
        if key in found.changes and found.after(key):
            yield key, ("code" if key in _CODES else key, found.after(key))


def holders_of(asked: Iterable[Wanted]) -> dict[Wanted, Holder]:
    """Who has it now: one query for connections, and one per column of customers."""
    wanted = set(asked)
    return {**_connections(wanted), **_customers(wanted)}


def _connections(wanted: set[Wanted]) -> dict[Wanted, Holder]:
    values: dict[str, list[str]] = defaultdict(list)
    for key, *rest in wanted:
        if key in ON_ROUTER:
            values[ON_ROUTER[key]].append(rest[-1])
    if not values:
        return {}
    query = Q(pk=None)
    for name, each in values.items():
        query |= Q(**{f"{name}__in": each})
    found: dict[Wanted, Holder] = {}
    names = ("router_id", "technology", "service_id", "service__customer__name")
    rows = Connection.objects.live().filter(query).order_by()
    for router, way, pk, label, *held in rows.values_list(*names, *ON_ROUTER.values()):
        for key, value in zip(ON_ROUTER, held, strict=True):
            if value and (key != "mac" or way in LEASED):
                found[key, router, value] = Holder(("service", pk), label)
    return found


def _customers(wanted: set[Wanted]) -> dict[Wanted, Holder]:
    found: dict[Wanted, Holder] = {}
    for name in UNIQUE:
        values = [each[-1] for each in wanted if each[0] == name]
        rows = Customer.objects.filter(**{f"{name}__in": values}) if values else ()
        for row in rows:
            found[name, getattr(row, name)] = Holder(("customer", row.pk), row.name)
    return found


def gives_up(key: str, changes: Iterable[Sequence[str]]) -> bool:
    """Whether a row with these changes lets go of what it has in that column."""
    said = {name: after for name, _before, after in changes}
    same = _CODES if key in _CODES else {key}
    if same & said.keys():
        return True
    ends = state_named(said.get("state", "")) == ServiceState.CANCELLED
    return key in ON_ROUTER and ("router" in said or ends)


def keeper_rows(
    update: Update, keepers: Iterable[Keeper], **narrow: Any
) -> Iterator[tuple[Keeper, UpdateRow]]:
    """The rows of the file that change something of these."""
    wanted: dict[str, list[int]] = defaultdict(list)
    for kind, pk in keepers:
        wanted[kind].append(pk)
    for kind, ids in wanted.items():
        rows = update.rows.filter(Among(f"{kind}_id", ids), outcome=Outcome.CHANGED, **narrow)
        for row in rows.iterator(chunk_size=AT_ONCE):
            yield (kind, int(getattr(row, f"{kind}_id"))), row


@dataclass(slots=True)
class _Contest:
    """Rows that ask for what another row must give up first: row -> the rows that give."""

    needs: dict[int, list[int]] = field(default_factory=dict)
    lost: set[int] = field(default_factory=set)
    """Rows for whom nobody gives it up."""


def settle(update: Update) -> list[UpdateRow]:
    """Refuse what no row of the file gives up, and who relied on a row that is refused itself.

    Returns the rows that were refused; their problems say why. Of the others nothing is left to
    be said.
    """
    contest = _Contest()
    for rows in _contested(update):
        _look_for_givers(update, rows, contest)
    _spread(contest)
    refused = []
    for rows in _contested(update):
        for row in rows:
            is_lost = row.pk in contest.lost
            row.problems = [problem[:2] for problem in row.problems] if is_lost else []
            row.outcome = Outcome.WRONG if is_lost else Outcome.CHANGED
            refused += [row] if is_lost else []
        UpdateRow.objects.bulk_update(rows, ["problems", "outcome"])
    return refused


def _contested(update: Update) -> Iterator[list[UpdateRow]]:
    waiting = update.rows.filter(outcome=Outcome.CHANGED).exclude(problems=[]).order_by("line")
    last = 0
    while rows := list(waiting.filter(line__gt=last)[:AT_ONCE]):
        yield rows
        last = rows[-1].line


def _look_for_givers(update: Update, rows: Sequence[UpdateRow], contest: _Contest) -> None:
    asked = {(kind, number) for row in rows for _key, _text, kind, number in row.problems}
    givers: dict[Keeper, list[UpdateRow]] = defaultdict(list)
    for keeper, giver in keeper_rows(update, asked):
        givers[keeper].append(giver)
    for row in rows:
        contest.needs[row.pk] = []
        for key, _text, kind, number in row.problems:
            found = [each.pk for each in givers[kind, number] if gives_up(key, each.changes)]
            contest.needs[row.pk] += found
            if not found:
                contest.lost.add(row.pk)


def _spread(contest: _Contest) -> None:
    """Whoever needs a lost row is lost as well."""
    takers: dict[int, list[int]] = defaultdict(list)
    for row, givers in contest.needs.items():
        for giver in givers:
            takers[giver].append(row)
    open_ones = list(contest.lost)
    while open_ones:
        for taker in takers.get(open_ones.pop(), ()):
            if taker not in contest.lost:
                contest.lost.add(taker)
                open_ones.append(taker)
