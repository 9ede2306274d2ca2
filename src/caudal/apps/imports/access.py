"""The router, user and address that a record gives to its service."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from caudal.apps.catalog.models import Plan, Technology
from caudal.apps.customers.models import Service
from caudal.apps.imports.records import Problem, Record
from caudal.apps.imports.taking import Taking
from caudal.apps.network import actions as network
from caudal.apps.network.errors import NetworkError
from caudal.apps.network.models import Connection, Router
from caudal.apps.network.ways import WITH_PREFIX
from caudal.core.cells import State
from caudal.core.ports.importer import Field

SIGNED_IN = frozenset({Technology.PPPOE, Technology.HOTSPOT})
"""These may do without an address of their own."""


Way = dict[str, Any]
"""What `network.connect` takes of how a service is given, but the service."""


def way_of(record: Record, plan: Plan, taking: Taking, problems: list[Problem]) -> Way | None:
    """How the row says that a new service is given; None: it waits for a person."""
    router = taking.lookups.router(record.router)
    if record.router and router is None:
        text = _("The router “%(name)s” does not exist: the service comes in without one.")
        text = text % {"name": record.router}
        problems.append(Problem(Field.ROUTER, text, stops=False))
    elif router is None and (record.username or record.address):
        text = _("No router is named, nor was one chosen: the service comes in without one.")
        problems.append(Problem(Field.ROUTER, text, stops=False))
    if router is None or plan.technology == Technology.UNMANAGED:
        return None
    if plan.technology in SIGNED_IN or record.address:
        return _way(record, plan.technology, router, taking)
    if record.state is not State.CANCELLED:
        text = _("Without an IP address the service comes in without a router.")
        problems.append(Problem(Field.IP_ADDRESS, text, stops=False))
    return None


def open_access(record: Record, service: Service, way: Way, taking: Taking) -> None:
    """Connect the new service. Of who is cancelled the history of what he held stays, where
    nobody else holds it by now."""
    given: dict[str, Any] = {"actor": taking.actor, "now": taking.now}
    if record.state is not State.CANCELLED:
        network.connect(service=service, **way, **given)
        return
    try:
        with transaction.atomic():
            connection = network.connect(service=service, **way, **given)
            network.release(connection=connection, **given)
    except NetworkError:
        return


def check_access(record: Record, service: Service, way: Way, taking: Taking) -> None:
    """Raise NetworkError where `open_access` would, of what nobody else holds."""
    if record.state is not State.CANCELLED:
        network.check_connect(service=service, given=taking.present.given, **way)


def _way(record: Record, technology: str, router: Router, taking: Taking) -> Way:
    """An address of none of the router's pools is refused where it has pools."""
    pool = taking.lookups.pool(router, record.address)
    pools = taking.lookups.pools.get(router.pk, [])
    if record.address and pool is None and pools:
        pool = pools[0]  # so that the refusal names it
    return {
        "router": router,
        "technology": technology,
        "username": record.username,
        "password": record.password,
        "address": record.address or None,
        "pool": pool,
        "local_address": record.local_address or None,
        "mac": record.mac,
        "dynamic": not record.address,
        "adopt": taking.lookups.options.adopt,
        "server": record.server,
        "interface": record.interface,
        "prefix": record.prefix if technology in WITH_PREFIX else "",
    }


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
