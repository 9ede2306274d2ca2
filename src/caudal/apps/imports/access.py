"""The router, user and address that a record gives to its service."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from caudal.apps.catalog.models import Technology
from caudal.apps.customers.models import Service
from caudal.apps.imports.records import Problem, Record
from caudal.apps.imports.taking import Taking
from caudal.apps.network import actions as network
from caudal.apps.network.errors import NetworkError
from caudal.apps.network.models import Connection, Router
from caudal.core.cells import State
from caudal.core.ports.importer import Field

SIGNED_IN = frozenset({Technology.PPPOE, Technology.HOTSPOT})
"""These may do without an address of their own."""


def open_access(record: Record, service: Service, taking: Taking, problems: list[Problem]) -> None:
    """Connect the new service where the row says how; without a router it waits for a person."""
    router = taking.lookups.router(record.router)
    technology = service.plan.technology
    if record.router and router is None:
        text = _("The router “%(name)s” does not exist: the service comes in without one.")
        text = text % {"name": record.router}
        problems.append(Problem(Field.ROUTER, text, stops=False))
    elif router is None and (record.username or record.address):
        text = _("No router is named, nor was one chosen: the service comes in without one.")
        problems.append(Problem(Field.ROUTER, text, stops=False))
    if router is None or technology == Technology.UNMANAGED:
        return
    if record.state is State.CANCELLED:
        _open_and_release(record, service, router, taking)
    elif technology not in SIGNED_IN and not record.address:
        text = _("Without an IP address the service comes in without a router.")
        problems.append(Problem(Field.IP_ADDRESS, text, stops=False))
    else:
        _connect(record, service, router, taking)


def _open_and_release(record: Record, service: Service, router: Router, taking: Taking) -> None:
    """The history of who held the address stays, where nobody else holds it by now."""
    if service.plan.technology not in SIGNED_IN and not record.address:
        return
    try:
        with transaction.atomic():
            connection = _connect(record, service, router, taking)
            network.release(actor=taking.actor, now=taking.now, connection=connection)
    except NetworkError:
        return


def _connect(record: Record, service: Service, router: Router, taking: Taking) -> Connection:
    """An address of none of the router's pools is refused where it has pools."""
    pool = taking.lookups.pool(router, record.address)
    pools = taking.lookups.pools.get(router.pk, [])
    if record.address and pool is None and pools:
        pool = pools[0]  # so that the refusal names it
    return network.connect(
        actor=taking.actor,
        now=taking.now,
        service=service,
        router=router,
        technology=service.plan.technology,
        username=record.username,
        password=record.password,
        address=record.address or None,
        pool=pool,
        local_address=record.local_address or None,
        mac=record.mac,
        dynamic=not record.address,
        adopt=taking.lookups.options.adopt,
        server=record.server,
        interface=record.interface,
    )


def change_access(news: Record, service: Service, taking: Taking) -> list[list[str]]:
    """Edit or move the connection where the file has come to say something else."""
    held = Connection.objects.live().filter(service=service).select_related("router").first()
    router = taking.lookups.router(news.router) if news.router else None
    if held is None:
        return []
    wanted = _differences(news, held)
    changes = [[Field(name).value, *pair] for name, pair in _shown(wanted, held).items()]
    moved = router is not None and router.pk != held.router_id
    if moved and router is not None:
        changes.append([Field.ROUTER.value, held.router.name, router.name])
        wanted["router"] = router
    if "address" in wanted:
        target = router or held.router
        wanted["pool"] = taking.lookups.pool(target, wanted["address"])
    if wanted:
        write = network.move if moved else network.edit_connection
        write(actor=taking.actor, now=taking.now, connection=held, **wanted)
    return changes


def _differences(news: Record, held: Connection) -> dict[str, Any]:
    said = {
        "username": news.username,
        "password": news.password,
        "address": news.address,
        "local_address": news.local_address,
        "mac": news.mac,
    }
    return {name: text for name, text in said.items() if text and text != getattr(held, name)}


def _shown(wanted: dict[str, Any], held: Connection) -> dict[str, tuple[str, str]]:
    meanings = {"address": Field.IP_ADDRESS}
    return {
        meanings.get(name, name): ("•••", "•••")
        if name == "password"
        else (str(getattr(held, name) or ""), str(text))
        for name, text in wanted.items()
    }
