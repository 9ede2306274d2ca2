"""HotSpot: hosts wait at the door until a user, a cookie or a binding lets them in."""

from caudal.practice.routeros import values as v
from caudal.practice.routeros.plane.equipment import Cpe, Live
from caudal.practice.routeros.plane.firewall import on
from caudal.practice.routeros.plane.makes import Maker
from caudal.practice.routeros.plane.pools import free_address
from caudal.practice.routeros.plane.pppoe import Refused
from caudal.practice.routeros.store import Item

ACTIVE, COOKIES, HOSTS = "/ip/hotspot/active", "/ip/hotspot/cookie", "/ip/hotspot/host"


class Hotspot:
    """One way to be connected. Whoever is plugged in is a host, logged in or not."""

    def __init__(self, maker: Maker) -> None:
        self._make = maker
        self._store = maker.store

    def open(self, cpe: Cpe, lives: list[Live]) -> Live:
        """Raises Refused."""
        server = self.server_on(cpe.interface)
        if server is None:
            raise Refused("no hotspot server")
        address = cpe.address or self._address(server, lives)
        live = Live(cpe, address, self._make.clock.seconds, cpe.interface, allowed=False)
        host = {"mac-address": cpe.mac, "address": address, "to-address": address}
        self._make.row(live, HOSTS, host | {"server": server.values["name"]})
        if not cpe.address:
            self._make.pooled(live, server.values.get("address-pool", ""))
        binding = self.binding(cpe.mac, address)
        live.allowed = binding == "bypassed"
        if binding == "regular":
            self._log_in(live, server)
        return live

    def server_on(self, interface: str) -> Item | None:
        servers = self._store.table("/ip/hotspot").items.values()
        here = (s for s in servers if on(s) and s.values.get("interface") == interface)
        return next(here, None)

    def binding(self, mac: str, address: str) -> str:
        """`regular`, `bypassed` or `blocked`, by the first binding that fits."""
        for item in self._store.table("/ip/hotspot/ip-binding").items.values():
            row = item.values
            same_mac = row.get("mac-address", "") in ("", mac)
            same_address = not row.get("address") or v.in_listed(address, row["address"])
            if on(item) and same_mac and same_address:
                return row.get("type", "regular")
        return "regular"

    def fits(self, live: Live) -> bool:
        binding = self.binding(live.cpe.mac, live.address)
        if self.server_on(live.interface) is None:
            return False
        return live.allowed if binding == "bypassed" else not self._is_bypassed(live)

    def _is_bypassed(self, live: Live) -> bool:
        return live.allowed and all(path != ACTIVE for path, _ in live.rows)

    def _address(self, server: Item, lives: list[Live]) -> str:
        pool = server.values.get("address-pool", "none")
        address = free_address(self._store, pool, {live.address for live in lives})
        if not address:
            raise Refused("no free address")
        return address

    def _log_in(self, live: Live, server: Item) -> None:
        name = server.values["name"]
        user, by_cookie = self._user(live.cpe, name), self._has_cookie(live.cpe)
        refusal = _refusal(user, live, by_cookie=by_cookie)
        if refusal or user is None:
            self._make.log("hotspot,info,debug", f"{live.cpe.name} ({live.address}): {refusal}")
            return
        live.allowed = True
        profile = self._profile(user)
        way = "mac-cookie" if by_cookie else "http-chap"
        self._make.row(live, ACTIVE, {"user": live.cpe.name, "server": name, "login-by": way})
        self._bake(live, profile)
        queue = f"<hotspot-{live.cpe.name}>"
        self._make.queue(live, queue, f"{live.address}/32", profile.get("rate-limit", ""))
        self._make.listed(live, profile.get("address-list", ""))

    def _user(self, cpe: Cpe, server: str) -> Item | None:
        users = [
            item
            for item in self._store.table("/ip/hotspot/user").items.values()
            if item.values["name"] == cpe.name
            and item.values.get("server", "all") in ("all", server)
        ]
        return users[0] if users else None

    def _profile(self, user: Item) -> dict[str, str]:
        table = self._store.table("/ip/hotspot/user/profile")
        named = table.named(user.values.get("profile", "default"))
        return named.values if named else {}

    def _has_cookie(self, cpe: Cpe) -> bool:
        rows = self._store.table(COOKIES).items.values()
        return any(
            r.values["user"] == cpe.name and r.values["mac-address"] == cpe.mac for r in rows
        )

    def _bake(self, live: Live, profile: dict[str, str]) -> None:
        """The cookie outlives the session; it is only gone when somebody removes it."""
        if profile.get("add-mac-cookie", "true") in ("true", "yes") and not self._has_cookie(
            live.cpe
        ):
            row = {"user": live.cpe.name, "mac-address": live.cpe.mac, "mac-cookie": "true"}
            self._store.table(COOKIES).add(row, volatile=True)


def _refusal(user: Item | None, live: Live, *, by_cookie: bool) -> str:
    if user is None:
        return "login failed: invalid username or password"
    if not on(user):
        return "login failed: user is disabled"
    row = user.values
    if not by_cookie and row.get("password", "") != live.cpe.password:
        return "login failed: invalid username or password"
    if row.get("mac-address", "") not in ("", live.cpe.mac):
        return "login failed: user is not allowed to log in from this MAC address"
    return ""
