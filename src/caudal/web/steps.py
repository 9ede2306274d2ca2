"""What pages of long work show: how far it is, and its rows by what comes of them."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Progress:
    """As `web/_progress.html` wants it."""

    done: int
    planned: int
    failures: int
    status: str
    get_status_display: str


@dataclass(frozen=True)
class Tab:
    """One kind of rows: its key in the address, words and how many."""

    key: str
    label: Any
    count: int
    is_current: bool
