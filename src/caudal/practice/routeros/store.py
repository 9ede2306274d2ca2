"""The configuration of a router: all its tables, and the rules between them."""

from collections.abc import Callable, Mapping

from caudal.practice.routeros import values as v
from caudal.practice.routeros.menus import Field, Menu, menus
from caudal.practice.routeros.table import Item, Part, Table
from caudal.practice.routeros.traps import NO_SUCH_MENU, Trap
from caudal.practice.routeros.version import Version

__all__ = ["Item", "Store", "Table"]


class Store:
    """All tables, and the rules between them."""

    def __init__(self, version: Version, now: Callable[[], float]) -> None:
        self.version = version
        found = menus(version)
        self.tables = {path: Table(menu, now) for path, menu in found.items() if not menu.part_of}
        for path, menu in found.items():
            if menu.part_of:
                self.tables[path] = Part(menu, self.tables[menu.part_of])
        self.singletons: dict[str, dict[str, str]] = {
            path: {} for path, table in self.tables.items() if table.menu.singleton
        }

    def table(self, path: str) -> Table:
        if path not in self.tables:
            raise Trap(NO_SUCH_MENU)
        return self.tables[path]

    def has(self, path: str) -> bool:
        return path in self.tables

    def add(self, path: str, given: Mapping[str, str], *, before: str = "") -> Item:
        """A row as a person or program adds it. Raises Trap."""
        table = self.table(path)
        values = self.checked(table, given)
        if table.menu.prefix and "name" not in values:
            values["name"] = self._free_name(table)
        for name in table.menu.needs:
            if name not in values:
                raise Trap(f"missing value of argument {name}", 1)
        _ordered(path, values)
        replaced = table.alike(values)
        item = table.add(values, volatile=_is_passing(path, values), before=before)
        for old in replaced:
            table.remove(old)
        return item

    def change(self, path: str, item: Item, given: Mapping[str, str]) -> None:
        """Set some values; `!name` unsets one."""
        table = self.table(path)
        dropped = {name[1:] for name in given if name.startswith("!")}
        wanted = {name: value for name, value in given.items() if not name.startswith("!")}
        kept = {name: value for name, value in item.values.items() if name not in dropped}
        old = item.values.get("name")
        values = kept | self.checked(table, wanted)
        _ordered(path, values)
        table.change(item, values)
        item.volatile = item.volatile or _is_passing(path, values)
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
        if spec.refs and not self._names_rows(spec, value) and spec.type in (v.text, v.both):
            raise Trap(f"input does not match any value of {name}", 1)
        if spec.refs and spec.type is not v.both and self._names_rows(spec, value):
            return value
        return spec.type(value, name)

    def _names_rows(self, spec: Field, value: str) -> bool:
        parts = value.split(spec.several) if spec.several else [value]
        return all(self._names_row(spec, part.removeprefix("!")) for part in parts)

    def _names_row(self, spec: Field, name: str) -> bool:
        return name in spec.words or any(self.table(path).named(name) for path in spec.refs)

    def _repoint(self, path: str, old: str, new: str) -> None:
        paths = {path, self.table(path).menu.part_of}
        for table in self.tables.values():
            fields = table.menu.fields.items()
            names = [(name, spec.several) for name, spec in fields if paths & set(spec.refs)]
            for item in table.items.values() if names else ():
                for name, mark in names:
                    _renamed(item, name, mark, old, new)

    def _free_name(self, table: Table) -> str:
        number = 1
        while table.named(f"{table.menu.prefix}{number}"):
            number += 1
        return f"{table.menu.prefix}{number}"


def _renamed(item: Item, name: str, mark: str, old: str, new: str) -> None:
    held = item.values.get(name, "")
    if held == old:
        item.values[name] = new
    elif mark and old in held.split(mark):
        item.values[name] = mark.join(new if part == old else part for part in held.split(mark))


def _is_passing(path: str, values: Mapping[str, str]) -> bool:
    """An entry of a list that has an end lives in RAM."""
    return path.endswith("/address-list") and "timeout" in values


def _ordered(path: str, values: Mapping[str, str]) -> None:
    """A simple queue promises no more than it allows."""
    if path != "/queue/simple" or "limit-at" not in values:
        return
    most, least = values.get("max-limit", "0/0").split("/"), values["limit-at"].split("/")
    for side, up_to, promised in zip(("upload", "download"), most, least, strict=True):
        if 0 < int(up_to) < int(promised):
            raise Trap(f"failure: {side}-max-limit less than {side}-limit")
