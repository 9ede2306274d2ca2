"""Rows of an import as rows that are taken back together."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as now_in_language
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from caudal.apps.bulk.acts import Act, Preview, Shown, Subject, register, register_subject
from caudal.apps.imports.models import ImportRow, ImportRun
from caudal.apps.imports.touched import Fate, fates, split
from caudal.apps.imports.undoing import parts_in_words, take_back
from caudal.apps.staff.models import User
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb

UNDO = "importrows.undo"
AT_ONCE = 1_000
PREVIEWED = 20


def undoable(run: ImportRun) -> "QuerySet[ImportRow]":
    """Rows of a finished import that changed something and were not taken back."""
    wrote = (ImportRow.Plan.NEW, ImportRow.Plan.CHANGED)
    rows = ImportRow.objects.filter(run=run, run__status=ImportRun.Status.DONE)
    return rows.filter(status=ImportRow.Status.DONE, plan__in=wrote)


def narrow(user: User, query: QueryDict) -> "QuerySet[ImportRow]":
    """Those of the address's import, of customers whom this person sees; the last line first."""
    asked = query.get("run", "")
    run = ImportRun.objects.filter(pk=int(asked)).first() if asked.isdecimal() else None
    rows = undoable(run) if run else ImportRow.objects.none()
    return ordered(visible(user, rows), query)


def ordered(found: "QuerySet[ImportRow]", query: QueryDict) -> "QuerySet[ImportRow]":
    """A customer's later services before himself."""
    return found.order_by("-run", "-line")


def preview(
    user: User, now: datetime, given: dict[str, Any], chosen: "QuerySet[ImportRow]"
) -> Preview:
    rows: list[Shown] = []
    refused: list[Shown] = []
    for fate in _fates(chosen):
        label = now_in_language("Line %(line)s: %(who)s") % {
            "line": fate.row.line, "who": fate.row
        }  # fmt: skip
        if fate.refusal:
            refused.append(Shown(label, refusal=fate.refusal))
        elif len(rows) < PREVIEWED:
            rows.append(Shown(label, _changes(fate)))
    return Preview(rows, refused, len(refused))


def _fates(chosen: "QuerySet[ImportRow]") -> Iterator[Fate]:
    """Of all of them, some hundreds at a time."""
    gone: set[int] = set()
    keys = list(chosen.values_list("pk", flat=True))
    for first in range(0, len(keys), AT_ONCE):
        some = ImportRow.objects.select_related("run").in_bulk(keys[first : first + AT_ONCE])
        yield from fates([some[pk] for pk in keys[first : first + AT_ONCE] if pk in some], gone)


def _changes(fate: Fate) -> list[tuple[str, str, str]]:
    """(what, as it is, as it will be)."""
    if not fate.is_new:
        goes, stays = split(fate)
        return [
            (", ".join(parts_in_words(goes)), "", now_in_language("as before the import")),
            *(
                (each, "", now_in_language("stays: changed since"))
                for each in parts_in_words(stays)
            ),
        ]
    words = now_in_language("archived") if fate.is_archived else now_in_language("removed")
    what = _("Customer") if fate.brought_customer else _("Service")
    return [(str(what), str(fate.row), words)]


def _counted(n: int) -> str:
    return ngettext("%(n)d row is taken back.", "%(n)d rows are taken back.", n) % {"n": n}


HEADINGS: list[tuple[Any, str]] = [(_("Line"), "number"), (_("Customer"), "")]

register_subject(
    Subject(
        key="importrows",
        title=_("Imports"),
        model=ImportRow,
        verb=Verb.IMPORT_DATA,
        list_url="imports:runs",
        narrow=narrow,
        ordered=ordered,
        count=_counted,
        headings=HEADINGS,
        template="imports/_bulk_row.html",
        cells=lambda row: [row.line, str(row)],
        related=("run", "customer"),
    )
)
register(
    Act(
        UNDO,
        _("Take the import back"),
        Verb.IMPORT_DATA,
        "arrow-back-up",
        _(
            "Customers and services that it brought and that nobody has touched since are removed, "
            "or archived where the books speak of them; what it changed goes back."
        ),
        each=take_back,
        preview=preview,
        lasting=_(
            "This is not taken back itself. Plans and zones that the import created stay; a "
            "balance that it brought is settled by a note against it. Routers lose what they hold "
            "of who is removed, under the usual brakes."
        ),
        is_danger=True,
    )
)
