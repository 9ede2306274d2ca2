"""Queues, lists, interfaces and rules as print shows them."""

from __future__ import annotations

from math import sin
from typing import TYPE_CHECKING
from zlib import crc32

from caudal.practice.routeros import values as v
from caudal.practice.routeros.menus.queues import kind_defaults
from caudal.practice.routeros.printing.access import yes
from caudal.practice.routeros.table import BUILT_IN, Computed, Item

if TYPE_CHECKING:
    from caudal.practice.routeros.device import PracticeRouter
    from caudal.practice.routeros.plane import Live

Values = dict[str, str]
_RULES = ("filter", "nat", "raw", "mangle")
RATES = frozenset({"rate", "total-rate", "packet-rate", "total-packet-rate"})


class QueuesShown:
    """Computed columns of one router."""

    def __init__(self, router: PracticeRouter) -> None:
        self.router = router

    def tables(self) -> dict[str, Computed]:
        rules = {
            f"{family}/firewall/{table}": self.rule
            for family in ("/ip", "/ipv6")
            for table in _RULES
        }
        return {
            "/queue/simple": self.queue,
            "/queue/tree": self.tree,
            "/queue/type": self.kind,
            "/ip/firewall/address-list": self.entry,
            "/ipv6/firewall/address-list": self.entry,
            "/ip/firewall/connection": lambda item: {"fasttrack": "false", "assured": "true"},
            "/interface": self.interface,
            "/interface/ethernet": self.ethernet,
            "/interface/bridge": self.interface,
            "/interface/vlan": self.interface,
            "/interface/pppoe-server": self.pppoe,
            **rules,
        }

    def queue(self, item: Item) -> Values:
        up, down = (int(n) for n in self.router.plane.queue_bytes.get(item.number, (0.0, 0.0)))
        return {
            "bytes": f"{up}/{down}",
            "total-bytes": "0",
            "packets": f"{up // 1000}/{down // 1000}",
            "total-packets": "0",
            "dropped": "0/0",
            "total-dropped": "0",
            "queued-packets": "0/0",
            "total-queued-packets": "0",
            "queued-bytes": "0/0",
            "total-queued-bytes": "0",
            "invalid": "false",
            "dynamic": yes(item.volatile),
        }

    def rates(self, item: Item) -> Values:
        """Dear to find out, and so only when asked for."""
        up, down = self.router.rate_of_queue(item)
        return {
            "rate": f"{up}/{down}",
            "total-rate": "0",
            "packet-rate": f"{up // 8000}/{down // 8000}",
            "total-packet-rate": "0",
        }

    def tree(self, item: Item) -> Values:
        zeros = ("bytes", "packets", "rate", "packet-rate", "queued-packets", "queued-bytes")
        return {name: "0" for name in (*zeros, "dropped")} | {
            "invalid": "false",
            "dynamic": "false",
        }

    def kind(self, item: Item) -> Values:
        shown = kind_defaults(item.values.get("kind", ""), self.router.version) | item.values
        return shown | {"default": yes(item.number >= BUILT_IN)}

    def entry(self, item: Item) -> Values:
        shown = {
            "creation-time": self._moment(item.born),
            "dynamic": yes(item.volatile),
        }
        if "timeout" in item.values:
            whole = v.milliseconds(item.values["timeout"], "timeout")
            left = whole - int((self.router.clock.seconds - item.born) * 1000)
            shown["timeout"] = v.duration(max(left // 1000, 0) * 1000)
        return shown

    def _moment(self, seconds: float) -> str:
        return v.date_time(self.router.clock.at(seconds), iso=self.router.version.iso_dates)

    def rule(self, item: Item) -> Values:
        return {"bytes": "0", "packets": "0", "invalid": "false", "dynamic": yes(item.volatile)}

    def interface(self, item: Item) -> Values:
        live = self.router.plane.live.get(item.values["name"][7:-1])
        if item.values.get("type") == "pppoe-in" and live:
            return self._session(live)
        return {
            "running": "true",
            "dynamic": "false",
            "actual-mtu": "1500",
            "link-downs": "0",
            **self._bytes(item.values["name"]),
        }

    def _session(self, live: Live) -> Values:
        # The router receives what the customer sends.
        return {
            "rx-byte": str(int(live.up)),
            "tx-byte": str(int(live.down)),
            "rx-packet": str(int(live.up / 1000)),
            "tx-packet": str(int(live.down / 1000)),
            "running": "true",
            "dynamic": "true",
            "actual-mtu": "1480",
        }

    def _bytes(self, name: str) -> Values:
        up, down = self.router.totals(name)
        return {
            "rx-byte": str(int(up)),
            "tx-byte": str(int(down)),
            "rx-packet": str(int(up / 1000)),
            "tx-packet": str(int(down / 1000)),
            "rx-error": "0",
            "tx-error": "0",
            "rx-drop": "0",
            "tx-drop": "0",
        }

    def ethernet(self, item: Item) -> Values:
        name = item.values["name"]
        return self.interface(item) | {"default-name": name, "slave": "false", "speed": "1Gbps"}

    def pppoe(self, item: Item) -> Values:
        name = item.values["name"][7:-1]
        live = self.router.plane.live.get(name)
        shown = {"user": name, "service": "internet", "running": "true", "dynamic": "true"}
        return shown | ({"remote-address": live.cpe.mac} if live else {})


class Rates:
    """What moves at this moment: never still, and never above what the queues leave."""

    def __init__(self, router: PracticeRouter) -> None:
        self._router = router
        self._speeds = router.plane.speeds()

    def of(self, address: str, interface: str) -> tuple[int, int]:
        """Bits per second up and down."""
        plane = self._router.plane
        live = plane.at(address)
        cpe = live.cpe if live else plane.with_address(address)
        if cpe is None or not plane.can_browse(address):
            return (0, 0)
        up, down = plane.flow(cpe, self._speeds.of(address, interface))
        wave = 0.8 + 0.2 * sin(self._router.clock.seconds / 4 + crc32(cpe.name.encode()) % 7)
        return int(up * wave), int(down * wave)
