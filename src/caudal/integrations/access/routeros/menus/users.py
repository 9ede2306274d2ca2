"""Who signs in: PPP and HotSpot profiles, users, live sessions and cookies."""

from caudal.core.access import Kind, Row
from caudal.core.access.rows import UNREADABLE
from caudal.core.addressing import AddressError, canonical, parse_network
from caudal.integrations.access.routeros.menus.menu import Menu, Vendor, but_all, or_all
from caudal.integrations.access.routeros.menus.speeds import parse_rate_limit, rate_limit

_NO_ADDRESS, _NO_MAC = "0.0.0.0", "00:00:00:00:00:00"
_QUOTAS = {"limit-bytes-in": "0", "limit-bytes-out": "0"}
_HOTSPOT_QUOTAS = _QUOTAS | {"limit-bytes-total": "0", "limit-uptime": "0s"}
"""After so much the customer is out: no plan of ours says that."""
LINK = 64
"""A prefix of this length is for the link itself; a shorter one is routed to the customer."""


def _profile_attrs(row: Vendor) -> dict[str, str]:
    pools = {"pool": row.get("remote-address", ""), "pool6": row.get("dhcpv6-pd-pool", "")}
    return parse_rate_limit(row.get("rate-limit", "")) | pools


def _profile_values(row: Row) -> dict[str, str]:
    return {
        "name": row.key,
        "rate-limit": rate_limit(row.attrs),
        "remote-address": row.attrs.get("pool", ""),
        "dhcpv6-pd-pool": row.attrs.get("pool6", ""),
    }


def _password(row: Vendor) -> str:
    """Without the right to see it, it is missing or stars, as many as the version likes."""
    password = row.get("password")
    if password is None or (password and not password.strip("*")):
        return UNREADABLE
    return password


def _account_attrs(row: Vendor) -> dict[str, str]:
    service = row.get("service", "any")
    return {
        "password": _password(row),
        "profile": row.get("profile", ""),
        "address": row.get("remote-address", ""),
        "local_address": row.get("local-address", ""),
        "mac": row.get("caller-id", "").upper(),
        "service": "" if service == "pppoe" else service,
        "prefix": _prefix(row),
    }


def _prefix(row: Vendor) -> str:
    text = row.get("remote-ipv6-prefix") or row.get("ipv6-routes", "")
    try:
        return "" if text in ("", "::/0") else canonical(text)
    except AddressError:
        return text


def _is_of_the_link(prefix: str) -> bool:
    try:
        return bool(prefix) and parse_network(prefix).prefixlen >= LINK
    except AddressError:
        return False  # several routes, or a pool, that somebody wrote by hand


def _account_values(row: Row) -> dict[str, str]:
    attrs = row.attrs
    prefix = attrs.get("prefix", "")
    on_link = _is_of_the_link(prefix)
    return {
        "name": row.key,
        "password": attrs.get("password", ""),
        "service": attrs.get("service", "pppoe"),
        "profile": attrs.get("profile", "default"),
        "remote-address": attrs.get("address", ""),
        "local-address": attrs.get("local_address", ""),
        "caller-id": attrs.get("mac", ""),
        "remote-ipv6-prefix": prefix if on_link else "",
        "ipv6-routes": "" if on_link else prefix,
    }


def _hotspot_profile_attrs(row: Vendor) -> dict[str, str]:
    pool = row.get("address-pool", "none")
    return parse_rate_limit(row.get("rate-limit", "")) | {"pool": "" if pool == "none" else pool}


def _hotspot_profile_values(row: Row) -> dict[str, str]:
    return {
        "name": row.key,
        "rate-limit": rate_limit(row.attrs),
        "address-pool": row.attrs.get("pool", "none"),
    }


def _hotspot_user_attrs(row: Vendor) -> dict[str, str]:
    address, mac = row.get("address", ""), row.get("mac-address", "").upper()
    return {
        "password": _password(row),
        "profile": row.get("profile", ""),
        "address": "" if address == _NO_ADDRESS else address,
        "mac": "" if mac == _NO_MAC else mac,
        "server": but_all(row.get("server", "all")),
    }


def _hotspot_user_values(row: Row) -> dict[str, str]:
    attrs = row.attrs
    return {
        "name": row.key,
        "password": attrs.get("password", ""),
        "profile": attrs.get("profile", "default"),
        "address": attrs.get("address", ""),
        "mac-address": attrs.get("mac", ""),
        "server": or_all(attrs.get("server", "")),
    }


def _by_user(row: Vendor) -> str:
    return row.get("user", "")


def _but_the_routers_own(block_list: str) -> list[str]:
    """Every HotSpot has the model of its trial users, which is nobody."""
    return ["?name=default-trial", "?#!"]


def _with_user(key: str, block_list: str) -> list[str]:
    return [f"?user={key}"]


USERS = {
    Kind.PROFILE: Menu(
        "/ppp/profile",
        ".id,name,rate-limit,remote-address,dhcpv6-pd-pool,comment",
        _profile_attrs,
        _profile_values,
        unset=frozenset({"rate-limit", "remote-address", "dhcpv6-pd-pool"}),
        switched=False,
    ),
    Kind.ACCOUNT: Menu(
        "/ppp/secret",
        ".id,name,password,service,profile,remote-address,local-address,caller-id,"
        f"remote-ipv6-prefix,ipv6-routes,{','.join(_QUOTAS)},disabled,comment",
        _account_attrs,
        _account_values,
        unset=frozenset({"remote-address", "local-address", "remote-ipv6-prefix"}),
        empty=_QUOTAS,
        conditions=frozenset(_QUOTAS),
    ),
    Kind.HOTSPOT_PROFILE: Menu(
        "/ip/hotspot/user/profile",
        ".id,name,rate-limit,address-pool",
        _hotspot_profile_attrs,
        _hotspot_profile_values,
        unset=frozenset({"rate-limit"}),
        switched=False,
        commented=False,
    ),
    Kind.HOTSPOT_USER: Menu(
        "/ip/hotspot/user",
        f".id,name,password,profile,address,mac-address,server,{','.join(_HOTSPOT_QUOTAS)},disabled,"
        "dynamic,comment",
        _hotspot_user_attrs,
        _hotspot_user_values,
        where=_but_the_routers_own,
        empty={"address": _NO_ADDRESS, "mac-address": _NO_MAC, **_HOTSPOT_QUOTAS},
        conditions=frozenset(_HOTSPOT_QUOTAS),
    ),
    Kind.COOKIE: Menu("/ip/hotspot/cookie", ".id,user,mac-address", key=_by_user, find=_with_user),
    Kind.SESSION: Menu("/ppp/active", ".id,name,address,caller-id,uptime,radius"),
    Kind.HOTSPOT_SESSION: Menu(
        "/ip/hotspot/active",
        ".id,user,address,mac-address,uptime,radius",
        key=_by_user,
        find=_with_user,
    ),
}
