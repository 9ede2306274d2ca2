"""Which addresses are free, and the history of who held which."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import islice

from caudal.apps.network.actions.blocks import given_by
from caudal.apps.network.errors import NetworkCode, NetworkError
from caudal.apps.network.models import AddressUse, Connection, Pool, Router
from caudal.core import addressing
from caudal.core.addressing import Address, AddressError, ip_interface_address, parse_address


def free_addresses(pool: Pool, limit: int = 50) -> list[str]:
    """The lowest addresses of the pool that nobody holds, neither in rows nor on the router."""
    given = given_by([pool]).get(pool.pk)
    found = given.free(taken_addresses(pool.router)) if given else iter(())
    return [str(address) for address in islice(found, limit)]


def taken_addresses(router: Router) -> set[Address]:
    """Held by connections, by the router itself, or by rows of others seen on it."""
    return taken_on([router])[router.pk]


def taken_on(routers: Iterable[Router]) -> dict[int, set[Address]]:
    """The same for many routers, by their number, in one query."""
    seen = {
        router.pk: {*router.facts.get("addresses", []), *router.facts.get("foreign_addresses", [])}
        for router in routers
    }
    held = Connection.objects.live().filter(router__in=seen, address__isnull=False)
    for router_id, address in held.values_list("router_id", "address"):
        seen[router_id].add(address)
    return {pk: {ip_interface_address(text) for text in texts} for pk, texts in seen.items()}


def plain_address(text: str | None, field: str = "address") -> str | None:
    """One address in its usual spelling, None for nothing. Raises NetworkError."""
    if not text or not text.strip():
        return None
    try:
        return str(parse_address(text.strip().removesuffix("/32").removesuffix("/128")))
    except AddressError as error:
        raise NetworkError(error.fault, field, text=error.text) from None


def require_inside(
    address: str, pool: Pool, known: Mapping[int, addressing.Pool] | None = None
) -> None:
    """Raises NetworkError where the pool does not give this address to customers.

    `known` is what `given_by` says of this pool and others, where it has been asked already.
    """
    given = (given_by([pool]) if known is None else known).get(pool.pk)
    if given is None or ip_interface_address(address) not in given:
        raise NetworkError(NetworkCode.OUTSIDE_POOL, "address", address=address, pool=pool.name)


def holder_of(router: Router, address: str, *, but: int | None = None) -> Connection | None:
    """The live connection with this address on this router, other than the one numbered `but`."""
    held = router.connections.live().filter(address=address).exclude(pk=but or 0)
    return held.select_related("service__customer").first()


def note_address(connection: Connection, now: datetime) -> None:
    """Keep the history: close what the connection held before, open what it holds now."""
    holds = connection.address if connection.released_at is None else None
    open_uses = AddressUse.objects.filter(connection=connection, until=None)
    kept = open_uses.filter(address=holds, router=connection.router, seen=False)
    if holds and kept.exists():
        return
    if connection.released_at is None:  # a session goes on while its connection is edited
        open_uses = open_uses.exclude(seen=True, router=connection.router)
    open_uses.update(until=now)
    if holds:
        AddressUse.objects.create(
            connection=connection, router=connection.router, address=holds, since=now
        )


def note_seen_addresses(
    router: Router, began: Mapping[int, tuple[str, datetime]], ended: Iterable[int], now: datetime
) -> None:
    """Keep the history of addresses that the router gave from its own pool, by connection.

    `began`: the address of a session found now and since when; `ended`: sessions that are gone.
    An address that is assigned here is in the history already. Four statements, however many.
    """
    open_uses = AddressUse.objects.filter(router=router, until=None, seen=True)
    known = dict(open_uses.filter(connection__in=began).values_list("connection_id", "address"))
    fixed = Connection.objects.filter(pk__in=began, address__isnull=False)
    own = dict(fixed.values_list("pk", "address"))
    changed = {pk: told for pk, told in began.items() if told[0] != known.get(pk)}
    open_uses.filter(connection__in={*ended, *changed}).update(until=now)
    AddressUse.objects.bulk_create(
        AddressUse(connection_id=pk, router=router, address=address, since=since, seen=True)
        for pk, (address, since) in changed.items()
        if address and address != own.get(pk)
    )
