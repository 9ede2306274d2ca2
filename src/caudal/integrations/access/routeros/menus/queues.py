"""What limits: simple queues, types that divide a speed, packet marks and queue trees."""

from caudal.core.access import Kind, Row
from caudal.core.access.marks import is_branded
from caudal.integrations.access.routeros import values as v
from caudal.integrations.access.routeros.menus.menu import Menu, Vendor, plain_address
from caudal.integrations.access.routeros.menus.speeds import limit_values, limits

USUAL_TYPES = "default-small/default-small"
ROOT = "global"
_SIDES = {"up": "src-address-list", "down": "dst-address-list"}


def _queue_attrs(row: Vendor) -> dict[str, str]:
    target = ",".join(plain_address(part) for part in row.get("target", "").split(","))
    types = row.get("queue", "")
    # A type that somebody chose by hand for a customer's queue is his business; ours are not.
    ours = {"types": types} if any(is_branded(name) for name in types.split("/")) else {}
    return {"target": target} | limits(row) | ours


def _queue_values(row: Row) -> dict[str, str]:
    types = {"queue": row.attrs["types"]} if "types" in row.attrs else {}
    target = {"name": row.key, "target": row.attrs.get("target", "")}
    return target | limit_values(row.attrs) | types


def _type_attrs(row: Vendor) -> dict[str, str]:
    attrs = {"classifier": row.get("pcq-classifier", ""), "rate": _rate(row, "pcq-rate")}
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
    return {
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
    chain = row.get("chain", "")
    return {
        "list": row.get(_SIDES.get(side, ""), ""),
        "direction": side,
        "chain": "" if chain == "forward" else chain,
        "passthrough": "yes" if v.is_yes(row.get("passthrough", "true")) else "",
    }


def _marking_values(row: Row) -> dict[str, str]:
    attrs = row.attrs
    sides = {
        name: attrs.get("list", "") if side == attrs.get("direction") else ""
        for side, name in _SIDES.items()
    }
    return {
        "chain": attrs.get("chain", "forward"),
        "action": "mark-packet",
        "new-packet-mark": row.key,
        "passthrough": attrs.get("passthrough", "no"),
        **sides,
    }


def _by_mark(row: Vendor) -> str:
    return row.get("new-packet-mark", "")


def _only_marks(block_list: str) -> list[str]:
    return ["?action=mark-packet"]


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


QUEUES = {
    Kind.QUEUE: Menu(
        "/queue/simple",
        ".id,name,target,queue,max-limit,limit-at,burst-limit,burst-threshold,burst-time,"
        "priority,disabled,dynamic,parent,comment",
        _queue_attrs,
        _queue_values,
        defaults={"queue": USUAL_TYPES},
    ),
    Kind.QUEUE_TYPE: Menu(
        "/queue/type",
        ".id,name,kind,pcq-rate,pcq-classifier,pcq-burst-rate,pcq-burst-threshold,pcq-burst-time",
        _type_attrs,
        _type_values,
        where=_only_pcq,
        switched=False,
        commented=False,
    ),
    Kind.MARKING: Menu(
        "/ip/firewall/mangle",
        ".id,chain,action,src-address-list,dst-address-list,new-packet-mark,passthrough,"
        "disabled,dynamic,comment",
        _marking_attrs,
        _marking_values,
        _by_mark,
        _only_marks,
        _with_mark,
        unset=frozenset(_SIDES.values()),
        repeats=True,
    ),
    Kind.TREE: Menu(
        "/queue/tree",
        ".id,name,parent,packet-mark,queue,priority,max-limit,disabled,comment",
        _tree_attrs,
        _tree_values,
    ),
}
