"""Acts on chosen rows: what will be done, doing it, what became of each, and taking it back."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, F
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from caudal.apps.bulk import actions, acts
from caudal.apps.bulk import results as told
from caudal.apps.bulk.acts import Act, Subject
from caudal.apps.bulk.asking import ask_for, seen_by, word_for
from caudal.apps.bulk.choosing import Choice, chosen_in
from caudal.apps.bulk.models import BulkAct, BulkRow
from caudal.apps.clock.now import now
from caudal.apps.staff.access import person, requires, signed_in
from caudal.apps.staff.models import User
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.core.errors import RuleError
from caudal.web.errors import explain, placed_in
from caudal.web.export import csv_response
from caudal.web.forms import PanelForm, live
from caudal.web.table import KeysetPage

LATEST = 20


@require_POST
@signed_in
def start(request: HttpRequest) -> HttpResponse:
    """First what would be done and to how many; sent again with `confirmed`, it is done.

    `change` leads back from the preview to the form, with what was typed.
    """
    act = acts.act_named(request.POST.get("act", ""))
    if act is None or not act.is_offered:
        raise Http404
    subject, user = acts.subject_of(act.key), person(request)
    if not (user.may(act.verb) and user.may(subject.verb)):
        raise PermissionDenied
    form = acts.form_for(user, act, request.POST if "confirmed" in request.POST else None)
    if (errors := live(request, form)) is not None:
        return errors
    choice = chosen_in(request.POST, subject, user)
    preview = None
    if form.is_bound and "change" not in request.POST and form.is_valid():
        _check(request, act, choice, form)
        if form.is_valid() and act.preview and "looked" not in request.POST:
            preview = act.preview(user, now(), form.cleaned_data, choice.rows)
        elif form.is_valid():
            with placed_in(form):
                asked = ask_for(
                    act,
                    choice,
                    form.cleaned_data,
                    user=user,
                    now=now(),
                    key=UUID(request.POST["key"]),
                )
                return redirect("bulk:act", asked.pk)
    elif act.preview and not form.fields:  # it asks nothing: what it would do is shown at once
        preview = act.preview(user, now(), {}, choice.rows)
    context = _start_context(request, act, subject, choice, form) | {"preview": preview}
    return render(request, "bulk/start.html", context)


@require_GET
@signed_in
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is, and what became of each row; refused ones first."""
    row = _seen(request, pk)
    known, subject = acts.act_named(row.act), _subject(row)
    counts = {each["status"]: each["n"] for each in _counted(row)}
    page = KeysetPage.of(
        BulkRow.objects.filter(bulk=row),
        ("-status", "position"),
        request.GET.get("cursor", ""),
        50,
    )
    mine = visible(person(request), subject.model._default_manager.select_related(*subject.related))
    found = mine.in_bulk([each.subject_id for each in page.rows])
    undone_by = BulkAct.objects.filter(undoes=row).first()
    context = {
        "title": _title(row, known),
        "bulk": row,
        "act": known,
        "subject": subject,
        "done": counts.get("done", 0) or row.progress,
        "refused": counts.get("refused", 0),
        "planned": sum(counts.values()) or row.total,
        "page": page,
        "rows": [(each, found.get(each.subject_id)) for each in page.rows],
        "is_undoable": _is_undoable(row, known, counts, person(request)),
        "undone_by": undone_by,
        "is_mine": row.requested_by_id == person(request).pk,
        "left": _left(row, known, counts, person(request)) if undone_by is None else 0,
    }
    part = request.headers.get("HX-Request") and not request.headers.get("HX-Boosted")
    return render(request, "bulk/_act.html" if part else "bulk/act.html", context)


@require_GET
@requires(Verb.EXPORT_CUSTOMERS)
def results(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What became of each row, as CSV."""
    row = _seen(request, pk)
    subject = _subject(row)
    lines = told.lines(row, subject, person(request))
    return csv_response(f"{row.act.replace('.', '-')}-{row.pk}", told.header(subject), lines)


@require_POST
@signed_in
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Try again what was refused; the rows that were done are left alone."""
    row = _seen(request, pk)
    known = acts.act_named(row.act)
    if known is None or not person(request).may(known.verb):
        raise PermissionDenied
    try:
        actions.retry(user=person(request), now=now(), bulk=row)
    except RuleError as error:
        messages.error(request, explain(error))
    return redirect("bulk:act", row.pk)


@signed_in
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Says what comes back and what does not, and then takes the act back."""
    row = _seen(request, pk)
    known = acts.act_named(row.act)
    if known is None or known.undo is None:
        raise Http404
    if not person(request).may(known.verb):
        raise PermissionDenied
    form = PanelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with placed_in(form):
            key = UUID(request.POST["key"])
            back = actions.undo(user=person(request), now=now(), key=key, bulk=row)
            return redirect("bulk:act", back.pk)
    context = {
        "title": _("Take back: %(act)s") % {"act": known.label},
        "bulk": row,
        "act": known,
        "form": form,
        "key": request.POST.get("key") or uuid4(),
        "count": row.rows.filter(status=BulkRow.Status.DONE).count(),
        "subject": _subject(row),
    }
    return render(request, "bulk/undo.html", context)


@require_GET
@signed_in
def file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file that the act made, for whoever asked for it."""
    row = get_object_or_404(BulkAct, pk=pk, requested_by=person(request))
    if not row.file or not person(request).may(_subject(row).verb):
        raise Http404
    name = str(row.file.name).rsplit("/", 1)[-1][len(str(row.key)) + 1 :]
    return FileResponse(row.file.open("rb"), as_attachment=True, filename=name)


@require_GET
@signed_in
def latest(request: HttpRequest) -> HttpResponse:
    """What this person asked for lately; who may see the journal sees everybody's."""
    rows = seen_by(person(request)).select_related("requested_by")
    rows = rows.annotate(count=F("total") + Count("rows"))
    named = [(row, _title(row, acts.act_named(row.act)), _subject(row)) for row in rows[:LATEST]]
    return render(request, "bulk/latest.html", {"title": _("Bulk acts"), "rows": named})


def _check(request: HttpRequest, act: Act, choice: Choice, form: Any) -> None:
    """What was looked at must be what is done; what cannot be taken lightly is typed."""
    if request.POST.get("seen", str(choice.count)) != str(choice.count):
        form.add_error(None, _("Meanwhile there are %(n)s: look again.") % {"n": choice.count})
    wanted = word_for(act, choice)
    if wanted and request.POST.get("typed", "").strip() != wanted:
        form.add_error(None, _("Type %(word)s to confirm.") % {"word": wanted})


def _start_context(
    request: HttpRequest, act: Act, subject: Subject, choice: Choice, form: Any
) -> dict[str, Any]:
    return {
        "title": act.label,
        "act": act,
        "subject": subject,
        "form": form,
        "has_preview": act.preview is not None,
        "has_undo": act.undo is not None,
        "count": choice.count,
        "counted": subject.count(choice.count),
        "unknown": choice.unknown,
        "summary": subject.summary(choice.rows) if subject.summary else {},
        "word": act.word or choice.count,
        "key": request.POST.get("key") or uuid4(),
        "hidden": choice.hidden,
        "query": request.POST.get("query", ""),
    }


def _seen(request: HttpRequest, pk: int) -> BulkAct:
    row = get_object_or_404(seen_by(person(request)).select_related("requested_by"), pk=pk)
    if not person(request).may(_subject(row).verb):
        raise PermissionDenied
    return row


def _subject(row: BulkAct) -> Subject:
    try:
        return acts.subject_of(row.act)
    except KeyError:
        raise Http404 from None


def _title(row: BulkAct, known: Act | None) -> str:
    label = str(known.label) if known else row.act
    return _("Taken back: %(act)s") % {"act": label} if row.undoes_id else label


def _is_undoable(row: BulkAct, known: Act | None, counts: dict[str, int], user: User) -> bool:
    can = known is not None and known.undo is not None and user.may(known.verb)
    is_over = row.status == BulkAct.Status.DONE and bool(counts.get("done"))
    return can and is_over and row.undoes_id is None


def _left(row: BulkAct, known: Act | None, counts: dict[str, int], user: User) -> int:
    """How many rows this person may have tried again."""
    can = known is not None and user.may(known.verb) and row.requested_by_id == user.pk
    is_over = row.status == BulkAct.Status.DONE
    return sum(counts.values()) - counts.get(BulkRow.Status.DONE, 0) if can and is_over else 0


def _counted(row: BulkAct) -> Any:
    return row.rows.order_by().values("status").annotate(n=Count("pk"))
