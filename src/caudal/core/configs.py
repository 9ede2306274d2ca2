"""Configurations of routers as text: secrets hidden, lines whole, what tells two of them apart."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

HIDDEN = "********"
_WRAPPED = re.compile(r"\\\n {0,8}")
_SECRET = re.compile(
    r"\b((?:[\w.-]*(?:password|secret|passphrase|preshared-key|pre-shared-key|private-key|psk"
    r"|auth-key|authentication-key|encryption-key)|static-key-\d|key)=)"
    r'("(?:[^"\\]|\\.)*"|[^\s"]+)'
)
AROUND = 3
"""Equal lines shown before and after each change."""


def whole_lines(text: str) -> str:
    """One command a line: RouterOS breaks long ones with a backslash."""
    return _WRAPPED.sub("", text.replace("\r\n", "\n"))


def hide_secrets(text: str) -> str:
    """Values of passwords, keys and the like, whatever the router itself left out."""
    return _SECRET.sub(lambda found: found[1] + HIDDEN, text)


def digest(text: str) -> str:
    """SHA-256 in hex; comments, which tell the time of the export, do not count."""
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a difference: `sign` is "+", "-", " " or "@" (a heading: where it stands)."""

    sign: str
    text: str


def difference(old: str, new: str) -> list[Line]:
    """What was removed and added, each with some lines around and the section it stands in.

    Empty where only comments differ.
    """
    before, after = _told(old), _told(new)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    return [line for group in matcher.get_grouped_opcodes(AROUND) for line in _group(
        group, before, after
    )]  # fmt: skip


def _group(
    group: list[tuple[str, int, int, int, int]], before: list[str], after: list[str]
) -> Iterator[Line]:
    yield Line("@", _section(after, group[0][3]))
    for tag, first, last, start, end in group:
        if tag == "equal":
            yield from (Line(" ", text) for text in after[start:end])
        else:
            yield from (Line("-", text) for text in before[first:last])
            yield from (Line("+", text) for text in after[start:end])


def _section(lines: list[str], at: int) -> str:
    """The menu that a line belongs to: the last line before it that starts with a slash."""
    return next((text for text in reversed(lines[: at + 1]) if text.startswith("/")), "")


def _told(text: str) -> list[str]:
    return [line for line in text.splitlines() if not line.startswith("#")]


@dataclass(frozen=True, slots=True)
class Hit:
    """A line with what was looked for; `section` is the menu it stands in."""

    number: int
    text: str
    section: str


def hits(text: str, words: str, most: int) -> list[Hit]:
    """The first lines that hold the words, whatever their case."""
    found, section = [], ""
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("/"):
            section = line
        if words.casefold() in line.casefold():
            found.append(Hit(number, line, section))
            if len(found) == most:
                break
    return found
