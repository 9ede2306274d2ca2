"""What an undo needs to know of a row as it was and became, and putting it back.

A field goes back only while it is still what the act made of it.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from caudal.apps.billing import actions as billing
from caudal.apps.billing.models import ServiceChange
from caudal.apps.bulk.acts import Context
from caudal.apps.catalog.models import Plan
from caudal.apps.customers import actions as customers
from caudal.apps.customers.actions.exchange import UNIQUE
from caudal.apps.customers.contacts import as_contacts
from caudal.apps.customers.models import Customer, Service, ServiceState, Suspension
from caudal.apps.desk import actions as desk
from caudal.apps.desk.bulk.states import reopen
from caudal.apps.desk.bulk.subject import today_of
from caudal.apps.imports.plain import field_value, give_way_back, plain, typed, way_of
from caudal.apps.updates.cells import current
from caudal.apps.updates.columns import FileColumn, Part, columns_in
from caudal.apps.updates.differences import Difference
from caudal.apps.updates.held import Held, people
from caudal.apps.updates.models import Update, UpdateRow
from caudal.apps.updates.together import Lent, exchanging, require_visible
from caudal.core.errors import RuleError
from caudal.core.periods import ONE_DAY

HIS = (Part.PERSON, Part.CONTACTS, Part.DAY, Part.CUSTOM, Part.TAGS)
Plain = dict[str, Any]


def kept_of(held: Held, found: Difference, every: Mapping[str, FileColumn]) -> Plain:
    """What the row touches, in plain values."""
    parts = {every[key].part for key in found.changes}
    kept: Plain = {
        "his": {
            key: plain(current(every[key], held)) for key in found.changes if every[key].part in HIS
        }
    }
    service = held.service
    if service is None:
        return kept
    if Part.TERMS in parts:
        kept["terms"] = {"plan": service.plan_id, "price": plain(service.price)}
    if Part.ACCESS in parts or "technology" in found.follows:
        kept["way"] = way_of(held.connection)
    if Part.STATE in parts:
        kept["state"] = {
            "state": str(service.state),
            "cancelled_on": plain(service.cancelled_on),
            "reasons": customers.reasons_of(service),
        }
    return kept


def put_back(context: Context, customer: Customer, before: Plain) -> str:
    """Every row of his that the act took over, the last one first; with those of whom he had
    something, or who had something from him."""
    rows = UpdateRow.objects.filter(pk__in=before["rows"]).exclude(kept="").order_by("-line")
    if any("back" not in json.loads(row.kept) for row in rows):
        _put_all_back(context, _group(rows))
    told = [each for row in rows.all() for each in json.loads(row.kept)["back"]]
    back = [label for label, is_back in told if is_back]
    left = [label for label, is_back in told if not is_back]
    if not back:
        raise RuleError("changed-since")
    said = ", ".join(dict.fromkeys(back))
    if not left:
        return said
    return _("%(back)s. Changed since, and left: %(left)s") % {
        "back": said, "left": ", ".join(dict.fromkeys(left))
    }  # fmt: skip


def _group(rows: Iterable[UpdateRow]) -> list[UpdateRow]:
    """Those rows and all that were taken over with them."""
    keys = {key for row in rows for key in json.loads(row.kept).get("with", [row.pk])}
    found = UpdateRow.objects.filter(pk__in=keys, customer__isnull=False).exclude(kept="")
    return list(found.order_by("-line"))


def _put_all_back(context: Context, rows: Sequence[UpdateRow]) -> None:
    """What went back of each row is noted in it, for the turn of its own customer."""
    user = context.bulk.requested_by
    require_visible(user, {row.customer_id or 0 for row in rows})
    update = Update.objects.get(pk=context.options["update"])
    every = columns_in(update.mapping, update.known_by, user)
    kept = [(row, json.loads(row.kept)) for row in rows]
    members = [_held(row, each) for row, each in kept]
    # Who was changed since keeps what he has: then nobody is to give anything up.
    is_swap = len(rows) > 1 and all(
        _stands(held, each["after"], every)
        for held, (_row, each) in zip(members, kept, strict=True)
    )
    with exchanging(members, is_swap) as lent:
        for row, each in kept:
            each["back"] = list(_put_row_back(context, row, each, every, lent))
            row.kept = json.dumps(each)
            row.save(update_fields=["kept"])


def _stands(held: Held, after: Plain, every: Mapping[str, FileColumn]) -> bool:
    """Whether nobody has changed since what only one may have."""
    same = all(
        plain(current(every[key], held)) == value
        for key, value in after["his"].items()
        if key in every and every[key].name in UNIQUE
    )
    return same and ("way" not in after or way_of(held.connection) == after["way"])


def _held(row: UpdateRow, kept: Plain) -> Held:
    pk = row.customer_id or 0
    person = people(Customer.objects.filter(pk=pk))[pk]
    return Held(
        person, next((each for each in person.services if each.pk == kept["service"]), None)
    )


def _put_row_back(
    context: Context, row: UpdateRow, kept: Plain, every: Mapping[str, FileColumn], lent: Lent
) -> Iterator[tuple[str, bool]]:
    """(what, whether it went back) of each thing that the row had changed."""
    for name, work in _STEPS.items():
        if name in kept["before"]:
            held = _held(row, kept)
            lent.restore(held)
            step = _Step(context, held, kept, every, lent)
            yield from work(step, kept["before"][name], kept["after"][name])


class _Step:
    """What putting one part back needs."""

    def __init__(
        self,
        context: Context,
        held: Held,
        kept: Plain,
        every: Mapping[str, FileColumn],
        lent: Lent,
    ) -> None:
        self.context, self.held, self.kept, self.every = context, held, kept, every
        self.lent = lent
        self.given: dict[str, Any] = {"actor": context.actor, "now": context.now}
        self.today: date = today_of(context, held.customer)

    @property
    def service(self) -> Service:
        """Raises RuleError where it is gone."""
        if self.held.service is None:
            raise RuleError("changed-since")
        return self.held.service


def _his_back(step: _Step, before: Plain, after: Plain) -> Iterator[tuple[str, bool]]:
    known = {key: column for key, column in step.every.items() if key in before}
    same = {
        key: before[key]
        for key, column in known.items()
        if plain(current(column, step.held)) == after[key]
    }
    _write_his(step, {key: (known[key], value) for key, value in same.items()})
    for key in before:
        label = str(known[key].label) if key in known else key
        yield label, key in same


def _write_his(step: _Step, values: Mapping[str, tuple[FileColumn, Any]]) -> None:
    data, lists, custom = {}, {}, {}
    for column, value in values.values():
        if column.part is Part.PERSON:
            data[column.name] = field_value(column.name, value)
        elif column.part is Part.CONTACTS:
            lists[column.name] = value
        elif column.part is Part.CUSTOM:
            custom[column.custom] = typed(column.custom.kind, value)
        elif column.part is Part.TAGS:
            set_tags_named(step.context, step.held.customer, value)
        else:
            customers.set_payment_day(customer=step.held.customer, payment_day=value, **step.given)
    if data or lists:
        both = {kind: lists.get(kind, step.held.contacts(kind)) for kind in ("phone", "email")}
        contacts = as_contacts(both["phone"], both["email"]) if lists else None
        customers.edit_customer(
            customer=step.held.customer, data=data, contacts=contacts,
            lent=step.lent.customers, **step.given,
        )  # fmt: skip
    if custom:
        customers.set_fields(customer=step.held.customer, values=custom, **step.given)


def set_tags_named(context: Context, customer: Customer, names: list[str]) -> None:
    """Exactly the tags of these names."""
    given: dict[str, Any] = {"actor": context.actor, "now": context.now}
    tags = customers.tags_named(names=names, **given)
    customers.set_tags(customer=customer, tags=tags, **given)


def _terms_back(step: _Step, before: Plain, after: Plain) -> Iterator[tuple[str, bool]]:
    service, label = step.service, _("Plan and price")
    waiting = ServiceChange.objects.filter(
        service=service, status=ServiceChange.Status.SCHEDULED, created_at=step.kept["at"]
    ).first()
    if waiting is not None:
        billing.drop_change(today=step.today, change=waiting, **step.given)
        yield label, True
        return
    now = {"plan": service.plan_id, "price": plain(service.price)}
    if now != after or service.state == ServiceState.CANCELLED:
        yield label, False
        return
    price = None if before["price"] is None else Decimal(before["price"])
    plan = Plan.objects.get(pk=before["plan"])
    desk.change_terms(today=step.today, service=service, plan=plan, price=price, **step.given)
    yield label, True


def _way_back(step: _Step, before: Plain, after: Plain) -> Iterator[tuple[str, bool]]:
    label, held = _("Connection"), step.held.connection
    if held is None or way_of(held) != after:
        yield label, False
        return
    give_way_back(connection=held, before=before, lent=step.lent.ways, **step.given)
    yield label, True


def _state_back(step: _Step, before: Plain, after: Plain) -> Iterator[tuple[str, bool]]:
    label, service = _("State of the service"), step.service
    turn = _TURNS_BACK.get((before["state"], after["state"]))
    is_still = str(service.state) == after["state"]
    yield label, bool(turn and is_still and turn(step, before, after))


def _lift_again(step: _Step, before: Plain, after: Plain) -> bool:
    """The very suspension that the act opened."""
    opened = Suspension.objects.filter(
        service=step.service, reason="manual", opened_at=step.kept["at"], closed_at=None
    )
    return opened.exists() and customers.lift(service=step.service, reason="manual", **step.given)


def _suspend_again(step: _Step, before: Plain, after: Plain) -> bool:
    return bool(reopen(step.context, step.held.customer, before["reasons"]))


def _resume(step: _Step, before: Plain, after: Plain) -> bool:
    """He goes on from the day after the last one, with his suspensions."""
    if plain(step.service.cancelled_on) != after["cancelled_on"]:
        return False
    last = date.fromisoformat(after["cancelled_on"])
    desk.resume_service(
        today=step.today, service=step.service, started_on=last + ONE_DAY, **step.given
    )
    reopen(step.context, step.held.customer, before["reasons"])
    return True


def _cancel_again(step: _Step, before: Plain, after: Plain) -> bool:
    last = max(step.today, step.service.started_on)
    desk.end_service(
        today=step.today, service=step.service, last_day=last, reason=_("Taken back"), **step.given
    )
    return True


_ACTIVE, _SUSPENDED = str(ServiceState.ACTIVE), str(ServiceState.SUSPENDED)
_CANCELLED = str(ServiceState.CANCELLED)
_TURNS_BACK: dict[tuple[str, str], Callable[[_Step, Plain, Plain], bool]] = {
    (_ACTIVE, _SUSPENDED): _lift_again,
    (_SUSPENDED, _ACTIVE): _suspend_again,
    (_ACTIVE, _CANCELLED): _resume,
    (_SUSPENDED, _CANCELLED): _resume,
    (_CANCELLED, _ACTIVE): _cancel_again,
}
_STEPS: dict[str, Callable[[_Step, Plain, Plain], Iterator[tuple[str, bool]]]] = {
    "state": _state_back,
    "way": _way_back,
    "terms": _terms_back,
    "his": _his_back,
}
