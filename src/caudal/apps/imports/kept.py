"""What an import keeps of each row so that it can be taken back: what it brought and changed."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from typing import Any, Protocol

from caudal.apps.customers.actions.calendar import FIELDS
from caudal.apps.customers.actions.customers import EDITABLE
from caudal.apps.customers.fields import values_of
from caudal.apps.customers.models import (
    Contact,
    Customer,
    OwnCalendar,
    Service,
    ServiceState,
    Suspension,
)
from caudal.apps.imports.plain import Plain, plain, way_of
from caudal.apps.network.models import Connection
from caudal.apps.staff.journal import snapshot
from caudal.apps.staff.models import JournalEntry
from caudal.store.lookups import Among

NEVER = frozenset({"created_at", "updated_at"})
COLUMNS = [each.name for each in Customer._meta.concrete_fields if each.name in {*EDITABLE} - NEVER]
CUSTOMER, SERVICE = "customer", "service"
CALENDAR = [*FIELDS, "recharge"]


@dataclass(slots=True)
class Kept:
    """Of one imported row. `first` and `last` are the journal's entries that it wrote."""

    at: str = ""
    first: int = 0
    last: int = 0
    brought: list[str] = field(default_factory=list)
    """CUSTOMER, SERVICE: what was not here before."""
    note: int | None = None
    """The debit or credit note of the balance that it brought."""
    before: Plain = field(default_factory=dict)
    after: Plain = field(default_factory=dict)
    """As `standing`, of what the row changed alone."""
    seen: Plain | None = None
    """What the row's origin had said before; None where it had none."""
    back: list[int] = field(default_factory=list)
    """The first and last entries of the journal that taking the row back wrote."""

    @classmethod
    def of(cls, text: str) -> "Kept":
        """As `text` says it; nothing where nothing is kept."""
        known = {each.name for each in fields(cls)}
        return cls(**{name: each for name, each in json.loads(text or "{}").items()
                      if name in known})  # fmt: skip

    def text(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.at)


class _Changing(Protocol):
    """A row that is being taken, of somebody who is here already."""

    customer: Customer | None
    service: Service | None
    kept: Kept


@contextmanager
def keeping(taken: _Changing, seen: Plain | None) -> Iterator[None]:
    """Note what changes inside. `seen` is what the row's origin said, None where it has none."""
    assert taken.customer is not None
    pair = (taken.customer.pk, taken.service.pk if taken.service else None)
    (before,) = standing([pair])
    yield
    (after,) = standing([pair])
    taken.kept.before, taken.kept.after = differences(before, after)
    taken.kept.seen = seen


def last_entry() -> int:
    """The newest entry of the journal."""
    return JournalEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def standing(pairs: Sequence[tuple[int, int | None]]) -> list[Plain]:
    """(customer, service or None) each as they stand now, in plain values; {} where he is gone.

    A fixed few queries for any number.
    """
    keys = [customer for customer, _service in pairs]
    people = {row.pk: row for row in Customer.objects.filter(Among("id", keys))}
    contacts, tags = _contacts(keys), _tags(keys)
    own_dates = OwnCalendar.objects.filter(Among("customer_id", keys))
    calendars = {row.customer_id: row for row in own_dates}
    own = values_of(keys)
    services = _services([service for _customer, service in pairs if service])
    found: list[Plain] = []
    for pk, service in pairs:
        if (person := people.get(pk)) is None:
            found.append({})
            continue
        calendar = calendars.get(pk)
        told: Plain = {
            "fields": {name: _column(person, name) for name in COLUMNS},
            "contacts": contacts[pk],
            "tags": tags[pk],
            "calendar": snapshot(calendar, CALENDAR) if calendar else None,
            "own": {str(key): plain(value) for key, value in own.get(pk, {}).items()},
        }
        found.append(told | services.get(service or 0, {}))
    return found


def differences(before: Plain, after: Plain) -> tuple[Plain, Plain]:
    """What differs, as it was and as it became; of fields and own values each by itself."""
    was, became = {}, {}
    for part in before.keys() | after.keys():
        old: Any = before.get(part)
        new: Any = after.get(part)
        if part in ("fields", "own"):
            names = {name for name in {*old, *new} if old.get(name) != new.get(name)}
            old = {name: old.get(name) for name in names}
            new = {name: new.get(name) for name in names}
        if old != new:
            was[part], became[part] = old, new
    return was, became


def _column(person: Customer, name: str) -> Any:
    attribute: str = Customer._meta.get_field(name).attname  # type: ignore[union-attr]
    return plain(getattr(person, attribute))


def _contacts(keys: Iterable[int]) -> dict[int, list[list[str]]]:
    found: dict[int, list[list[str]]] = defaultdict(list)
    rows = Contact.objects.filter(Among("customer_id", keys)).order_by("kind", "id")
    for pk, *values in rows.values_list("customer_id", "kind", "value", "purpose", "label"):
        found[pk].append(values)
    return found


def _tags(keys: Iterable[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    rows = Customer.tags.through.objects.filter(Among("customer_id", keys))
    for pk, name in rows.order_by("tag__name").values_list("customer_id", "tag__name"):
        found[pk].append(name)
    return found


def _services(keys: list[int]) -> dict[int, Plain]:
    reasons: dict[int, list[Plain]] = defaultdict(list)
    names = ("service", "reason", "note", "trace", "is_automatic")
    opened = Suspension.objects.filter(Among("service_id", keys), closed_at=None)
    for row in opened.order_by("opened_at", "pk").values(*names):
        reasons[row["service"]].append(row)
    live = Connection.objects.live().filter(Among("service_id", keys))
    ways = {row.service_id: row for row in live}
    return {
        row.pk: {
            "terms": {"plan": row.plan_id, "price": plain(row.price)},
            "state": {
                "state": str(ServiceState(row.state)),
                "cancelled_on": plain(row.cancelled_on),
                "reasons": reasons[row.pk],
            },
            "way": _way(ways.get(row.pk)),
        }
        for row in Service.objects.filter(Among("id", keys))
    }


def _way(connection: Connection | None) -> Plain:
    return way_of(connection) | {"adopt": connection.adopt} if connection else {}
