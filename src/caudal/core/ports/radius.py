"""What the RADIUS driver asks of whoever keeps the tables that the RADIUS server shares with us."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from caudal.core.access import Row, Session


@dataclass(frozen=True, slots=True)
class Target:
    """How a router knows one of its sessions (RFC 5176, 3): all of it must fit, or it refuses.

    `session_id` is as the router wrote it, not as the RADIUS server escaped it.
    """

    ref: str
    username: str
    session_id: str
    address: str = ""


class Book(Protocol):
    """The answers and sessions of one router."""

    def heard_at(self) -> datetime | None:
        """When the RADIUS server last wrote anything about this router."""
        ...

    def rows(self) -> tuple[Row, ...]:
        """One row of kind LOGIN per user who is answered, in the words of core.access."""
        ...

    def sessions(self) -> tuple[Session, ...]:
        """Who is connected, as the reports say; `ref` names the session in the calls below."""
        ...

    def write(self, row: Row, before: Row | None) -> bool:
        """Store an answer; False where it was so already. Raises AccessError."""
        ...

    def remove(self, row: Row) -> bool:
        """The user is answered no more; False where he was not. Raises AccessError."""
        ...

    def targets(self, refs: Collection[str]) -> list[Target]:
        """Those of these sessions that are still open."""
        ...

    def carries(self, ref: str, answer: str) -> None:
        """The router took a new answer for a live session."""
        ...

    def ended(self, ref: str) -> None:
        """The router does not know this session: it ended without a word."""
        ...
