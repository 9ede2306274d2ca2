"""Who is connected and what they can do, whatever way they came."""

from typing import Protocol

from caudal.practice.routeros import values as v
from caudal.practice.routeros.clock import Clock
from caudal.practice.routeros.plane.dhcp import Dhcp
from caudal.practice.routeros.plane.equipment import Cpe, Live, Way
from caudal.practice.routeros.plane.firewall import Firewall, Packet
from caudal.practice.routeros.plane.flows import Flows
from caudal.practice.routeros.plane.hotspot import Hotspot
from caudal.practice.routeros.plane.links import Links
from caudal.practice.routeros.plane.makes import Maker, within
from caudal.practice.routeros.plane.pppoe import Pppoe, Refused
from caudal.practice.routeros.plane.speeds import Limit, Speeds, Verdict
from caudal.practice.routeros.store import Store

REDIAL_S = 3.0


class Opener(Protocol):
    """A way to be connected."""

    def open(self, cpe: Cpe, lives: list[Live]) -> Live: ...


class Plane:
    """Who is connected and what they can do. Call `advance` to let time pass."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store = store
        self.clock = clock
        self.firewall = Firewall(store)
        self.maker = Maker(store, clock)
        self.links = Links(store)
        self.flows = Flows(store)
        self.hotspot = Hotspot(self.maker)
        self.dhcp = Dhcp(self.maker)
        self._ways: dict[Way, Opener] = {
            Way.PPPOE: Pppoe(self.maker),
            Way.DHCP: self.dhcp,
            Way.HOTSPOT: self.hotspot,
        }
        self.cpes: dict[str, Cpe] = {}
        self.live: dict[str, Live] = {}
        self._by_address: dict[str, Live] = {}
        self._speeds: tuple[tuple[int, ...], Speeds] | None = None
        self._owners: dict[str, Cpe] = {}
        self.moved: dict[str, tuple[float, float]] = {}  # bytes of those with a fixed address
        self.queue_bytes: dict[int, tuple[float, float]] = {}
        # In the demo a technician is always at hand: whoever is configured has equipment.
        self.equip_everybody = False
        self._last = clock.seconds

    # -- connecting

    def attach(self, cpe: Cpe) -> Live | None:
        """Plug in a customer's equipment; it dials at once and again whenever it is cut off."""
        self.cpes[cpe.name] = cpe
        self._see([cpe])
        return None if cpe.way is Way.STATIC else self.dial(cpe)

    def _see(self, cpes: list[Cpe]) -> None:
        self.links.learn(cpes)
        self.links.hear(cpes)

    def dial(self, cpe: Cpe) -> Live | None:
        """A session, or None when the router refuses."""
        cpe.next_try = self.clock.seconds + REDIAL_S
        topics = f"{cpe.way},error" if cpe.way is not Way.PPPOE else "pppoe,ppp,error"
        others = [live for name, live in self.live.items() if name != cpe.name]
        self.hang_up(cpe.name)
        try:
            live = self._ways[Way(cpe.way)].open(cpe, others)
        except Refused as refused:
            self.log(topics, f"<{cpe.name}>: {refused}")
            return None
        self.live[cpe.name] = live
        self._by_address[live.address] = live
        self.log(topics.replace("error", "info"), f"<{cpe.way}-{cpe.name}>: connected")
        return live

    def hang_up(self, name: str) -> bool:
        live = self.live.pop(name, None)
        if live is None:
            return False
        if self._by_address.get(live.address) is live:
            del self._by_address[live.address]
        live.cpe.next_try = self.clock.seconds + REDIAL_S
        self.flows.end(live.address)
        self.maker.undo(live)
        self.log("ppp,info", f"<{live.cpe.way}-{name}>: disconnected")
        return True

    def lose_all(self) -> None:
        """A reboot: sessions and whatever else lived in RAM are gone."""
        self.live.clear()
        self._by_address.clear()
        self.flows.clear()
        self.queue_bytes.clear()
        self.moved.clear()
        for table in self.store.tables.values():
            table.wipe_volatile()

    def wake(self) -> None:
        """After a start: nothing was counted meanwhile, and everybody dials at once."""
        self._last = self.clock.seconds
        for cpe in self.cpes.values():
            cpe.next_try = 0.0
        self._see(list(self.cpes.values()))
        self.advance()

    # -- browsing

    def can_browse(self, address: str, *, established: bool = False) -> bool:
        """Can this customer open a page, or go on with a connection opened before?"""
        packet = self._packet(address, "established" if established else "new", "443")
        if packet is None or (established and address not in self.flows):
            return False
        passes = self._is_let_in(address) and self.firewall.forwards(packet)
        if passes:
            self.flows.begin(address)
        return passes

    def sees_notice(self, address: str) -> bool:
        """Does a plain http page end at the notice, or at the HotSpot's page of login?"""
        packet = self._packet(address, "new", "80")
        if packet is None:
            return False
        return self.sees_login(address) or self.firewall.redirects(packet)

    def sees_login(self, address: str) -> bool:
        live = self.at(address)
        return live is not None and live.cpe.way is Way.HOTSPOT and not live.allowed

    def at(self, address: str) -> Live | None:
        """The session that has an address, or the network of an IPv6 one."""
        if ":" not in address:
            return self._by_address.get(address)
        inside = (live for live in self.live.values() if within(address, live.prefix))
        return next(inside, None)

    def with_address(self, address: str) -> Cpe | None:
        """Whose address it is, of those who do not dial. Kept in mind: it is asked for each."""
        if ":" in address:
            fixed = (c for c in self.cpes.values() if c.way is Way.STATIC)
            return next((c for c in fixed if within(address, c.prefix)), None)
        known = self._owners.get(address)
        if known is None or known.address != address:
            self._owners = {c.address: c for c in self.cpes.values() if c.way is Way.STATIC}
            known = self._owners.get(address)
        return known

    def _packet(self, address: str, state: str, port: str) -> Packet | None:
        where = self.at(address) or self.with_address(address)
        return Packet(address, where.interface, state, port=port) if where else None

    def _is_let_in(self, address: str) -> bool:
        """What stands before the firewall: ARP, the lease, the HotSpot."""
        live, fixed = self.at(address), self.with_address(address)
        if live is not None:
            if live.cpe.way is Way.PPPOE:
                return True
            return live.allowed and self.links.answers(live.address, live.cpe.mac, live.interface)
        if fixed is not None and ":" in address:
            return True
        if fixed is None or not self.links.answers(address, fixed.mac, fixed.interface):
            return False
        if self.hotspot.server_on(fixed.interface) is None:
            return True
        return self.hotspot.binding(fixed.mac, address) == "bypassed"

    # -- speed

    def speed(self, address: str) -> Limit:
        """Bits per second up and down that the queues leave to an address, 0 without limit."""
        where = self.at(address) or self.with_address(address)
        if where is None:
            return (0, 0)
        return self.speeds().of(address, where.interface, where.prefix).limit

    def speeds(self) -> Speeds:
        """The queues as they stand, looked through again only after one of them has changed."""
        paths = ("/queue/simple", "/queue/tree", "/queue/type")
        key = tuple(self.store.tables[path].changes for path in paths)
        if self._speeds is None or self._speeds[0] != key:
            self._speeds = (key, Speeds(self.store, self.firewall))
        return self._speeds[1]

    def flow(self, cpe: Cpe, verdict: Verdict) -> tuple[float, float]:
        """Bits per second that equipment moves when it may: uploads are a fourth of downloads."""
        up, down = verdict.limit
        return _flow(cpe.wants_bps // 4, up), _flow(cpe.wants_bps, down)

    # -- time

    def advance(self) -> None:
        """Bring counters, timed entries, leases and redialling up to the clock."""
        now = self.clock.seconds
        elapsed, self._last = now - self._last, now
        self._count(max(elapsed, 0.0))
        self._expire(now)
        self._review()
        if self.equip_everybody:
            self._equip()
        for cpe in list(self.cpes.values()):
            if cpe.way is not Way.STATIC and cpe.name not in self.live and cpe.next_try <= now:
                self.dial(cpe)

    def _review(self) -> None:
        """Leases and bindings that a person changed meanwhile take effect."""
        for name, live in list(self.live.items()):
            lost = (live.cpe.way is Way.DHCP and not self.dhcp.fits(live)) or (
                live.cpe.way is Way.HOTSPOT and not self.hotspot.fits(live)
            )
            if lost:
                self.hang_up(name)
                live.cpe.next_try = 0.0
            elif live.cpe.way is Way.HOTSPOT and not live.allowed:
                self.dial(live.cpe)

    def _equip(self) -> None:
        for secret in self.store.table("/ppp/secret").items.values():
            name, number = secret.values["name"], secret.number
            mac = f"02:00:5E:{number >> 16 & 255:02X}:{number >> 8 & 255:02X}:{number & 255:02X}"
            cpe = self.cpes.setdefault(name, Cpe(name, mac=mac))
            cpe.password = secret.values.get("password", "")
        for queue in self.store.table("/queue/simple").items.values():
            address, _, width = queue.values.get("target", "").partition("/")
            if width == "32" and not queue.volatile:
                name = queue.values["name"]
                self.cpes.setdefault(name, Cpe(name, address=address)).address = address

    def _count(self, elapsed: float) -> None:
        if not elapsed:
            return
        speeds = self.speeds()
        for live in self.live.values():
            up, down = self._moved(live.cpe, live.address, live.interface, speeds, elapsed)
            live.up, live.down = live.up + up, live.down + down
        for cpe in self.cpes.values():
            if cpe.way is Way.STATIC:
                up, down = self._moved(cpe, cpe.address, cpe.interface, speeds, elapsed)
                sent, got = self.moved.get(cpe.name, (0.0, 0.0))
                self.moved[cpe.name] = (sent + up, got + down)

    def _moved(
        self, cpe: Cpe, address: str, interface: str, speeds: Speeds, elapsed: float
    ) -> tuple[float, float]:
        """Bytes up and down since the last look, also added to the queues they went through."""
        if not self.can_browse(address):
            return 0.0, 0.0
        verdict = speeds.of(address, interface)
        up, down = (elapsed * bps / 8 for bps in self.flow(cpe, verdict))
        for number in verdict.queues:
            sent, got = self.queue_bytes.get(number, (0.0, 0.0))
            self.queue_bytes[number] = (sent + up, got + down)
        return up, down

    def _expire(self, now: float) -> None:
        for family in ("/ip", "/ipv6"):
            table = self.store.table(f"{family}/firewall/address-list")
            for item in [i for i in table.items.values() if "timeout" in i.values]:
                if now - item.born >= v.milliseconds(item.values["timeout"], "timeout") / 1000:
                    table.remove(item)

    def log(self, topics: str, message: str) -> None:
        self.maker.log(topics, message)


def _flow(wanted: int, limit: int) -> int:
    return min(wanted, limit) if limit else wanted
