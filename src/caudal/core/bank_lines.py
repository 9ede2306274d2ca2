"""Lines of bank statements: which one is which, whatever file tells it, and do balances agree."""

import itertools
from collections import Counter, defaultdict
from collections.abc import Sequence
from decimal import Decimal
from hashlib import sha256

from caudal.core.money import ZERO
from caudal.core.ports.statement import Movement
from caudal.core.text import fold


def keys(movements: Sequence[Movement]) -> list[str]:
    """One name per line, the same in every file that tells of it.

    The bank's own id, with day and amount, since banks repeat ids; in one file even for two
    payments of one amount, which their contents tell apart. Without an id the content, and which of
    the lines of that content it is.
    """
    seen: Counter[str] = Counter()
    of_id: dict[str, list[str]] = defaultdict(list)
    found = []
    for line in movements:
        content = _hash("content", fold(f"{line.text} {line.reference} {line.payer}"), line)
        if line.bank_id:
            found.append(_of_id(_hash("id", line.bank_id, line), content, of_id))
            continue
        seen[content] += 1
        found.append(f"{content}:{seen[content]}")
    return found


def ends(movements: Sequence[Movement]) -> tuple[Decimal, Decimal] | None:
    """Opening and closing balance that the lines' own balances tell; None where they have none.

    Files run forward or backward; the way in which the lines add up is taken.
    """
    told = [line for line in movements if line.balance is not None]
    if not told or len(told) < len(movements):
        return None
    forward, backward = list(movements), list(reversed(movements))
    ways = [backward, forward] if forward[0].on > forward[-1].on else [forward, backward]
    way = next((each for each in ways if _adds_up(each)), ways[0])
    return (way[0].balance or ZERO) - way[0].amount, way[-1].balance or ZERO


def difference(
    movements: Sequence[Movement], opening: Decimal | None, closing: Decimal | None
) -> Decimal | None:
    """What closing has more than opening and lines together; None where an end is not known."""
    if opening is None or closing is None:
        return None
    return closing - opening - sum((line.amount for line in movements), ZERO)


def _of_id(name: str, content: str, known: dict[str, list[str]]) -> str:
    """The first content of a file under the id is the id's own; others are counted on."""
    contents = known[name]
    if content not in contents:
        contents.append(content)
    place = contents.index(content)
    return f"{name}:{place + 1}" if place else name


def _adds_up(lines: Sequence[Movement]) -> bool:
    return all(
        (before.balance or ZERO) + line.amount == line.balance
        for before, line in itertools.pairwise(lines)
    )


def _hash(kind: str, name: str, line: Movement) -> str:
    amount = f"{line.amount.normalize():f}"
    content = "\0".join((kind, name, line.on.isoformat(), amount))
    return sha256(content.encode()).hexdigest()[:48]
