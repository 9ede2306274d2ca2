"""What taking imported rows back would do, and what stands in its way: asked of many at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Model, Q
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from caudal.apps.billing.models import Adjustment
from caudal.apps.customers.models import Customer, Service
from caudal.apps.imports.kept import CUSTOMER, Kept, differences, standing
from caudal.apps.imports.models import FirstPlan, ImportRow, ImportRun
from caudal.apps.imports.plain import Plain
from caudal.apps.messaging.models import Delivery
from caudal.apps.network.models import Connection
from caudal.apps.staff.acts import words_of
from caudal.apps.staff.models import JournalEntry
from caudal.store.lookups import Among

ITS_OWN = frozenset(
    {
        *("customers.owncalendar", "customers.calendarchange", "customers.contact"),
        *("customers.fieldvalue", "customers.service", "customers.suspension", "customers.stay"),
        *("ledger.balance", "imports.origin", "desk.submission", "desk.draft"),
        *("network.connection", "monitoring.servedby"),
    }
)
"""What an import brings with a customer, and what the system or a form notes of him by itself:
somebody who changed it has left an entry in the journal."""
OF_SERVICE = ("customers.service", "network.connection")


@dataclass(slots=True)
class Fate:
    """What taking one row back would do; `refusal` is why it cannot be."""

    row: ImportRow
    kept: Kept
    refusal: str = ""
    is_archived: bool = False
    """The books or messages speak of the customer: he is archived instead of removed."""
    now: Plain = field(default_factory=dict)
    """As `kept.standing`, of a row that changed somebody."""

    @property
    def is_new(self) -> bool:
        return bool(self.kept.brought)

    @property
    def brought_customer(self) -> bool:
        return CUSTOMER in self.kept.brought


def fates(rows: Sequence[ImportRow], gone: set[int]) -> list[Fate]:
    """Of rows in the order in which they are taken back; `gone` are the services that go with
    rows before them, and is added to. A fixed number of queries for any number of rows."""
    found = [Fate(row, Kept.of(row.kept)) for row in rows]
    known = _Known.of(found)
    for fate in found:
        fate.refusal = _refusal(fate, known, gone)
        if fate.is_new and not fate.refusal:
            gone.add(fate.row.service_id or 0)
            fate.is_archived = fate.brought_customer and known.is_held(fate)
    _compare([fate for fate in found if not fate.is_new and not fate.refusal])
    return found


@dataclass(slots=True)
class _Known:
    """By customer, or by service, what has come to them since their rows were imported."""

    entries: Mapping[int, list[JournalEntry]]
    of_customers: Mapping[int, dict[str, int]]
    of_services: Mapping[int, dict[str, int]]
    services: Mapping[int, set[int]]
    connections: Mapping[int, int]
    """By service."""
    used_notes: set[int]
    written_to: set[int]
    on_routers: set[int]
    """Services whose row of an adopted router is ours by now."""

    @classmethod
    def of(cls, found: Sequence[Fate]) -> "_Known":
        new = [fate for fate in found if fate.is_new]
        people = [fate.row.customer_id or 0 for fate in new if fate.brought_customer]
        services = [fate.row.service_id or 0 for fate in found]
        notes = [fate.kept.note for fate in new if fate.kept.note]
        return cls(
            _entries(found),
            _counted(Customer, people, notes),
            _counted(Service, [fate.row.service_id or 0 for fate in new], notes),
            _services(people),
            dict(Connection.objects.filter(Among("service_id", services)).values_list(
                "service_id", "pk")),
            _used(notes),
            _written_to(people),
            _on_routers(found),
        )  # fmt: skip

    def is_held(self, fate: Fate) -> bool:
        return fate.kept.note is not None or fate.row.customer_id in self.written_to


def _refusal(fate: Fate, known: _Known, gone: set[int]) -> str:
    row, kept = fate.row, fate.kept
    if row.status != ImportRow.Status.DONE:
        return _("It was taken back already.")
    if not kept.at:
        return _("What its undo needs is not kept any more.")
    if row.customer_id is None:
        return _("The customer is gone.")
    if row.service_id in known.on_routers:
        return _(
            "The router's row is ours by now: taking it back would leave him without internet."
        )
    if not fate.is_new:
        return ""
    return _touched(fate, known, gone)


def _touched(fate: Fate, known: _Known, gone: set[int]) -> str:
    """Of a new customer, or of a new service of somebody who was here: what came since."""
    row, customer, service = fate.row, fate.row.customer_id or 0, fate.row.service_id or 0
    counts = dict(known.of_services.get(service, {}))
    if fate.brought_customer:
        counts |= known.of_customers.get(customer, {})
        if known.services.get(customer, set()) - gone - {service}:
            return _("He has another service, which stays.")
    if counts:
        listed = ", ".join(f"{name} ({many})" for name, many in sorted(counts.items()))
        return _("Since then he has: %(what)s.") % {"what": listed}
    if fate.kept.note in known.used_notes:
        return _("The balance that it brought is part of an invoice by now.")
    mine = {("customers.service", service), ("network.connection", known.connections.get(service))}
    for entry in known.entries.get(customer, ()):
        if fate.brought_customer or (entry.subject_kind, entry.subject_id) in mine:
            return _said(entry)
    return _("The service is gone.") if row.service_id is None else ""


def _said(entry: JournalEntry) -> str:
    when = date_format(localtime(entry.at), "SHORT_DATETIME_FORMAT")
    values = {"act": words_of(entry.verb), "who": entry.actor_name, "when": when}
    return _("Changed since: “%(act)s” (%(who)s, %(when)s).") % values


def _entries(found: Sequence[Fate]) -> dict[int, list[JournalEntry]]:
    """By customer, what others than his rows of the same imports have written, newest first."""
    keys = {fate.row.customer_id or 0 for fate in found if fate.is_new}
    runs = {fate.row.run_id for fate in found}
    ranges: dict[int, list[tuple[int, int]]] = defaultdict(list)
    siblings = ImportRow.objects.filter(Among("customer_id", keys), run__in=runs).exclude(kept="")
    for pk, text in siblings.values_list("customer_id", "kept"):
        kept = Kept.of(text)
        ranges[pk or 0] += [(kept.first, kept.last), *([(kept.back[0], kept.back[1])]
                            if kept.back else [])]  # fmt: skip
    others: dict[int, list[JournalEntry]] = defaultdict(list)
    for entry in JournalEntry.objects.filter(Among("customer_id", keys)).order_by("-pk"):
        spans = ranges[entry.customer_id or 0]
        began = min((first for first, _last in spans), default=0)
        if entry.pk >= began and not any(a <= entry.pk <= b for a, b in spans):
            others[entry.customer_id or 0].append(entry)
    return others


def _counted(
    model: type[Model], keys: Sequence[int], notes: Sequence[int]
) -> dict[int, dict[str, int]]:
    """By key, how many rows of which tables speak of it, but for what the import itself brought."""
    found: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    if not keys:
        return found
    for relation in model._meta.related_objects:
        table: Any = relation.related_model
        if table._meta.label_lower in ITS_OWN:
            continue
        column = f"{relation.field.name}_id"
        rows = table._base_manager.filter(Among(column, keys))
        if ours := _ours(table._meta.label_lower, notes):
            rows = rows.exclude(ours)
        for key, many in rows.order_by().values_list(column).annotate(Count("pk")):
            found[key][_called(table)] += many
    return found


def _ours(table: str, notes: Sequence[int]) -> Q | None:
    """The rows of the books that an imported balance is made of."""
    paths = {
        "billing.adjustment": "pk__in",
        "billing.credit": "adjustment__in",
        "ledger.entry": "transaction__adjustment__in",
    }
    return Q(**{paths[table]: notes}) if table in paths and notes else None


def _called(table: type[Model]) -> str:
    """What people call rows of it; tables that no screen names are told as one."""
    named = "verbose_name" in table._meta.original_attrs
    return str(table._meta.verbose_name_plural) if named else _("other records")


def _services(people: Iterable[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    rows = Service.objects.filter(Among("customer_id", people)).order_by()
    for customer, service in rows.values_list("customer_id", "pk"):
        found[customer].add(service)
    return found


def _written_to(people: Iterable[int]) -> set[int]:
    sent = Delivery.objects.filter(Among("customer_id", people))
    return {pk for pk in sent.values_list("customer_id", flat=True) if pk is not None}


def _used(notes: Sequence[int]) -> set[int]:
    used = Q(invoice__isnull=False) | Q(credit__applications__isnull=False)
    return set(Adjustment.objects.filter(Among("id", notes)).filter(used).values_list("pk",
               flat=True))  # fmt: skip


def _on_routers(found: Sequence[Fate]) -> set[int]:
    """Services that took over rows of routers whose first plan somebody has approved: there the
    rows were before we came, and would not stay after us."""
    adopted = [f.row.service_id or 0 for f in found if f.row.run.kind == ImportRun.Kind.ROUTER]
    waiting = FirstPlan.objects.filter(approved_at=None).values("router")
    rows = Connection.objects.live().filter(Among("service_id", adopted), synced_revision__gt=0)
    return set(rows.exclude(router__in=waiting).values_list("service_id", flat=True))


def _compare(found: Sequence[Fate]) -> None:
    pairs = [(fate.row.customer_id or 0, fate.row.service_id) for fate in found]
    for fate, stands in zip(found, standing(pairs), strict=True):
        fate.now = stands
        changed, _left = split(fate)
        if not changed:
            fate.refusal = _("It has changed since, and is left as it is.")


def split(fate: Fate) -> tuple[Plain, Plain]:
    """Of what the row changed, what still stands as the row left it and goes back, and the rest:
    both as it was before the row."""
    before, after = fate.kept.before, fate.kept.after
    changed, _now = differences(_part(after, after), _part(fate.now, after))
    goes: Plain = {}
    stays: Plain = {}
    for part, was in before.items():
        if part in ("fields", "own"):
            touched = changed.get(part, {})
            goes[part] = {name: value for name, value in was.items() if name not in touched}
            stays[part] = {name: value for name, value in was.items() if name in touched}
        else:
            (stays if part in changed else goes)[part] = was
    return _filled(goes), _filled(stays)


def _part(stands: Plain, asked: Plain) -> Plain:
    """Of what stands, what the row touched."""
    found: Plain = {}
    for part, values in asked.items():
        has = stands.get(part)
        if part in ("fields", "own"):
            found[part] = {name: (has or {}).get(name) for name in values}
        else:
            found[part] = has
    return found


def _filled(parts: Plain) -> Plain:
    return {
        part: values for part, values in parts.items() if part not in ("fields", "own") or values
    }
