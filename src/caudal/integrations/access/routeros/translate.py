"""Rows of RouterOS to neutral rows and back, without any I/O."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from caudal.core.access import Kind, LineKey, Row, Session, parse_mark
from caudal.integrations.access.routeros import values as v
from caudal.integrations.access.routeros.menus import (
    MENUS,
    Menu,
    Vendor,
    parse_rate_limit,
    rate_limit,
)

__all__ = [
    "found_row",
    "found_session",
    "is_passing",
    "parse_rate_limit",
    "rate_limit",
    "session_speeds",
    "vendor_values",
]
_BLOCKING = (Kind.BLOCK, Kind.BLOCK6)
_DYNAMIC_QUEUES = {Kind.SESSION: "<pppoe-", Kind.HOTSPOT_SESSION: "<hotspot-"}


def found_row(kind: Kind, row: Vendor, now: datetime | None = None) -> Row:
    """A neutral row from a printed one. `now` is the router's clock, for ages."""
    menu = MENUS[kind]
    attrs = _conditions(menu, row) | menu.attrs(row)
    if v.is_yes(row.get("disabled", "")):
        attrs["enabled"] = "no"
    return Row(
        kind,
        menu.key(row),
        {name: value for name, value in attrs.items() if value},
        row.get("comment", ""),
        row.get(".id", ""),
        _age(row.get("creation-time", ""), now),
    )


def is_passing(menu: Menu, row: Vendor) -> bool:
    """A row of ours that somebody gave an end, which the router then counts as its own."""
    marked = parse_mark(row.get("comment", "")) is not None
    return marked and any(row.get(name) for name in menu.renewing)


def _conditions(menu: Menu, row: Vendor) -> dict[str, str]:
    """What somebody added by hand, by the router's names. What a switch that is off and a limit
    of nothing say, and for how long rows of others stay, is none."""
    idle = ("", "no", "false", "0", "0s", "none", "unlimited")
    found = {
        name: row[name]
        for name in menu.conditions
        if row.get(name) and not (name in menu.empty and row[name] in idle)
    }
    ending = menu.renewing if is_passing(menu, row) else ()
    return found | {name: row[name] for name in ending if row.get(name)}


def vendor_values(row: Row, block_list: str) -> dict[str, str]:
    """Everything we manage of a row, in the router's words; an empty text stands for unset."""
    menu = MENUS[row.kind]
    values = menu.values(row)
    values |= {
        name: text
        for name, text in row.attrs.items()
        if name in menu.conditions or name in menu.renewing
    }
    if row.kind in _BLOCKING:
        values["list"] = block_list
    if menu.switched:
        values["disabled"] = "no" if row.enabled else "yes"
    return values | {"comment": row.comment} if menu.commented else values


def found_session(kind: Kind, row: Vendor, speeds: Mapping[LineKey, str]) -> Session:
    """A live session; `speeds` are the dynamic queues' limits by kind and user name."""
    name = MENUS[kind].key(row)
    mac = row.get("caller-id" if kind is Kind.SESSION else "mac-address", "")
    return Session(
        name,
        row.get("address", ""),
        mac.upper(),
        row.get(".id", ""),
        v.seconds(row.get("uptime", "")),
        speeds.get((kind, name), ""),
        v.is_yes(row.get("radius", "")),
        kind=kind,
    )


def session_speeds(queues: Iterable[Vendor]) -> dict[LineKey, str]:
    """Limits in force by kind of session and user name, from the queues that sessions made."""
    return {
        (kind, name[len(prefix) : -1]): v.rates(row.get("max-limit", "")) or "0/0"
        for row in queues
        if v.is_yes(row.get("dynamic", ""))
        for kind, prefix in _DYNAMIC_QUEUES.items()
        if (name := row.get("name", "")).startswith(prefix)
    }


def _age(created: str, now: datetime | None) -> int | None:
    born = v.moment(created) if created else None
    if born is None or now is None:
        return None
    age = int((now - born).total_seconds())
    return age if age >= 0 else None  # the clock was set back since: nothing can be said
