"""Safe mode: what one connection changes is undone when it is lost before it lets go."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from caudal.practice.routeros.store import Item
from caudal.practice.routeros.table import Part
from caudal.practice.routeros.traps import Trap

if TYPE_CHECKING:
    from caudal.practice.routeros.device import PracticeRouter

Tables = dict[str, tuple[list[Item], int]]


class SafeMode:
    """Held by one connection at a time."""

    def __init__(self, router: PracticeRouter) -> None:
        self._router = router
        self._holder: object | None = None
        self._tables: Tables = {}
        self._singletons: dict[str, dict[str, str]] = {}

    def take(self, who: object) -> None:
        if self._holder not in (None, who):
            raise Trap("failure: safe mode is held by another session")
        self._holder = who
        store = self._router.store
        self._singletons = {path: dict(values) for path, values in store.singletons.items()}
        self._tables = {
            path: (_copies(list(table.items.values())), table.next_number)
            for path, table in store.tables.items()
            if not isinstance(table, Part)
        }

    def release(self, who: object) -> None:
        """Keep what was changed."""
        self._mine(who)
        self._forget()

    def unroll(self, who: object) -> None:
        """Undo what was changed and leave."""
        self._mine(who)
        store = self._router.store
        store.singletons.update(self._singletons)
        for path, (items, number) in self._tables.items():
            table = store.tables[path]
            volatile = [item for item in table.items.values() if item.volatile]
            table.restore([*items, *volatile], max(number, table.next_number))
        self._forget()

    def lost(self, who: object) -> None:
        """The connection ended; only what it still held is undone."""
        if self._holder is who:
            self.unroll(who)

    def _mine(self, who: object) -> None:
        if self._holder is not who:
            raise Trap("failure: safe mode is not taken")

    def _forget(self) -> None:
        self._holder = None
        self._tables, self._singletons = {}, {}


def _copies(items: list[Item]) -> list[Item]:
    return [replace(item, values=dict(item.values)) for item in items if not item.volatile]
