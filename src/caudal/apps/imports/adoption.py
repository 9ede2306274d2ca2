"""A living router read into rows: who each access belongs to, and its adoption on approval."""

import json
import re
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from caudal.apps.catalog.models import Plan, Technology
from caudal.apps.clock import jobs
from caudal.apps.customers.models import Service, ServiceState
from caudal.apps.imports.models import ImportRow, ImportRun, Origin
from caudal.apps.imports.options import Options
from caudal.apps.imports.records import Problem, Record, read_record
from caudal.apps.imports.take import problems_of, take
from caudal.apps.imports.taking import Refused, Taken, Taking
from caudal.apps.network import actions as network
from caudal.apps.network.models import Connection, Router
from caudal.apps.network.sync import candidates
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record as write_journal
from caudal.core.access import Speed
from caudal.core.errors import RuleError
from caudal.core.ports.access import Candidate
from caudal.core.ports.importer import Field, Values
from caudal.core.text import fold, key

HEADER = [
    Field.SERVICE_KEY, Field.NAME, Field.USERNAME, Field.PASSWORD, Field.IP_ADDRESS,
    Field.LOCAL_ADDRESS, Field.MAC, Field.PLAN, Field.STATE, Field.ROUTER, Field.PHONES,
    Field.NOTES,
]  # fmt: skip
_PHONE = re.compile(r"\+?\d[\d ()\-]{7,}\d")


def source_of(router: Router) -> str:
    """Under which its rows are remembered; a file of another system has another name."""
    return f"router-{router.pk}"


def open_router(*, actor: Actor, now: datetime, router: Router, options: Options) -> ImportRun:
    """Read the router and keep what it holds that is not ours, for review. Writes nothing on it.

    Raises core.ports.access.AccessError.
    """
    found = candidates(router)
    plans = list(Plan.objects.all())
    return _keep(actor, now, router, options, [_cells(one, router, plans) for one in found])


@transaction.atomic
def _keep(
    actor: Actor, now: datetime, router: Router, options: Options, rows: list[list[str]]
) -> ImportRun:
    run = ImportRun.objects.create(
        kind=ImportRun.Kind.ROUTER,
        source=source_of(router),
        router=router,
        filename=router.name,
        header=[str(meaning) for meaning in HEADER],
        mapping=[str(meaning) for meaning in HEADER],
        options=options.plain(),
        status=ImportRun.Status.MAPPING,
        created_at=now,
        created_by=actor.user,
        actor_name=actor.name,
    )
    ImportRow.objects.bulk_create(
        ImportRow(run=run, line=number, cells=json.dumps(cells, ensure_ascii=False))
        for number, cells in enumerate(rows, 1)
    )
    write_journal(actor, "imports.open_router", run, now=now, after={"rows": len(rows)})
    jobs.wake()
    return run


def _cells(one: Candidate, router: Router, plans: list[Plan]) -> list[str]:
    access = one.access
    phones = _PHONE.search(one.comment)
    values: Values = {
        Field.SERVICE_KEY: f"{access.kind}:{access.name}",
        Field.NAME: one.person or access.label or access.name,
        Field.USERNAME: access.name,
        Field.PASSWORD: access.password,
        Field.IP_ADDRESS: access.address,
        Field.LOCAL_ADDRESS: access.local_address,
        Field.MAC: access.mac,
        Field.PLAN: _plan_name(one, plans),
        Field.STATE: "suspendido" if access.suspended else "activo",
        Field.ROUTER: router.name,
        Field.PHONES: phones[0].strip() if phones else "",
        Field.NOTES: one.comment,
    }
    return [values[meaning] for meaning in HEADER]


def _plan_name(one: Candidate, plans: list[Plan]) -> str:
    """The plan with this speed, or how a new one would be called."""
    access = one.access
    down, up = access.speed.down_bps // 1000, access.speed.up_bps // 1000
    same = [
        plan
        for plan in plans
        if plan.technology == str(access.kind) and (plan.down_kbps, plan.up_kbps) == (down, up)
    ]
    named = [plan for plan in same if key(access.profile) in (key(plan.profile), key(plan.name))]
    if named or same:
        return (named or same)[0].name
    return _new_name(access.profile, access.speed, str(access.kind))


def _new_name(profile: str, speed: Speed, technology: str) -> str:
    down, up = speed.down_bps // 1000, speed.up_bps // 1000
    rate = f"{_short(down)}/{_short(up)}" if down and up else ""
    if technology == Technology.PPPOE and profile and not profile.startswith("default"):
        return f"{profile} {rate}".strip() if not re.search(r"\d\s*[kmgKMG]", profile) else profile
    return rate


def _short(kbps: int) -> str:
    return f"{kbps // 1000}M" if kbps % 1000 == 0 else f"{kbps}k"


@dataclass(frozen=True, slots=True)
class Match:
    """A service of ours that the row seems to be, and what tells so."""

    service: Service
    by: str


def match(record: Record, router: Router) -> Match | None:
    """By user, by address, and by the name of a customer who has no router yet."""
    live = Connection.objects.live().filter(router=router)
    rows = live.select_related("service__customer", "service__plan")
    if held := rows.filter(username=record.username).first():
        return Match(held.service, "user")
    if record.address and (held := rows.filter(address=record.address).first()):
        return Match(held.service, "address")
    return _by_name(record)


def _by_name(record: Record) -> Match | None:
    words = fold(record.name).split()
    if len(words) < 2:
        return None
    waiting = Service.objects.exclude(state=ServiceState.CANCELLED).filter(connection=None)
    for word in words:
        waiting = waiting.filter(customer__search_text__contains=word)
    found = list(waiting.select_related("customer", "plan")[:2])
    return Match(found[0], "name") if len(found) == 1 else None


def adopt_or_take(values: Values, router: Router, taking: Taking) -> Taken:
    """Whom we know adopts the row; anybody else comes in as a new customer. Raises Refused."""
    record = read_record(values)
    if record.is_wrong:
        raise Refused(record.problems)
    found = match(record, router)
    if found is None:
        return take(values, taking)
    try:
        return adopt(record, found, router, taking)
    except (ValidationError, RuleError) as error:
        raise Refused([*record.problems, *problems_of(error)]) from error


def adopt(record: Record, found: Match, router: Router, taking: Taking) -> Taken:
    """The service takes over the row: at its next pass the router's row becomes as ours says."""
    words = {
        "user": _("Same user as %(name)s (%(code)s)."),
        "address": _("Same address as %(name)s (%(code)s); the row is renamed."),
        "name": _("Same name as %(name)s (%(code)s), who has no router yet."),
    }
    customer = found.service.customer
    names = {"name": customer.name, "code": customer.code}
    notes = [Problem(Field.USERNAME, words[found.by] % names, stops=False)]
    connection = Connection.objects.live().filter(service=found.service).first()
    if connection is None:
        connection = _connect(record, found.service, router, taking)
        changes = [[Field.ROUTER.value, "", router.name]]
        plan = ImportRow.Plan.CHANGED
    else:
        changes = _differences(record, connection)
        plan = ImportRow.Plan.SAME if connection.adopt else ImportRow.Plan.CHANGED
        network.edit_connection(
            actor=taking.actor, now=taking.now, connection=connection, adopt=True
        )
    Origin.objects.update_or_create(
        source=taking.source,
        key=record.key,
        defaults={"customer": customer, "service": found.service},
    )
    return Taken(plan, changes, [*record.problems, *notes], customer, found.service)


def _connect(record: Record, service: Service, router: Router, taking: Taking) -> Connection:
    technology = Technology.PPPOE if record.password else Technology.SIMPLE_QUEUE
    if service.plan.technology not in (technology, Technology.UNMANAGED):
        text = _("The plan %(plan)s is not given that way.") % {"plan": service.plan}
        raise Refused([*record.problems, Problem(Field.PLAN, text)])
    return network.connect(
        actor=taking.actor,
        now=taking.now,
        service=service,
        router=router,
        technology=technology,
        username=record.username,
        password=record.password,
        address=record.address or None,
        pool=taking.lookups.pool(router, record.address),
        local_address=record.local_address or None,
        mac=record.mac,
        dynamic=not record.address,
        adopt=True,
    )


def _differences(record: Record, connection: Connection) -> list[list[str]]:
    """What the router's row would change to: [meaning, there, ours]."""
    plan = connection.service.plan.name
    pairs = [
        (Field.USERNAME, record.username, connection.username),
        (Field.IP_ADDRESS, record.address, connection.address or ""),
        (Field.PLAN, record.plan, plan if record.plan else ""),
    ]
    found = [[m.value, there, ours] for m, there, ours in pairs if key(there) != key(ours)]
    if record.password and record.password != connection.password:
        found.append([Field.PASSWORD.value, "•••", "•••"])
    return found
