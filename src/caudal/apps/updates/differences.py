"""What one row of an edited file would change, and why it would not be let."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from caudal.apps.catalog.models import Technology
from caudal.apps.customers.actions.customers import check_fields
from caudal.apps.customers.models import ServiceState
from caudal.apps.network.credentials import plain_password, plain_username
from caudal.apps.network.reads import served_by
from caudal.apps.network.ways import needs_address, needs_mac
from caudal.apps.staff.models import User
from caudal.apps.staff.verbs import Verb
from caudal.apps.updates import cells
from caudal.apps.updates.columns import OF_SERVICE, FileColumn, Part
from caudal.apps.updates.held import Held
from caudal.apps.updates.known import Known
from caudal.apps.updates.words import Wrong, told
from caudal.core.cells import CellError, is_empty
from caudal.core.errors import RuleError
from caudal.web.errors import explain

MASK = "•••"
_ACT, _STOP, _PEND = ServiceState.ACTIVE, ServiceState.SUSPENDED, ServiceState.PENDING
_END = ServiceState.CANCELLED
TURNS: dict[tuple[str, str], Verb] = {
    (_ACT, _STOP): Verb.SUSPEND_SERVICES,
    (_STOP, _ACT): Verb.RESTORE_SERVICES,
    (_PEND, _ACT): Verb.EDIT_SERVICES,
    (_END, _ACT): Verb.EDIT_SERVICES,
    (_ACT, _END): Verb.CANCEL_SERVICES,
    (_STOP, _END): Verb.CANCEL_SERVICES,
    (_PEND, _END): Verb.CANCEL_SERVICES,
}
"""From one state of a service to another, and what taking that turn takes."""


@dataclass(slots=True)
class Difference:
    """Column -> (before, after) as values; `follows` is what changes with them by itself."""

    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    follows: dict[str, tuple[str, str]] = field(default_factory=dict)
    problems: list[tuple[str, str]] = field(default_factory=list)
    """(column or "", in words)."""

    def after(self, key: str) -> Any:
        return self.changes[key][1]

    def only(self, keys: Iterable[str]) -> "Difference":
        """Without what was not to be taken over."""
        wanted = set(keys)
        return Difference(
            {key: pair for key, pair in self.changes.items() if key in wanted},
            self.follows,
            [each for each in self.problems if not each[0] or each[0] in wanted],
        )


def compare(
    values: Mapping[str, str],
    held: Held,
    known: Known,
    columns: Iterable[FileColumn],
    *,
    empties: bool = False,
) -> Difference:
    """Every cell that says something else than what stands. Nothing is asked of the database."""
    found = Difference()
    for column in columns:
        if column.part is Part.KEY or column.key not in values:
            continue
        try:
            _compare_one(column, values[column.key], held, known, empties, found)
        except CellError as error:
            found.problems.append((column.key, told(error)))
        except (Wrong, RuleError) as error:
            text = explain(error) if isinstance(error, RuleError) else str(error)
            found.problems.append((column.key, text))
        except ValidationError as error:
            found.problems.append((column.key, " ".join(error.messages)))
    return found


def _compare_one(
    column: FileColumn, cell: str, held: Held, known: Known, empties: bool, found: Difference
) -> None:
    before = cells.current(column, held)
    if cells.is_same(cell, cells.filed(column, before)):
        return
    if is_empty(cell):
        if not empties:
            return
        after = cells.emptied(column)
    else:
        if column.part in OF_SERVICE and held.service is None:
            raise Wrong(_("He has no service."))
        after = cells.understood(column, cell, held, known)
    if after != before and not (after in (None, "") and before in (None, "")):
        found.changes[column.key] = (before, after)


def check(found: Difference, held: Held, user: User, columns: Mapping[str, FileColumn]) -> None:
    """Add what the actions would refuse, as far as it can be told without asking the database."""
    for part, rule in _RULES.items():
        changed = {key for key in found.changes if columns[key].part is part}
        if not changed:
            continue
        lacking = {columns[key].verb for key in changed if not user.may(columns[key].verb)}
        found.problems += [("", may_not(verb)) for verb in lacking]
        found.problems += rule(found, held, user, columns)


def may_not(verb: Verb) -> str:
    return _("You may not do this: %(verb)s.") % {"verb": verb.label}


def _check_person(
    found: Difference, held: Held, user: User, columns: Mapping[str, FileColumn]
) -> Iterator[tuple[str, str]]:
    data = person_data(found, columns)
    keys = {column.name: key for key, column in columns.items() if column.part is Part.PERSON}
    if "name" in data and held.customer.person_kind == "natural":
        yield "name", _("His name is made of the four name boxes: change those.")
        return
    try:
        check_fields(customer=held.customer, data=data)
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            yield keys.get(name, ""), " ".join(messages)


def person_data(found: Difference, columns: Mapping[str, FileColumn]) -> dict[str, Any]:
    """Fields of the customer and their new values."""
    return {
        columns[key].name: after
        for key, (_before, after) in found.changes.items()
        if columns[key].part is Part.PERSON
    }


def _check_custom(
    found: Difference, held: Held, user: User, columns: Mapping[str, FileColumn]
) -> Iterator[tuple[str, str]]:
    for key, (_before, after) in found.changes.items():
        own = columns[key].custom
        if own is not None and own.is_required and after is None:
            yield key, _("This cannot be empty.")


def _check_terms(
    found: Difference, held: Held, user: User, columns: Mapping[str, FileColumn]
) -> Iterator[tuple[str, str]]:
    service = held.service
    assert service is not None
    if service.state == ServiceState.CANCELLED and "state" not in found.changes:
        yield "", _("The service is cancelled.")
    plan = found.changes.get("plan", (None, service.plan))[1]
    if plan.currency != service.plan.currency:
        text = _("The plan is in %(currency)s, and another currency is another service.")
        yield "plan", text % {"currency": plan.currency}
    _follow_plan(found, held, plan)
    has_access = any(columns[key].part is Part.ACCESS for key in found.changes)
    if "technology" in found.follows and not has_access:
        yield from _check_way(found, held)


def _follow_plan(found: Difference, held: Held, plan: Any) -> None:
    """A new plan brings its price and its technology."""
    if "plan" in found.changes and "price" not in found.changes:
        before, after = held.price, plan.price
        if before is not None and before != after:
            price = FileColumn("price", "", Part.TERMS)
            found.follows["price"] = (_said(price, before), _said(price, after))
    now = held.connection
    if now is not None and plan.technology != now.technology:
        labels = dict(Technology.choices)
        pair = (now.technology, plan.technology)
        found.follows["technology"] = (str(labels[pair[0]]), str(labels[pair[1]]))


def _check_access(
    found: Difference, held: Held, user: User, columns: Mapping[str, FileColumn]
) -> Iterator[tuple[str, str]]:
    service, now = held.service, held.connection
    assert service is not None
    if service.state == ServiceState.CANCELLED and "state" not in found.changes:
        yield "", _("The service is cancelled.")
    if now is None and "router" not in found.changes:
        yield "router", _("No router gives this service: say which one, in the column Router.")
        return
    yield from _check_way(found, held)
    for key, plain in (("username", plain_username), ("password", plain_password)):
        if key in found.changes:
            try:
                plain(found.after(key))
            except RuleError as error:
                yield key, explain(error)


def _check_way(found: Difference, held: Held) -> Iterator[tuple[str, str]]:
    """Whether the router gives the technology, and with what it needs."""
    router, technology = wanted_router(found, held), wanted_technology(found, held)
    if technology == Technology.UNMANAGED:
        yield "router", _("The technology of its plan is not given by a router.")
        return
    if technology not in served_by(router):
        text = _("%(router)s does not give %(technology)s.")
        label = dict(Technology.choices).get(technology, technology)
        yield "router", text % {"router": router.name, "technology": label}
    now = held.connection
    if (
        "ip_address" in found.changes
        and not found.after("ip_address")
        and needs_address(technology)
    ):
        yield "ip_address", _("This technology needs an IP address.")
    mac = found.changes.get("mac", (None, now.mac if now else ""))[1]
    if needs_mac(technology, bool(now and now.bind_mac)) and not mac:
        yield "mac", _("Type the MAC address that the service is bound to.")


def wanted_router(found: Difference, held: Held) -> Any:
    now = held.connection
    return found.changes.get("router", (None, now.router if now else None))[1]


def wanted_technology(found: Difference, held: Held) -> str:
    """That of the plan; a connection keeps its own until the plan changes."""
    assert held.service is not None
    if "plan" in found.changes or held.connection is None:
        plan = found.changes.get("plan", (None, held.service.plan))[1]
        return str(plan.technology)
    return str(held.connection.technology)


def _check_state(
    found: Difference, held: Held, user: User, columns: Mapping[str, FileColumn]
) -> Iterator[tuple[str, str]]:
    before, after = found.changes["state"]
    verb = TURNS.get((before, after))
    if verb is None:
        names = {"before": ServiceState(before).label, "after": ServiceState(after).label}
        yield "state", _("A service does not go from %(before)s to %(after)s.") % names
    elif not user.may(verb):
        yield "state", may_not(verb)


def _nothing(
    found: Difference, held: Held, user: User, columns: Mapping[str, FileColumn]
) -> Iterator[tuple[str, str]]:
    return iter(())


_RULES = {
    Part.PERSON: _check_person,
    Part.CONTACTS: _nothing,
    Part.DAY: _nothing,
    Part.CUSTOM: _check_custom,
    Part.TAGS: _nothing,
    Part.TERMS: _check_terms,
    Part.ACCESS: _check_access,
    Part.STATE: _check_state,
}


def in_words(found: Difference, columns: Mapping[str, FileColumn]) -> list[list[str]]:
    """[column, before, after] of everything that would change."""
    said = [
        [key, _said(columns[key], before), _said(columns[key], after)]
        for key, (before, after) in found.changes.items()
    ]
    return said + [[key, *pair] for key, pair in found.follows.items()]


def _said(column: FileColumn, value: Any) -> str:
    if column.is_secret:
        return MASK if value else ""
    return cells.written(cells.filed(column, value))
