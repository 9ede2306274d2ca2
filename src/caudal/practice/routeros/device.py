"""A practice router: its configuration, its customers, its socket and its faults, in one object."""

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from caudal.practice.routeros.clock import Clock
from caudal.practice.routeros.console import Console
from caudal.practice.routeros.factory import configure
from caudal.practice.routeros.faults import Faults
from caudal.practice.routeros.memory import load, save
from caudal.practice.routeros.mishaps import Mishaps
from caudal.practice.routeros.plane import LAN, WAN, Cpe, Live, Plane
from caudal.practice.routeros.printing import install
from caudal.practice.routeros.printing.queues import Rates
from caudal.practice.routeros.safe import SafeMode
from caudal.practice.routeros.server import Server
from caudal.practice.routeros.shell import Shell
from caudal.practice.routeros.store import Item, Store
from caudal.practice.routeros.tls import Tls, server_context
from caudal.practice.routeros.version import V7, Version


class PracticeRouter:
    """Use as a context manager, or call start and stop. All methods may be called from any thread.

    `port` 0 takes a free one; the port stays the same through power_off and power_on. With `ssh`
    it has a console too, at a port of its own.
    """

    def __init__(
        self,
        version: str = V7,
        *,
        identity: str = "practica",
        serial: str = "HGF09PRACT1",
        user: str = "admin",
        password: str = "practica",
        port: int = 0,
        clock: Clock | None = None,
        tls: Tls | None = None,
        ssh: bool = False,
    ) -> None:
        self.version = Version(version)
        self.clock = clock or Clock()
        self.lock = threading.RLock()
        self.faults = Faults()
        self.serial = serial
        self.booted = self.clock.seconds
        self.store = Store(self.version, lambda: self.clock.seconds)
        self.plane = Plane(self.store, self.clock)
        self.shell = Shell(self.store)
        self.store.singletons["/system/identity"]["name"] = identity
        self.safe = SafeMode(self)
        self.cpu_load = 3
        install(self)
        configure(self, user, password)
        self.mishaps = Mishaps(self)
        self.server = Server(self, port, server_context(tls) if tls else None)
        self.console = Console(self) if ssh else None

    # -- power

    def start(self) -> "PracticeRouter":
        self.server.open()
        if self.console:
            self.console.open()
        return self

    def stop(self) -> None:
        self.server.close()
        if self.console:
            self.console.close()

    def __enter__(self) -> "PracticeRouter":
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def port(self) -> int:
        return self.server.port

    @property
    def powered(self) -> bool:
        return self.server.is_open

    def power_off(self) -> None:
        """The ports close, sessions and whatever else is in RAM are lost, the rest survives."""
        self.stop()
        with self.lock:
            self.plane.lose_all()

    def power_on(self) -> None:
        with self.lock:
            self.booted = self.clock.seconds
            self.plane.wake()
        self.start()

    def reboot(self) -> None:
        self.power_off()
        self.power_on()

    # -- configuration by hand

    def put(self, path: str, **given: str) -> Item:
        """Add a row as somebody with Winbox would; `_` stands for `-`. Raises Trap."""
        with self.lock:
            return self.store.add(path, {k.replace("_", "-"): x for k, x in given.items()})

    def edit(self, path: str, name: str, **given: str) -> None:
        """Change a row by name or `*id`."""
        with self.lock:
            values = {k.replace("_", "-"): x for k, x in given.items()}
            self.store.change(path, self.store.table(path).find(name), values)

    def delete(self, path: str, name: str) -> None:
        with self.lock:
            self.store.remove(path, self.store.table(path).find(name))

    def rows(self, path: str) -> list[dict[str, str]]:
        """What print would show."""
        with self.lock:
            table = self.store.table(path)
            return [table.printed(item) for item in table.items.values()]

    # -- customers

    def plug(self, name: str, password: str = "", **about: Any) -> Live | None:
        """A customer's equipment (see Cpe) dials now, and again whenever it is disconnected."""
        with self.lock:
            return self.plane.attach(Cpe(name, password, **about))

    def can_browse(self, address: str, *, established: bool = False) -> bool:
        with self.lock:
            return self.powered and self.plane.can_browse(address, established=established)

    def sees_notice(self, address: str) -> bool:
        with self.lock:
            return self.powered and self.plane.sees_notice(address)

    def speed(self, address: str) -> tuple[int, int]:
        """Bits per second up and down that a customer gets at most; 0 is without limit."""
        with self.lock:
            return self.plane.speed(address)

    def sees_login(self, address: str) -> bool:
        """Does the HotSpot ask this customer for his name?"""
        with self.lock:
            return self.powered and self.plane.sees_login(address)

    def rate_of(self, address: str) -> tuple[int, int]:
        """Bits per second that a customer moves at this moment, up and down."""
        where = self.plane.at(address) or self.plane.with_address(address)
        return Rates(self).of(address, where.interface) if where else (0, 0)

    def rate_of_queue(self, queue: Item) -> tuple[int, int]:
        target = queue.values.get("target", "")
        live = self.plane.live.get(target[7:-1]) if target.startswith("<pppoe-") else None
        address = live.address if live else target.removesuffix("/32")
        return (0, 0) if "/" in address or "," in address else self.rate_of(address)

    def behind(self, interface: str) -> list[str]:
        """Addresses of the customers of an interface."""
        lives = [live for live in self.plane.live.values() if live.interface == interface]
        fixed = [c.address for c in self.plane.cpes.values() if c.way == "static"]
        return [live.address for live in lives] + (fixed if interface == LAN else [])

    def rate_of_interface(self, name: str) -> tuple[int, int]:
        """Bits per second received and sent; towards the internet the other way round."""
        everybody = [live.address for live in self.plane.live.values()]
        addresses = everybody + self.behind(LAN) if name == WAN else self.behind(name)
        rates = Rates(self)
        found = [rates.of(address, name) for address in set(addresses)]
        up, down = sum(rate[0] for rate in found), sum(rate[1] for rate in found)
        return (down, up) if name == WAN else (up, down)

    def totals(self, name: str) -> tuple[float, float]:
        """Bytes received and sent by an interface of the box since it started."""
        moved = [(live.up, live.down) for live in self.plane.live.values()]
        moved += self.plane.moved.values()
        up, down = sum(pair[0] for pair in moved), sum(pair[1] for pair in moved)
        return (down, up) if name == WAN else (up, down)

    def sessions(self) -> dict[str, str]:
        """Address by user name."""
        with self.lock:
            return {name: live.address for name, live in self.plane.live.items()}

    def customers(self) -> list[dict[str, Any]]:
        """Everybody with equipment: can he browse, how fast at most, and what does he see?"""
        with self.lock:
            return [self._seen(cpe) for cpe in self.plane.cpes.values()]

    def _seen(self, cpe: Cpe) -> dict[str, Any]:
        live = self.plane.live.get(cpe.name)
        address = live.address if live else cpe.address if cpe.way == "static" else ""
        up, down = self.speed(address)
        return {
            "name": cpe.name,
            "way": str(cpe.way),
            "address": address,
            "browses": self.can_browse(address),
            "sees_notice": self.sees_notice(address),
            "up_bps": up,
            "down_bps": down,
        }

    def pass_time(self, seconds: float) -> None:
        """Move the clock; devices redial, counters grow, timed entries end."""
        with self.lock:
            self.clock.move(seconds)
            if self.powered:
                self.plane.advance()

    # -- memory

    def save(self, path: Path) -> None:
        save(self, path)

    def load(self, path: Path) -> None:
        load(self, path)

    def login(self, user: str) -> Mapping[str, str] | None:
        """The user's row, or None."""
        item = self.store.table("/user").named(user)
        return item.values if item and item.values.get("disabled") != "true" else None
