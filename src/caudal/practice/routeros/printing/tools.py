"""Ping, traceroute, torch and live traffic, asked once or watched until cancelled."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address
from typing import TYPE_CHECKING

from caudal.practice.routeros import values as v
from caudal.practice.routeros.shell import Answer, Command, Special
from caudal.practice.routeros.traps import Trap

if TYPE_CHECKING:
    from caudal.practice.routeros.device import PracticeRouter

Row = dict[str, str]
Look = Callable[[int], list[Row]]
NEAR_MS, FAR_MS = 3, 18
UPLINK = ("190.12.33.1", "10.255.0.9")


class Tools:
    """Commands of one router that look outside of it."""

    def __init__(self, router: PracticeRouter) -> None:
        self.router = router

    def commands(self) -> dict[str, Special]:
        return {
            "/ping": self.ping,
            "/tool/ping": self.ping,
            "/tool/traceroute": self.traceroute,
            "/tool/torch": self.torch,
            "/interface/monitor-traffic": self.traffic,
        }

    def ping(self, command: Command) -> Answer:
        """Customers who are there answer in some milliseconds, the internet later."""
        address = self._address(command)
        ms = self._distance(address)

        def look(n: int) -> list[Row]:
            row = {"seq": str(n), "host": address, "sent": str(n + 1)}
            if ms is None:
                return [row | {"status": "timeout", "received": "0", "packet-loss": "100"}]
            times = {name: f"{ms}ms" for name in ("time", "min-rtt", "avg-rtt", "max-rtt")}
            size = command.given.get("size", "56")
            there = {"size": size, "ttl": "64", "received": str(n + 1), "packet-loss": "0"}
            return [row | there | times]

        if "count" in command.given:
            count = int(v.number(command.given["count"], "count"))
            return Answer([row for n in range(count) for row in look(n)])
        return _watched(command, look)

    def _address(self, command: Command) -> str:
        address = command.given.get("address", "")
        try:
            return str(ip_address(address))
        except ValueError:
            raise Trap("invalid value for argument address", 1) from None

    def _distance(self, address: str) -> int | None:
        plane = self.router.plane
        if plane.at(address) or plane.with_address(address):
            return NEAR_MS
        return FAR_MS if ip_address(address).is_global else None

    def traceroute(self, command: Command) -> Answer:
        """One hop to a customer, some to the internet, silence to anywhere else."""
        address = self._address(command)
        ms = self._distance(address)
        hops = [address] if ms == NEAR_MS else [*UPLINK, address] if ms else ["", "", ""]
        unit = "ms" if self.router.version.is_from("7") else ""

        def look(n: int) -> list[Row]:
            return [_hop(hop, place, n, unit) for place, hop in enumerate(hops)]

        if "count" in command.given or "duration" in command.given:
            return Answer(look(0))
        return _watched(command, look)

    def traffic(self, command: Command) -> Answer:
        names = command.given.get("interface", "").split(",")
        table = self.router.store.table("/interface")
        for name in names:
            if not (table.named(name) or name == "aggregate"):
                raise Trap("input does not match any value of interface", 1)

        def look(n: int) -> list[Row]:
            return [_traffic(name, *self.router.rate_of_interface(name)) for name in names]

        return Answer(look(0)) if "once" in command.given else _watched(command, look)

    def torch(self, command: Command) -> Answer:
        """One flow for whoever is behind the interface."""
        name = command.given.get("interface", "")
        if not self.router.store.table("/interface").named(name):
            raise Trap("input does not match any value of interface", 1)

        def look(n: int) -> list[Row]:
            rows = []
            for address in self.router.behind(name):
                up, down = self.router.rate_of(address)
                row = {"src-address": address, "dst-address": "203.0.113.80", "rx": str(up)}
                row |= {"tx": str(down), "rx-packets": str(up // 8000)}
                rows.append(row | {"tx-packets": str(down // 8000)})
            return rows

        return _watched(command, look)


def _watched(command: Command, look: Look) -> Answer:
    """Goes on every `interval` until cancelled, or for `duration`."""
    every = v.milliseconds(command.given.get("interval", "1s"), "interval") / 1000
    whole = command.given.get("duration", "")
    times = int(v.milliseconds(whole, "duration") / 1000 / every) if whole else None
    return Answer(again=look, every_s=every, times=times)


def _hop(address: str, place: int, section: int, unit: str) -> Row:
    row = {".section": str(section), "address": address, "sent": "1"}
    if not address:
        return row | {"loss": "100", "status": "timeout"}
    ms = f"{1.2 + place * 4.5:.1f}"
    numbers = {"avg": ms, "best": ms, "worst": ms, "std-dev": "0"}
    return row | {"loss": "0", "last": f"{ms}{unit}", **numbers, "status": ""}


def _traffic(name: str, rx: int, tx: int) -> Row:
    shown = {"name": name}
    for side, bits in (("rx", rx), ("tx", tx)):
        shown[f"{side}-packets-per-second"] = str(bits // 8000)
        shown[f"{side}-bits-per-second"] = str(bits)
        shown[f"fp-{side}-packets-per-second"] = "0"
        shown[f"fp-{side}-bits-per-second"] = "0"
        shown[f"{side}-drops-per-second"] = "0"
        shown[f"{side}-errors-per-second"] = "0"
    return shown
