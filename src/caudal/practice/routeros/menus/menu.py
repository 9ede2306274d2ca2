"""What is known of a menu and of each of its values."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from caudal.practice.routeros import values as v
from caudal.practice.routeros.values import Type

Values = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Field:
    """`default` is printed when nothing was given; None prints nothing. `refs` are the menus whose
    names are allowed, checked when written; `words` are allowed beside them. `several` parts the
    names of a value that holds more than one."""

    type: Type = v.text
    default: str | None = None
    refs: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    several: str = ""


@dataclass(frozen=True, slots=True)
class Unique:
    """Rows that give the same key exclude each other; a key of None excludes nobody.

    With `is_static` the rows that the router made itself neither exclude nor are excluded.
    """

    key: Callable[[Values], object | None]
    taken: str
    is_static: bool = False


@dataclass(frozen=True, slots=True)
class Menu:
    """`part_of` is the menu that holds the rows of this one, those whose type is `kind`."""

    path: str
    fields: Mapping[str, Field] = field(default_factory=dict)
    unique: tuple[Unique, ...] = ()
    singleton: bool = False
    handle: str = "name"  # what may stand in place of .id
    flags: tuple[str, ...] = ("disabled",)  # switches that every row prints
    prefix: str = ""  # rows without a name are called after it, with a number
    needs: tuple[str, ...] = ()
    verbs: frozenset[str] = frozenset()
    arguments: frozenset[str] = frozenset()
    print_words: frozenset[str] = frozenset()
    part_of: str = ""
    kind: str = ""
    hides: tuple[str, ...] = ()  # what its rows hold but only menus that are part of it show
    dynamic_refusal: str = ""  # the trap for changes to rows that the router made itself


def by(*names: str) -> Callable[[Values], object]:
    return lambda row: tuple(row.get(name, "") for name in names)


SAME_NAME = Unique(by("name"), "failure: already have such name")
INTERFACE = ("/interface",)
SWITCH = Field(v.switch)
NO = Field(v.switch, "false")
YES = Field(v.switch, "true")


def empty() -> Field:
    return Field(default="")
