"""The provider's networks as a tree with how full they are, and the map of one pool."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from caudal.apps.network.actions import taken_on
from caudal.apps.network.actions.blocks import given_by
from caudal.apps.network.models import AddressBlock, AddressUse, Connection, Pool
from caudal.apps.network.usage import Usage, usages_of
from caudal.apps.staff.models import User
from caudal.apps.staff.scope import visible
from caudal.core import addressing
from caudal.core.address_tree import Branch, holds, tree
from caudal.core.addressing import Address, AddressError, Network
from caudal.core.lifecycle import ServiceState

ON_A_MAP = 256
LATELY = timedelta(days=30)
"""An address given back since then is marked: its old holder's things may still point at it."""
Item = AddressBlock | Pool


@dataclass(frozen=True)
class Node:
    """A line of the tree: a block or a pool, and the addresses of the pools in it."""

    depth: int
    network: str
    usage: Usage
    block: AddressBlock | None = None
    pool: Pool | None = None


def nodes(blocks: Iterable[AddressBlock], pools: Sequence[Pool]) -> list[Node]:
    """Two queries beside those of the rows. Pools written badly come last, at depth 0."""
    usages = dict(zip([pool.pk for pool in pools], usages_of(pools), strict=True))
    sound = [pool for pool in pools if _network(pool)]
    items: list[Item] = [*blocks, *sound]
    branches = tree(items, lambda item: addressing.parse_network(item.network))
    placed = [_node(branch, branches, usages) for branch in branches]
    broken = [pool for pool in pools if pool not in sound]
    return placed + [Node(0, pool.network, usages[pool.pk], pool=pool) for pool in broken]


def _node(
    branch: Branch[Item], branches: Sequence[Branch[Item]], usages: Mapping[int, Usage]
) -> Node:
    item, network = branch.item, str(branch.network)
    if isinstance(item, Pool):
        return Node(branch.depth, network, usages[item.pk], pool=item)
    inside = [
        usages[each.item.pk]
        for each in branches
        if isinstance(each.item, Pool) and holds(branch.network, each.network)
    ]
    total = Usage(sum(each.size for each in inside), sum(each.free for each in inside))
    return Node(branch.depth, network, total, block=item)


def _network(pool: Pool) -> Network | None:
    try:
        return addressing.parse_network(pool.network)
    except AddressError:
        return None


class Standing(StrEnum):
    """What an address of a pool is."""

    FREE = "free"
    HELD = "held"
    CUT = "cut"
    LATELY = "lately"
    FOREIGN = "foreign"
    KEPT = "kept"


@dataclass(frozen=True)
class Cell:
    """One address on the map; `connection` where the person may see who holds it."""

    address: str
    standing: Standing
    connection: Connection | None = None

    @property
    def short(self) -> str:
        """Its last part: the map's heading tells the rest."""
        return self.address.replace(":", ".").rpartition(".")[2] or "0"


@dataclass(frozen=True)
class PoolMap:
    """A page of a pool's network; `before` and `after` are first addresses of other pages."""

    cells: list[Cell]
    before: str = ""
    after: str = ""

    @property
    def first(self) -> str:
        return self.cells[0].address

    @property
    def last(self) -> str:
        return self.cells[-1].address


def map_of(pool: Pool, start: str, person: User, now: datetime) -> PoolMap:
    """The 256 addresses around `start`, in five queries. Raises AddressError."""
    network = addressing.parse_network(pool.network)
    page = _page(network, start)
    seen = _seen(pool, [str(address) for address in page], person, now)
    given = given_by([pool]).get(pool.pk)
    first, kind = int(page[0]), type(page[0])
    return PoolMap(
        [_cell(address, given, seen) for address in page],
        str(kind(first - ON_A_MAP)) if page[0] != network.network_address else "",
        str(kind(first + ON_A_MAP)) if page[-1] != network.broadcast_address else "",
    )


def _page(network: Network, start: str) -> list[Address]:
    begin, end = int(network.network_address), int(network.broadcast_address)
    wanted = _number(start, begin)
    if not begin <= wanted <= end:
        wanted = begin
    first = wanted - (wanted - begin) % ON_A_MAP
    kind = type(network.network_address)
    return [kind(number) for number in range(first, min(first + ON_A_MAP, end + 1))]


def _number(text: str, otherwise: int) -> int:
    try:
        return int(addressing.parse_address(text))
    except AddressError:
        return otherwise


@dataclass(frozen=True)
class _Seen:
    """What rows and the router tell about some addresses."""

    states: Mapping[str, str]
    shown: Mapping[str, Connection]
    lately: frozenset[str]
    taken: frozenset[Address]


def _seen(pool: Pool, texts: Sequence[str], person: User, now: datetime) -> _Seen:
    held = Connection.objects.live().filter(router=pool.router, address__in=texts)
    shown = visible(person, held).select_related("service__customer")
    gone = AddressUse.objects.filter(
        router=pool.router, address__in=texts, until__gte=now - LATELY, seen=False
    )
    return _Seen(
        {str(text): state for text, state in held.values_list("address", "service__state")},
        {str(row.address): row for row in shown},
        frozenset(gone.values_list("address", flat=True)),
        frozenset(taken_on([pool.router])[pool.router_id]),
    )


def _cell(address: Address, given: addressing.Pool | None, seen: _Seen) -> Cell:
    text = str(address)
    state = seen.states.get(text)
    if state is not None:
        standing = Standing.CUT if state == ServiceState.SUSPENDED else Standing.HELD
        return Cell(text, standing, seen.shown.get(text))
    if given is None or address not in given:
        return Cell(text, Standing.KEPT)
    if address in seen.taken:
        return Cell(text, Standing.FOREIGN)
    return Cell(text, Standing.LATELY if text in seen.lately else Standing.FREE)
