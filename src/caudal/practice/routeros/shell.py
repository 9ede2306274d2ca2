"""The commands of the API: one sentence in, rows and a result out."""

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field

from caudal.practice.routeros import query
from caudal.practice.routeros.store import Item, Store, Table
from caudal.practice.routeros.traps import NO_SUCH_COMMAND, NOT_PERMITTED, Fatal, Trap

READ_VERBS = frozenset({"print", "getall", "get", "listen", "find"})
_ATTRIBUTE = re.compile(r"=([^=]+)=(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Command:
    """A sentence taken apart."""

    path: str
    verb: str
    given: dict[str, str]
    queries: tuple[str, ...]
    tag: str | None

    @property
    def text(self) -> str:
        return f"{self.path}/{self.verb}"


@dataclass(slots=True)
class Answer:
    """Rows and a result; with `again` more rows every so many seconds, until cancelled or for so
    many `times`."""

    rows: list[dict[str, str]] = field(default_factory=list)
    ret: str | None = None
    prints: bool = False
    again: Callable[[int], list[dict[str, str]]] | None = None
    every_s: float = 1.0
    times: int | None = None


Special = Callable[[Command], Answer]


def parse(sentence: list[str]) -> Command:
    """Raises Trap for words that are nothing."""
    path, _, verb = sentence[0].rpartition("/")
    given: dict[str, str] = {}
    queries = []
    tag = None
    for word in sentence[1:]:
        if word.startswith("?"):
            queries.append(word)
        elif word.startswith(".tag="):
            tag = word[5:]
        elif found := _ATTRIBUTE.fullmatch(word):
            given[found[1]] = found[2]
        elif word.startswith("=") and len(word) > 1:
            given[word[1:]] = ""
    return Command(path, verb, given, tuple(queries), tag)


class Shell:
    """Runs commands against the store. `specials` are verbs that are not about rows."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.specials: dict[str, Special] = {}
        self._verbs: dict[str, Callable[[Table, Command], Answer]] = {
            "print": self._print,
            "getall": self._print,
            "get": self._get,
            "add": self._add,
            "set": self._set,
            "unset": self._unset,
            "comment": self._comment,
            "remove": self._remove,
            "enable": lambda table, command: self._switch(table, command, "no"),
            "disable": lambda table, command: self._switch(table, command, "yes"),
            "move": self._move,
            "make-static": self._make_static,
            "reset-counters": lambda table, command: Answer(),
            "reset-counters-all": lambda table, command: Answer(),
        }

    def run(self, command: Command, *, group: str, stop_half: bool = False) -> Answer:
        """Raises Trap or Fatal. `stop_half` breaks off after half of a list of ids."""
        special = self.specials.get(command.text)
        if special:
            return special(command)
        table = self.store.table(command.path)
        verb = self._verbs.get(command.verb)
        known = command.verb == "getall" or command.verb in table.menu.verbs
        if verb is None or not known:
            raise Trap(NO_SUCH_COMMAND)
        if group == "read" and command.verb not in READ_VERBS:
            raise Trap(NOT_PERMITTED)
        if stop_half:
            command = _halved(command)
        return verb(table, command)

    # -- reading

    def _print(self, table: Table, command: Command) -> Answer:
        self._known_words(table, command)
        wanted = command.given.get(".proplist") or command.given.get("proplist") or ""
        names = wanted.split(",") if wanted else []
        rows = self._rows(table, [*names, *query.names(command.queries)] if names else [])
        if command.queries:
            rows = [row for row in rows if query.passes(row, command.queries)]
        if "count-only" in command.given:
            return Answer(ret=str(len(rows)))
        if names:
            rows = [{name: row[name] for name in names if name in row} for row in rows]
        return Answer(rows, prints=True)

    def _known_words(self, table: Table, command: Command) -> None:
        unknown = [name for name in command.given if name not in table.menu.print_words]
        if table.menu.singleton and "detail" in command.given:
            unknown.append("detail")
        for name in unknown:
            named = self.store.version.names_unknown_parameter
            raise Trap(f"unknown parameter {name}" if named else "unknown parameter")

    def _rows(self, table: Table, names: Collection[str] = ()) -> list[dict[str, str]]:
        if table.menu.singleton:
            fields = table.menu.fields.items()
            row = {name: spec.default for name, spec in fields if spec.default is not None}
            row |= self.store.singletons[table.menu.path]
            return [row | dict(table.computed(Item(0, row)))]
        return [table.printed(item, names) for item in table.items.values()]

    def _get(self, table: Table, command: Command) -> Answer:
        if table.menu.singleton:
            row = self._rows(table)[0]
        else:
            row = table.printed(self._items(table, command)[0])
        name = command.given.get("value-name", "")
        if name not in row:
            raise Trap(f"unknown value name {name}", 1)
        return Answer(ret=row[name])

    # -- writing

    def _add(self, table: Table, command: Command) -> Answer:
        given = dict(command.given)
        before = given.pop("place-before", "")
        if source := given.pop("copy-from", ""):
            given = table.find(source).values | given
        return Answer(ret=self.store.add(table.menu.path, given, before=before).id)

    def _set(self, table: Table, command: Command) -> Answer:
        given = {k: x for k, x in command.given.items() if k not in (".id", "numbers")}
        if table.menu.singleton:
            self.store.singletons[table.menu.path] |= self.store.checked(table, given)
            return Answer()
        self._each(table, command, lambda item: self.store.change(table.menu.path, item, given))
        return Answer()

    def _unset(self, table: Table, command: Command) -> Answer:
        name = command.given.get("value-name", "")
        if name not in table.menu.arguments:
            raise Trap("input does not match any value of value-name", 1)
        change = {f"!{name}": ""}
        self._each(table, command, lambda item: self.store.change(table.menu.path, item, change))
        return Answer()

    def _comment(self, table: Table, command: Command) -> Answer:
        change = {"comment": command.given.get("comment", "")}
        self._each(table, command, lambda item: self.store.change(table.menu.path, item, change))
        return Answer()

    def _switch(self, table: Table, command: Command, disabled: str) -> Answer:
        change = {"disabled": disabled}
        self._each(table, command, lambda item: self.store.change(table.menu.path, item, change))
        return Answer()

    def _remove(self, table: Table, command: Command) -> Answer:
        self._each(table, command, lambda item: self.store.remove(table.menu.path, item))
        return Answer()

    def _make_static(self, table: Table, command: Command) -> Answer:
        self._each(table, command, table.make_static)
        return Answer()

    def _move(self, table: Table, command: Command) -> Answer:
        items = self._items(table, command)
        destination = command.given.get("destination", "")
        if destination in [item.id for item in items]:
            raise Trap("failure: can not move object before itself")
        table.move(items, destination)
        return Answer()

    def _each(self, table: Table, command: Command, act: Callable[[Item], None]) -> None:
        """One after the other: an item that fails leaves those before it changed."""
        for reference in _references(command):
            item = table.find(reference)
            if item.volatile and _is_refused(table, command):
                raise Trap(table.menu.dynamic_refusal)
            act(item)

    def _items(self, table: Table, command: Command) -> list[Item]:
        return [table.find(reference) for reference in _references(command)]


def _is_refused(table: Table, command: Command) -> bool:
    """Rows the router made itself: some may be removed, or made static, but not changed."""
    allowed = ("make-static", "remove") if "make-static" in table.menu.verbs else ()
    return bool(table.menu.dynamic_refusal) and command.verb not in allowed


def _references(command: Command) -> Iterable[str]:
    given = command.given.get(".id", command.given.get("numbers", command.given.get("number")))
    if not given:
        raise Trap("missing =.id=", 5)
    return given.split(",")


def _halved(command: Command) -> Command:
    given = dict(command.given)
    for name in (".id", "numbers"):
        if "," in given.get(name, ""):
            references = given[name].split(",")
            given[name] = ",".join(references[: len(references) // 2])
    return Command(command.path, command.verb, given, command.queries, command.tag)


def quit_(command: Command) -> Answer:
    raise Fatal("session terminated on request")
