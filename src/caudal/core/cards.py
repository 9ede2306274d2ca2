"""Telling the number of a payment card, which nobody here may keep, from other long numbers."""

import re
from collections.abc import Sequence

NAMES_A_CARD = re.compile(r"tarjeta|card|\bcvv|\bcvc|\bpan\b", re.IGNORECASE)


def is_card_number(text: str) -> bool:
    """13 to 19 digits, perhaps in groups, that end in their Luhn check digit (ISO/IEC 7812-1)."""
    digits = re.sub(r"[ .-]", "", text)
    if not re.fullmatch(r"[0-9]{13,19}", digits):
        return False
    return _luhn(digits) % 10 == 0


def without_cards(header: Sequence[str], cells: Sequence[str]) -> tuple[str, ...]:
    """The cells of a row; card numbers under a heading that names a card are left empty."""
    named = [bool(NAMES_A_CARD.search(name)) for name in header]
    return tuple(
        "" if at < len(named) and named[at] and is_card_number(cell) else cell
        for at, cell in enumerate(cells)
    )


def _luhn(digits: str) -> int:
    total = 0
    for at, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + at % 2)
        total += value - 9 if value > 9 else value
    return total
