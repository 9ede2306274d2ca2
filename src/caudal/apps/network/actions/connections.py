"""How a service is given: connected, edited, moved, released and given back."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from caudal.apps.catalog.models import Technology
from caudal.apps.customers.actions import touch
from caudal.apps.customers.models import Customer, Service
from caudal.apps.network.actions.addresses import (
    free_addresses,
    holder_of,
    note_address,
    plain_address,
    require_inside,
)
from caudal.apps.network.credentials import (
    default_username,
    normal_mac,
    plain_password,
    plain_username,
    random_password,
)
from caudal.apps.network.errors import NetworkCode, NetworkError
from caudal.apps.network.models import Connection, Pool, Router
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record, snapshot
from caudal.core.text import fold

JOURNAL_FIELDS = [
    "router_id",
    "technology",
    "username",
    "password",
    "address",
    "pool_id",
    "local_address",
    "mac",
    "bind_mac",
    "released_at",
]
EDITABLE = frozenset(
    {"username", "password", "address", "pool", "local_address", "mac", "bind_mac", "adopt"}
)
OLD_SECRET = "••••"
"""Stands in the journal for a password that was changed; the present one is `journal.SECRET`."""
MOVABLE = EDITABLE | {"router", "technology"}


@transaction.atomic
def connect(
    *,
    actor: Actor,
    now: datetime,
    service: Service,
    router: Router,
    technology: str,
    username: str = "",
    password: str = "",
    address: str | None = None,
    pool: Pool | None = None,
    local_address: str | None = None,
    mac: str = "",
    bind_mac: bool = False,
    dynamic: bool = False,
    adopt: bool = False,
) -> Connection:
    """Give the service through this router; the router learns of it at its next pass.

    An empty user or password is made up. An empty address takes the first free one of `pool`,
    unless `dynamic`: then the router gives one from its own pool of that name (PPPoE only).
    `adopt` allows to take over an unmarked row of that name. Raises NetworkError.
    """
    Service.objects.select_for_update().get(pk=service.pk)
    held = Connection.objects.filter(service=service).select_related("router").first()
    if held and held.released_at is None:
        raise NetworkError(NetworkCode.ALREADY_CONNECTED, "router", router=held.router.name)
    connection = held or Connection(service=service)
    connection.service = service
    if held and held.router_id != router.pk:
        mark_dirty(held.router, now)
    before = snapshot(connection, JOURNAL_FIELDS) if held else {}
    values = {
        "router": router,
        "technology": technology,
        "username": username,
        "password": password,
        "address": address,
        "pool": pool,
        "local_address": local_address,
        "mac": mac,
        "bind_mac": bind_mac,
        "adopt": adopt,
        "released_at": None,
    }
    _set(connection, values)
    _take_free_address(connection, dynamic)
    _write(actor, "connection.connect", connection, now, before)
    return connection


@transaction.atomic
def edit_connection(
    *, actor: Actor, now: datetime, connection: Connection, **changes: Any
) -> Connection:
    """Change user, password, address, pool, local address, MAC or its binding, on the same router.

    Raises NetworkError.
    """
    return _change(actor, "connection.edit", connection, now, changes, EDITABLE)


@transaction.atomic
def move(*, actor: Actor, now: datetime, connection: Connection, **changes: Any) -> Connection:
    """Another router or technology, with what else changes on the way (address, pool, user ...).

    One customer, one router at a time (WH-118, WH-119): the old router is marked, and the pass
    over it removes what it still holds. Raises NetworkError.
    """
    old = connection.router
    same = changes.get("router", old) == old
    if not same and "pool" not in changes:
        changes["pool"] = None
    moved = _change(actor, "connection.move", connection, now, changes, MOVABLE)
    if not same:
        mark_dirty(old, now)
        moved.sync, moved.online_since, moved.last_error = Connection.Sync.PENDING, None, ""
        moved.drift, moved.verified_at = [], None
        moved.save(update_fields=["sync", "online_since", "last_error", "drift", "verified_at"])
    return moved


@transaction.atomic
def release(*, actor: Actor, now: datetime, connection: Connection) -> None:
    """Free address and user at once; the router forgets them. The history keeps who had them."""
    _lock(connection)
    if connection.released_at is not None:
        return
    before = snapshot(connection, JOURNAL_FIELDS)
    connection.released_at = now
    _write(actor, "connection.release", connection, now, before)


@transaction.atomic
def return_address(*, actor: Actor, now: datetime, connection: Connection) -> Connection:
    """A returning customer gets back what he had, if nobody has it now. Raises NetworkError."""
    _lock(connection)
    if connection.released_at is None:
        return connection
    if not connection.address and connection.technology == Technology.SIMPLE_QUEUE:
        raise NetworkError(NetworkCode.NO_ADDRESS_TO_RETURN, "address")
    before = snapshot(connection, JOURNAL_FIELDS)
    connection.released_at = None
    _write(actor, "connection.return", connection, now, before)
    return connection


def refresh_access_text(customer: Customer) -> None:
    """What the customers list finds him by: addresses, MACs and users of his live services."""
    live = Connection.objects.live().filter(service__customer=customer)
    parts = [
        part
        for row in live.order_by("pk").values_list("username", "address", "mac")
        for part in row
        if part
    ]
    customer.access_text = fold(" ".join(parts))
    Customer.objects.filter(pk=customer.pk).update(access_text=customer.access_text)


def mark_dirty(router: Router, now: datetime) -> None:
    """The router holds something that no row of its own speaks of any more."""
    Router.objects.filter(pk=router.pk, dirty_since=None).update(dirty_since=now)


def _lock(connection: Connection) -> None:
    connection.refresh_from_db(from_queryset=Connection.objects.select_for_update())


def _change(
    actor: Actor,
    verb: str,
    connection: Connection,
    now: datetime,
    changes: dict[str, Any],
    allowed: Iterable[str],
) -> Connection:
    if unknown := changes.keys() - set(allowed):
        raise TypeError(f"not to be changed here: {', '.join(sorted(unknown))}")
    _lock(connection)
    if connection.released_at is not None:
        raise NetworkError(NetworkCode.NOT_CONNECTED)
    before = snapshot(connection, JOURNAL_FIELDS)
    was_secret, was_pool = connection.password, connection.pool
    _set(connection, changes)
    if connection.pool != was_pool:
        _take_free_address(connection, dynamic=False)
    if connection.password != was_secret:
        before["password"] = OLD_SECRET
    if snapshot(connection, JOURNAL_FIELDS) != before or changes.get("adopt"):
        _write(actor, verb, connection, now, before)
    return connection


def _set(connection: Connection, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(connection, name, value)
    connection.username = plain_username(connection.username or "")
    connection.password = plain_password(connection.password or "")
    connection.mac = normal_mac(connection.mac or "")
    connection.address = plain_address(connection.address)
    connection.local_address = plain_address(connection.local_address, "local_address")


def _take_free_address(connection: Connection, dynamic: bool) -> None:
    if connection.address or connection.pool is None or dynamic:
        return
    found = free_addresses(connection.pool, 1)
    if not found:
        raise NetworkError(NetworkCode.POOL_FULL, "pool", pool=connection.pool.name)
    connection.address = found[0]


def _fill_credentials(connection: Connection) -> None:
    if not connection.username:
        customer = connection.service.customer
        stem = default_username(customer, ())
        used = Connection.objects.live().exclude(pk=connection.pk)
        taken = set(used.filter(username__startswith=stem).values_list("username", flat=True))
        connection.username = default_username(customer, taken)
    if not connection.password and connection.technology == Technology.PPPOE:
        connection.password = random_password()


def _require_fit(connection: Connection) -> None:
    """Everything that must hold of a live connection before it is written."""
    if connection.technology == Technology.UNMANAGED:
        raise NetworkError(NetworkCode.NOT_ON_A_ROUTER, "technology")
    pool = connection.pool
    if pool and pool.router_id != connection.router_id:
        names = {"pool": pool.name, "router": pool.router.name}
        raise NetworkError(NetworkCode.POOL_OF_OTHER_ROUTER, "pool", **names)
    if connection.bind_mac and not connection.mac:
        raise NetworkError(NetworkCode.MAC_NEEDED, "mac")
    if connection.address and pool:
        require_inside(connection.address, pool)
    if not connection.address and connection.technology == Technology.SIMPLE_QUEUE:
        raise NetworkError(NetworkCode.ADDRESS_NEEDED, "address")
    _require_free(connection)


def _require_free(connection: Connection) -> None:
    router, own = connection.router, connection.pk
    if connection.address and (holder := holder_of(router, connection.address, but=own)):
        raise _taken(NetworkCode.ADDRESS_TAKEN, "address", connection.address, holder)
    same = router.connections.live().filter(username=connection.username).exclude(pk=own)
    if holder := same.select_related("service__customer").first():
        raise _taken(NetworkCode.USERNAME_TAKEN, "username", connection.username, holder)


def _taken(code: NetworkCode, field: str, value: str, holder: Connection | None) -> NetworkError:
    name = str(holder.service.customer) if holder else "?"
    return NetworkError(code, field, **{field: value, "holder": name})


def _write(
    actor: Actor,
    verb: str,
    connection: Connection,
    now: datetime,
    before: dict[str, Any],
) -> None:
    if connection.released_at is None:
        _fill_credentials(connection)
        _require_fit(connection)
    connection.sync = Connection.Sync.PENDING
    connection.pending_since = connection.pending_since or now
    _save(connection)
    note_address(connection, now)
    touch([connection.service], now)
    customer = connection.service.customer
    refresh_access_text(customer)
    after = snapshot(connection, JOURNAL_FIELDS)
    record(actor, verb, connection, now=now, customer_id=customer.pk, before=before, after=after)


def _save(connection: Connection) -> None:
    """Two people may choose the same address at once: the database lets one of them through."""
    try:
        with transaction.atomic():
            connection.save()
    except IntegrityError:
        _require_free(connection)
        raise
