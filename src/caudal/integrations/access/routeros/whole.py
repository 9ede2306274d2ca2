"""Rows of others as the router printed them, so that one taken away comes back as it was."""

from collections.abc import Iterable, Mapping

from caudal.core.access import Kind, Op, Row, Verb
from caudal.core.access.marks import mark_of
from caudal.integrations.access.routeros.menus import MENUS
from caudal.integrations.access.routeros.wire import Reply, Sentence, command

NEXT = ".next"
"""Under this name: the names of the rows that follow, where their order counts."""
ORDERED = frozenset({Kind.QUEUE})
_LIST = "address comment disabled list timeout"
_LEASED = (
    "address address-lists allow-dual-stack-queue comment dhcp-option disabled insert-queue-before"
    " parent-queue queue-type rate-limit server"
)
_WRITABLE = {
    "/ppp/secret": "caller-id comment disabled ipv6-routes limit-bytes-in limit-bytes-out"
    " local-address name password profile remote-address remote-ipv6-prefix routes service",
    "/ip/hotspot/user": "address comment disabled email limit-bytes-in limit-bytes-out"
    " limit-bytes-total limit-uptime mac-address name otp-secret password profile routes server",
    "/queue/simple": "bucket-size burst-limit burst-threshold burst-time comment disabled dst"
    " limit-at max-limit name packet-marks parent priority queue target time total-bucket-size"
    " total-burst-limit total-burst-threshold total-burst-time total-limit-at total-max-limit"
    " total-priority total-queue",
    "/ip/firewall/address-list": _LIST,
    "/ipv6/firewall/address-list": _LIST,
    "/ip/dhcp-server/lease": f"{_LEASED} agent-circuit-id agent-remote-id always-broadcast"
    " block-access client-id dhcp-option-set lease-time mac-address routes use-src-mac",
    "/ipv6/dhcp-server/binding": f"{_LEASED} duid ia-type iaid life-time prefix-pool",
    "/ip/arp": "address comment disabled interface mac-address published",
}
"""What `add` takes, of the menus of which rows of others may be taken away: the arguments that
RouterOS 7.16 and 7.23 list. The rest of what is printed tells how things are going."""


OURS = frozenset({"client-id", "block-access", "timeout"})
"""Conditions that no row of ours keeps."""


def are_renewed(ops: Iterable[Op]) -> list[Op]:
    """Removals of rows of ours that are added anew right after."""
    return [op for op in ops if op.verb is Verb.REMOVE and op.reason == "before-renewal"]


def options(op: Op, row: Reply) -> dict[str, str]:
    """What somebody set by hand on a row that is added anew."""
    names = {*_WRITABLE.get(MENUS[op.row.kind].path, "").split()} - OURS
    printed = row.rows[0] if row.rows else {}
    return {name: text for name, text in printed.items() if name in names and text}


def are_asked(ops: Iterable[Op]) -> list[Op]:
    """Removals of rows that carry no mark of ours."""
    return [
        op
        for op in ops
        if op.verb is Verb.REMOVE
        and op.before
        and mark_of(op.before) is None
        and MENUS[op.row.kind].path in _WRITABLE
    ]


def asking(op: Op) -> list[Sentence]:
    """All properties of the row, and of all rows the name."""
    path = MENUS[op.row.kind].path
    ref = op.before.ref if op.before else ""
    whole = command(f"{path}/print", {}, f"?.id={ref}")
    return [whole, command(f"{path}/print", {".proplist": ".id,name,dynamic"}, "?dynamic=false")]


def told(op: Op, row: Reply, order: Reply) -> dict[str, str]:
    """What is to be kept; nothing where the router did not tell."""
    if not row.rows:
        return {}
    printed = dict(row.rows[0])
    if op.row.kind in ORDERED:
        ids = [each.get(".id", "") for each in order.rows]
        place = ids.index(printed.get(".id", "")) if printed.get(".id") in ids else len(ids)
        printed[NEXT] = "\n".join(each.get("name", "") for each in order.rows[place + 1 :])
    return printed


def again(row: Row) -> dict[str, str]:
    """What `add` is told of a row that was kept whole."""
    names = _WRITABLE.get(MENUS[row.kind].path, "").split()
    return {name: row.whole[name] for name in names if row.whole.get(name)}


def place(row: Row, known: Mapping[tuple[Kind, str], tuple[str, str]]) -> str:
    """The handle of the first of the rows that followed it and are still there."""
    refs = {key: ref for (kind, ref), (key, _) in known.items() if kind is row.kind}
    following = row.whole.get(NEXT, "").split("\n")
    return next((refs[name] for name in following if name in refs), "")
