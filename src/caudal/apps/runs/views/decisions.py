"""What a person decides: plan, approve, discard, undo, plan again, and how the clock goes."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_POST

from caudal.apps.clock.now import now, today
from caudal.apps.runs import actions, reads
from caudal.apps.runs.forms import PlanRunForm, PriceForm, TermsForm, WaiveForm
from caudal.apps.runs.models import Run, RunTerms
from caudal.apps.runs.words import tell_reasons
from caudal.apps.staff.access import actor, person, requires
from caudal.apps.staff.scope import offer_visible
from caudal.apps.staff.verbs import Verb
from caudal.core.errors import RuleError
from caudal.web.errors import explain
from caudal.web.forms import answer_form


@requires(Verb.RUN_BILLING)
def plan(request: HttpRequest) -> HttpResponse:
    """Ask for the plan of a creation or a cut."""
    asked = {"kind": request.GET.get("kind", Run.Kind.CREATE), "on": today()}
    form = PlanRunForm(request.POST or None, initial=asked)
    offer_visible(person(request), form)
    return answer_form(
        request,
        form,
        title=_("Plan a run"),
        save=lambda form: actions.plan(actor=actor(request), now=now(), **form.cleaned_data),
        done=_("The run is being planned: nothing is done until you approve it."),
        to=_page,
        intro=_("It is computed and shown; then you decide whether it is executed."),
        submit=pgettext("verb", "Plan"),
        cancel_url=reverse("runs:list"),
    )


@requires(Verb.EDIT_CATALOG)
def prices(request: HttpRequest) -> HttpResponse:
    """Ask for the plan of a price change; the preview changes as one types."""
    form = PriceForm(request.POST or None, today=today())
    if request.method == "POST" and request.headers.get("HX-Request"):
        preview = list(form.preview()) if form.is_valid() else []
        return render(request, "runs/_price_preview.html", {"form": form, "preview": preview})
    return answer_form(
        request,
        form,
        title=_("Change prices"),
        save=lambda given: _plan_prices(request, given.cleaned_data),
        done=_("The run is being planned: nothing is done until you approve it."),
        to=_page,
        template="runs/prices.html",
        cancel_url=reverse("runs:list"),
    )


@requires(Verb.RUN_BILLING)
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm the execution; one that a brake stopped takes the typed count."""
    run = get_object_or_404(Run, pk=pk)
    if not person(request).may(reads.needed(run)):
        raise PermissionDenied
    count = run.totals.get("rows", 0)
    if request.method == "POST":
        typed = request.POST.get("typed", "")
        given = int(typed) if typed.isdecimal() else None
        waives = "waives" in request.POST
        return _try(request, run, _("The worker executes it now."), lambda: actions.approve(
            actor=actor(request), now=now(), today=today(), run=run, typed=given,
            waives=waives))  # fmt: skip
    context: dict[str, Any] = {
        "title": _("Execute: %(run)s") % {"run": run.get_kind_display()},
        "text": ngettext(
            "%(count)s row will be done exactly as planned.",
            "%(count)s rows will be done exactly as planned.",
            count,
        )
        % {"count": count},
        "points": [
            *tell_reasons(run.brakes, next(iter(run.totals.get("amounts", {})), "")),
            _("A row of which something has changed since is refused, and you are told what."),
        ],
        "form": WaiveForm() if actions.undoes_cuts(run) else None,
        "danger": run.kind in (Run.Kind.CUT, Run.Kind.UNDO),
        "word": str(count) if run.brakes else "",
        "submit": _("Execute"),
        "cancel_url": _page(run),
    }
    return render(request, "web/confirm.html", context)


@require_POST
@requires(Verb.RUN_BILLING)
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    run = get_object_or_404(Run, pk=pk)
    return _try(request, run, _("The plan was discarded."), lambda: actions.discard(
        actor=actor(request), now=now(), run=run))  # fmt: skip


@require_POST
@requires(Verb.RUN_BILLING)
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Plan the undoing: its page shows what can be taken back and what cannot."""
    run = get_object_or_404(Run, pk=pk)
    return _try(request, run, _("See what would be undone, and approve it."), lambda:
        actions.plan_undo(actor=actor(request), now=now(), today=today(), run=run))  # fmt: skip


@require_POST
@requires(Verb.RUN_BILLING)
def again(request: HttpRequest, pk: int) -> HttpResponse:
    run = get_object_or_404(Run, pk=pk)
    return _try(request, run, _("The rows that were not done are planned again."), lambda:
        actions.plan_again(actor=actor(request), now=now(), run=run))  # fmt: skip


@requires(Verb.RUN_BILLING)
def terms(request: HttpRequest) -> HttpResponse:
    return answer_form(
        request,
        TermsForm(request.POST or None, instance=RunTerms.get()),
        title=_("What the clock does by itself"),
        save=lambda form: actions.set_terms(
            actor=actor(request), now=now(), today=today(), **form.cleaned_data
        ),
        done=_("Saved."),
        to=reverse("runs:list"),
        cancel_url=reverse("runs:list"),
    )


def _plan_prices(request: HttpRequest, given: dict[str, Any]) -> Run:
    return actions.plan_prices(actor=actor(request), now=now(), **given)


def _try(request: HttpRequest, run: Run, done: str, act: Any) -> HttpResponse:
    """Do it and show the run that it leads to, or stay and say why not."""
    try:
        run = act()
    except RuleError as error:
        messages.error(request, explain(error))
    else:
        messages.success(request, done)
    return redirect(_page(run))


def _page(run: Run) -> str:
    return reverse("runs:run", args=[run.pk])
