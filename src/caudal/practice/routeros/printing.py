"""What a router only knows when it is asked: uptimes, counters, clock, and its special commands."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING

from caudal.practice.routeros import values as v
from caudal.practice.routeros.shell import Answer, Command, quit_
from caudal.practice.routeros.store import Item
from caudal.practice.routeros.traps import Trap

if TYPE_CHECKING:
    from caudal.practice.routeros.device import PracticeRouter
    from caudal.practice.routeros.plane import Live

Values = dict[str, str]


def install(router: PracticeRouter) -> None:
    """Tie the tables that show live things to the data plane."""
    show = Showing(router)
    tables = router.store.tables
    tables["/ppp/active"].computed = show.active
    tables["/ppp/active"].on_remove = lambda item: show.hang_up(item.values["name"])
    tables["/ppp/secret"].computed = show.secret
    tables["/ppp/profile"].computed = show.profile
    tables["/interface"].computed = show.interface
    tables["/queue/simple"].computed = show.queue
    tables["/ip/firewall/address-list"].computed = show.entry
    tables["/system/resource"].computed = show.resource
    tables["/system/routerboard"].computed = show.routerboard
    tables["/system/clock"].computed = show.clock
    tables["/user"].computed = lambda item: {"password": ""}
    router.shell.locked = {"/queue/simple": "failure: can not change dynamic item"}
    router.shell.specials |= {
        "/quit": quit_,
        "/ping": show.ping,
        "/tool/ping": show.ping,
    }


class Showing:
    """Computed columns and commands of one router."""

    def __init__(self, router: PracticeRouter) -> None:
        self.router = router

    def hang_up(self, name: str) -> None:
        self.router.plane.hang_up(name)

    def _live(self, name: str) -> Live | None:
        return self.router.plane.live.get(name)

    def _uptime(self, since: float) -> str:
        return v.duration(int(self.router.clock.seconds - since) * 1000)

    def _moment(self, seconds: float) -> str:
        return v.date_time(self.router.clock.at(seconds), iso=self.router.version.iso_dates)

    def secret(self, item: Item) -> Values:
        never = "1970-01-01 00:00:00" if self.router.version.iso_dates else "jan/01/1970 00:00:00"
        return {"last-logged-out": item.values.get("last-logged-out", never)}

    def profile(self, item: Item) -> Values:
        return {"default": "true" if item.number in (0, 1) else "false"}

    def active(self, item: Item) -> Values:
        live = self._live(item.values["name"])
        if live is None:
            return {}
        return {
            "service": "pppoe",
            "caller-id": live.cpe.mac,
            "address": live.address,
            "uptime": self._uptime(live.since),
            "encoding": "",
            "session-id": f"0x81{item.number:06x}",
            "limit-bytes-in": "0",
            "limit-bytes-out": "0",
            "radius": "false",
        }

    def interface(self, item: Item) -> Values:
        name = item.values["name"]
        live = self._live(name[7:-1]) if name.startswith("<pppoe-") else None
        if live is None:
            return {"type": "ether", "running": "true", "dynamic": "false"}
        # The router receives what the customer sends.
        return {
            "rx-byte": str(int(live.up)),
            "tx-byte": str(int(live.down)),
            "running": "true",
            "dynamic": "true",
        }

    def queue(self, item: Item) -> Values:
        live = self._live(item.values.get("name", "")[7:-1]) if item.volatile else None
        up, down = self.router.plane.queue_bytes.get(item.number, (0.0, 0.0))
        if live:
            up, down = live.up, live.down
        dynamic = "true" if item.volatile else "false"
        return {"bytes": f"{int(up)}/{int(down)}", "dynamic": dynamic, "invalid": "false"}

    def entry(self, item: Item) -> Values:
        shown = {
            "creation-time": self._moment(item.born),
            "dynamic": "true" if item.volatile else "false",
        }
        if "timeout" in item.values:
            whole = v.milliseconds(item.values["timeout"], "timeout")
            left = whole - int((self.router.clock.seconds - item.born) * 1000)
            shown["timeout"] = v.duration(max(left // 1000, 0) * 1000)
        return shown

    def resource(self, item: Item) -> Values:
        version = self.router.version
        return {
            "uptime": self._uptime(self.router.booted),
            "version": f"{version.text} ({version.channel})",
            "cpu-load": "3",
            "free-memory": "900000000",
            "total-memory": "1073741824",
            "architecture-name": "arm64",
            "board-name": "RB5009UG+S+",
            "platform": "MikroTik",
        }

    def routerboard(self, item: Item) -> Values:
        return {
            "routerboard": "true",
            "model": "RB5009UG+S+",
            "serial-number": self.router.serial,
            "current-firmware": self.router.version.text,
        }

    def clock(self, item: Item) -> Values:
        now = self.router.clock.now
        return {
            "time": f"{now:%H:%M:%S}",
            "date": v.date(now, iso=self.router.version.iso_dates),
            "time-zone-name": "UTC",
            "gmt-offset": "+00:00",
        }

    def ping(self, command: Command) -> Answer:
        """A connected customer answers in a few milliseconds, anybody else not at all."""
        address = command.given.get("address", "")
        try:
            ip_address(address)
        except ValueError:
            raise Trap("invalid value for argument address", 1) from None
        plane = self.router.plane
        there = any(live.address == address for live in plane.live.values())
        there = there or any(cpe.address == address for cpe in plane.cpes.values())
        rows = []
        for n in range(int(command.given.get("count", "4"))):
            row = {"seq": str(n), "host": address, "sent": str(n + 1)}
            row |= {"received": str(n + 1 if there else 0)}
            row |= {"packet-loss": "0" if there else "100"}
            row |= {"time": "3ms", "avg-rtt": "3ms"} if there else {"status": "timeout"}
            rows.append(row)
        return Answer(rows)
