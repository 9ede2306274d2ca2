"""Connections that customers have open, as /ip/firewall/connection shows them."""

from caudal.practice.routeros.store import Store
from caudal.practice.routeros.table import Item

PATH = "/ip/firewall/connection"
ELSEWHERE = "203.0.113.80"


class Flows:
    """One open connection per address. Removing its row ends it."""

    def __init__(self, store: Store) -> None:
        self._table = store.table(PATH)
        self._rows: dict[str, Item] = {}
        self._table.on_remove = self._forget

    def __contains__(self, address: str) -> bool:
        return address in self._rows

    def begin(self, address: str) -> None:
        if address in self._rows or ":" in address:
            return
        row = {"src-address": f"{address}:50443", "dst-address": f"{ELSEWHERE}:443"}
        row |= {"reply-src-address": f"{ELSEWHERE}:443", "reply-dst-address": f"{address}:50443"}
        row |= {"protocol": "tcp", "tcp-state": "established", "timeout": "1d"}
        self._rows[address] = self._table.add(row, volatile=True)

    def end(self, address: str) -> None:
        if item := self._rows.get(address):
            self._table.remove(item)

    def clear(self) -> None:
        self._rows.clear()

    def _forget(self, item: Item) -> None:
        self._rows.pop(item.values["src-address"].partition(":")[0], None)
