"""Screens of training: the practice routers, one of them, who browses there, what goes wrong."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from caudal.apps.network.models import Router
from caudal.apps.staff.access import requires
from caudal.apps.staff.verbs import Verb
from caudal.apps.training import boxes
from caudal.apps.training.acts import ACTS, Act
from caudal.apps.training.boxes import Box
from caudal.apps.training.errors import TrainingError
from caudal.apps.training.forms import RestoreForm
from caudal.core.errors import RuleError
from caudal.web.errors import explain
from caudal.web.forms import PanelForm, live

SHOWN = 100
"""Customers in the table: those without service first."""


def demo_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Real providers have no practice routers, and no page that breaks routers."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@require_GET
@requires(Verb.RUN_JOBS)
@demo_only
def practice(request: HttpRequest) -> HttpResponse:
    return render(
        request, "training/practice.html", {"title": _("Practice"), "boxes": boxes.boxes()}
    )


@require_GET
@requires(Verb.RUN_JOBS)
@demo_only
def box(request: HttpRequest, slug: str) -> HttpResponse:
    found = _found(slug)
    known = Router.objects.filter(name=found.router.name).first()
    context = {
        "title": found.router.name,
        "box": found,
        "known": known,
        "faults": [
            (boxes.WRONGS[each["wrong"]], boxes.COMMANDS.get(each["command"], each["command"]))
            for each in found.status.get("faults", [])
        ],
        "acts": [(name, act, _form(act, found)) for name, act in ACTS.items() if act.form],
        "plain": [(name, act) for name, act in ACTS.items() if not act.form],
    }
    return render(request, "training/box.html", context)


@require_GET
@requires(Verb.RUN_JOBS)
@demo_only
def customers(request: HttpRequest, slug: str) -> HttpResponse:
    """Asked every few seconds: what a customer notices when something goes wrong."""
    found = _found(slug)
    try:
        rows = boxes.customers(found) if found.answers else []
    except TrainingError:
        rows = []
    context = {
        "box": found,
        "rows": rows[:SHOWN],
        "more": max(len(rows) - SHOWN, 0),
        "browsing": sum(row["browses"] for row in rows),
        "notice": sum(row["sees_notice"] for row in rows),
        "total": len(rows),
    }
    return render(request, "training/_customers.html", context)


@require_POST
@requires(Verb.RUN_JOBS)
@demo_only
def act(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    found, chosen = _found(slug), ACTS.get(name)
    if chosen is None:
        raise Http404
    form = _form(chosen, found, request.POST)
    if form is not None and (answer := live(request, form)):
        return answer
    try:
        if form is None or form.is_valid():
            messages.success(request, chosen.run(found, form.cleaned_data if form else {}))
        else:
            wrong = [str(error) for errors in form.errors.values() for error in errors]
            messages.error(request, " ".join(wrong))
    except RuleError as error:
        messages.error(request, explain(error))
    return redirect("training:box", slug)


def _form(chosen: Act, found: Box, data: Any = None) -> PanelForm | None:
    if chosen.form is None:
        return None
    prefix = chosen.form.__name__.removesuffix("Form").lower()
    if chosen.form is RestoreForm:
        return RestoreForm(data, backups=found.status.get("backups", []), prefix=prefix)
    initial = {name: found.status.get(name, 0) for name in ("latency_ms", "cpu_ms")}
    return chosen.form(data, initial=initial if prefix == "slow" else None, prefix=prefix)


def _found(slug: str) -> Box:
    try:
        return boxes.box(slug)
    except TrainingError as error:
        raise Http404(explain(error)) from None
