"""Rows of a living router, adopted: by whom we know already, or as new customers."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from caudal.apps.catalog.models import Technology
from caudal.apps.customers.models import Service, ServiceState
from caudal.apps.imports.kept import keeping
from caudal.apps.imports.models import ImportRow, Origin
from caudal.apps.imports.records import Problem, Record
from caudal.apps.imports.take import problems_of, take
from caudal.apps.imports.taking import Refused, Taken, Taking
from caudal.apps.network import actions as network
from caudal.apps.network.models import Connection, Router
from caudal.core.errors import RuleError
from caudal.core.ports.importer import Field, Values
from caudal.core.text import fold, key


@dataclass(frozen=True, slots=True)
class Match:
    """A service of ours that the row seems to be, and what tells so."""

    service: Service
    by: str


def match(record: Record, router: Router, chosen: Service | None = None) -> Match | None:
    """Whom a person chose; else by user, by address, by the name of one who has no router yet."""
    if chosen is not None:
        return Match(chosen, "person")
    live = Connection.objects.live().filter(router=router)
    rows = live.select_related("service__customer", "service__plan")
    named = rows.filter(username=record.username) if record.username else rows.none()
    if held := named.first():
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


def adopt_or_take(
    record: Record,
    values: Values,
    router: Router,
    taking: Taking,
    chosen: Service | None = None,
) -> Taken:
    """Whom we know adopts the row; anybody else comes in as a new customer. Raises Refused."""
    if record.is_wrong:
        raise Refused(record.problems)
    found = match(record, router, chosen)
    if found is None:
        return take(record, values, taking)
    try:
        return adopt(record, found, router, taking)
    except (ValidationError, RuleError) as error:
        raise Refused([*record.problems, *problems_of(error)]) from error


def adopt(record: Record, found: Match, router: Router, taking: Taking) -> Taken:
    """The service takes over the row: at its next pass the router's row becomes as ours says."""
    words = {
        "person": _("You say it is %(name)s (%(code)s)."),
        "user": _("Same user as %(name)s (%(code)s)."),
        "address": _("Same address as %(name)s (%(code)s); the row is renamed."),
        "name": _("Same name as %(name)s (%(code)s), who has no router yet."),
    }
    customer = found.service.customer
    names = {"name": customer.name, "code": customer.code}
    notes = [Problem(Field.USERNAME, words[found.by] % names, stops=False)]
    taken = Taken(ImportRow.Plan.CHANGED, [], [*record.problems, *notes], customer, found.service)
    origins = Origin.objects.filter(source=taking.source, key=record.key)
    with keeping(taken, origins.values_list("seen", flat=True).first()):
        _take_over(taken, record, router, taking)
    origins.update_or_create(
        source=taking.source,
        key=record.key,
        defaults={"customer": customer, "service": found.service},
    )
    return taken


def _take_over(taken: Taken, record: Record, router: Router, taking: Taking) -> None:
    assert taken.service is not None  # it was found
    connection = Connection.objects.live().filter(service=taken.service).first()
    if connection is None:
        _connect(record, taken.service, router, taking)
        taken.changes = [[Field.ROUTER.value, "", router.name]]
        return
    taken.changes = _differences(record, connection)
    if connection.adopt:
        taken.plan = ImportRow.Plan.SAME
    network.edit_connection(actor=taking.actor, now=taking.now, connection=connection, adopt=True)


def _technology_of(record: Record) -> str:
    """As the reading of the router noted it in the row's key."""
    return record.key.removeprefix(f"{Field.SERVICE_KEY}:").partition(":")[0]


def _connect(record: Record, service: Service, router: Router, taking: Taking) -> Connection:
    technology = _technology_of(record)
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
        server=record.server,
        interface=record.interface,
        prefix=record.prefix,
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
