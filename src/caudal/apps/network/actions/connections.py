"""How a service is given: connected, edited, moved, released and given back."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from caudal.apps.customers.actions import edit_customer, touch
from caudal.apps.customers.models import Customer, Service, Zone
from caudal.apps.network.actions.addresses import (
    free_addresses,
    note_address,
    plain_address,
)
from caudal.apps.network.actions.fitness import require_fit, require_free, require_sound
from caudal.apps.network.credentials import (
    default_username,
    normal_mac,
    plain_duid,
    plain_iaid,
    plain_password,
    plain_prefix,
    plain_username,
    random_password,
)
from caudal.apps.network.errors import NetworkCode, NetworkError
from caudal.apps.network.models import Connection, Pool, Router
from caudal.apps.network.ways import (
    ALL_FIELDS,
    QUEUED,
    SIGNED_IN,
    fields_of,
    needs_address,
)
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import OLD_SECRET, record, snapshot
from caudal.core import addressing
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
    "server",
    "interface",
    "prefix",
    "pool6_id",
    "duid",
    "iaid",
    "released_at",
]
EDITABLE = ALL_FIELDS | {"adopt"}
_ONLY_SOME = frozenset({"server", "interface", "prefix", "duid", "iaid"})
"""Texts that mean something in some technologies only."""
_BARE = dict.fromkeys(_ONLY_SOME, "") | {"pool6": None}
"""A new connection without any of them."""
_UNIQUE: dict[str, Any] = {"address": None, "username": "", "prefix": "", "mac": ""}
"""What two connections of a router may not both hold, and what holds nothing."""
Lent = dict[int, dict[str, Any]]
"""What connections held before they began to exchange it, by their number."""
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
    **more: Any,
) -> Connection:
    """Give the service through this router; the router learns of it at its next pass.

    An empty user or password is made up. An empty address takes the first free one of `pool`,
    unless `dynamic`: then the router gives one from its own pool of that name (PPPoE, HotSpot).
    `adopt` allows to take over an unmarked row of that name. `more`: server, interface, prefix,
    pool6, duid, iaid (see the model). Raises NetworkError.
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
    _set(connection, _BARE | values | _known(more, _BARE))
    _take_free_address(connection, dynamic)
    _write(actor, "connection.connect", connection, now, before)
    return connection


def check_connect(*, service: Service, given: Mapping[int, addressing.Pool], **values: Any) -> None:
    """Raise NetworkError where `connect` would with these values, but for what others hold.

    For previews of thousands of services that are yet to be written: asks no query. `given` is
    what the routers' pools give, as `blocks.given_by` tells it.
    """
    values.pop("dynamic", None)
    connection = Connection(service=service)
    _set(connection, _BARE | _known(values, MOVABLE | _BARE.keys()))
    require_sound(connection, given)


@transaction.atomic
def edit_connection(
    *,
    actor: Actor,
    now: datetime,
    connection: Connection,
    lent: Lent | None = None,
    **changes: Any,
) -> Connection:
    """Change any of EDITABLE, on the same router and technology; `lent` is of `exchanging`.

    Raises NetworkError.
    """
    return _change(actor, "connection.edit", connection, now, changes, EDITABLE, lent)


@transaction.atomic
def move(
    *,
    actor: Actor,
    now: datetime,
    connection: Connection,
    zone: Zone | None = None,
    lent: Lent | None = None,
    **changes: Any,
) -> Connection:
    """Another router, technology or zone, with what else changes on the way (address, user ...).

    One customer, one router at a time (WH-118, WH-119): the old router is marked, and the pass
    over it removes what it still holds. A `zone` is the customer's, `lent` is of `exchanging`.
    Raises NetworkError.
    """
    old, customer = connection.router, connection.service.customer
    if zone is not None and zone.pk != customer.zone_id:
        edit_customer(actor=actor, now=now, customer=customer, data={"zone": zone})
    same = changes.get("router", old) == old
    if not same and "pool" not in changes:
        changes["pool"] = None
    moved = _change(actor, "connection.move", connection, now, changes, MOVABLE, lent)
    if not same:
        mark_dirty(old, now)
        moved.sync, moved.online_since, moved.last_error = Connection.Sync.PENDING, None, ""
        moved.drift, moved.verified_at, moved.queue_parent = [], None, ""
        moved.save(
            update_fields=[
                "sync", "online_since", "last_error", "drift", "verified_at", "queue_parent",
            ]
        )  # fmt: skip
    return moved


@contextmanager
def exchanging(connections: Iterable[Connection]) -> Iterator[Lent]:
    """Inside, what these connections hold can be had by one another, as in a swap of addresses.

    Give what comes to `edit_connection` and `move`. Who is not changed holds in the end again what
    he held. Inside a transaction of the caller: nothing of it shows to anybody else.
    """
    rows = Connection.objects.filter(pk__in=[row.pk for row in connections])
    locked = rows.select_for_update().order_by("pk")
    lent: Lent = {row.pk: {name: getattr(row, name) for name in _UNIQUE} for row in locked}
    rows.update(**_UNIQUE)
    yield lent
    for pk, held in lent.items():
        Connection.objects.filter(pk=pk).update(**held)


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
    if not connection.address and needs_address(connection.technology):
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
    lent: Lent | None,
) -> Connection:
    _known(changes, allowed)
    _lock(connection)
    for name, value in (lent or {}).get(connection.pk, {}).items():
        setattr(connection, name, value)
    if connection.released_at is not None:
        raise NetworkError(NetworkCode.NOT_CONNECTED)
    before = snapshot(connection, JOURNAL_FIELDS)
    was_secret, was_pool, was_adopt = connection.password, connection.pool, connection.adopt
    _set(connection, changes)
    _forget_what_means_nothing(connection)
    if connection.pool != was_pool:
        _take_free_address(connection, dynamic=False)
    if connection.password != was_secret:
        before["password"] = OLD_SECRET
    is_told = changes.get("adopt") or connection.adopt != was_adopt
    if snapshot(connection, JOURNAL_FIELDS) != before or is_told:
        _write(actor, verb, connection, now, before)
        (lent or {}).pop(connection.pk, None)
    return connection


def _known(values: dict[str, Any], allowed: Iterable[str]) -> dict[str, Any]:
    if unknown := values.keys() - set(allowed):
        raise TypeError(f"not to be set here: {', '.join(sorted(unknown))}")
    return values


def _forget_what_means_nothing(connection: Connection) -> None:
    """After a change of technology: a server, a prefix or a binding of the old one would come
    back by surprise with the next change. User and password stay, for the way back."""
    known = fields_of(connection.technology)
    for name in _ONLY_SOME - known:
        setattr(connection, name, "")
    if connection.technology not in QUEUED:
        connection.queue_parent = ""
    if "pool6" not in known:
        connection.pool6 = None
    if "local_address" not in known:
        connection.local_address = None
    if "bind_mac" not in known:
        connection.bind_mac = False


def _set(connection: Connection, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(connection, name, value)
    connection.username = plain_username(connection.username or "")
    connection.password = plain_password(connection.password or "")
    connection.mac = normal_mac(connection.mac or "")
    connection.address = plain_address(connection.address)
    connection.local_address = plain_address(connection.local_address, "local_address")
    connection.prefix = plain_prefix(connection.prefix)
    connection.duid = plain_duid(connection.duid)
    connection.iaid = plain_iaid(connection.iaid)


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
    if not connection.password and connection.technology in SIGNED_IN:
        connection.password = random_password()


def _write(
    actor: Actor,
    verb: str,
    connection: Connection,
    now: datetime,
    before: dict[str, Any],
) -> None:
    if connection.released_at is None:
        _fill_credentials(connection)
        require_fit(connection)
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
        require_free(connection)
        raise
