"""DHCP: static leases first, then the pool; queue, list and ARP of the lease."""

from caudal.practice.routeros.plane.equipment import Cpe, Live
from caudal.practice.routeros.plane.firewall import on
from caudal.practice.routeros.plane.makes import Maker, limits
from caudal.practice.routeros.plane.pools import free_address
from caudal.practice.routeros.plane.pppoe import Refused
from caudal.practice.routeros.store import Item

LEASES = "/ip/dhcp-server/lease"


class Dhcp:
    """One way to be connected."""

    def __init__(self, maker: Maker) -> None:
        self._make = maker
        self._store = maker.store

    def open(self, cpe: Cpe, lives: list[Live]) -> Live:
        """Raises Refused."""
        server = self._server(cpe)
        lease = self._static(cpe.mac, server.values["name"])
        if lease and blocks(lease):
            raise Refused("client is blocked")
        address = self._address(lease, server, lives)
        live = Live(cpe, address, self._make.clock.seconds, cpe.interface, lease=lease)
        if lease is None:
            self._make.pooled(live, server.values.get("address-pool", ""))
            row = {"address": address, "mac-address": cpe.mac, "server": server.values["name"]}
            self._make.row(live, LEASES, row)
            live.lease = next((item for path, item in live.rows if path == LEASES), None)
        self._dress(live, server)
        return live

    def _server(self, cpe: Cpe) -> Item:
        servers = self._store.table("/ip/dhcp-server").items.values()
        here = (s for s in servers if on(s) and s.values.get("interface") == cpe.interface)
        server = next(here, None)
        if server is None:
            raise Refused("no dhcp server")
        return server

    def _static(self, mac: str, server: str) -> Item | None:
        for item in self._store.table(LEASES).items.values():
            mine = item.values.get("mac-address") == mac and not item.volatile
            if mine and on(item) and item.values.get("server", "all") in (server, "all"):
                return item
        return None

    def _address(self, lease: Item | None, server: Item, lives: list[Live]) -> str:
        used = {live.address for live in lives}
        wanted = lease.values["address"] if lease else server.values.get("address-pool", "")
        if lease and self._store.table("/ip/pool").named(wanted) is None:
            return wanted
        kept = {i.values["address"] for i in self._store.table(LEASES).items.values()}
        address = free_address(self._store, wanted, used | kept)
        if not address:
            raise Refused("no free address")
        return address

    def _dress(self, live: Live, server: Item) -> None:
        held = live.lease.values if live.lease else {}
        name = f"dhcp-ds<{live.cpe.mac}>"
        self._make.queue(live, name, f"{live.address}/32", held.get("rate-limit", ""))
        self._make.listed(live, held.get("address-lists", ""))
        if server.values.get("add-arp") == "true":
            row = {
                "address": live.address,
                "mac-address": live.cpe.mac,
                "interface": live.interface,
            }
            self._make.row(live, "/ip/arp", row | {"DHCP": "true"})

    def fits(self, live: Live) -> bool:
        """Is the lease still there, and as it was when it was given?"""
        lease = live.lease
        if lease is None or lease.number not in self._store.table(LEASES).items:
            return False
        fixed = self._static(live.cpe.mac, lease.values.get("server", "all"))
        if fixed not in (None, lease):
            return False
        same = lease.values["address"] == live.address
        known = self._store.table("/ip/pool").named(lease.values["address"]) is not None
        return on(lease) and not blocks(lease) and (same or known) and self._is_dressed(live)

    def _is_dressed(self, live: Live) -> bool:
        """A lease whose speed or lists have changed is given anew."""
        held = live.lease.values if live.lease else {}
        queues = [item for path, item in live.rows if path == "/queue/simple"]
        rate = held.get("rate-limit", "")
        lists = {i.values["list"] for p, i in live.rows if p == "/ip/firewall/address-list"}
        wanted = set(held.get("address-lists", "").split(",")) - {""}
        return lists == wanted and _same_speed(queues, rate)


def blocks(lease: Item) -> bool:
    return lease.values.get("block-access") == "true"


def _same_speed(queues: list[Item], rate: str) -> bool:
    if not rate or not queues:
        return not rate and not queues
    wanted = limits(rate)
    return all(queues[0].values.get(name) == value for name, value in wanted.items())
