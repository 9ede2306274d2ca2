"""Taking the rows of one customer over, through the actions that the screens use."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from caudal.apps.bulk.acts import Context, Done
from caudal.apps.customers import actions as customers
from caudal.apps.customers.contacts import as_contacts
from caudal.apps.customers.models import Customer, ServiceState
from caudal.apps.desk import actions as desk
from caudal.apps.desk.bulk.subject import today_of
from caudal.apps.network import actions as network
from caudal.apps.network.actions import free_addresses
from caudal.apps.network.models import Connection, Pool, Router
from caudal.apps.network.ways import needs_address
from caudal.apps.updates import errors  # noqa: F401 - its sentences
from caudal.apps.updates.checking import values_of
from caudal.apps.updates.columns import FileColumn, Part, columns_in
from caudal.apps.updates.differences import (
    Difference,
    check,
    compare,
    in_words,
    person_data,
    wanted_router,
    wanted_technology,
)
from caudal.apps.updates.held import Held, people
from caudal.apps.updates.known import Known
from caudal.apps.updates.models import Update, UpdateRow
from caudal.apps.updates.settling import holders_of, keeper_rows, wanted_by
from caudal.apps.updates.together import Lent, exchanging, require_visible
from caudal.apps.updates.undoing import Plain, kept_of, set_tags_named
from caudal.core.addressing import ip_interface_address
from caudal.core.errors import RuleError
from caudal.web.errors import explain

Outcome = UpdateRow.Outcome


@dataclass(frozen=True, slots=True)
class Deed:
    """Whose rows, on whose behalf and on which day."""

    context: Context
    today: date
    columns: Mapping[str, FileColumn]
    known: Known
    lent: Lent = field(default_factory=Lent)


@dataclass(frozen=True, slots=True)
class Changed:
    """A row, whom it is about as he stands now, and what it changes."""

    row: UpdateRow
    held: Held
    found: Difference


def take_over(context: Context, customer: Customer) -> Done:
    """What the file's rows say of him, exactly as the preview showed it. RuleError: not any more.

    Rows that must give something up to his, as in a swap of addresses, are taken over with them,
    or none is. All differences are told before the first is written.
    """
    update = Update.objects.select_related("created_by__role").get(pk=context.options["update"])
    every = columns_in(update.mapping, update.known_by, context.bulk.requested_by)
    rows = _done_before(update, customer, context)
    if not rows:
        known = Known.now(context.bulk.requested_by, month_first=bool(update.month_first))
        deed = Deed(context, today_of(context, customer), every, known)
        parts, is_swap = _with_partners(update, customer, deed)
        _write_all(parts, is_swap, deed)
        rows = [part.row for part in parts if part.row.customer_id == customer.pk]
    if not rows:
        raise RuleError("as-it-was")
    keys = [key for row in rows for key in json.loads(row.kept)["keys"]]
    said = ", ".join(dict.fromkeys(str(every[key].label) for key in keys))
    return Done(said, {"rows": [row.pk for row in rows]})


def _done_before(update: Update, customer: Customer, context: Context) -> list[UpdateRow]:
    """His rows, where they were taken over with those of somebody before him in the act."""
    rows = update.rows.filter(customer=customer, outcome=Outcome.DONE).order_by("line")
    return [row for row in rows if row.kept and json.loads(row.kept).get("act") == context.bulk.pk]


def _with_partners(update: Update, customer: Customer, deed: Deed) -> tuple[list[Changed], bool]:
    """His rows and all that must give something up to them, to those, and so on; and whether
    anything is given up at all."""
    waiting, is_swap = _parts(update, customer, deed), False
    parts = {part.row.pk: part for part in waiting}
    while waiting:
        asked = (each for part in waiting for _key, each in wanted_by(part.found, part.held))
        keepers = {holder.keeper for holder in holders_of(asked).values()}
        givers = {row.pk: row for _keeper, row in keeper_rows(update, keepers, selected=True)}
        is_swap = is_swap or bool(givers)
        waiting = []
        for partner in _people(givers, parts, deed):
            waiting += _partner_parts(update, partner, deed)
        parts |= {part.row.pk: part for part in waiting}
    return list(parts.values()), is_swap


def _people(
    givers: Mapping[int, UpdateRow], parts: Mapping[int, Changed], deed: Deed
) -> Iterable[Customer]:
    """Whose rows are still to be looked at. Raises RuleError for who is not to be seen."""
    keys = {row.customer_id or 0 for pk, row in givers.items() if pk not in parts}
    require_visible(deed.context.bulk.requested_by, keys)
    return Customer.objects.filter(pk__in=keys)


def _partner_parts(update: Update, partner: Customer, deed: Deed) -> list[Changed]:
    try:
        return _parts(update, partner, deed)
    except RuleError as error:
        raise RuleError("partner-left", name=partner.name, why=explain(error)) from error


def _parts(update: Update, customer: Customer, deed: Deed) -> list[Changed]:
    every = deed.columns
    keys = [key for key in update.mapping if key in every and key not in update.left_out]
    rows = _rows(update, customer)
    return [Changed(row, *_difference(update, row, deed, keys)) for row in rows]


def _write_all(parts: Sequence[Changed], is_swap: bool, deed: Deed) -> None:
    before = [kept_of(part.held, part.found, deed.columns) for part in parts]
    with exchanging([part.held for part in parts], is_swap) as lent:
        for part in parts:
            today = today_of(deed.context, part.held.customer)
            _write(part.held, part.found, replace(deed, lent=lent, today=today))
    keys = [part.row.pk for part in parts]
    for part, was in zip(parts, before, strict=True):
        after = kept_of(_again(part.held), part.found, deed.columns)
        _keep(part, was, after, keys if is_swap else [part.row.pk], deed)


def _keep(part: Changed, before: Plain, after: Plain, group: list[int], deed: Deed) -> None:
    """What the undo of the row needs."""
    row = part.row
    row.kept = json.dumps(
        {
            "before": before,
            "after": after,
            "service": row.service_id,
            "at": deed.context.now.isoformat(),
            "act": deed.context.bulk.pk,
            "keys": list(part.found.changes),
            "with": group,
        }
    )
    row.outcome, row.cells = Outcome.DONE, ""
    row.save(update_fields=["kept", "outcome", "cells"])


def _again(held: Held) -> Held:
    """The same, as it stands after it was written."""
    pk = held.customer.pk
    person = people(Customer.objects.filter(pk=pk))[pk]
    own = held.service.pk if held.service else None
    return Held(person, next((row for row in person.services if row.pk == own), None))


def _rows(update: Update, customer: Customer) -> list[UpdateRow]:
    chosen = update.rows.filter(customer=customer, outcome=Outcome.CHANGED, selected=True)
    return list(chosen.order_by("line"))


def _difference(
    update: Update, row: UpdateRow, deed: Deed, keys: Iterable[str]
) -> tuple[Held, Difference]:
    """As it stands now. Raises RuleError where that is not what was shown."""
    wanted = list(keys)
    pk = row.customer_id or 0
    person = people(Customer.objects.filter(pk=pk))[pk]
    service = next((each for each in person.services if each.pk == row.service_id), None)
    held = Held(person, service)
    taken = [deed.columns[key] for key in wanted]
    found = compare(values_of(update, row), held, deed.known, taken, empties=update.empties)
    check(found, held, deed.context.bulk.requested_by, deed.columns)
    if found.problems:
        raise RuleError("not-to-be-taken", why=found.problems[0][1])
    shown = {key: pair for key, *pair in row.changes if key in wanted}
    now = {key: pair for key, *pair in in_words(found, deed.columns) if key in wanted}
    if now != shown:
        raise RuleError("changed-since-shown")
    return held, found


def _write(held: Held, found: Difference, deed: Deed) -> None:
    """The person first and the state last, but that who comes back comes back before."""
    steps = [
        _write_person,
        _write_tags,
        _write_custom,
        _write_day,
        _write_terms,
        _write_access,
        _write_state,
    ]
    if found.changes.get("state", ("",))[0] == ServiceState.CANCELLED:
        steps = [_write_state, *steps[:-1]]
    for step in steps:
        step(held, found, deed)


def _of(found: Difference, deed: Deed, part: Part) -> dict[str, Any]:
    """Name of the field -> new value, of one part."""
    return {
        deed.columns[key].name: after
        for key, (_before, after) in found.changes.items()
        if deed.columns[key].part is part
    }


def _write_person(held: Held, found: Difference, deed: Deed) -> None:
    data, lists = person_data(found, deed.columns), _of(found, deed, Part.CONTACTS)
    contacts = None
    if lists:
        both = {kind: lists.get(kind, held.contacts(kind)) for kind in ("phone", "email")}
        contacts = as_contacts(both["phone"], both["email"])
    if data or contacts is not None:
        customers.edit_customer(
            actor=deed.context.actor, now=deed.context.now, customer=held.customer, data=data,
            contacts=contacts, lent=deed.lent.customers,
        )  # fmt: skip


def _write_custom(held: Held, found: Difference, deed: Deed) -> None:
    values = {
        deed.columns[key].custom: after
        for key, (_before, after) in found.changes.items()
        if deed.columns[key].part is Part.CUSTOM
    }
    if values:
        customers.set_fields(
            actor=deed.context.actor, now=deed.context.now, customer=held.customer, values=values
        )


def _write_tags(held: Held, found: Difference, deed: Deed) -> None:
    if "tags" in found.changes:
        set_tags_named(deed.context, held.customer, found.after("tags"))


def _write_day(held: Held, found: Difference, deed: Deed) -> None:
    if "payment_day" in found.changes:
        customers.set_payment_day(
            actor=deed.context.actor, now=deed.context.now, customer=held.customer,
            payment_day=found.after("payment_day"),
        )  # fmt: skip


def _write_terms(held: Held, found: Difference, deed: Deed) -> None:
    terms = _of(found, deed, Part.TERMS)
    if not terms or held.service is None:
        return
    plan = terms.get("plan", held.service.plan)
    price = terms.get("price")
    change = desk.change_terms(
        actor=deed.context.actor, now=deed.context.now, today=deed.today, service=held.service,
        plan=plan, price=None if price in (None, plan.price) else price,
    )  # fmt: skip
    if change is not None and change.on > deed.today and "technology" in found.follows:
        raise RuleError("technology-waits", day=change.on)
    held.service.refresh_from_db()


def _write_access(held: Held, found: Difference, deed: Deed) -> None:
    deed.lent.restore(held)
    data = _of(found, deed, Part.ACCESS)
    moves = "router" in data or "technology" in found.follows
    if held.service is None or not (data or moves):
        return
    if held.connection is None:
        _connect(held, data, found, deed)
    elif moves:
        _move(held.connection, held, data, found, deed)
    else:
        if data.get("address"):
            data["pool"] = deed.known.pool(held.connection.router, data["address"])
        network.edit_connection(
            actor=deed.context.actor, now=deed.context.now, connection=held.connection,
            lent=deed.lent.ways, **data,
        )  # fmt: skip


def _connect(held: Held, data: dict[str, Any], found: Difference, deed: Deed) -> None:
    assert held.service is not None
    router = data.pop("router")
    technology = wanted_technology(found, held)
    address = data.get("address")
    pool = deed.known.pool(router, address) if address else _first_pool(router, technology, deed)
    network.connect(
        actor=deed.context.actor, now=deed.context.now, service=held.service, router=router,
        technology=technology, pool=pool, **{name: value for name, value in data.items() if value},
    )  # fmt: skip


def _first_pool(router: Router, technology: str, deed: Deed) -> Pool | None:
    pools = deed.known.pools.get(router.pk, [])
    return pools[0] if pools and needs_address(technology) else None


def _move(
    connection: Connection, held: Held, data: dict[str, Any], found: Difference, deed: Deed
) -> None:
    """To another router, or into another technology: his own address where it can be had there."""
    router, technology = wanted_router(found, held), wanted_technology(found, held)
    data |= {"router": router, "technology": technology}
    if "address" not in data:
        data["address"] = _kept_address(connection, router, technology, deed)
    if data["address"]:
        data["pool"] = deed.known.pool(router, data["address"])
    network.move(
        actor=deed.context.actor, now=deed.context.now, connection=connection,
        lent=deed.lent.ways, **data,
    )  # fmt: skip


def _kept_address(
    connection: Connection, router: Router, technology: str, deed: Deed
) -> str | None:
    """His own where the router has it free, else the first free one of its first pool."""
    held = connection.address
    if held and _fits(held, connection, router, deed):
        return held
    pools = deed.known.pools.get(router.pk, [])
    if not (held or needs_address(technology)):
        return None
    if not pools:
        raise RuleError("no-pool-there", router=router.name)
    free = free_addresses(pools[0], 1)
    if not free:
        raise RuleError("no-pool-there", router=router.name)
    return str(free[0])


def _fits(address: str, connection: Connection, router: Router, deed: Deed) -> bool:
    others = router.connections.live().filter(address=address).exclude(pk=connection.pk)
    wanted = ip_interface_address(address)
    pools = deed.known.pools.get(router.pk, [])
    inside = any(wanted in pool.addresses() for pool in pools) or not pools
    return inside and not others.exists()


def _write_state(held: Held, found: Difference, deed: Deed) -> None:
    service = held.service
    if service is None or "state" not in found.changes:
        return
    before, after = found.changes["state"]
    given: dict[str, Any] = {
        "actor": deed.context.actor, "now": deed.context.now, "service": service
    }  # fmt: skip
    note = _("Update by file")
    if after == ServiceState.SUSPENDED:
        customers.suspend(today=deed.today, reason="manual", note=note, **given)
    elif after == ServiceState.CANCELLED:
        last = max(deed.today, service.started_on)
        desk.end_service(today=deed.today, last_day=last, reason=note, **given)
    elif before == ServiceState.SUSPENDED:
        reasons = [row["reason"] for row in customers.reasons_of(service)]
        desk.restore(today=deed.today, reasons=reasons, drop_promise=False, note=note, **given)
    elif before == ServiceState.PENDING:
        customers.activate(started_on=deed.today, **given)
    else:
        desk.resume_service(today=deed.today, started_on=deed.today, **given)
    held.service.refresh_from_db()  # type: ignore[union-attr]
