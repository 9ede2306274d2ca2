"""The quick engine for rows of long lists: Jinja compiles them, and escapes as Django does.

Everything around the rows stays with Django's templates. What a row needs in words (labels of
states, for one) is handed over once for all rows, not looked up in each.
"""

from datetime import date
from typing import Any

from jinja2 import Environment


def environment(**options: Any) -> Environment:
    made = Environment(**{**options, "trim_blocks": True, "lstrip_blocks": True})
    made.filters["short_date"] = short_date
    return made


def short_date(day: date | None) -> str:
    """As SHORT_DATE_FORMAT of both languages writes it: 05/07/2026."""
    return "" if day is None else f"{day:%d/%m/%Y}"
