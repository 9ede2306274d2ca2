"""Rows of a file that say what an earlier line has said and only one may say."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from caudal.apps.customers.contacts import split
from caudal.apps.imports.records import Problem, Record, read_record
from caudal.core.ports.importer import Field, Values
from caudal.core.text import digits, fold, key

Telling = tuple[str, str, str]


@dataclass(frozen=True)
class Repeated:
    """The first line of what several lines say; of what one alone says nothing is kept."""

    first: dict[int, int]

    @classmethod
    def among(cls, lines: Iterable[tuple[int, Values]]) -> "Repeated":
        """Go through the file once, holding a number for each thing said and not its text."""
        first: dict[int, int] = {}
        again: set[int] = set()
        for line, values in lines:
            for telling in _telling(read_record(values)):
                mark = hash(telling)
                if first.setdefault(mark, line) != line:
                    again.add(mark)
        return cls({mark: first[mark] for mark in again})

    def problems(self, line: int, record: Record) -> list[Problem]:
        """Identity, user and address stop the row; families share phones (IC-4)."""
        found = []
        for telling in _telling(record):
            first = self.first.get(hash(telling), line)
            if first != line and telling[0] != Field.CODE:
                text = _("Line %(line)s already has it.") % {"line": first}
                found.append(Problem(telling[0], text, stops=telling[0] not in _SHARED))
        return found + self._of_code(line, record)

    def _of_code(self, line: int, record: Record) -> list[Problem]:
        """One code under two names is a mistake: under one it is a customer's next service."""
        code, name = _code(record), fold(record.name)
        first = self.first.get(hash((Field.CODE, "", code)), line)
        same = self.first.get(hash((Field.CODE, name, code)), line)
        if not code or first in (line, same):
            return []
        text = _("Line %(line)s has this code under another name.") % {"line": first}
        return [Problem(Field.CODE, text)]


_SHARED = frozenset({Field.PHONES, Field.DOCUMENT_NUMBER})
"""What several customers may have."""


def _code(record: Record) -> str:
    return str(record.customer.get("code", ""))


def _telling(record: Record) -> Iterator[Telling]:
    """What two rows of one file should not both say."""
    yield from ((Field.PHONES, "", digits(phone)[-10:]) for phone in split(record.phones))
    code, document = _code(record), key(str(record.customer.get("document_number", "")))
    for name, router, text in (
        ("", "", record.key),
        (Field.CODE, "", code),
        (Field.CODE, fold(record.name), code),
        (Field.DOCUMENT_NUMBER, "", document),
        (Field.USERNAME, record.router, record.username),
        (Field.IP_ADDRESS, record.router, record.address),
    ):
        if text:
            yield name, router, text
