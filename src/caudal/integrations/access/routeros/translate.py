"""Rows of RouterOS to neutral rows and back, without any I/O."""

from collections.abc import Mapping
from datetime import datetime

from caudal.core.access import Kind, Row, Session, pair
from caudal.core.access.rows import UNREADABLE
from caudal.core.addressing import AddressError, canonical
from caudal.integrations.access.routeros import values as v

Vendor = Mapping[str, str]

PATHS = {
    Kind.PROFILE: "/ppp/profile",
    Kind.ACCOUNT: "/ppp/secret",
    Kind.QUEUE: "/queue/simple",
    Kind.BLOCK: "/ip/firewall/address-list",
    Kind.SESSION: "/ppp/active",
}
PROPERTIES = {
    Kind.PROFILE: ".id,name,rate-limit,remote-address,comment",
    Kind.ACCOUNT: ".id,name,password,service,profile,remote-address,local-address,caller-id,"
    "disabled,comment",
    Kind.QUEUE: ".id,name,target,max-limit,limit-at,burst-limit,burst-threshold,burst-time,"
    "priority,disabled,dynamic,parent,comment",
    Kind.BLOCK: ".id,list,address,disabled,creation-time,comment",
    Kind.SESSION: ".id,name,address,caller-id,uptime,radius",
}
# What only `unset` can empty; everything else takes an empty value or has a default to write.
UNSET_ONLY = frozenset({"remote-address", "local-address", "rate-limit"})
_HIDDEN = frozenset({"*****", "******"})
_RATE_ORDER = ("max", "burst", "threshold", "burst_time", "priority", "guaranteed")


def found_row(kind: Kind, row: Vendor, now: datetime | None = None) -> Row:
    """A neutral row from a printed one. `now` is the router's clock, for ages."""
    attrs, key = _ATTRS[kind](row), row.get("address" if kind is Kind.BLOCK else "name", "")
    if v.is_yes(row.get("disabled", "")):
        attrs["enabled"] = "no"
    return Row(
        kind,
        _canonical(key) if kind is Kind.BLOCK else key,
        {name: value for name, value in attrs.items() if value},
        row.get("comment", ""),
        row.get(".id", ""),
        _age(row.get("creation-time", ""), now),
    )


def vendor_values(row: Row, block_list: str) -> dict[str, str]:
    """Everything we manage of a row, in the router's words; an empty text stands for unset."""
    values = _VALUES[row.kind](row)
    if row.kind is Kind.BLOCK:
        values["list"] = block_list
    if row.kind is not Kind.PROFILE:
        values["disabled"] = "no" if row.enabled else "yes"
    return values | {"comment": row.comment}


def found_session(row: Vendor, speeds: Mapping[str, str]) -> Session:
    """A live session; `speeds` are the dynamic queues' limits by user name."""
    name = row.get("name", "")
    return Session(
        name,
        row.get("address", ""),
        row.get("caller-id", "").upper(),
        row.get(".id", ""),
        v.seconds(row.get("uptime", "")),
        speeds.get(name, ""),
        v.is_yes(row.get("radius", "")),
    )


def session_speeds(queues: list[dict[str, str]]) -> dict[str, str]:
    """Limits in force by user name, from the queues that sessions made."""
    return {
        row["name"][len("<pppoe-") : -1]: v.rates(row.get("max-limit", "")) or "0/0"
        for row in queues
        if v.is_yes(row.get("dynamic", "")) and row.get("name", "").startswith("<pppoe-")
    }


def parse_rate_limit(text: str) -> dict[str, str]:
    """`rx/tx burst threshold time priority minimum` as canonical speed attributes."""
    words = dict(zip(_RATE_ORDER, text.split(), strict=False))
    attrs = {name: v.rates(words.get(name, "")) for name in ("max", "guaranteed")}
    attrs["priority"] = v.priority(words.get("priority", "8"))
    return attrs | _burst(
        attrs["max"],
        v.rates(words.get("burst", "")),
        v.rates(words.get("threshold", "")),
        v.times(words.get("burst_time", "")),
    )


def _burst(limit: str, burst: str, threshold: str, time: str) -> dict[str, str]:
    """Without a burst its threshold and time mean nothing; with one they have defaults."""
    if not burst:
        return {}
    return {"burst": burst, "threshold": threshold or limit, "burst_time": time or pair(1, 1)}


def rate_limit(attrs: Mapping[str, str]) -> str:
    """The text of a profile's rate-limit, as short as it can be."""
    words = [
        v.short_rates(attrs.get("max", "")),
        v.short_rates(attrs.get("burst", "")),
        v.short_rates(attrs.get("threshold", "")),
        attrs.get("burst_time", "0/0"),
        attrs.get("priority", "8"),
        v.short_rates(attrs.get("guaranteed", "")),
    ]
    idle = ["0/0", "0/0", "0/0", "0/0", "8", "0/0"]
    while words and words[-1] == idle[len(words) - 1]:
        words.pop()
    return " ".join(words)


def _profile_attrs(row: Vendor) -> dict[str, str]:
    return parse_rate_limit(row.get("rate-limit", "")) | {"pool": row.get("remote-address", "")}


def _account_attrs(row: Vendor) -> dict[str, str]:
    password = row.get("password")
    hidden = password is None or password in _HIDDEN
    service = row.get("service", "any")
    return {
        "password": UNREADABLE if hidden else password or "",
        "profile": row.get("profile", ""),
        "address": row.get("remote-address", ""),
        "local_address": row.get("local-address", ""),
        "mac": row.get("caller-id", "").upper(),
        "service": "" if service == "pppoe" else service,
    }


def _queue_attrs(row: Vendor) -> dict[str, str]:
    limit = v.rates(row.get("max-limit", ""))
    attrs = {
        "target": ",".join(_canonical(part) for part in row.get("target", "").split(",")),
        "max": limit,
        "guaranteed": v.rates(row.get("limit-at", "")),
        "priority": v.priority(row.get("priority", "8/8")),
    }
    return attrs | _burst(
        limit,
        v.rates(row.get("burst-limit", "")),
        v.rates(row.get("burst-threshold", "")),
        v.times(row.get("burst-time", "")),
    )


def _block_attrs(row: Vendor) -> dict[str, str]:
    return {}


def _profile_values(row: Row) -> dict[str, str]:
    return {
        "name": row.key,
        "rate-limit": rate_limit(row.attrs),
        "remote-address": row.attrs.get("pool", ""),
    }


def _account_values(row: Row) -> dict[str, str]:
    attrs = row.attrs
    return {
        "name": row.key,
        "password": attrs.get("password", ""),
        "service": attrs.get("service", "pppoe"),
        "profile": attrs.get("profile", "default"),
        "remote-address": attrs.get("address", ""),
        "local-address": attrs.get("local_address", ""),
        "caller-id": attrs.get("mac", ""),
    }


def _queue_values(row: Row) -> dict[str, str]:
    attrs = row.attrs
    seconds = attrs.get("burst_time", "0/0").split("/")
    priority = attrs.get("priority", "8")
    return {
        "name": row.key,
        "target": attrs.get("target", ""),
        "max-limit": attrs.get("max", "0/0"),
        "limit-at": attrs.get("guaranteed", "0/0"),
        "burst-limit": attrs.get("burst", "0/0"),
        "burst-threshold": attrs.get("threshold", "0/0"),
        "burst-time": "/".join(f"{part}s" for part in seconds),
        "priority": priority if "/" in priority else f"{priority}/{priority}",
    }


def _block_values(row: Row) -> dict[str, str]:
    return {"address": row.key}


_ATTRS = {
    Kind.PROFILE: _profile_attrs,
    Kind.ACCOUNT: _account_attrs,
    Kind.QUEUE: _queue_attrs,
    Kind.BLOCK: _block_attrs,
}
_VALUES = {
    Kind.PROFILE: _profile_values,
    Kind.ACCOUNT: _account_values,
    Kind.QUEUE: _queue_values,
    Kind.BLOCK: _block_values,
}


def _canonical(text: str) -> str:
    """Ranges, names and interfaces stay as the router prints them."""
    try:
        return canonical(text)
    except AddressError:
        return text


def _age(created: str, now: datetime | None) -> int | None:
    born = v.moment(created) if created else None
    if born is None or now is None:
        return None
    age = int((now - born).total_seconds())
    return age if age >= 0 else None  # the clock was set back since: nothing can be said
