"""Screens of the job log: the list, one run, running it again, moving the demo's clock."""

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from caudal.apps.clock.models import JobRun
from caudal.apps.clock.now import machine_time, now
from caudal.apps.clock.upcoming import has_worker, upcoming
from caudal.apps.joblog import actions
from caudal.apps.joblog.forms import STEPS, FilterForm, MoveForm
from caudal.apps.joblog.templatetags.joblog import job_label
from caudal.apps.staff.access import actor, requires
from caudal.apps.staff.verbs import Verb
from caudal.core.errors import RuleError
from caudal.web.errors import explain, placed_in
from caudal.web.table import KeysetPage


@requires(Verb.SEE_JOBS)
def runs(request: HttpRequest) -> HttpResponse:
    """The list; as a fragment it is asked again every few seconds."""
    form = FilterForm(request.GET or None)
    page = KeysetPage.of(
        _filtered(form), order=("-started_at", "-id"), cursor=request.GET.get("cursor", "")
    )
    context = {"title": _("Jobs"), "form": form, "page": page, "steps": STEPS, "move": MoveForm()}
    if not request.headers.get("HX-Request"):
        context |= {
            "upcoming": upcoming(now()),
            # The demo brings its own worker, and its clock jumps.
            "has_worker": settings.DEMO or has_worker(now()),
            "now": now(),
        }
        return render(request, "joblog/runs.html", context)
    return render(request, "joblog/_runs.html", context)


@requires(Verb.SEE_JOBS)
def due_next(request: HttpRequest) -> HttpResponse:
    return render(request, "joblog/_upcoming.html", {"upcoming": upcoming(now())})


@requires(Verb.SEE_JOBS)
def run(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(JobRun, pk=pk)
    template = "joblog/_run.html" if request.headers.get("HX-Request") else "joblog/run.html"
    return render(request, template, {"run": found, "title": job_label(found.job)})


@require_POST
@requires(Verb.RUN_JOBS)
def again(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(JobRun, pk=pk)
    try:
        actions.run_again(actor=actor(request), now=now(), at=machine_time(), run=found)
        messages.success(request, _("The job will run again at once."))
    except RuleError as error:
        messages.error(request, explain(error))
    return redirect("joblog:runs")


@require_POST
@requires(Verb.RUN_JOBS)
def move_clock(request: HttpRequest) -> HttpResponse:
    form = MoveForm(request.POST)
    present = now()
    target = form.target(present) if form.is_valid() else None
    if target is None:
        form.add_error("to", _("Choose a date and time."))
    else:
        with placed_in(form):
            actions.move_clock(actor=actor(request), now=present, to=target)
    for errors in form.errors.values():
        messages.error(request, " ".join(str(error) for error in errors))
    if form.is_valid():
        messages.success(request, _("The clock was moved. Its work is being done."))
    return redirect("joblog:runs")


def _filtered(form: FilterForm) -> QuerySet[JobRun]:
    """Runs that the filters leave; filters that make no sense are as if not given."""
    rows = JobRun.objects.all()
    wanted = form.cleaned_data if form.is_valid() else {}
    return rows.filter(**{name: value for name, value in wanted.items() if value})
