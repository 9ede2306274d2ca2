"""The data plane: customers' equipment dials, gets an address and a speed, and moves bytes."""

from dataclasses import dataclass
from ipaddress import ip_address

from caudal.practice.routeros import values as v
from caudal.practice.routeros.clock import Clock
from caudal.practice.routeros.firewall import Firewall, Packet, on
from caudal.practice.routeros.store import Item, Store
from caudal.practice.routeros.traps import Trap

REDIAL_S = 3.0
LAN = "ether2"


@dataclass(slots=True)
class Cpe:
    """A customer's equipment. With an `address` of its own it does not dial."""

    name: str
    password: str = ""
    mac: str = ""
    address: str = ""
    wants_bps: int = 4_000_000
    next_try: float = 0.0


@dataclass(slots=True, eq=False)
class Live:
    """An open session, its rows and its counters (bytes of the customer: up, down)."""

    cpe: Cpe
    address: str
    since: float
    rows: list[tuple[str, Item]]
    limit: tuple[int, int] = (0, 0)
    up: float = 0.0
    down: float = 0.0


class Plane:
    """Who is connected and what they can do. Call `advance` to let time pass."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store = store
        self.clock = clock
        self.firewall = Firewall(store)
        self.cpes: dict[str, Cpe] = {}
        self.live: dict[str, Live] = {}
        self.flows: set[str] = set()
        self.queue_bytes: dict[int, tuple[float, float]] = {}
        # In the demo a technician is always at hand: whoever is configured has equipment.
        self.equip_everybody = False
        self._last = clock.seconds

    # -- connecting

    def attach(self, cpe: Cpe) -> Live | None:
        """Plug in a customer's equipment; it dials at once and again whenever it is cut off."""
        self.cpes[cpe.name] = cpe
        return None if cpe.address else self.dial(cpe)

    def dial(self, cpe: Cpe) -> Live | None:
        """A session, or None when the router refuses."""
        cpe.next_try = self.clock.seconds + REDIAL_S
        secret = self.store.table("/ppp/secret").named(cpe.name)
        refusal = _refusal(secret, cpe)
        if refusal or secret is None:
            self.log("pppoe,ppp,error", f"<{cpe.name}>: {refusal}")
            return None
        self.hang_up(cpe.name)
        live = self._open(cpe, secret)
        self.live[cpe.name] = live
        self.log("pppoe,ppp,info", f"<pppoe-{cpe.name}>: connected")
        return live

    def _open(self, cpe: Cpe, secret: Item) -> Live:
        profile = self._profile(secret)
        address = self._address(secret, profile)
        interface = f"<pppoe-{cpe.name}>"
        live = Live(cpe, address, self.clock.seconds, [])
        self._row(live, "/interface", {"name": interface, "type": "pppoe-in"})
        self._row(live, "/ppp/active", {"name": cpe.name})
        if rate := profile.get("rate-limit", ""):
            queue = rate_limit(rate)
            live.limit = _pair(queue["max-limit"])
            self._row(live, "/queue/simple", {"name": interface, "target": interface, **queue})
        if listed := profile.get("address-list", ""):
            self._row(live, "/ip/firewall/address-list", {"list": listed, "address": address})
        return live

    def _row(self, live: Live, path: str, values: dict[str, str]) -> None:
        try:
            live.rows.append((path, self.store.table(path).add(values, volatile=True)))
        except Trap as trap:
            self.log("pppoe,ppp,error", f"{path}: {trap.message}")

    def _profile(self, secret: Item) -> dict[str, str]:
        named = self.store.table("/ppp/profile").named(secret.values.get("profile", "default"))
        return named.values if named else {}

    def _address(self, secret: Item, profile: dict[str, str]) -> str:
        wanted = secret.values.get("remote-address") or profile.get("remote-address", "")
        pool = self.store.table("/ip/pool").named(wanted) if wanted else None
        if pool is None:
            return wanted
        used = {live.address for live in self.live.values()}
        return next((a for a in _pool_addresses(pool.values["ranges"]) if a not in used), "")

    def hang_up(self, name: str) -> bool:
        live = self.live.pop(name, None)
        if live is None:
            return False
        live.cpe.next_try = self.clock.seconds + REDIAL_S
        self.flows.discard(live.address)
        for path, item in live.rows:
            table = self.store.table(path)
            if item.number in table.items:
                table.remove(item)
        self.log("pppoe,ppp,info", f"<pppoe-{name}>: disconnected")
        return True

    def lose_all(self) -> None:
        """A reboot: sessions and whatever else lived in RAM are gone."""
        self.live.clear()
        self.flows.clear()
        self.queue_bytes.clear()
        for table in self.store.tables.values():
            table.wipe_volatile()

    def wake(self) -> None:
        """After a start: nothing was counted meanwhile, and everybody dials at once."""
        self._last = self.clock.seconds
        for cpe in self.cpes.values():
            cpe.next_try = 0.0
        self.advance()

    # -- browsing

    def can_browse(self, address: str, *, established: bool = False) -> bool:
        """Can this customer open a page, or go on with a connection opened before?"""
        packet = self._packet(address, "established" if established else "new", "443")
        if packet is None or (established and address not in self.flows):
            return False
        passes = self.firewall.forwards(packet)
        if passes:
            self.flows.add(address)
        return passes

    def sees_notice(self, address: str) -> bool:
        """Does a plain http page end at the notice?"""
        packet = self._packet(address, "new", "80")
        return packet is not None and self.firewall.redirects(packet)

    def _packet(self, address: str, state: str, port: str) -> Packet | None:
        for live in self.live.values():
            if live.address == address:
                return Packet(address, f"<pppoe-{live.cpe.name}>", state, port=port)
        if any(cpe.address == address for cpe in self.cpes.values()):
            return Packet(address, LAN, state, port=port)
        return None

    # -- time

    def advance(self) -> None:
        """Bring counters, timed entries and redialling up to the clock."""
        now = self.clock.seconds
        elapsed, self._last = now - self._last, now
        self._count(max(elapsed, 0.0))
        self._expire(now)
        if self.equip_everybody:
            self._equip()
        for cpe in self.cpes.values():
            if not cpe.address and cpe.name not in self.live and cpe.next_try <= now:
                self.dial(cpe)

    def _equip(self) -> None:
        for secret in self.store.table("/ppp/secret").items.values():
            name, number = secret.values["name"], secret.number
            mac = f"02:00:5E:{number >> 16 & 255:02X}:{number >> 8 & 255:02X}:{number & 255:02X}"
            cpe = self.cpes.setdefault(name, Cpe(name, mac=mac))
            cpe.password = secret.values.get("password", "")
        for queue in self.store.table("/queue/simple").items.values():
            address, _, width = queue.values.get("target", "").partition("/")
            if width == "32" and not queue.volatile:
                self.cpes.setdefault(
                    queue.values["name"], Cpe(queue.values["name"])
                ).address = address

    def _count(self, elapsed: float) -> None:
        for live in self.live.values():
            if self.can_browse(live.address):
                up, down = live.limit
                live.up += elapsed * _flow(live.cpe.wants_bps // 4, up) / 8
                live.down += elapsed * _flow(live.cpe.wants_bps, down) / 8
        for queue in self.store.table("/queue/simple").items.values():
            cpe = self._behind(queue)
            if cpe and self.can_browse(cpe.address):
                up, down = _pair(queue.values.get("max-limit", "0/0"))
                sent, got = self.queue_bytes.get(queue.number, (0.0, 0.0))
                self.queue_bytes[queue.number] = (
                    sent + elapsed * _flow(cpe.wants_bps // 4, up) / 8,
                    got + elapsed * _flow(cpe.wants_bps, down) / 8,
                )

    def _behind(self, queue: Item) -> Cpe | None:
        target = queue.values.get("target", "")
        same = (c for c in self.cpes.values() if c.address and f"{c.address}/32" == target)
        return next(same, None) if on(queue) else None

    def _expire(self, now: float) -> None:
        table = self.store.table("/ip/firewall/address-list")
        for item in [i for i in table.items.values() if "timeout" in i.values]:
            if now - item.born >= v.milliseconds(item.values["timeout"], "timeout") / 1000:
                table.remove(item)

    def log(self, topics: str, message: str) -> None:
        table = self.store.table("/log")
        stamp = f"{self.clock.now:%H:%M:%S}"
        table.add({"time": stamp, "topics": topics, "message": message}, volatile=True)
        if len(table.items) > 1000:
            table.items.pop(next(iter(table.items)))


def _refusal(secret: Item | None, cpe: Cpe) -> str:
    if secret is None:
        return "user not found"
    if not on(secret):
        return "user is disabled"
    if secret.values.get("password", "") != cpe.password:
        return "authentication failed"
    if secret.values.get("caller-id", "") not in ("", cpe.mac):
        return "caller-id mismatch"
    return ""


def rate_limit(text: str) -> dict[str, str]:
    """`rx/tx burst threshold time priority minimum` as the values of the queue it makes."""
    words = text.split()
    shapes = ("max-limit", "burst-limit", "burst-threshold", "burst-time", "priority", "limit-at")
    types = (v.rates, v.rates, v.rates, v.times, v.priorities, v.rates)
    return {
        name: kind(word, "rate-limit")
        for name, kind, word in zip(shapes, types, words, strict=False)
    }


def _pair(text: str) -> tuple[int, int]:
    up, _, down = text.partition("/")
    return int(up or 0), int(down or 0)


def _flow(wanted: int, limit: int) -> int:
    return min(wanted, limit) if limit else wanted


def _pool_addresses(ranges: str) -> list[str]:
    found: list[str] = []
    for part in ranges.split(","):
        first, _, last = part.partition("-")
        low = ip_address(first)
        high = ip_address(last or first)
        found += [str(low + n) for n in range(min(int(high) - int(low) + 1, 4096))]
    return found
