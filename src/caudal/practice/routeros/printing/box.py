"""The box itself as print shows it: version, board, clock, packages, health."""

from __future__ import annotations

from ipaddress import ip_interface
from typing import TYPE_CHECKING

from caudal.practice.routeros import values as v
from caudal.practice.routeros.table import Computed, Item

if TYPE_CHECKING:
    from caudal.practice.routeros.device import PracticeRouter

Values = dict[str, str]
BOARD = "RB5009UG+S+"


class BoxShown:
    """Computed columns of one router."""

    def __init__(self, router: PracticeRouter) -> None:
        self.router = router

    def tables(self) -> dict[str, Computed]:
        return {
            "/system/resource": self.resource,
            "/system/routerboard": self.routerboard,
            "/system/clock": self.clock,
            "/system/license": lambda item: {"software-id": "PRAC-TICE", "nlevel": "5"},
            "/system/health": self.health,
            "/system/package/update": self.update,
            "/user": lambda item: {"password": "", "last-logged-in": "", "expired": "false"},
            "/ip/address": self.address,
            "/ipv6/address": self.address,
            "/ip/route": self.route,
            "/file": self.file,
        }

    def resource(self, item: Item) -> Values:
        version = self.router.version
        up = int(self.router.clock.seconds - self.router.booted) * 1000
        return {
            "uptime": v.duration(up),
            "version": f"{version.text} ({version.channel})",
            "build-time": "2026-01-02 08:00:00" if version.iso_dates else "Jan/02/2026 08:00:00",
            "factory-software": "7.4",
            "free-memory": "900000000",
            "total-memory": "1073741824",
            "cpu": "ARM64",
            "cpu-count": "4",
            "cpu-frequency": "1400",
            "cpu-load": str(self.router.cpu_load),
            "free-hdd-space": "1005000000",
            "total-hdd-space": "1073741824",
            "write-sect-since-reboot": "1200",
            "write-sect-total": "90000",
            "bad-blocks": "0",
            "architecture-name": "arm64",
            "board-name": BOARD,
            "platform": "MikroTik",
        }

    def routerboard(self, item: Item) -> Values:
        return {
            "routerboard": "true",
            "model": BOARD,
            "serial-number": self.router.serial,
            "firmware-type": "70x0",
            "factory-firmware": "7.4",
            "current-firmware": self.router.version.text,
            "upgrade-firmware": self.router.version.text,
        }

    def clock(self, item: Item) -> Values:
        now = self.router.clock.now
        return {
            "time": f"{now:%H:%M:%S}",
            "date": v.date(now, iso=self.router.version.iso_dates),
            "time-zone-autodetect": "true",
            "time-zone-name": "UTC",
            "gmt-offset": "+00:00",
            "dst-active": "false",
        }

    def health(self, item: Item) -> Values:
        if self.router.version.is_from("7"):
            return {}
        return {"voltage": "24", "temperature": "38"}

    def update(self, item: Item) -> Values:
        version = self.router.version
        held = {"channel": version.channel, "installed-version": version.text}
        return held | {"latest-version": version.text, "status": "System is already up to date"}

    def address(self, item: Item) -> Values:
        given = ip_interface(item.values.get("address", "0.0.0.0"))
        shown = {"actual-interface": item.values["interface"], "invalid": "false"}
        if given.version == 4:
            shown["network"] = str(given.network.network_address)
        return shown | {"dynamic": "true" if item.volatile else "false"}

    def route(self, item: Item) -> Values:
        active = "true" if item.values.get("disabled") != "true" else "false"
        kind = {"static": "true", "dynamic": "false", "active": active}
        return kind | {"immediate-gw": item.values.get("gateway", "")}

    def file(self, item: Item) -> Values:
        """Small files show what is in them: more of it in version 7."""
        text = item.values.get("contents", "")
        most = 60_000 if self.router.version.is_from("7") else 4095
        when = "last-modified" if self.router.version.is_from("7") else "creation-time"
        moment = v.date_time(self.router.clock.at(item.born), iso=self.router.version.iso_dates)
        size = len(text.encode("utf-8", "surrogateescape"))
        shown = {"type": "script", "size": str(size), when: moment}
        return shown | {"contents": text if size <= most else ""}
