"""How fast a customer may be: simple queues, their parents, PCQ and queue trees."""

from collections import defaultdict
from dataclasses import dataclass

from caudal.practice.routeros import values as v
from caudal.practice.routeros.menus.queues import kind_defaults
from caudal.practice.routeros.plane.equipment import WAN
from caudal.practice.routeros.plane.firewall import Firewall, Packet, on
from caudal.practice.routeros.store import Item, Store

Limit = tuple[int, int]
FREE: Limit = (0, 0)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Bits per second up and down, 0 without limit, and the queues that count the bytes."""

    limit: Limit
    queues: tuple[int, ...] = ()


class Speeds:
    """The queues as they stand now; made anew for each look at many customers."""

    def __init__(self, store: Store, firewall: Firewall) -> None:
        self._store = store
        self._firewall = firewall
        self._single: dict[str, list[tuple[int, Item]]] = defaultdict(list)
        self._wide: list[tuple[int, Item]] = []
        self._names: dict[str, Item] = {}
        for place, item in enumerate(store.table("/queue/simple").items.values()):
            self._names.setdefault(item.values["name"], item)
            if on(item):
                self._file(place, item)
        trees = store.table("/queue/tree").items.values()
        self._trees = [item.values for item in trees if on(item)]

    def _file(self, place: int, item: Item) -> None:
        for part in item.values.get("target", "").split(","):
            address, _, width = part.partition("/")
            if width in ("32", "128") or (part and not width):
                self._single[address].append((place, item))
            else:
                self._wide.append((place, item))

    def of(self, address: str, interface: str, prefix: str = "") -> Verdict:
        """By the first simple queue that fits; what has none may be in a tree.

        `prefix` is the network that the customer has, where `address` is one of it."""
        whole = prefix if ":" in address else address
        up = Packet(address, interface)
        marks = (self._firewall.mark(up), self._firewall.mark(_back(up)))
        queue = self._queue(address, interface, marks)
        tree = self._tree(interface, marks, whole)
        if queue is None:
            return Verdict(tree)
        chain = self._chain(queue)
        limit = tree
        for item in chain:
            limit = _least(limit, self._allowed(item, whole))
        return Verdict(limit, tuple(item.number for item in chain))

    def _queue(self, address: str, interface: str, marks: tuple[str, str]) -> Item | None:
        found = [*self._single.get(address, []), *self._single.get(interface, [])]
        found += [(n, item) for n, item in self._wide if _covers(item, address)]
        for _, item in sorted(found, key=lambda pair: pair[0]):
            wanted = item.values.get("packet-marks", "")
            if not wanted or set(wanted.split(",")) & set(marks):
                return item
        return None

    def _chain(self, queue: Item) -> list[Item]:
        chain = [queue]
        while (parent := self._names.get(chain[-1].values.get("parent", "none"))) and on(parent):
            if parent in chain:
                break
            chain.append(parent)
        return chain

    def _allowed(self, queue: Item, whole: str) -> Limit:
        kinds = v.both(queue.values.get("queue", "default-small"), "queue").split("/")
        limit = pair(queue.values.get("max-limit", "0/0"))
        return _least(
            limit,
            (self._pcq(kinds[0], "src-address", whole), self._pcq(kinds[1], "dst-address", whole)),
        )

    def _pcq(self, name: str, side: str, whole: str) -> int:
        """What each customer gets of a queue that is shared out by his address.

        Nothing holds back who has a whole network of which each part is a share of its own."""
        kind = self._store.table("/queue/type").named(name)
        if kind is None or kind.values.get("kind") != "pcq":
            return 0
        shared = side in kind.values.get("pcq-classifier", "").split(",")
        width = int(whole.partition("/")[2] or 128)
        mask = kind_defaults("pcq", self._store.version) | kind.values
        if ":" in whole and int(mask[f"pcq-{side}6-mask"]) > width:
            return 0
        return v.bits(kind.values.get("pcq-rate", "0"), "pcq-rate") if shared else 0

    def _tree(self, interface: str, marks: tuple[str, str], whole: str) -> Limit:
        sides = (("src-address", WAN), ("dst-address", interface))
        up, down = (
            self._in_trees(mark, side, out, whole)
            for mark, (side, out) in zip(marks, sides, strict=True)
        )
        return up, down

    def _in_trees(self, mark: str, side: str, out: str, whole: str) -> int:
        limit = 0
        for row in self._trees if mark else ():
            if mark in row.get("packet-mark", "").split(",") and self._root(row) in ("global", out):
                limit = _less(limit, int(row.get("max-limit", "0")))
                limit = _less(limit, self._pcq(row.get("queue", ""), side, whole))
        return limit

    def _root(self, row: dict[str, str]) -> str:
        """The interface, or `global`, that a tree hangs from; its branches do not limit here."""
        names = {tree["name"]: tree for tree in self._trees}
        seen: set[str] = set()
        while (parent := row["parent"]) in names and parent not in seen:
            seen.add(parent)
            row = names[parent]
        return row["parent"]


def pair(text: str) -> Limit:
    up, _, down = text.partition("/")
    return int(up or 0), int(down or 0)


def _back(packet: Packet) -> Packet:
    return Packet(packet.src, packet.interface, is_down=True)


def _covers(queue: Item, address: str) -> bool:
    target = queue.values.get("target", "")
    return not target or any(v.in_listed(address, part) for part in target.split(","))


def _less(one: int, other: int) -> int:
    return min(one, other) if one and other else one or other


def _least(one: Limit, other: Limit) -> Limit:
    return _less(one[0], other[0]), _less(one[1], other[1])
