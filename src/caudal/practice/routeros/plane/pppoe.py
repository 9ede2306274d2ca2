"""PPPoE: who may dial, what the profile gives, what the session leaves on the router."""

from caudal.practice.routeros.plane.equipment import Cpe, Live
from caudal.practice.routeros.plane.firewall import on
from caudal.practice.routeros.plane.makes import Maker
from caudal.practice.routeros.plane.pools import free_address, free_prefix
from caudal.practice.routeros.store import Item

Row = dict[str, str]


class Refused(Exception):
    """Why equipment does not get in, as the log says it."""


class Pppoe:
    """One way to be connected."""

    def __init__(self, maker: Maker) -> None:
        self._make = maker
        self._store = maker.store

    def open(self, cpe: Cpe, lives: list[Live]) -> Live:
        """Raises Refused."""
        secret = self._secret(cpe)
        profile = self._profile(secret)
        interface = f"<pppoe-{cpe.name}>"
        address = self._address(secret, profile, lives)
        live = Live(cpe, address, self._make.clock.seconds, interface)
        self._make.row(live, "/interface", {"name": interface, "type": "pppoe-in"})
        self._make.row(live, "/ppp/active", {"name": cpe.name})
        self._make.pooled(live, secret.get("remote-address") or profile.get("remote-address", ""))
        self._make.queue(live, interface, interface, profile.get("rate-limit", ""))
        self._make.listed(live, profile.get("address-list", ""))
        self._give_prefix(live, secret, profile, lives)
        return live

    def _secret(self, cpe: Cpe) -> Row:
        item = self._store.table("/ppp/secret").named(cpe.name)
        refusal = _refusal(item, cpe)
        if refusal or item is None:
            raise Refused(refusal)
        return item.values

    def _profile(self, secret: Row) -> Row:
        named = self._store.table("/ppp/profile").named(secret.get("profile", "default"))
        return named.values if named else {}

    def _address(self, secret: Row, profile: Row, lives: list[Live]) -> str:
        wanted = secret.get("remote-address") or profile.get("remote-address", "")
        if not wanted or self._store.table("/ip/pool").named(wanted) is None:
            return wanted
        return free_address(self._store, wanted, {live.address for live in lives})

    def _give_prefix(self, live: Live, secret: Row, profile: Row, lives: list[Live]) -> None:
        live.prefix = secret.get("remote-ipv6-prefix", "")
        pool = profile.get("dhcpv6-pd-pool", "")
        if live.prefix or not pool:
            return
        fixed = self._bound(live.interface)
        live.prefix = fixed or free_prefix(self._store, pool, {other.prefix for other in lives})
        if live.prefix and not fixed:
            values = {"address": live.prefix, "server": live.interface, "prefix-pool": pool}
            self._make.row(live, "/ipv6/dhcp-server/binding", values)

    def _bound(self, interface: str) -> str:
        """The prefix that a static binding keeps for this session."""
        rows = self._store.table("/ipv6/dhcp-server/binding").items.values()
        mine = (r for r in rows if r.values.get("server") == interface and on(r))
        return next((r.values.get("address", "") for r in mine if not r.volatile), "")


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
