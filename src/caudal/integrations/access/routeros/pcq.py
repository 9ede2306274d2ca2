"""The speeds that address lists get by PCQ, in whatever way somebody built it; no I/O here."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from caudal.core.access import Kind, Speed
from caudal.core.access.rows import Attrs
from caudal.integrations.access.routeros import reading
from caudal.integrations.access.routeros import values as v
from caudal.integrations.access.routeros.wire import Reply

Types = Mapping[str, Attrs]


def listed_speeds(replies: Mapping[str, Reply]) -> dict[str, Speed]:
    """By address list: what each of its addresses may use.

    The list is marked by packets, or by connections and then packets; a queue tree or a simple
    queue takes the mark and names the types that divide.
    """
    types = {row.key: row.attrs for row in reading.rows(Kind.QUEUE_TYPE, replies[Kind.QUEUE_TYPE])}
    lists = _lists_by_mark(_enabled(replies[Kind.MARKING]))
    used: dict[str, list[Attrs]] = defaultdict(list)
    for mark, name in _types_by_mark(replies):
        for listed in lists.get(mark, ()):
            if name in types and types[name] not in used[listed]:
                used[listed].append(types[name])
    speeds = {listed: _speed(found) for listed, found in used.items()}
    return {listed: speed for listed, speed in speeds.items() if speed.down_bps or speed.up_bps}


def sharing_queues(replies: Mapping[str, Reply]) -> frozenset[str]:
    """Simple queues that divide what is marked: nobody's own."""
    return frozenset(row.get("name", "") for row in _marked(replies))


def _enabled(reply: Reply) -> list[Mapping[str, str]]:
    return [row for row in reply.rows if not v.is_yes(row.get("disabled", ""))]


def _marked(replies: Mapping[str, Reply]) -> list[Mapping[str, str]]:
    rows = _enabled(replies[Kind.QUEUE])
    return [row for row in rows if row.get("packet-marks", "") not in ("", "no-mark")]


def _lists_by_mark(rules: Iterable[Mapping[str, str]]) -> dict[str, set[str]]:
    """The address lists behind each packet mark."""
    rules = list(rules)
    by_connection: dict[str, set[str]] = defaultdict(set)
    for rule in rules:
        if rule.get("action") == "mark-connection":
            by_connection[rule.get("new-connection-mark", "")].update(_lists(rule))
    found: dict[str, set[str]] = defaultdict(set)
    for rule in rules:
        if rule.get("action") == "mark-packet":
            through = by_connection.get(rule.get("connection-mark", ""), set())
            found[rule.get("new-packet-mark", "")].update(_lists(rule) or through)
    return found


def _lists(rule: Mapping[str, str]) -> set[str]:
    """A list that a rule excepts is not one that it marks."""
    names = {rule.get("src-address-list", ""), rule.get("dst-address-list", "")}
    return {name for name in names if name and not name.startswith("!")}


def _types_by_mark(replies: Mapping[str, Reply]) -> Iterator[tuple[str, str]]:
    for row in reading.rows(Kind.TREE, replies[Kind.TREE]):
        if row.enabled:
            yield from ((mark, row.attrs.get("type", "")) for mark in row.attrs["mark"].split(","))
    for queue in _marked(replies):
        for mark in queue["packet-marks"].split(","):
            yield from ((mark, name) for name in queue.get("queue", "").split("/"))


def _speed(types: list[Attrs]) -> Speed:
    """What is divided by destination goes down to the customers, by source up."""
    up = next((each for each in types if _divides(each, "src-address")), {})
    down = next((each for each in types if _divides(each, "dst-address")), {})
    seconds = [int(each.get("burst_time") or 0) for each in (up, down)]
    return Speed(
        *(_bits(up, "rate"), _bits(down, "rate")),
        *(_bits(up, "burst"), _bits(down, "burst")),
        *(_bits(up, "threshold"), _bits(down, "threshold")),
        burst_seconds=max(seconds),
    )


def _divides(attrs: Attrs, side: str) -> bool:
    """By the addresses of one side alone: with both it divides connections, not customers."""
    parts = attrs.get("classifier", "").split(",")
    return side in parts and not {"src-address", "dst-address"} <= {*parts}


def _bits(attrs: Attrs, name: str) -> int:
    text = attrs.get(name, "")
    return int(text) if text.isdigit() else 0
