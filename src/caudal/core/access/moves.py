"""Customers who moved to another router: what the old one keeps until the new one is proved."""

from collections.abc import Collection, Iterator

from caudal.core.access.match import Matches
from caudal.core.access.plan import Code, Finding, service_of
from caudal.core.access.rows import BLOCKS, Kind, Row, networks_of
from caudal.core.access.technologies import NOTICE_LIST
from caudal.core.access.wanted import Wanted


def kept_for_now(matches: Matches, wanted: Wanted, moving: Collection[str]) -> frozenset[str]:
    """Of the services that are `moving`, those whose rows stay: they work here, and nobody else
    is to have their place. Whoever is cut here has nothing to keep."""
    if not moving:
        return frozenset()
    rows = [row for row in matches.extra if service_of(row) in moving]
    places = {place for row in wanted.rows for place in _places(row)}
    ended = {
        service_of(row)
        for row in rows
        if row.kind in BLOCKS or not row.enabled or places & {*_places(row)}
    }
    return frozenset(service_of(row) for row in rows) - ended


def is_passing(row: Row) -> bool:
    """What goes at once even while the rest of a service stays: he is reminded of nothing here."""
    return row.kind is Kind.MEMBER and row.key.partition(" ")[2] == NOTICE_LIST


def moves(matches: Matches, kept: Collection[str]) -> Iterator[Finding]:
    """One finding for each service whose old place stays."""
    told: set[str] = set()
    for row in matches.left:
        service = service_of(row)
        if service in kept and service not in told:
            told.add(service)
            yield Finding(Code.MOVING, (service,), row.kind, row.key)


def _places(row: Row) -> Iterator[tuple[str, str]]:
    """What a row takes that no other may have: an address, a prefix, the lease of a device."""
    yield from (("address", found) for found in networks_of(row))
    if row.kind is Kind.LEASE:
        yield "device", row.attrs.get("mac", "")
