"""What limits: simple queues, types that divide a speed, packet marks and queue trees."""

from dataclasses import replace

from caudal.core.access import Kind, Row
from caudal.core.access.marks import is_branded
from caudal.integrations.access.routeros import values as v
from caudal.integrations.access.routeros.marking import CONDITIONS, SIDES
from caudal.integrations.access.routeros.menus.menu import Menu, Vendor, plain_address
from caudal.integrations.access.routeros.menus.speeds import limit_values, limits

USUAL_TYPES = "default-small/default-small"
ROOT = "global"
NOBODY = "none"
_MASKS = (("mask", "", "32"), ("mask6", "6", "128"))
"""How many leading bits of an address tell one customer from the next, of IPv4 and IPv6."""
_SIDES = {direction: f"{side}-list" for direction, side in SIDES.items()}
_NARROWED = frozenset(CONDITIONS.split(",")) - {*_SIDES.values(), "connection-mark"}
"""Conditions that no mark of ours has."""
_HALVED = frozenset({"dst", "time"})
_TOTALS = {"total-max-limit": "0", "total-limit-at": "0", "total-burst-limit": "0"}
"""Limits of both directions together, beside those of the plan."""


def _queue_attrs(row: Vendor) -> dict[str, str]:
    target = ",".join(plain_address(part) for part in row.get("target", "").split(","))
    types = row.get("queue", "")
    # A type that somebody chose by hand for a customer's queue is his business; ours are not.
    ours = {"types": types} if any(is_branded(name) for name in types.split("/")) else {}
    marks = row.get("packet-marks", "")
    # A queue for marked packets alone divides what others marked; a customer's has all of his.
    divides = {"divides": types} if marks not in ("", "no-mark") else {}
    parent = row.get("parent", NOBODY)
    under = {"parent": "" if parent == NOBODY else parent}
    return {"target": target, "marks": marks} | under | limits(row) | ours | divides


def _queue_values(row: Row) -> dict[str, str]:
    types = {"queue": row.attrs["types"]} if "types" in row.attrs else {}
    types |= {"packet-marks": row.attrs["marks"]} if "marks" in row.attrs else {}
    target = {"name": row.key, "target": row.attrs.get("target", "")}
    target["parent"] = row.attrs.get("parent", NOBODY)
    return target | limit_values(row.attrs) | types


def _type_attrs(row: Vendor) -> dict[str, str]:
    attrs = {"classifier": row.get("pcq-classifier", ""), "rate": _rate(row, "pcq-rate")}
    side = "src" if "src-address" in attrs["classifier"].split(",") else "dst"
    for name, suffix, whole in _MASKS:
        mask = row.get(f"pcq-{side}-address{suffix}-mask", whole)
        attrs[name] = "" if mask == whole else mask
    if burst := _rate(row, "pcq-burst-rate"):
        attrs["burst"] = burst
        attrs["threshold"] = _rate(row, "pcq-burst-threshold")
        attrs["burst_time"] = str(v.seconds(row.get("pcq-burst-time", "")) or "")
    return attrs


def _rate(row: Vendor, name: str) -> str:
    text = row.get(name, "")
    try:
        return str(v.bits(text) or "") if text else ""
    except ValueError:
        return text


def _type_values(row: Row) -> dict[str, str]:
    attrs = row.attrs
    masks = {
        f"pcq-{side}-address{suffix}-mask": attrs.get(name, whole)
        for name, suffix, whole in _MASKS
        for side in ("src", "dst")
    }
    return {
        **masks,
        "name": row.key,
        "kind": "pcq",
        "pcq-classifier": attrs.get("classifier", ""),
        "pcq-rate": attrs.get("rate", "0"),
        "pcq-burst-rate": attrs.get("burst", "0"),
        "pcq-burst-threshold": attrs.get("threshold", "0"),
        "pcq-burst-time": f"{attrs.get('burst_time', '10')}s",
    }


def _only_pcq(block_list: str) -> list[str]:
    return ["?kind=pcq"]


def _marking_attrs(row: Vendor) -> dict[str, str]:
    """What differs from how ours are written is told, so that it is put right."""
    side = next((side for side, name in _SIDES.items() if row.get(name)), "")
    chain, action = row.get("chain", ""), row.get("action", "")
    second = {name: row.get(name, "") for way, name in _SIDES.items() if side and way != side}
    return second | {
        "action": "" if action == "mark-packet" else action,
        "list": row.get(_SIDES.get(side, ""), ""),
        "direction": side,
        "chain": "" if chain == "forward" else chain,
        "connection": row.get("connection-mark", ""),
        "passthrough": "yes" if v.is_yes(row.get("passthrough", "true")) else "",
    }


def _marking_values(row: Row) -> dict[str, str]:
    attrs = row.attrs
    sides = {
        name: attrs.get(name) or (attrs.get("list", "") if side == attrs.get("direction") else "")
        for side, name in _SIDES.items()
    }
    return {
        "chain": attrs.get("chain", "forward"),
        "action": attrs.get("action", "mark-packet"),
        "new-packet-mark": row.key,
        "connection-mark": attrs.get("connection", ""),
        "passthrough": attrs.get("passthrough", "no"),
        **sides,
    }


def _by_mark(row: Vendor) -> str:
    return row.get("new-packet-mark", "")


def _with_mark(key: str, block_list: str) -> list[str]:
    return [f"?new-packet-mark={key}"]


def _tree_attrs(row: Vendor) -> dict[str, str]:
    parent, limit = row.get("parent", ROOT), _rate(row, "max-limit")
    return {
        "mark": row.get("packet-mark", ""),
        "type": row.get("queue", ""),
        "priority": v.priority(row.get("priority", "8")),
        "parent": "" if parent == ROOT else parent,
        "max": limit,
    }


def _tree_values(row: Row) -> dict[str, str]:
    attrs = row.attrs
    return {
        "name": row.key,
        "parent": attrs.get("parent", ROOT),
        "packet-mark": attrs.get("mark", ""),
        "queue": attrs.get("type", "default-small"),
        "priority": attrs.get("priority", "8"),
        "max-limit": attrs.get("max", "0"),
    }


# All rules are read: those of others tell where ours are reached (see marking.Mangle).
_MANGLE = Menu(
    "/ip/firewall/mangle",
    f".id,chain,action,{CONDITIONS},new-packet-mark,new-connection-mark,jump-target,passthrough,"
    "disabled,dynamic,comment",
    _marking_attrs,
    _marking_values,
    _by_mark,
    find=_with_mark,
    unset=_NARROWED | {*_SIDES.values(), "connection-mark"},
    conditions=_NARROWED,
    repeats=True,
)
QUEUES = {
    Kind.QUEUE: Menu(
        "/queue/simple",
        ".id,name,target,queue,max-limit,limit-at,burst-limit,burst-threshold,burst-time,"
        f"priority,packet-marks,dst,time,{','.join(_TOTALS)},disabled,dynamic,parent,comment",
        _queue_attrs,
        _queue_values,
        unset=_HALVED,
        empty=_TOTALS,
        defaults={"queue": USUAL_TYPES, "packet-marks": ""},
        conditions=_HALVED | _TOTALS.keys(),
    ),
    Kind.QUEUE_TYPE: Menu(
        "/queue/type",
        ".id,name,kind,pcq-rate,pcq-classifier,pcq-burst-rate,pcq-burst-threshold,pcq-burst-time,"
        "pcq-src-address-mask,pcq-dst-address-mask,pcq-src-address6-mask,pcq-dst-address6-mask",
        _type_attrs,
        _type_values,
        where=_only_pcq,
        switched=False,
        commented=False,
    ),
    Kind.MARKING: _MANGLE,
    Kind.MARKING6: replace(_MANGLE, path="/ipv6/firewall/mangle"),
    Kind.TREE: Menu(
        "/queue/tree",
        ".id,name,parent,packet-mark,queue,priority,max-limit,disabled,comment",
        _tree_attrs,
        _tree_values,
    ),
}
