"""What may be done with many rows: rooms register the rows that are chosen and the acts on them.

A room's acts stand in its module `bulk.py`; a higher room may add acts on the rows of a lower one,
so that a list offers what its own room knows nothing of (payments pays invoices).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import IO, Any, Protocol, runtime_checkable

from django import forms
from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules

from caudal.apps.bulk.models import BulkAct
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.models import User
from caudal.apps.staff.scope import offer_visible
from caudal.apps.staff.verbs import Verb
from caudal.web.forms import PanelForm

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Context:
    """What the work on each row is given: who asked, when, and with which options."""

    actor: Actor
    now: datetime
    options: dict[str, Any]
    bulk: BulkAct


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a row, and what its undo must know of how it was (plain values)."""

    text: str
    before: dict[str, Any] = field(default_factory=dict)
    secret: str = ""
    """Shown to who asked, and to nobody else."""


RowWork = Callable[[Context, Any], str | Done]
"""Does the act on one row, in a transaction; returns what to show. RuleError: refused."""
GroupWork = Callable[[Context, Sequence[Any]], str]
FileWork = Callable[[Context, Sequence[int], Callable[[int], None]], tuple[str, bytes]]
"""Makes one file of all rows: (name, content); calls back with how many more are in it."""
WholeWork = Callable[[Context, "QuerySet[Any]", Callable[[int], None]], tuple[str, IO[bytes]]]
"""Makes one file of all chosen rows, read as they come: they are not kept as rows of the act."""
UndoWork = Callable[[Context, Any, dict[str, Any]], str]
"""Takes the act back on one row, given what `Done.before` kept. RuleError: left as it is."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One row of a preview: what would change, or why it would not."""

    label: str
    changes: Sequence[tuple[str, str, str]] = ()
    """(what, before, after) in words."""
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """What an act would do: the first rows, and every row that it would leave out."""

    rows: Sequence[Shown] = ()
    refused: Sequence[Shown] = ()
    refused_count: int = 0


PreviewWork = Callable[[User, datetime, dict[str, Any], "QuerySet[Any]"], Preview]
"""Given who asks, when, the form's values and the chosen rows; changes nothing."""


@runtime_checkable
class OffersByPerson(Protocol):
    """A form some of whose fields not everybody sees."""

    def offer_to(self, user: User) -> None: ...


@dataclass(frozen=True, slots=True)
class Act:
    """Exactly one of `each`, `of_customer`, `file` and `whole` does the work."""

    key: str
    """The rows' key, a dot and the act's own name: "invoices.void"."""
    label: Text
    verb: Verb
    icon: str
    text: Text = ""
    each: RowWork | None = None
    of_customer: GroupWork | None = None
    """Is given all chosen rows of one customer."""
    file: FileWork | None = None
    whole: WholeWork | None = None
    finished: Callable[[Context], None] | None = None
    """Called once its file is there."""
    form: type[forms.Form] | None = None
    is_danger: bool = False
    """Asks to type `word`, or how many rows it is."""
    word: str = ""
    order: int = 100
    is_offered: bool = True
    """False: no list offers it; it begins on a page of its own."""
    undo: UndoWork | None = None
    lasting: Text = ""
    """What its undo cannot bring back, said before it is done."""
    preview: PreviewWork | None = None

    @property
    def subject(self) -> str:
        return self.key.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Subject:
    """A kind of rows that people choose in a list."""

    key: str
    title: Text
    model: type[Model]
    verb: Verb
    """Who may see them."""
    list_url: str
    narrow: Callable[[User, QueryDict], "QuerySet[Any]"]
    """All that the list with this address shows to this person, in its order."""
    ordered: Callable[["QuerySet[Any]", QueryDict], "QuerySet[Any]"]
    """Picked rows in the order of the list."""
    count: Callable[[int], str]
    """How many were chosen, in words."""
    headings: Sequence[tuple[Text, str]]
    """(label, css) of the columns by which `template` shows a row of a result."""
    template: str
    cells: Callable[[Any], Sequence[object]]
    """The same of a row in a file: a value for each heading."""
    related: tuple[str, ...] = ()
    owner: str = "customer_id"
    by_codes: Callable[["QuerySet[Any]", list[str]], tuple["QuerySet[Any]", list[str]]] | None = (
        None
    )
    """Rows by pasted codes, and the codes that nobody has."""
    summary: Callable[["QuerySet[Any]"], dict[str, Any]] | None = None
    summary_template: str = ""


_acts: dict[str, Act] = {}
_subjects: dict[str, Subject] = {}


def register(act: Act) -> None:
    _acts[act.key] = act


def register_subject(subject: Subject) -> None:
    _subjects[subject.key] = subject


def acts_for(user: User, subject: str) -> list[Act]:
    """What this person may do with chosen rows of that kind, in order."""
    _discover()
    mine = (act for act in _acts.values() if act.subject == subject and user.may(act.verb))
    found = [act for act in mine if act.is_offered]
    return sorted(found, key=lambda act: (act.order, act.key))


def form_for(user: User, act: Act, data: Mapping[str, Any] | None = None) -> forms.Form:
    """The act's form, which offers and takes only what this person sees."""
    form = (act.form or PanelForm)(data)
    if isinstance(form, OffersByPerson):
        form.offer_to(user)
    offer_visible(user, form)
    return form


def act_named(key: str) -> Act | None:
    _discover()
    return _acts.get(key)


def subject_of(key: str) -> Subject:
    """The kind of rows of an act or a bulk act, by the act's key or its own. KeyError: unknown."""
    _discover()
    return _subjects[key.partition(".")[0]]


@cache
def _discover() -> None:
    """Every room's acts, looked for once."""
    autodiscover_modules("bulk")
