"""The rows of one menu: their order, ids, names and what makes them unique."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from caudal.practice.routeros.menus import Menu
from caudal.practice.routeros.traps import NO_SUCH_ITEM, Trap

BUILT_IN = 0x1000000
"""From here on are rows that every router is born with."""

Listener = Callable[[dict[str, str]], None]
Computed = Callable[["Item"], Mapping[str, str]]


@dataclass(slots=True, eq=False)
class Item:
    """One row, `born` at that second of the clock.

    A volatile row lives in RAM: it is gone after a reboot and is never saved.
    """

    number: int
    values: dict[str, str]
    volatile: bool = False
    born: float = 0.0

    @property
    def id(self) -> str:
        return f"*{self.number:X}"


class Table:
    """Rows in their order. `computed` adds what is only known when printing."""

    def __init__(self, menu: Menu, now: Callable[[], float]) -> None:
        self.menu = menu
        self.now = now
        self.next_number = 1
        self.changes = 0
        self.listeners: dict[object, Listener] = {}
        self.computed: Computed = lambda item: {}
        self.measured: Computed = lambda item: {}
        self.measures: frozenset[str] = frozenset()
        self.on_remove: Callable[[Item], None] = lambda item: None
        self._items: dict[int, Item] = {}
        self._taken: dict[object, int] = {}
        self._named: dict[str, int] = {}

    @property
    def items(self) -> dict[int, Item]:
        return self._items

    def add(
        self,
        values: dict[str, str],
        *,
        volatile: bool = False,
        before: str = "",
        number: int | None = None,
    ) -> Item:
        """`number` is for rows that every router is born with."""
        item = Item(self.next_number if number is None else number, values, volatile, self.now())
        self._claim(item)
        if item.number < BUILT_IN:
            self.next_number = max(self.next_number, item.number + 1)
        self._items[item.number] = item
        if before:
            self.move([item], before)
        self._tell(item)
        return item

    def change(self, item: Item, values: dict[str, str]) -> None:
        self._rewrite(item, values, item.volatile)

    def make_static(self, item: Item) -> None:
        self._rewrite(item, item.values, False)

    def _rewrite(self, item: Item, values: dict[str, str], volatile: bool) -> None:
        old = item.values, item.volatile
        self._release(item)
        item.values, item.volatile = values, volatile
        try:
            self._claim(item)
        except Trap:
            item.values, item.volatile = old
            self._claim(item)
            raise
        self._tell(item)

    def remove(self, item: Item) -> None:
        self._release(item)
        del self._items[item.number]
        self.on_remove(item)
        self._tell(item, is_dead=True)

    def find(self, reference: str) -> Item:
        """By `*1A`, or by the name where the menu has names."""
        if reference.startswith("*"):
            number = int(reference[1:], 16) if _is_hex(reference[1:]) else -1
        else:
            number = self._named.get(reference, -1)
        if number not in self.items:
            raise Trap(NO_SUCH_ITEM, 0)
        return self.items[number]

    def named(self, name: str) -> Item | None:
        number = self._named.get(name)
        return None if number is None else self.items.get(number)

    def alike(self, values: Mapping[str, str]) -> list[Item]:
        """Rows the router made itself that a static row of these values takes the place of."""
        rules = [rule for rule in self.menu.unique if rule.is_static]
        return [
            item
            for item in (self._items.values() if rules else ())
            if item.volatile and any(r.key(item.values) == r.key(values) for r in rules)
        ]

    def move(self, moved: list[Item], destination: str) -> None:
        """Before the destination; one that does not exist silently means the end."""
        rest = [item for item in self._items.values() if item not in moved]
        target = next((i for i, item in enumerate(rest) if item.id == destination), len(rest))
        if destination.isdigit():
            target = int(destination)
        order = [*rest[:target], *moved, *rest[target:]]
        self._items = {item.number: item for item in order}
        self.changes += 1

    def printed(self, item: Item, names: Collection[str] = ()) -> dict[str, str]:
        """The row as print shows it: defaults filled in, an empty comment left out.

        What is dear to measure comes only when all is asked for, or its name among others.
        """
        shown = {".id": item.id}
        for name, spec in self.menu.fields.items():
            value = item.values.get(name, spec.default)
            if value is not None:
                shown[name] = value
        shown |= item.values
        shown |= {flag: item.values.get(flag, "false") for flag in self.menu.flags}
        shown |= self.computed(item)
        if self.measures and (not names or not self.measures.isdisjoint(names)):
            shown |= self.measured(item)
        return {
            name: text
            for name, text in shown.items()
            if name not in self.menu.hides and (name != "comment" or text)
        }

    def restore(self, items: list[Item], next_number: int) -> None:
        """Replace all rows by saved ones."""
        self.changes += 1
        self._taken.clear()
        self._named.clear()
        self._items = {item.number: item for item in items}
        self.next_number = next_number
        for item in items:
            self._claim(item)

    def wipe_volatile(self) -> None:
        self.changes += 1
        for item in [item for item in self._items.values() if item.volatile]:
            self._release(item)
            del self._items[item.number]

    def _keys(self, item: Item) -> Iterator[tuple[object, str]]:
        for position, rule in enumerate(self.menu.unique):
            key = None if rule.is_static and item.volatile else rule.key(item.values)
            if key is not None:
                yield (position, key), rule.taken

    def _claim(self, item: Item) -> None:
        keys = list(self._keys(item))
        for key, message in keys:
            if key in self._taken:
                raise Trap(message)
        self._taken |= {key: item.number for key, _ in keys}
        if handle := item.values.get(self.menu.handle):
            self._named.setdefault(handle, item.number)

    def _release(self, item: Item) -> None:
        for key, _ in self._keys(item):
            self._taken.pop(key, None)
        handle = item.values.get(self.menu.handle, "")
        if self._named.get(handle) == item.number:
            del self._named[handle]

    def _tell(self, item: Item, *, is_dead: bool = False) -> None:
        self.changes += 1
        if not self.listeners:
            return
        row = {".id": item.id, ".dead": "yes"} if is_dead else self.printed(item)
        for listener in list(self.listeners.values()):
            listener(row)


class Part(Table):
    """A menu whose rows are those of one kind in another menu, such as /interface/bridge."""

    def __init__(self, menu: Menu, whole: Table) -> None:
        super().__init__(menu, whole.now)
        self.whole = whole

    @property
    def items(self) -> dict[int, Item]:
        kind = self.menu.kind
        return {n: i for n, i in self.whole.items.items() if i.values.get("type") == kind}

    def add(
        self,
        values: dict[str, str],
        *,
        volatile: bool = False,
        before: str = "",
        number: int | None = None,
    ) -> Item:
        values = {**values, "type": self.menu.kind}
        return self.whole.add(values, volatile=volatile, before=before, number=number)

    def change(self, item: Item, values: dict[str, str]) -> None:
        self.whole.change(item, values)

    def remove(self, item: Item) -> None:
        self.whole.remove(item)

    def find(self, reference: str) -> Item:
        item = self.whole.find(reference)
        if item.values.get("type") != self.menu.kind:
            raise Trap(NO_SUCH_ITEM, 0)
        return item

    def named(self, name: str) -> Item | None:
        item = self.whole.named(name)
        return item if item and item.values.get("type") == self.menu.kind else None

    def printed(self, item: Item, names: Collection[str] = ()) -> dict[str, str]:
        shown = super().printed(item, names)
        return {name: text for name, text in shown.items() if name != "type"}

    def restore(self, items: list[Item], next_number: int) -> None:
        """Its rows come back with the menu that holds them."""


def _is_hex(text: str) -> bool:
    try:
        int(text, 16)
    except ValueError:
        return False
    return True
