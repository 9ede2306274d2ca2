"""What a router sees, beside what the rows say: whose an address, a MAC or a user is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from enum import StrEnum

from caudal.apps.network.models import Connection, Router
from caudal.apps.staff.models import User
from caudal.apps.staff.scope import visible
from caudal.core.addressing import AddressError, canonical
from caudal.core.ports.tools import Lease, Neighbour, OnlineUser, Station
from caudal.core.text import fold


class Match(StrEnum):
    """How an equipment seen at an address stands to the rows."""

    SAME = "same"
    OTHER_MAC = "other-mac"
    NO_MAC = "no-mac"
    """The customer is known, his equipment was never noted."""
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class SeenNeighbour:
    """A row of the ARP table. `held` says that a service has the address; `connection` is empty
    where the person may not see whose it is."""

    seen: Neighbour
    match: Match
    held: bool
    connection: Connection | None = None

    @property
    def text(self) -> str:
        """What a search looks at."""
        whose = str(self.connection.service.customer) if self.connection else ""
        return f"{self.seen.address} {self.seen.mac} {self.seen.comment} {whose}"

    @property
    def importable(self) -> bool:
        return bool(self.connection and self.seen.mac)


@dataclass(frozen=True)
class Seen:
    """The live connections of one router, by what routers know them by."""

    by_address: Mapping[str, Connection]
    by_name: Mapping[str, Connection]
    by_mac: Mapping[str, Connection]
    shown: frozenset[int]


def known_on(router: Router, person: User) -> Seen:
    """In two queries, however many there are."""
    live = Connection.objects.live().filter(router=router)
    rows = list(live.select_related("service__customer"))
    shown = frozenset(visible(person, live).values_list("pk", flat=True))
    return Seen(
        {_plain(str(row.address)): row for row in rows if row.address},
        {row.username: row for row in rows if row.username},
        {mac: row for row in rows for mac in _macs(row)},
        shown,
    )


def neighbours(found: Iterable[Neighbour], known: Seen) -> list[SeenNeighbour]:
    return [_neighbour(each, known) for each in found if each.address]


def _neighbour(seen: Neighbour, known: Seen) -> SeenNeighbour:
    row = known.by_address.get(_plain(seen.address))
    if row is None:
        return SeenNeighbour(seen, Match.UNKNOWN, False)
    if not row.mac:
        match = Match.NO_MAC
    else:
        match = Match.SAME if row.mac == seen.mac or not seen.mac else Match.OTHER_MAC
    return SeenNeighbour(seen, match, True, row if row.pk in known.shown else None)


@dataclass(frozen=True)
class Owned:
    """Something that a router told, and whose it is."""

    seen: OnlineUser | Lease | Station
    connection: Connection | None = None


def mentions(row: Owned, words: str) -> bool:
    """Is the search about it? Every field and the customer's name are looked at."""
    whose = str(row.connection.service.customer) if row.connection else ""
    told = " ".join(str(value) for value in astuple(row.seen))
    return fold(words) in fold(f"{told} {whose}")


def users(found: Iterable[OnlineUser], known: Seen) -> list[Owned]:
    return [Owned(each, _shown(known.by_name.get(each.name), known)) for each in found]


def leases(found: Iterable[Lease], known: Seen) -> list[Owned]:
    return [Owned(each, _shown(_first(each.address, each.mac, known), known)) for each in found]


def stations(found: Iterable[Station], known: Seen) -> list[Owned]:
    return [Owned(each, _shown(_first(each.address, each.mac, known), known)) for each in found]


def _first(address: str, mac: str, known: Seen) -> Connection | None:
    return known.by_address.get(_plain(address)) or known.by_mac.get(mac)


def _shown(row: Connection | None, known: Seen) -> Connection | None:
    return row if row and row.pk in known.shown else None


def _macs(row: Connection) -> Sequence[str]:
    return [mac for mac in (row.mac, str(row.last_session.get("mac", "")).upper()) if mac]


def _plain(text: str) -> str:
    try:
        return canonical(text) if text else ""
    except AddressError:
        return text
