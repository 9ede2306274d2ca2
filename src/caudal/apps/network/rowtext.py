"""Rows of a router as text that can be kept and put back, and their fingerprints."""

import hashlib
import json
from dataclasses import replace

from caudal.core.access import Kind, Row
from caudal.core.access.rows import UNREADABLE

LENGTH = 32


def text_of(row: Row | None) -> str:
    """Everything of a row but the router's handle; "" for no row."""
    if row is None:
        return ""
    told = [str(row.kind), row.key, dict(sorted(row.attrs.items())), row.comment]
    return json.dumps([*told, dict(row.whole)] if row.whole else told)


def row_of(text: str) -> Row | None:
    if not text:
        return None
    kind, key, attrs, comment, *whole = json.loads(text)
    return Row(Kind(kind), key, attrs, comment, whole=whole[0] if whole else {})


def pair_text(before: Row | None, after: Row | None) -> str:
    """Both rows of an operation in one text."""
    return json.dumps([text_of(before), text_of(after)])


def pair_of(text: str) -> tuple[Row | None, Row | None]:
    before, after = json.loads(text) if text else ("", "")
    return row_of(before), row_of(after)


def fingerprint(row: Row | None) -> str:
    """Another one as soon as anything that is read of the row is another; "" for no row."""
    text = text_of(replace(row, whole={})) if row else ""
    return hashlib.sha256(text.encode()).hexdigest()[:LENGTH] if row else ""


def is_whole(row: Row) -> bool:
    """Could every value of it be read, so that it can be written again?"""
    return UNREADABLE not in row.attrs.values()
