"""Sessions, leases, hosts, ARP and registrations as print shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from caudal.practice.routeros import values as v
from caudal.practice.routeros.plane.dhcp import blocks
from caudal.practice.routeros.plane.links import RADIOS
from caudal.practice.routeros.table import Computed, Item

if TYPE_CHECKING:
    from caudal.practice.routeros.device import PracticeRouter
    from caudal.practice.routeros.plane import Cpe, Live

Values = dict[str, str]
LEASE_S = 1800


class AccessShown:
    """Computed columns of one router."""

    def __init__(self, router: PracticeRouter) -> None:
        self.router = router

    def tables(self) -> dict[str, Computed]:
        registered = {path: self.registered for path in RADIOS}
        return {
            "/ppp/active": self.ppp,
            "/ppp/secret": self.secret,
            "/ppp/profile": lambda item: {"default": yes(item.number in (0, 1))},
            "/ip/arp": self.arp,
            "/ip/dhcp-server": lambda item: {"dynamic": "false", "invalid": "false"},
            "/ip/dhcp-server/lease": self.lease,
            "/ip/hotspot": lambda item: {"invalid": "false", "HTTPS": "false"},
            "/ip/hotspot/profile": lambda item: {"default": yes(item.number == 0)},
            "/ip/hotspot/user": self.user,
            "/ip/hotspot/user/profile": lambda item: {"default": yes(item.number == 0)},
            "/ip/hotspot/active": self.inside,
            "/ip/hotspot/host": self.host,
            "/ip/hotspot/cookie": lambda item: {"expires-in": "2d23h"},
            "/ip/hotspot/ip-binding": self.binding,
            "/ipv6/dhcp-server/binding": self.prefix,
            **registered,
        }

    def _live(self, name: str) -> Live | None:
        return self.router.plane.live.get(name)

    def _since(self, seconds: float) -> str:
        return v.duration(int(self.router.clock.seconds - seconds) * 1000)

    def secret(self, item: Item) -> Values:
        never = "1970-01-01 00:00:00" if self.router.version.iso_dates else "jan/01/1970 00:00:00"
        return {"last-logged-out": item.values.get("last-logged-out", never)}

    def ppp(self, item: Item) -> Values:
        live = self._live(item.values["name"])
        if live is None:
            return {}
        return {
            "service": "pppoe",
            "caller-id": live.cpe.mac,
            "address": live.address,
            "uptime": self._since(live.since),
            "encoding": "",
            "session-id": f"0x81{item.number:06x}",
            "limit-bytes-in": "0",
            "limit-bytes-out": "0",
            "radius": "false",
        }

    def arp(self, item: Item) -> Values:
        given = "DHCP" in item.values
        shown = {
            "invalid": "false",
            "DHCP": yes(given),
            "dynamic": yes(item.volatile),
            "complete": yes("mac-address" in item.values),
        }
        return shown | ({"status": "reachable"} if self.router.version.is_from("7") else {})

    def lease(self, item: Item) -> Values:
        live = self._holder(item)
        shown = {
            "radius": "false",
            "dynamic": yes(item.volatile),
            "blocked": yes(blocks(item)),
            "status": "bound" if live else "waiting",
            "last-seen": self._since(self.router.clock.seconds) if live else "never",
        }
        if live:
            left = LEASE_S - int(self.router.clock.seconds - live.since) % (LEASE_S // 2)
            shown |= {
                "expires-after": v.duration(left * 1000),
                "active-address": live.address,
                "active-mac-address": live.cpe.mac,
                "active-server": self._server(live.interface),
                "host-name": live.cpe.name,
            }
        return shown

    def _holder(self, lease: Item) -> Live | None:
        lives = self.router.plane.live.values()
        return next((live for live in lives if live.lease is lease), None)

    def _server(self, interface: str) -> str:
        servers = self.router.store.table("/ip/dhcp-server").items.values()
        here = (s.values["name"] for s in servers if s.values.get("interface") == interface)
        return next(here, "")

    def user(self, item: Item) -> Values:
        live = self._live(item.values["name"])
        up, down = (live.up, live.down) if live else (0.0, 0.0)
        return {
            "uptime": self._since(live.since) if live else "0s",
            "bytes-in": str(int(up)),
            "bytes-out": str(int(down)),
            "packets-in": str(int(up / 1000)),
            "packets-out": str(int(down / 1000)),
            "dynamic": "false",
            "default": yes(item.number == 0),
        }

    def inside(self, item: Item) -> Values:
        live = self._live(item.values["user"])
        if live is None:
            return {}
        return {
            "address": live.address,
            "mac-address": live.cpe.mac,
            "uptime": self._since(live.since),
            "idle-time": "0s",
            "keepalive-timeout": "2m",
            "bytes-in": str(int(live.up)),
            "bytes-out": str(int(live.down)),
            "packets-in": str(int(live.up / 1000)),
            "packets-out": str(int(live.down / 1000)),
            "radius": "false",
        }

    def host(self, item: Item) -> Values:
        live = self.router.plane.at(item.values["address"])
        binding = self.router.plane.hotspot.binding(
            item.values["mac-address"], item.values["address"]
        )
        allowed = bool(live and live.allowed)
        return {
            "authorized": yes(allowed and binding == "regular"),
            "bypassed": yes(binding == "bypassed"),
            "blocked": yes(binding == "blocked"),
            "DHCP": "false",
            "dynamic": "true",
            "uptime": self._since(item.born),
            "idle-time": "0s",
            "found-by": "ARP",
        }

    def binding(self, item: Item) -> Values:
        kind = item.values.get("type", "regular")
        return {"bypassed": yes(kind == "bypassed"), "blocked": yes(kind == "blocked")}

    def prefix(self, item: Item) -> Values:
        held = item.values.get("address", "")
        live = any(live.prefix == held for live in self.router.plane.live.values())
        return {
            "dynamic": yes(item.volatile),
            "radius": "false",
            "status": "bound" if live else "waiting",
            "last-seen": "0s" if live else "never",
        }

    def registered(self, item: Item) -> Values:
        cpes = self.router.plane.cpes.values()
        cpe = next((c for c in cpes if c.mac == item.values["mac-address"]), None)
        if cpe is None:
            return {}
        return self._wifi(cpe.signal_dbm) if self._is_wifi else self._wireless(cpe)

    @property
    def _is_wifi(self) -> bool:
        return not self.router.store.has("/interface/wireless/registration-table")

    def _wifi(self, dbm: int) -> Values:
        return {
            "ssid": "ISP",
            "auth-type": "wpa2-psk",
            "authorized": "true",
            "band": "5ghz-ac",
            "signal": str(dbm),
            "tx-rate": "390000000",
            "rx-rate": "325000000",
            "uptime": "1h2m",
            "bytes": "48210,991220",
            "packets": "320,840",
        }

    def _wireless(self, cpe: Cpe) -> Values:
        dbm = cpe.signal_dbm
        return {
            "signal-strength": f"{dbm}dBm@6Mbps",
            "signal-to-noise": str(dbm + 105),
            "tx-signal-strength": str(dbm - 2),
            "tx-ccq": "91",
            "rx-ccq": "88",
            "tx-rate": "130Mbps-20MHz/2S",
            "rx-rate": "104Mbps-20MHz/2S",
            "uptime": "1h2m",
            "last-activity": "20ms",
            "last-ip": cpe.address,
            "bytes": "48210,991220",
            "packets": "320,840",
        }


def yes(is_so: bool) -> str:
    return "true" if is_so else "false"
