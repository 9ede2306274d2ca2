"""Neutral rows from elements and classes, and elements from rows."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from caudal.core.access import Kind, Row
from caudal.core.access.rows import member_key
from caudal.core.access.technologies import NOTICE_LIST
from caudal.core.addressing import AddressError, canonical
from caudal.integrations.access.linux.ruleset import in_force
from caudal.integrations.access.linux.shaping import max_of, shapes
from caudal.integrations.access.linux.state import (
    DOWN,
    PAIRS,
    UP,
    Element,
    State,
    family,
)
from caudal.integrations.access.linux.texts import packed, unpacked

KINDS = frozenset({Kind.QUEUE, Kind.BLOCK, Kind.BLOCK6, Kind.ARP, Kind.MEMBER})
"""What a Linux router holds. The reference of a row is its class id or its key."""
_CUTS = {Kind.BLOCK: "cut4", Kind.BLOCK6: "cut6"}


def rows(state: State) -> Iterator[Row]:
    """Every customer, cut and binding in our table, with or without our mark."""
    yield from _queues(state)
    cut = "" if in_force(state, Kind.BLOCK) else "no"
    for kind, name in _CUTS.items():
        for value, element in state.of(name).items():
            yield Row(kind, value, _off(cut), element.comment, value)
    yield from _bindings(state)
    for value, element in state.of("remind4").items():
        key = member_key(value, NOTICE_LIST)
        yield Row(Kind.MEMBER, key, {}, element.comment, key)


def is_held(row: Row) -> bool:
    """Of the address lists of others there is only the one of the notice."""
    other = row.kind is Kind.MEMBER and not row.key.endswith(f" {NOTICE_LIST}")
    return row.kind in KINDS and not other


def _off(enabled: str) -> dict[str, str]:
    return {"enabled": enabled} if enabled else {}


def _queues(state: State) -> Iterator[Row]:
    """One row per class number; entries without one, written by hand, are rows of their own."""
    grouped: dict[int, dict[str, str]] = defaultdict(dict)
    for end in ("4", "6"):
        for value, element in state.of(f"down{end}").items():
            grouped[element.minor][value] = element.comment
    for minor, names in sorted(grouped.items()):
        yield _queue(state, minor, names)
    listed = {value for names in grouped.values() for value in names}
    for name in ("active4", "active6"):
        for value, element in state.of(name).items():
            if value not in listed:
                yield Row(Kind.QUEUE, value, {"target": value}, element.comment, value)


def _queue(state: State, minor: int, names: Mapping[str, str]) -> Row:
    values = sorted(names, key=_by_family)
    first = values[0]
    active = [state.of(f"active{family(value)}").get(value) for value in values]
    up = [state.of(f"up{family(value)}").get(value, Element()) for value in values]
    speeds = unpacked(up[0].comment)
    attrs = {"target": ",".join(values)}
    whole = all(active) and all(element.minor == minor for element in up)
    if speeds is not None and whole and _is_shaped(state, minor, speeds):
        attrs |= speeds
    else:
        found = max_of(state.shapes[DOWN].get(minor), state.shapes[UP].get(minor))
        attrs |= {"max": found or "0/0"}
    mark = active[0].comment if active[0] else ""
    return Row(Kind.QUEUE, names[first] or first, attrs, mark, f"class {minor:x}")


def _is_shaped(state: State, minor: int, speeds: Mapping[str, str]) -> bool:
    """Do the classes give what the comment says?"""
    if not in_force(state, Kind.QUEUE):
        return False
    found = [(wanted, state.shapes[device].get(minor)) for device, wanted in shapes(speeds).items()]
    return all(shape is not None and shape.is_like(wanted) for wanted, shape in found)


def _bindings(state: State) -> Iterator[Row]:
    macs: dict[str, dict[str, str]] = defaultdict(dict)
    for value, element in state.of(PAIRS).items():
        address, _dot, mac = value.partition(" . ")
        macs[address][mac.upper()] = element.comment
    held = in_force(state, Kind.ARP)
    for address, element in state.of("bound4").items():
        found = macs[address]
        attrs = {"mac": ",".join(sorted(found)), "interface": next(iter(found.values()), "")}
        said = {name: text for name, text in attrs.items() if text}
        yield Row(Kind.ARP, address, said | _off("" if held else "no"), element.comment, address)


def _by_family(value: str) -> tuple[str, str]:
    return family(value), value


def targets(row: Row) -> list[str]:
    """The addresses and networks that a row is about, as nft prints them."""
    text = row.attrs.get("target", "") if row.kind is Kind.QUEUE else row.key.partition(" ")[0]
    return sorted((_clean(part) for part in text.split(",") if part), key=_by_family)


def _clean(text: str) -> str:
    try:
        return canonical(text)
    except AddressError:
        return text.strip()


def elements(row: Row, minor: int) -> Iterator[tuple[str, str, Element]]:
    """The elements (set, value, element) of a row; `minor` is the class of a queue."""
    for value in targets(row):
        if row.kind is Kind.QUEUE:
            end = family(value)
            yield f"active{end}", value, Element(row.comment)
            yield f"down{end}", value, Element(row.key, minor)
            yield f"up{end}", value, Element(packed(row.attrs), minor)
        elif row.kind is Kind.MEMBER:
            yield "remind4", value, Element(row.comment)
        elif row.kind in _CUTS:
            yield _CUTS[row.kind], value, Element(row.comment)
        elif row.kind is Kind.ARP:
            yield "bound4", value, Element(row.comment)
            for mac in filter(None, row.attrs.get("mac", "").split(",")):
                interface = Element(row.attrs.get("interface", ""))
                yield PAIRS, f"{value} . {mac.lower()}", interface
