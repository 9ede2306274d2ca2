"""Taking over one row that was made by hand, for the service it serves."""

from datetime import datetime
from typing import Any

from caudal.apps.network import actions
from caudal.apps.network.credentials import plain_username
from caudal.apps.network.errors import NetworkCode, NetworkError
from caudal.apps.network.models import Connection, Router
from caudal.apps.network.sync.door import opened
from caudal.apps.network.sync.lease import leased
from caudal.apps.network.sync.wanted import installation_key, wanted_state
from caudal.apps.staff.actor import Actor
from caudal.core.access import Kind, Row, Wanted, address_of
from caudal.core.access.match import ours
from caudal.core.access.rows import ACCOUNTS, BLOCKS, UNREADABLE
from caudal.core.addressing import AddressError, canonical


def adopt(
    *, actor: Actor, now: datetime, router: Router, kind: str, key: str, connection: Connection
) -> Connection:
    """Let the next pass take the row over for this connection, which gets the row's user,
    password and address, so that the customer notices nothing.

    Reads the router. Raises AccessError, and NetworkError where the row is not there or not of
    the connection's kind.
    """
    with leased(router, now), opened(router) as driver:
        found = driver.read()
    rows = [row for row in found.rows if (row.kind, row.key) == (kind, key)]
    marked = {id(row) for row in ours(Wanted(installation_key()), rows)}
    row = next((row for row in rows if id(row) not in marked), None)
    if row is None or not found.complete:
        raise NetworkError(NetworkCode.ROW_NOT_SEEN)
    if connection.router_id != router.pk or row.kind not in _own_kinds(connection, router):
        raise NetworkError(NetworkCode.OTHER_TECHNOLOGY)
    changes = {"adopt": True} | _values(row)
    return actions.edit_connection(actor=actor, now=now, connection=connection, **changes)


def _own_kinds(connection: Connection, router: Router) -> set[Kind]:
    lines = (line for line in wanted_state(router) if line.pk == connection.pk)
    line = next(lines, None)
    return {kind for kind, _key in line.keys} | BLOCKS if line and line.access else set()


def _values(row: Row) -> dict[str, Any]:
    """What the customer's equipment uses today."""
    if row.kind in BLOCKS:
        return {}
    values: dict[str, Any] = {}
    if row.kind in ACCOUNTS or row.kind is Kind.QUEUE:
        values |= _username(row.key)
    password = row.attrs.get("password", "")
    if password and password != UNREADABLE:
        values["password"] = password
    address = _single(address_of(row))
    if address:
        values["address"] = address
    return values


def _username(key: str) -> dict[str, str]:
    """A name with accents cannot be ours: then the row is found by its address and renamed."""
    try:
        return {"username": plain_username(key)}
    except NetworkError:
        return {}


def _single(text: str) -> str:
    try:
        plain = canonical(text) if text else ""
    except AddressError:
        return ""
    return "" if "/" in plain or ":" in plain else plain
