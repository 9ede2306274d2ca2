"""Who has which address: lists, leases, delegated prefixes and ARP entries."""

from dataclasses import replace

from caudal.core.access import Kind, Row, member_key
from caudal.integrations.access.routeros.menus.menu import (
    Menu,
    Vendor,
    but_all,
    by_address,
    only_static,
    or_all,
    plain_address,
    with_address,
)
from caudal.integrations.access.routeros.menus.speeds import parse_rate_limit, rate_limit

_ENTRY = ".id,list,address,timeout,dynamic,disabled,creation-time,comment"
_ENDING = frozenset({"timeout"})
_STRANGE = frozenset({"client-id", "block-access"})
"""What makes a lease another device's, or nobody's."""


def _block_values(row: Row) -> dict[str, str]:
    return {"address": row.key}


def _spelled(key: str) -> list[str]:
    """An address of IPv6 alone is printed with its length."""
    return [f"?address={key}", f"?address={key}/128", "?#|"] if ":" in key else [f"?address={key}"]


def _on_the_block_list(block_list: str) -> list[str]:
    return [f"?list={block_list}"]


def _blocked(key: str, block_list: str) -> list[str]:
    return [f"?list={block_list}", *_spelled(key)]


def _member(row: Vendor) -> str:
    return member_key(plain_address(row.get("address", "")), row.get("list", ""))


def _member_values(row: Row) -> dict[str, str]:
    address, _, name = row.key.partition(" ")
    return {"list": name, "address": address}


def _on_other_lists(block_list: str) -> list[str]:
    """What routers list by themselves has no comment; ours has, even if somebody gave it an end."""
    return ["?dynamic=false", "?comment", "?#|", f"?list={block_list}", "?#!", "?#&"]


def _listed(key: str, block_list: str) -> list[str]:
    address, _, name = key.partition(" ")
    return [f"?list={name}", *_spelled(address)]


def _lease_attrs(row: Vendor) -> dict[str, str]:
    mac = row.get("mac-address", "").upper()
    client = {"mac": mac, "server": but_all(row.get("server", ""))}
    if _is_of_the_mac(row.get("client-id", ""), mac):
        client["client-id"] = ""
    return client | parse_rate_limit(row.get("rate-limit", ""))


def _is_of_the_mac(client_id: str, mac: str) -> bool:
    """Most devices call themselves by the kind of their address and the address: nothing new."""
    digits = client_id.upper().removeprefix("1:").split(":")
    return [part.zfill(2) for part in digits] == mac.split(":")


def _lease_values(row: Row) -> dict[str, str]:
    return {
        "address": row.key,
        "mac-address": row.attrs.get("mac", ""),
        "server": or_all(row.attrs.get("server", "")),
        "rate-limit": rate_limit(row.attrs),
    }


def _binding_attrs(row: Vendor) -> dict[str, str]:
    iaid = row.get("iaid", "")
    client = {
        "duid": row.get("duid", "").lower().removeprefix("0x"),
        "iaid": "" if iaid == "0" else iaid,
        "server": but_all(row.get("server", "")),
    }
    return client | parse_rate_limit(row.get("rate-limit", ""))


def _binding_values(row: Row) -> dict[str, str]:
    duid = row.attrs.get("duid", "")
    return {
        "address": row.key,
        "duid": f"0x{duid}" if duid else "",
        "iaid": row.attrs.get("iaid", "0"),
        "server": or_all(row.attrs.get("server", "")),
        "rate-limit": rate_limit(row.attrs),
    }


def _arp_attrs(row: Vendor) -> dict[str, str]:
    return {"mac": row.get("mac-address", "").upper(), "interface": row.get("interface", "")}


def _arp_values(row: Row) -> dict[str, str]:
    return {
        "address": row.key,
        "mac-address": row.attrs.get("mac", ""),
        "interface": row.attrs.get("interface", ""),
    }


_LISTED = Menu(
    "/ip/firewall/address-list",
    _ENTRY,
    values=_member_values,
    key=_member,
    where=_on_other_lists,
    find=_listed,
    renewing=_ENDING,
)
ADDRESSES = {
    Kind.BLOCK: Menu(
        "/ip/firewall/address-list",
        _ENTRY,
        values=_block_values,
        key=by_address,
        where=_on_the_block_list,
        find=_blocked,
        keeps_dynamic=True,
        renewing=_ENDING,
    ),
    Kind.BLOCK6: Menu(
        "/ipv6/firewall/address-list",
        _ENTRY,
        values=_block_values,
        key=by_address,
        where=_on_the_block_list,
        find=_blocked,
        keeps_dynamic=True,
        renewing=_ENDING,
    ),
    Kind.MEMBER: _LISTED,
    Kind.MEMBER6: replace(_LISTED, path="/ipv6/firewall/address-list"),
    Kind.LEASE: Menu(
        "/ip/dhcp-server/lease",
        ".id,address,mac-address,server,rate-limit,client-id,block-access,dynamic,disabled,comment",
        _lease_attrs,
        _lease_values,
        by_address,
        only_static,
        with_address,
        unset=frozenset({"rate-limit", "client-id"}),
        empty={"block-access": "no"},
        conditions=_STRANGE,
    ),
    Kind.BINDING6: Menu(
        "/ipv6/dhcp-server/binding",
        ".id,address,duid,iaid,server,rate-limit,dynamic,disabled,comment",
        _binding_attrs,
        _binding_values,
        by_address,
        only_static,
        with_address,
        unset=frozenset({"rate-limit"}),
        repeats=True,
    ),
    Kind.ARP: Menu(
        "/ip/arp",
        ".id,address,mac-address,interface,dynamic,disabled,comment",
        _arp_attrs,
        _arp_values,
        by_address,
        only_static,
        with_address,
        repeats=True,
    ),
}
