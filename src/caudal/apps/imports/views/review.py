"""One row of a router under review: its words, and the existing customer it belongs to."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from caudal.apps.clock.now import now
from caudal.apps.imports.actions import WrongMoment
from caudal.apps.imports.advance import recheck
from caudal.apps.imports.editing import edit_row, matchable
from caudal.apps.imports.forms import RowForm
from caudal.apps.imports.models import ImportRow
from caudal.apps.imports.shown import shown_row
from caudal.apps.staff.access import actor, requires
from caudal.apps.staff.verbs import Verb
from caudal.web.forms import answer_form

OFFERED = 8


@requires(Verb.IMPORT_DATA)
def row(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(ImportRow.objects.select_related("run__router", "match"), pk=pk)
    if found.run.router is None or found.run.status != found.run.Status.REVIEW:
        return redirect("imports:run", found.run_id)
    form = RowForm(request.POST or None, row=found)

    def save(form: RowForm) -> ImportRow:
        try:
            edited = edit_row(
                actor=actor(request),
                now=now(),
                row=found,
                said=form.said(),
                match=form.cleaned_data["match"],
            )
        except WrongMoment:
            return found
        return recheck(edited, now=now())

    return answer_form(
        request,
        form,
        title=found.label or str(found.line),
        save=save,
        done=_("The row was changed and checked again."),
        to=lambda saved: f"{reverse('imports:run', args=[saved.run_id])}?tab={saved.plan}",
        template="imports/row.html",
        cancel_url=reverse("imports:run", args=[found.run_id]),
        row=found,
        shown=shown_row(found),
    )


@require_GET
@requires(Verb.IMPORT_DATA)
def services(request: HttpRequest, pk: int) -> HttpResponse:
    """Services without a router, or on this one, of customers whose name or code has the words."""
    found = get_object_or_404(ImportRow.objects.select_related("run"), pk=pk)
    words = request.GET.get("q", "").strip()
    rows = list(matchable(found.run, words)[:OFFERED]) if words else []
    return render(request, "imports/_services.html", {"rows": rows, "words": words})
