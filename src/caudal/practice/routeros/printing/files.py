"""The configuration as text: export into a file, and reading files over the API."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from caudal.practice.routeros import values as v
from caudal.practice.routeros.printing.box import BOARD
from caudal.practice.routeros.shell import Answer, Command, Special
from caudal.practice.routeros.table import Item, Part, Table
from caudal.practice.routeros.traps import NO_SUCH_COMMAND, Trap

if TYPE_CHECKING:
    from caudal.practice.routeros.device import PracticeRouter

WIDTH = 78
BIGGEST_CHUNK = 32_768
_SECRET = frozenset({"password", "secret"})
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.:/-_,*@+")


class Files:
    """`/export` alone says nothing over the API on any version: only its file can be read."""

    def __init__(self, router: PracticeRouter) -> None:
        self.router = router

    def commands(self) -> dict[str, Special]:
        found: dict[str, Special] = {"/export": self.export}
        if self.router.version.is_from("7.13"):
            found["/file/read"] = self.read
        if self.router.version.is_from("7.1"):
            found["/execute"] = self.execute
        return found

    def export(self, command: Command) -> Answer:
        if name := command.given.get("file", ""):
            name = name if name.endswith(".rsc") else f"{name}.rsc"
            table = self.router.store.table("/file")
            if old := table.named(name):
                table.remove(old)
            table.add({"name": name, "contents": self.exported(command)})
        return Answer()

    def exported(self, command: Command) -> str:
        """The text, with or without what is secret."""
        return self.text(self._shows(command))

    def _shows(self, command: Command) -> bool:
        """Version 7 hides what is secret unless told otherwise, 6 shows it."""
        if self.router.version.is_from("7"):
            return "show-sensitive" in command.given
        return "hide-sensitive" not in command.given

    def read(self, command: Command) -> Answer:
        given = command.given
        item = self.router.store.table("/file").find(given.get("file", ""))
        size = min(int(given.get("chunk-size", BIGGEST_CHUNK)), BIGGEST_CHUNK)
        offset = int(given.get("offset", 0))
        data = item.values.get("contents", "").encode("utf-8", "surrogateescape")
        piece = data[offset : offset + size].decode("utf-8", "surrogateescape")
        return Answer([{"data": piece}])

    def execute(self, command: Command) -> Answer:
        """Only what programs use it for: the export as text."""
        words = command.given.get("script", "").split()
        if not words or words[0].lstrip(":/") != "export":
            raise Trap(NO_SUCH_COMMAND)
        asked = Command("", "export", dict.fromkeys(words[1:], ""), (), None)
        text = self.exported(asked)
        return Answer(ret=text if "as-string" in command.given else "*1")

    def text(self, shows_secrets: bool) -> str:
        """As `/export` writes it."""
        version = self.router.version
        moment = v.date_time(self.router.clock.now, iso=version.iso_dates)
        lines = [
            f"# {moment} by RouterOS {version.text}",
            "# software id = PRAC-TICE",
            "#",
            f"# model = {BOARD}",
            f"# serial number = {self.router.serial}",
        ]
        for path, table in sorted(self.router.store.tables.items()):
            rows = list(self._rows(table, shows_secrets)) if "export" in table.menu.verbs else []
            if rows:
                lines += [path.replace("/", " ").replace(" ", "/", 1), *rows]
        return "\n".join(lines) + "\n"

    def _rows(self, table: Table, shows_secrets: bool) -> Iterator[str]:
        if table.menu.singleton:
            held = self.router.store.singletons[table.menu.path]
            if held:
                yield _line("set", held, table, shows_secrets)
            return
        if isinstance(table, Part) and table.menu.kind in ("ether", "pppoe-in"):
            return
        for item in table.items.values():
            if not item.volatile and not _is_born_with(item, table):
                yield _line("add", item.values, table, shows_secrets)


def _is_born_with(item: Item, table: Table) -> bool:
    return table.menu.path in ("/interface", "/user/group") or item.number == 0


def _line(verb: str, values: dict[str, str], table: Table, shows_secrets: bool) -> str:
    words = [verb]
    for name, value in sorted(values.items()):
        spec = table.menu.fields.get(name)
        is_default = (spec and spec.default == value) or (name == "disabled" and value == "false")
        hidden = name in _SECRET and not shows_secrets
        if name in table.menu.arguments and not is_default and not hidden:
            words.append(f"{name}={_quoted(_said(value))}")
    return _wrapped(words)


def _said(value: str) -> str:
    return {"true": "yes", "false": "no"}.get(value, value)


def _quoted(text: str) -> str:
    if text and set(text) <= _PLAIN:
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$")
    return f'"{escaped}"'


def _wrapped(words: list[str]) -> str:
    """Long lines go on in the next one, after a backslash."""
    lines, line = [], words[0]
    for word in words[1:]:
        if len(line) + 1 + len(word) > WIDTH:
            lines.append(line + " \\")
            line = "    " + word
        else:
            line += " " + word
    return "\n".join([*lines, line])
