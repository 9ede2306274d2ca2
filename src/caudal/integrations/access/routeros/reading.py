"""What to ask a router, and what the answers mean; no I/O here."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from caudal.core.access import (
    SESSION_OF,
    Device,
    Kind,
    Op,
    Row,
    Session,
    Snapshot,
    Verb,
    parse_mark,
)
from caudal.core.access.rows import MARKINGS
from caudal.core.ports.access import Counter
from caudal.integrations.access.routeros import values as v
from caudal.integrations.access.routeros.marking import Mangle, members_of
from caudal.integrations.access.routeros.menus import MENUS
from caudal.integrations.access.routeros.rules import blocking_facts
from caudal.integrations.access.routeros.tools_reading import LEASE_QUEUE, queue_address
from caudal.integrations.access.routeros.translate import (
    found_row,
    found_session,
    is_passing,
    session_speeds,
)
from caudal.integrations.access.routeros.wire import Reply, Sentence, command

Replies = Mapping[str, Reply]

DEVICE: dict[str, Sentence] = {
    "clock": command("/system/clock/print"),
    "resource": command("/system/resource/print"),
    "identity": command("/system/identity/print"),
    "routerboard": command("/system/routerboard/print"),
    "license": command("/system/license/print"),
    "addresses": command("/ip/address/print", {".proplist": "address,disabled"}),
}
OPTIONAL = frozenset({"routerboard", "license"})  # virtual routers have no board
RULES: dict[str, Sentence] = {
    "filter": command("/ip/firewall/filter/print"),
    "raw": command("/ip/firewall/raw/print"),
    "nat": command("/ip/firewall/nat/print"),
}
ARP: dict[str, Sentence] = {
    f"arp {kind}": command(f"/interface/{kind}/print", {".proplist": "name,arp,disabled"})
    for kind in ("ethernet", "bridge", "vlan")
}
COUNTERS: dict[str, Sentence] = {
    "interfaces": command(
        "/interface/print", {".proplist": "name,rx-byte,tx-byte"}, "?type=pppoe-in"
    ),
    "queues": command("/queue/simple/print", {".proplist": "name,target,bytes,dynamic"}),
    "hotspot": command("/ip/hotspot/active/print", {".proplist": "user,bytes-in,bytes-out"}),
}
MEMBER_OF = {Kind.MARKING: Kind.MEMBER, Kind.MARKING6: Kind.MEMBER6}
_SESSION_KINDS = tuple(kind for kind in MENUS if kind in SESSION_OF.values())
_ROW_KINDS = tuple(kind for kind in MENUS if kind not in _SESSION_KINDS)


def printing(kind: Kind, block_list: str) -> Sentence:
    """All rows of a kind that are of interest."""
    menu = MENUS[kind]
    return command(f"{menu.path}/print", {".proplist": menu.properties}, *menu.where(block_list))


SESSIONS: dict[str, Sentence] = {kind: printing(kind, "") for kind in (Kind.QUEUE, *_SESSION_KINDS)}


def rows_of(block_list: str) -> dict[str, Sentence]:
    """Sessions are asked last, so that an entry written just before is never the younger one."""
    return {kind: printing(kind, block_list) for kind in (*_ROW_KINDS, *_SESSION_KINDS)}


def is_absent(name: str, reply: Reply) -> bool:
    """A router without a package has no menu of it, and no rows: that is a whole answer."""
    if name in OPTIONAL:
        return reply.done
    packaged = name in MENUS or name == "hotspot"
    return packaged and reply.done and "no such command" in (reply.trap or "")


def one(op: Op, block_list: str) -> Sentence:
    """The single row an operation is about: by reference, or by name when it was to be added."""
    menu = MENUS[op.row.kind]
    if op.verb is not Verb.ADD and op.before:
        words = [f"?.id={op.before.ref}"]
    else:
        words = menu.find(op.row.key, block_list)
    return command(f"{menu.path}/print", {".proplist": menu.properties}, *words)


def identity(kind: Kind, printed: Mapping[str, str]) -> tuple[str, str]:
    """Key and comment, enough to know a row again."""
    return MENUS[kind].key(printed), printed.get("comment", "")


def rows(kind: Kind, reply: Reply, now: datetime | None = None) -> list[Row]:
    """Neutral rows of an answer. What the router made by itself is not configuration."""
    menu = MENUS[kind]
    return [
        found_row(kind, row, now)
        for row in reply.rows
        if menu.keeps_dynamic or not v.is_yes(row.get("dynamic", "")) or is_passing(menu, row)
    ]


def mangle_of(kind: Kind, replies: Replies) -> Mangle:
    """The rules of one family, and who is on its lists as far as that was asked."""
    entries = replies.get(MEMBER_OF[kind])
    return Mangle(replies[kind].rows, members_of(entries.rows) if entries else {})


def _marked(kind: Kind, replies: Replies) -> list[Row]:
    """Marks of packets alone, and ours that do something else by now, with what only the whole
    table tells of them."""
    mangle = mangle_of(kind, replies)
    return [
        _placed(found_row(kind, rule), rule, mangle)
        for rule in mangle.rules
        if (rule.get("action") == "mark-packet" or parse_mark(rule.get("comment", "")))
        and not v.is_yes(rule.get("dynamic", ""))
    ]


def _placed(row: Row, rule: Mapping[str, str], mangle: Mangle) -> Row:
    """`place` is said only of a mark of ours that nothing reaches."""
    attrs = {**row.attrs, **mangle.behind(rule)}
    elsewhere = attrs.keys() & {"action", "chain", "connection"}
    is_whole = row.enabled and not elsewhere and "list" in attrs
    if parse_mark(row.comment) and is_whole and not mangle.is_reached(rule, attrs):
        attrs["place"] = "below"
    return replace(row, attrs=attrs)


def snapshot(replies: Replies) -> Snapshot:
    """Complete only if every answer came to its end without an error."""
    problems = [
        f"{name}: {reply.trap or reply.lost or 'unfinished'}"
        for name, reply in replies.items()
        if not reply.ok and not is_absent(name, reply)
    ]
    now = _clock(replies["clock"])
    return Snapshot(
        not problems,
        device(replies, {}),
        tuple(row for kind in _ROW_KINDS for row in _all(kind, replies, now)),
        tuple(sessions(replies)),
        tuple(problems),
    )


def _all(kind: Kind, replies: Replies, now: datetime | None) -> list[Row]:
    return _marked(kind, replies) if kind in MARKINGS else rows(kind, replies[kind], now)


def sessions(replies: Replies) -> list[Session]:
    speeds = session_speeds(replies[Kind.QUEUE].rows)
    return [
        found_session(kind, row, speeds) for kind in _SESSION_KINDS for row in replies[kind].rows
    ]


def counters(replies: Replies) -> list[Counter]:
    """Bytes per PPPoE user, per configured queue and, by its address, per lease with a speed; a
    router receives what a customer sends."""
    found = [
        Counter(
            row["name"][len("<pppoe-") : -1],
            v.count(row.get("rx-byte", "")),
            v.count(row.get("tx-byte", "")),
        )
        for row in replies["interfaces"].rows
        if row.get("name", "").startswith("<pppoe-")
    ]
    for row in replies["queues"].rows:
        name = row.get("name", "")
        if v.is_yes(row.get("dynamic", "")):
            name = queue_address(row) if name.startswith(LEASE_QUEUE) else ""
        if name:
            found.append(Counter(name, *v.both_bytes(row.get("bytes", ""))))
    found += [
        Counter(
            row.get("user", ""), v.count(row.get("bytes-in", "")), v.count(row.get("bytes-out", ""))
        )
        for row in replies["hotspot"].rows
    ]
    return found


def device(replies: Replies, facts: Mapping[str, str]) -> Device:
    resource = _only(replies["resource"])
    clock = _clock(replies["clock"])
    return Device(
        _only(replies["identity"]).get("name", ""),
        resource.get("version", "").partition(" ")[0],
        _serial(replies["routerboard"], replies["license"]),
        resource.get("board-name", ""),
        v.seconds(resource.get("uptime", "")),
        tuple(
            row["address"].partition("/")[0]
            for row in replies["addresses"].rows
            if row.get("address") and not v.is_yes(row.get("disabled", ""))
        ),
        {**facts, **({"clock": _zoned(clock, replies["clock"])} if clock else {})},
    )


def _serial(board: Reply, license: Reply) -> str:
    """A PC or a virtual router has no board: its license tells one from another."""
    number = _only(board).get("serial-number", "")
    if number or not (board.ok or "no such command" in (board.trap or "")):
        return number
    names = (_only(license).get(name, "") for name in ("system-id", "software-id"))
    return next(filter(None, names), "")


def rule_facts(replies: Replies, block_list: str) -> dict[str, str]:
    """Whether the rules that make a cut real are in place (see rules.blocking_facts)."""
    if not all(replies[name].ok for name in RULES):
        return {}
    return blocking_facts(
        _enabled(replies["filter"]), _enabled(replies["raw"]), _enabled(replies["nat"]), block_list
    )


def arp_facts(replies: Replies) -> dict[str, str]:
    """`reply_only`: interfaces that speak with bound devices alone, by commas; nothing where the
    router did not tell. Only there does a static ARP entry keep another device out."""
    told = [reply for name, reply in replies.items() if name in ARP and reply.ok]
    names = sorted(
        row.get("name", "")
        for reply in told
        for row in reply.rows
        if row.get("arp") == "reply-only"
    )
    return {"reply_only": ",".join(names)} if told else {}


def _enabled(reply: Reply) -> Sequence[Mapping[str, str]]:
    return [row for row in reply.rows if not v.is_yes(row.get("disabled", ""))]


def _only(reply: Reply) -> Mapping[str, str]:
    return reply.rows[0] if reply.rows else {}


def _zoned(clock: datetime, reply: Reply) -> str:
    """ISO 8601, with the offset where the router tells it."""
    offset = v.offset(_only(reply).get("gmt-offset", ""))
    return (clock.replace(tzinfo=offset) if offset else clock).isoformat()


def _clock(reply: Reply) -> datetime | None:
    shown = _only(reply)
    return v.moment(f"{shown.get('date', '')} {shown.get('time', '')}")
