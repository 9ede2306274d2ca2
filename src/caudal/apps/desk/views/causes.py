"""Why customers leave or are suspended by hand: the operator's list, and old texts given to it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from caudal.apps.clock.now import now
from caudal.apps.customers import actions
from caudal.apps.customers.causes import plainly, used
from caudal.apps.customers.models import Cause, CauseRules
from caudal.apps.desk.forms.causes import CauseForm, CauseRulesForm
from caudal.apps.desk.views.asking import answer_defined
from caudal.apps.staff.access import actor, person, requires
from caudal.apps.staff.verbs import Verb

MOST_TEXTS = 50
"""Texts that no reason is for, on one page: the most frequent ones."""


@require_GET
@requires(Verb.CONFIGURE_CUSTOMERS)
def causes(request: HttpRequest) -> HttpResponse:
    """Both lists with how often each was said, and what was said besides."""
    rules = CauseRules.current()
    kept = {"cancel_required": rules.cancel_required, "suspend_required": rules.suspend_required}
    context = {
        "title": _("Reasons to leave"),
        "parts": [_part(request, use, label) for use, label in Cause.Use.choices],
        "rules": CauseRulesForm(initial=kept),
    }
    return render(request, "desk/causes.html", context)


@requires(Verb.CONFIGURE_CUSTOMERS)
def new_cause(request: HttpRequest, use: str) -> HttpResponse:
    form = CauseForm(request.POST or None)
    name = _use(use)

    def save(valid: CauseForm) -> None:
        actions.create_cause(actor=actor(request), now=now(), use=use, **valid.cleaned_data)

    return answer_defined(
        request,
        form,
        save,
        _("New reason: %(use)s") % {"use": name},
        pretitle=_("Reasons to leave"),
        to="desk:causes",
    )


@requires(Verb.CONFIGURE_CUSTOMERS)
def edit_cause(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Cause, pk=pk)
    name = row.name
    form = CauseForm(request.POST or None, initial={"name": name})

    def save(valid: CauseForm) -> None:
        actions.rename_cause(actor=actor(request), now=now(), cause=row, **valid.cleaned_data)

    return answer_defined(
        request, form, save, name, pretitle=_("Reasons to leave"), to="desk:causes"
    )


@require_POST
@requires(Verb.CONFIGURE_CUSTOMERS)
def cause_use(request: HttpRequest, pk: int, in_use: int) -> HttpResponseBase:
    """Offer it no more, or again."""
    row = get_object_or_404(Cause, pk=pk)
    act = actions.unarchive_cause if in_use else actions.archive_cause
    act(actor=actor(request), now=now(), cause=row)
    done = (
        _("It can be chosen again.") if in_use else _("It is offered no more, and still counted.")
    )
    messages.success(request, done)
    return redirect("desk:causes")


@require_POST
@requires(Verb.CONFIGURE_CUSTOMERS)
def move_cause(request: HttpRequest, pk: int, way: str) -> HttpResponseBase:
    """One place up or down."""
    row = get_object_or_404(Cause, pk=pk)
    steps = -1 if way == "up" else 1
    actions.move_cause(actor=actor(request), now=now(), cause=row, steps=steps)
    return redirect("desk:causes")


@require_POST
@requires(Verb.CONFIGURE_CUSTOMERS)
def merge_texts(request: HttpRequest, use: str) -> HttpResponseBase:
    """The ticked texts mean the chosen reason from now on, and always did."""
    _use(use)
    texts, chosen = request.POST.getlist("texts"), request.POST.get("cause", "")
    if not texts or not chosen.isdecimal():
        messages.error(request, _("Tick at least one text and choose its reason."))
        return redirect("desk:causes")
    row = get_object_or_404(Cause, pk=int(chosen), use=use)
    try:
        many = actions.merge_texts(actor=actor(request), now=now(), cause=row, texts=texts)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        told = ngettext(
            "%(n)d text counts as “%(cause)s”.", "%(n)d texts count as “%(cause)s”.", many
        )
        messages.success(request, told % {"n": many, "cause": row})
    return redirect("desk:causes")


@require_POST
@requires(Verb.CONFIGURE_CUSTOMERS)
def split_text(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A text that was merged stands for itself again."""
    row, text = get_object_or_404(Cause, pk=pk), request.POST.get("text", "")
    try:
        actions.split_text(actor=actor(request), now=now(), cause=row, text=text)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("desk:causes")


@require_POST
@requires(Verb.CONFIGURE_CUSTOMERS)
def usual_causes(request: HttpRequest, use: str) -> HttpResponseBase:
    """Begin with the reasons that most providers know, in the reader's language."""
    _use(use)
    actions.propose_causes(actor=actor(request), now=now(), use=use, names=_usual(use))
    messages.success(request, _("Rename or archive those that do not fit."))
    return redirect("desk:causes")


@require_POST
@requires(Verb.CONFIGURE_CUSTOMERS)
def cause_rules(request: HttpRequest) -> HttpResponseBase:
    form = CauseRulesForm(request.POST)
    if form.is_valid():
        actions.set_cause_rules(actor=actor(request), now=now(), **form.cleaned_data)
        messages.success(request, _("The changes are saved."))
    return redirect("desk:causes")


def _part(request: HttpRequest, use: str, label: Any) -> dict[str, Any]:
    """One of the two lists."""
    said = used(person(request), use)
    rows = list(Cause.objects.filter(use=use).prefetch_related("words"))
    for row in rows:
        row.many = said.by_cause[row.pk]  # type: ignore[attr-defined]
        own = plainly(row.name)
        row.others = [word.plain for word in row.words.all() if word.plain != own]  # type: ignore[attr-defined]
    return {
        "use": use,
        "label": label,
        "filter": {Cause.Use.CANCEL: "left_for", Cause.Use.SUSPEND: "held_for"}[Cause.Use(use)],
        "rows": [row for row in rows if row.archived_at is None],
        "archived": [row for row in rows if row.archived_at is not None],
        "texts": said.texts[:MOST_TEXTS],
        "more": len(said.texts[MOST_TEXTS:]),
    }


def _usual(use: str) -> list[str]:
    if use == Cause.Use.SUSPEND:
        return [_("Works at his home"), _("Travels"), _("Equipment returned"), _("Misuse")]
    return [
        _("He moves"), _("Price"), _("Service did not work well"), _("Went to the competition"),
        _("Does not need it any more"), _("Does not pay"), _("Died"),
    ]  # fmt: skip


def _use(use: str) -> str:
    if use not in Cause.Use.values:
        raise Http404
    return str(Cause.Use(use).label)
