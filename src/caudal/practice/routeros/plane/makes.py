"""The rows that sessions make on a router, and what the log says of them."""

from ipaddress import ip_network

from caudal.practice.routeros import values as v
from caudal.practice.routeros.clock import Clock
from caudal.practice.routeros.plane.equipment import Live
from caudal.practice.routeros.store import Store
from caudal.practice.routeros.traps import Trap

LOG_LINES = 1000


class Maker:
    """Adds rows that live in RAM and takes them away with their session."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store = store
        self.clock = clock

    def row(self, live: Live, path: str, values: dict[str, str]) -> None:
        """What cannot be added, as a list entry that is there already, is left out and logged."""
        try:
            live.rows.append((path, self.store.table(path).add(values, volatile=True)))
        except Trap as trap:
            self.log("system,error", f"{path}: {trap.message}")

    def queue(self, live: Live, name: str, target: str, rate: str) -> None:
        if rate:
            self.row(live, "/queue/simple", {"name": name, "target": target, **limits(rate)})

    def listed(self, live: Live, names: str) -> None:
        for name in names.split(",") if names else ():
            values = {"list": name, "address": live.address}
            self.row(live, "/ip/firewall/address-list", values)

    def pooled(self, live: Live, pool: str) -> None:
        """The address is one of a pool's, if there is a pool of that name."""
        if pool and self.store.table("/ip/pool").named(pool):
            row = {"pool": pool, "address": live.address, "owner": live.cpe.way}
            self.row(live, "/ip/pool/used", row | {"info": live.cpe.name})

    def undo(self, live: Live) -> None:
        for path, item in live.rows:
            table = self.store.table(path)
            if item.number in table.items and item.volatile:
                table.remove(item)
        live.rows.clear()

    def log(self, topics: str, message: str) -> None:
        table = self.store.table("/log")
        stamp = f"{self.clock.now:%H:%M:%S}"
        table.add({"time": stamp, "topics": topics, "message": message}, volatile=True)
        if len(table.items) > LOG_LINES:
            table.remove(next(iter(table.items.values())))


def limits(text: str) -> dict[str, str]:
    """`rx/tx burst threshold time priority minimum` as the values of the queue it makes."""
    shapes = ("max-limit", "burst-limit", "burst-threshold", "burst-time", "priority", "limit-at")
    kinds = (v.rates, v.rates, v.rates, v.times, v.priorities, v.rates)
    return {
        name: kind(word, "rate-limit")
        for name, kind, word in zip(shapes, kinds, text.split(), strict=False)
    }


def within(address: str, prefix: str) -> bool:
    return bool(prefix) and ip_network(f"{address}/128").subnet_of(ip_network(prefix))  # type: ignore[arg-type]
