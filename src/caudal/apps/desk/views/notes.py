"""The private log of a customer (IC-32): written, searched, pinned, mended, printed."""

from typing import Any

from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from caudal.apps.clock.now import now, today
from caudal.apps.customers import actions
from caudal.apps.customers.models import Customer, Note
from caudal.apps.desk.forms.acts import NoteForm
from caudal.apps.desk.views.customer import customer_of
from caudal.apps.documents.printing import render as render_paper
from caudal.apps.documents.sheets import Column, Fact, Row, Sheet
from caudal.apps.documents.styles import Kind
from caudal.apps.staff.access import actor, person, requires
from caudal.apps.staff.actor import actor_word
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.core.text import fold
from caudal.web.errors import placed_in

NEWEST = 20
"""How many the panel shows until somebody asks for all."""
MOST = 1_000


@requires(Verb.SEE_CUSTOMERS, post=Verb.EDIT_CUSTOMERS)
def notes(request: HttpRequest, pk: int) -> HttpResponse:
    """The panel; sent with a text, one more is written."""
    found = customer_of(request, pk)
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        with placed_in(form):
            actions.add_note(actor=actor(request), now=now(), customer=found, text=text)
        form = form if form.errors else NoteForm()
    return _panel(request, found, form)


@require_GET
@requires(Verb.SEE_CUSTOMERS)
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them, as the panel shows it."""
    return _one(request, _note_of(request, pk))


@requires(Verb.EDIT_CUSTOMERS)
def edit_note(request: HttpRequest, pk: int) -> HttpResponse:
    """Mend it in its place; only who wrote it."""
    row = _note_of(request, pk)
    form = NoteForm(request.POST or None, initial={"text": row.text}, auto_id=f"id_note{pk}_%s")
    if request.method == "POST" and form.is_valid():
        with placed_in(form):
            actions.edit_note(
                actor=actor(request), now=now(), note=row, text=form.cleaned_data["text"]
            )
        if not form.errors:
            return _one(request, row)
    return render(request, "desk/_note_form.html", {"row": row, "form": form})


@require_POST
@requires(Verb.EDIT_CUSTOMERS)
def pin_note(request: HttpRequest, pk: int, pinned: int) -> HttpResponse:
    """Keep it on top, or no more."""
    row = _note_of(request, pk)
    actions.pin_note(actor=actor(request), now=now(), note=row, pinned=bool(pinned))
    return _panel(request, row.customer, NoteForm())


@require_GET
@requires(Verb.SEE_CUSTOMERS)
def print_notes(request: HttpRequest, pk: int) -> HttpResponseBase:
    """All of them that the search finds, on paper."""
    found = customer_of(request, pk)
    rows = _searched(found, request.GET.get("q", ""))[:MOST]
    paper = render_paper(Kind.LIST, found.company, _sheet(found, list(rows)))
    response = HttpResponse(paper, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{_("notes")}-{found.code}.pdf"'
    return response


def _panel(request: HttpRequest, found: Customer, form: NoteForm) -> HttpResponse:
    words = request.GET.get("q", "")
    rows = _searched(found, words)
    shown = list(rows[: MOST if "all" in request.GET else NEWEST + 1])
    is_more = "all" not in request.GET and len(shown) > NEWEST
    context: dict[str, Any] = {
        "customer": found,
        "form": form,
        "rows": shown[:NEWEST] if is_more else shown,
        "is_more": is_more,
        "words": words,
    }
    return render(request, "desk/_notes.html", context)


def _one(request: HttpRequest, row: Note) -> HttpResponse:
    return render(request, "desk/_note.html", {"row": row, "customer": row.customer})


def _searched(customer: Customer, words: str) -> "QuerySet[Note]":
    """Pinned ones first, then the newest; every word must be in the text."""
    rows = customer.journal_notes.order_by(F("pinned_at").desc(nulls_last=True), "-at", "-id")
    for word in fold(words[:100]).split():
        rows = rows.filter(folded__contains=word)
    return rows


def _note_of(request: HttpRequest, pk: int) -> Note:
    mine = visible(person(request), Note.objects.select_related("customer__company"))
    return get_object_or_404(mine, pk=pk)


def _sheet(customer: Customer, rows: list[Note]) -> Sheet:
    return Sheet(
        title=_("Notes"),
        facts=[
            Fact(_("Customer"), f"{customer.code} {customer.name}"),
            Fact(_("Date"), date_format(today(), "SHORT_DATE_FORMAT")),
        ],
        columns=[Column("at", _("Date")), Column("by", _("By")), Column("description", _("Note"))],
        rows=[
            Row({
                "at": date_format(localtime(row.at), "SHORT_DATETIME_FORMAT"),
                "by": actor_word(row.author_name),
                "description": row.text,
            })
            for row in rows
        ],
    )  # fmt: skip
