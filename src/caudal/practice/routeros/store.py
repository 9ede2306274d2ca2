"""The configuration of a router: tables of rows, their ids, uniqueness and references by name."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from caudal.practice.routeros import values as v
from caudal.practice.routeros.menus import Menu, menus
from caudal.practice.routeros.traps import NO_SUCH_ITEM, NO_SUCH_MENU, Trap
from caudal.practice.routeros.version import Version

Listener = Callable[[dict[str, str]], None]


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


@dataclass(slots=True, eq=False)
class Table:
    """The rows of one menu, in their order. `computed` adds what is only known when printing."""

    menu: Menu
    now: Callable[[], float]
    items: dict[int, Item] = field(default_factory=dict)
    next_number: int = 1
    listeners: dict[object, Listener] = field(default_factory=dict)
    computed: Callable[[Item], Mapping[str, str]] = lambda item: {}
    on_remove: Callable[[Item], None] = lambda item: None
    _taken: dict[object, int] = field(default_factory=dict)
    _named: dict[str, int] = field(default_factory=dict)

    def add(self, values: dict[str, str], *, volatile: bool = False, before: str = "") -> Item:
        item = Item(self.next_number, values, volatile, self.now())
        self._claim(item)
        self.next_number += 1
        self.items[item.number] = item
        if before:
            self.move([item], before)
        self._tell(self.printed(item))
        return item

    def change(self, item: Item, values: dict[str, str]) -> None:
        old = item.values
        self._release(item)
        item.values = values
        try:
            self._claim(item)
        except Trap:
            item.values = old
            self._claim(item)
            raise
        self._tell(self.printed(item))

    def remove(self, item: Item) -> None:
        self._release(item)
        del self.items[item.number]
        self.on_remove(item)
        self._tell({".id": item.id, ".dead": "yes"})

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
        return None if number is None else self.items[number]

    def move(self, moved: list[Item], destination: str) -> None:
        """Before the destination; one that does not exist silently means the end."""
        rest = [item for item in self.items.values() if item not in moved]
        target = next((i for i, item in enumerate(rest) if item.id == destination), len(rest))
        if destination.isdigit():
            target = int(destination)
        order = [*rest[:target], *moved, *rest[target:]]
        self.items = {item.number: item for item in order}

    def printed(self, item: Item) -> dict[str, str]:
        """The row as print shows it: defaults filled in, an empty comment left out."""
        shown = {".id": item.id}
        for name, spec in self.menu.fields.items():
            value = item.values.get(name, spec.default)
            if value is not None:
                shown[name] = value
        shown |= item.values
        shown |= {flag: item.values.get(flag, "false") for flag in self.menu.flags}
        shown |= self.computed(item)
        return {name: text for name, text in shown.items() if name != "comment" or text}

    def restore(self, items: list[Item], next_number: int) -> None:
        """Replace all rows by saved ones."""
        self._taken.clear()
        self._named.clear()
        self.items = {item.number: item for item in items}
        self.next_number = next_number
        for item in items:
            self._claim(item)

    def wipe_volatile(self) -> None:
        for item in [item for item in self.items.values() if item.volatile]:
            self._release(item)
            del self.items[item.number]

    def _keys(self, item: Item) -> Iterator[tuple[object, str]]:
        for position, rule in enumerate(self.menu.unique):
            key = rule.key(item.values)
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

    def _tell(self, row: dict[str, str]) -> None:
        for listener in list(self.listeners.values()):
            listener(row)


def _is_hex(text: str) -> bool:
    try:
        int(text, 16)
    except ValueError:
        return False
    return True


class Store:
    """All tables, and the rules between them."""

    def __init__(self, version: Version, now: Callable[[], float]) -> None:
        self.version = version
        self.tables = {path: Table(menu, now) for path, menu in menus(version).items()}
        self.singletons: dict[str, dict[str, str]] = {
            path: {} for path, table in self.tables.items() if table.menu.singleton
        }

    def table(self, path: str) -> Table:
        if path not in self.tables:
            raise Trap(NO_SUCH_MENU)
        return self.tables[path]

    def add(self, path: str, given: Mapping[str, str], *, before: str = "") -> Item:
        """A row as a person or program adds it. Raises Trap."""
        table = self.table(path)
        values = self.checked(table, given)
        if table.menu.prefix and "name" not in values:
            values["name"] = self._free_name(table)
        for name in table.menu.needs:
            if name not in values:
                raise Trap(f"missing value of argument {name}", 1)
        return table.add(values, volatile="timeout" in values, before=before)

    def change(self, path: str, item: Item, given: Mapping[str, str]) -> None:
        """Set some values; `!name` unsets one."""
        table = self.table(path)
        dropped = {name[1:] for name in given if name.startswith("!")}
        wanted = {name: value for name, value in given.items() if not name.startswith("!")}
        kept = {name: value for name, value in item.values.items() if name not in dropped}
        old = item.values.get("name")
        table.change(item, kept | self.checked(table, wanted))
        new = item.values.get("name")
        if old and new and old != new:
            self._repoint(path, old, new)

    def remove(self, path: str, item: Item) -> None:
        """Rows that named it keep a dangling id, which a new row of that name does not heal."""
        self.table(path).remove(item)
        if name := item.values.get("name"):
            self._repoint(path, name, item.id)

    def checked(self, table: Table, given: Mapping[str, str]) -> dict[str, str]:
        values = {}
        for name, value in given.items():
            if name not in table.menu.arguments:
                named = self.version.names_unknown_parameter
                raise Trap(f"unknown parameter {name}" if named else "unknown parameter")
            values[name] = self._typed(table.menu, name, value)
        return values

    def _typed(self, menu: Menu, name: str, value: str) -> str:
        spec = menu.fields.get(name)
        if name == "disabled":
            return v.switch(value, name)
        if spec is None:
            return value
        if spec.ref and (value in spec.words or self.table(spec.ref).named(value)):
            return value
        if spec.ref and spec.type is v.text:
            raise Trap(f"input does not match any value of {name}", 1)
        return spec.type(value, name)

    def _repoint(self, path: str, old: str, new: str) -> None:
        for table in self.tables.values():
            names = [name for name, spec in table.menu.fields.items() if spec.ref == path]
            for item in table.items.values() if names else ():
                for name in names:
                    if item.values.get(name) == old:
                        item.values[name] = new

    def _free_name(self, table: Table) -> str:
        number = 1
        while table.named(f"{table.menu.prefix}{number}"):
            number += 1
        return f"{table.menu.prefix}{number}"
