"""The script of one transaction: classes first, then `nft -f`, then what nobody uses any more."""

from collections.abc import Iterable, Iterator, Mapping

from caudal.integrations.access.linux import ruleset
from caudal.integrations.access.linux.reading import PREAMBLE
from caudal.integrations.access.linux.ruleset import Rules
from caudal.integrations.access.linux.shaping import class_words, leaf_words
from caudal.integrations.access.linux.sheet import Place, Sheet
from caudal.integrations.access.linux.state import (
    CLASS_MAPS,
    MAJOR,
    MINORS,
    TABLE,
    Element,
    State,
    used_minors,
)
from caudal.integrations.access.linux.texts import quoted

AT_ONCE = 200
"""Elements in one line."""
DONE = "@@ done"


def script(sheet: Sheet, rules: Rules) -> str:
    """Everything that makes the router hold what the sheet says. Raises AccessError where the
    settings do not fit the router.

    nft alone decides: until its transaction is in, a class serves nobody; afterwards what is left
    of a class that lost its customer is swept, now or by the next script.
    """
    state = sheet.state
    lan, wan = ruleset.sides(rules, state)
    before, after = sheet.elements()
    prepared = [*ruleset.tc_words(state, lan, wan), *_classes(sheet)]
    swept = _swept(state, before, after)
    parts = [
        PREAMBLE,
        *(f"{line}\n" for line in ruleset.link_words(state)),
        _fed("$S tc -batch -", prepared),
        _fed("$S nft -f -", [*ruleset.nft_words(rules, lan), *_changes(before, after)]),
        _fed("$S tc -batch -", swept),
        f"echo '{DONE}'\n",
    ]
    return "".join(parts)


def _fed(command: str, lines: Iterable[str]) -> str:
    """A command with these lines as its input, nothing where there are none."""
    text = "\n".join(lines)
    return f"{command} <<'CAUDAL'\n{text}\nCAUDAL\n" if text else ""


def _classes(sheet: Sheet) -> Iterator[str]:
    for device, wanted in sheet.shapes().items():
        found = sheet.state.shapes.get(device, {}) if device in sheet.state.roots else {}
        for minor, shape in sorted(wanted.items()):
            if minor not in found:
                yield class_words("add", device, minor, shape)
                yield from leaf_words(device, minor)
            elif not found[minor].is_like(shape):
                yield class_words("change", device, minor, shape)


def _swept(
    state: State, before: Mapping[Place, Element], after: Mapping[Place, Element]
) -> Iterator[str]:
    """Classes that no element leads to any more, also those an interrupted script left."""
    lost = {e.minor for e in before.values()} - {e.minor for e in after.values()}
    kept = {
        element.minor
        for name in CLASS_MAPS
        for value, element in state.of(name).items()
        if (name, value) not in before
    }
    used = (used_minors(state) - lost) | kept | {e.minor for e in after.values()}
    for device in sorted(state.roots):
        for minor in sorted(state.shapes.get(device, {})):
            if minor in MINORS and minor not in used:
                yield f"class del dev {device} classid {MAJOR}:{minor:x}"


def _changes(before: Mapping[Place, Element], after: Mapping[Place, Element]) -> Iterator[str]:
    """All removals, then all additions: addresses may change hands within one transaction."""
    gone = [(place, "") for place, e in before.items() if after.get(place) != e]
    new = [(place, _said(place, e)) for place, e in after.items() if before.get(place) != e]
    yield from _lines("delete", gone)
    yield from _lines("add", new)


def _said(place: Place, element: Element) -> str:
    comment = f" comment {quoted(element.comment)}" if element.comment else ""
    data = f" : {MAJOR}:{element.minor:x}" if place[0] in CLASS_MAPS else ""
    return f"{comment}{data}"


def _lines(verb: str, places: Iterable[tuple[Place, str]]) -> Iterator[str]:
    by_set: dict[str, list[str]] = {}
    for (name, value), rest in sorted(places):
        by_set.setdefault(name, []).append(f"{value}{rest}")
    for name, values in by_set.items():
        for at in range(0, len(values), AT_ONCE):
            chunk = ", ".join(values[at : at + AT_ONCE])
            yield f"{verb} element inet {TABLE} {name} {{ {chunk} }}"
