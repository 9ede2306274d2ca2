"""Routers, their pools and sites: saved, frozen, asked for a pass, allowed to cut."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeVar

from django.db import models, transaction

from caudal.apps.clock import jobs
from caudal.apps.customers.actions import zones
from caudal.apps.customers.models import Zone
from caudal.apps.network.actions.connections import mark_dirty
from caudal.apps.network.actions.hurry import hurry
from caudal.apps.network.errors import NetworkCode, NetworkError
from caudal.apps.network.models import Pool, Router, Site, SyncPass
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import OLD_SECRET, record, snapshot
from caudal.core.addressing import AddressError, ip_interface_address, parse_network

Row = TypeVar("Row", bound=models.Model)

REACH = (
    "driver", "host", "port", "tls", "username", "password", "private_key", "host_key", "is_active",
)  # fmt: skip
"""Fields whose change is a reason to try at once whatever failed before."""
SECRETS = ("password", "private_key")
ROUTER_FIELDS = [
    "name", "site_id", "driver", "host", "port", "tls", "username", "password", "blocked_list",
    "private_key", "lan_interface", "pcq_queues", "host_key", "only_customers", "is_active",
    "alarm_after_hours", "ssh_port",
]  # fmt: skip
POOL_FIELDS = ["router_id", "name", "network", "gateway", "first", "last", "excluded"]
SITE_FIELDS = [
    "name", "latitude", "longitude", "radius_m", "contact", "contact_phone", "notes",
]  # fmt: skip


@transaction.atomic
def save_router(
    *, actor: Actor, now: datetime, router: Router, zones: Iterable[Zone] = ()
) -> Router:
    """Store a new or edited router; an empty password or key keeps the one it has."""
    old = Router.objects.select_for_update().filter(pk=router.pk).first()
    before = snapshot(old, ROUTER_FIELDS) if old else {}
    if old:
        router.password = router.password or old.password
        router.private_key = router.private_key or old.private_key
        other = (name for name in SECRETS if getattr(old, name) != getattr(router, name))
        before |= dict.fromkeys(other, OLD_SECRET)
    changed = old is None or any(getattr(old, name) != getattr(router, name) for name in REACH)
    if changed:
        router.failures, router.retry_at, router.last_error = 0, None, ""
    router.save()
    router.zones.set(zones)
    record(
        actor,
        "router.save",
        router,
        now=now,
        before=before,
        after=snapshot(router, ROUTER_FIELDS),
    )
    mark_dirty(router, now)
    jobs.wake()
    return router


@transaction.atomic
def save_pool(*, actor: Actor, now: datetime, pool: Pool) -> Pool:
    """Store a new or edited pool. Raises NetworkError where it does not make sense."""
    _require_sound(pool)
    return _save(actor, "pool.save", pool, now, POOL_FIELDS)


@transaction.atomic
def save_zone(*, actor: Actor, now: datetime, zone: Zone, routers: Iterable[Router]) -> Zone:
    """Store a zone together with the routers that serve it. Raises RuleError."""
    zones.save_zone(actor=actor, now=now, zone=zone)
    before = {"routers": sorted(zone.routers.values_list("name", flat=True))}
    zone.routers.set(routers)
    after = {"routers": sorted(zone.routers.values_list("name", flat=True))}
    record(actor, "zone.routers", zone, now=now, before=before, after=after)
    return zone


@transaction.atomic
def save_site(*, actor: Actor, now: datetime, site: Site) -> Site:
    return _save(actor, "site.save", site, now, SITE_FIELDS)


@transaction.atomic
def freeze(*, actor: Actor, now: datetime, router: Router) -> None:
    """The kill switch: from now on the router is read and never written."""
    _set_frozen(actor, "router.freeze", router, now, True)


@transaction.atomic
def unfreeze(*, actor: Actor, now: datetime, router: Router) -> None:
    """Write again: what waited is done at the next pass, under the usual brakes."""
    _set_frozen(actor, "router.unfreeze", router, now, False)
    hurry(Router.objects.filter(pk=router.pk), now)


@transaction.atomic
def request_pass(*, actor: Actor, now: datetime, router: Router, kind: str) -> None:
    """Ask the worker for a reading, a dry run or an application; see Router.Request.

    Raises NetworkError where the router's API is off.
    """
    router.refresh_from_db()
    if not router.is_active:
        raise NetworkError(NetworkCode.ROUTER_OFF, router=router.name)
    _ask(router, kind, actor, now)


@transaction.atomic
def approve_cuts(
    *, actor: Actor, now: datetime, router: Router, sync_pass: SyncPass, count: int
) -> None:
    """A person read the list of a braked pass and typed its count: exactly those may be cut.

    Raises NetworkError where the pass is not the newest that was braked, or the count is another.
    """
    braked = router.passes.filter(outcome=SyncPass.Outcome.BRAKED).first()
    if braked is None or braked != sync_pass or braked.approved_by:
        raise NetworkError(NetworkCode.NOT_BRAKED)
    if count != braked.brake_count:
        raise NetworkError(NetworkCode.WRONG_COUNT, "count")
    braked.approved_by = actor.name
    braked.save(update_fields=["approved_by"])
    record(actor, "router.approve_cuts", router, now=now, after={"count": count})
    _ask(router, Router.Request.APPLY, actor, now)


@transaction.atomic
def accept_serial(*, actor: Actor, now: datetime, router: Router) -> None:
    """The router was replaced on purpose: trust the one that answers now. Raises NetworkError."""
    router.refresh_from_db()
    if not router.found_serial:
        raise NetworkError(NetworkCode.NO_NEW_SERIAL)
    before = {"serial": router.serial}
    router.serial, router.found_serial = router.found_serial, ""
    router.owned_rows = 0
    router.save(update_fields=["serial", "found_serial", "owned_rows"])
    after = {"serial": router.serial}
    record(actor, "router.accept_serial", router, now=now, before=before, after=after)
    _ask(router, Router.Request.APPLY, actor, now)


def _ask(router: Router, kind: str, actor: Actor, now: datetime) -> None:
    router.requested, router.requested_by, router.requested_at = kind, actor.name, now
    router.save(update_fields=["requested", "requested_by", "requested_at"])
    jobs.wake()


def _set_frozen(actor: Actor, verb: str, router: Router, now: datetime, frozen: bool) -> None:
    before = {"is_frozen": router.is_frozen}
    router.is_frozen = frozen
    router.save(update_fields=["is_frozen"])
    record(actor, verb, router, now=now, before=before, after={"is_frozen": frozen})


def _save(actor: Actor, verb: str, row: Row, now: datetime, fields: list[str]) -> Row:
    old = type(row)._default_manager.filter(pk=row.pk).first()
    before: dict[str, Any] = snapshot(old, fields) if old else {}
    row.save()
    record(actor, verb, row, now=now, before=before, after=snapshot(row, fields))
    return row


def _require_sound(pool: Pool) -> None:
    try:
        network = parse_network(pool.network)
    except AddressError as error:
        raise NetworkError(error.fault, "network", text=error.text) from None
    for field in ("gateway", "first", "last"):
        text = getattr(pool, field)
        if text and ip_interface_address(text) not in network:
            names = {"address": text, "network": pool.network}
            raise NetworkError(NetworkCode.OUTSIDE_NETWORK, field, **names)
    try:
        pool.addresses()
    except AddressError as error:
        field = "excluded" if pool.excluded and error.text in pool.excluded else "first"
        raise NetworkError(error.fault, field, text=error.text) from None
