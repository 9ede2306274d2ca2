"""The query words of print: a small stack machine over each row."""

import re
from collections.abc import Callable, Mapping, Sequence

from caudal.practice.routeros.traps import Trap

Row = Mapping[str, str]
_COMPARE = re.compile(r"\?([<>=]?)([^=]*)=(.*)", re.DOTALL)
_STEPS = re.compile(r"(\d+)(\.?)|([!&|.])")


def passes(row: Row, words: Sequence[str]) -> bool:
    """A row passes unless a false is left on the stack."""
    stack: list[bool] = []
    for word in words:
        if word.startswith("?#"):
            stack = _operate(stack, word[2:])
        else:
            stack.append(_test(row, word))
    return all(stack)


def names(words: Sequence[str]) -> list[str]:
    """What the words look at."""
    found = (_COMPARE.fullmatch(word) for word in words if not word.startswith(("?#", "?-")))
    return [match[2] for match in found if match]


def _test(row: Row, word: str) -> bool:
    if word.startswith("?-"):
        return word[2:] not in row
    found = _COMPARE.fullmatch(word)
    if not found:
        return word[1:] in row
    sign, name, value = found.groups()
    if name not in row:
        return False
    held = row[name]
    if sign == "<":
        return _order(held) < _order(value)
    if sign == ">":
        return _order(held) > _order(value)
    return held == value or _SWITCHES.get(value, value) == held


_SWITCHES = {"yes": "true", "no": "false"}


def _order(value: str) -> tuple[int, int, str]:
    return (0, int(value), "") if value.lstrip("-").isdigit() else (1, 0, value)


def _operate(stack: list[bool], steps: str) -> list[bool]:
    position = 0
    while position < len(steps):
        found = _STEPS.match(steps, position)
        if not found:
            raise Trap("invalid query operation", 5)
        position = found.end()
        try:
            if found[1]:
                copy = stack[-1 - int(found[1])]
                stack = [*stack, copy] if found[2] or position < len(steps) else [copy]
            else:
                stack = _OPERATIONS[found[3]](stack)
        except IndexError:
            raise Trap("query stack underflow", 5) from None
    return stack


_OPERATIONS: dict[str, Callable[[list[bool]], list[bool]]] = {
    "!": lambda s: [*s[:-1], not s[-1]],
    "&": lambda s: [*s[:-2], s[-2] and s[-1]],
    "|": lambda s: [*s[:-2], s[-2] or s[-1]],
    ".": lambda s: [*s, s[-1]],
}
