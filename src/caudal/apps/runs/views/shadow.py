"""The shadow month: what Caudal computed beside what the other system invoiced."""

from collections import Counter

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from caudal.apps.clock.now import today
from caudal.apps.runs.forms import OtherSystemForm
from caudal.apps.runs.models import Run, RunTerms
from caudal.apps.runs.shadow import Compared, compare_month, read_amounts
from caudal.apps.staff.access import requires
from caudal.apps.staff.verbs import Verb
from caudal.web.errors import placed_in
from caudal.web.forms import live

SHOWN = 500


@requires(Verb.RUN_BILLING)
def shadow(request: HttpRequest) -> HttpResponse:
    """Nothing of the file is kept: it is read, compared and shown."""
    form = OtherSystemForm(request.POST or None, request.FILES or None, initial={"month": today()})
    if (errors := live(request, form)) is not None:
        return errors
    found: list[Compared] = []
    if request.method == "POST" and form.is_valid():
        with placed_in(form):
            amounts = read_amounts(form.cleaned_data["file"].read())
            found = compare_month(form.cleaned_data["month"], amounts)
    context = {
        "title": _("Shadow month"),
        "form": form,
        "terms": RunTerms.get(),
        "found": found[:SHOWN],
        "more": max(0, len(found) - SHOWN),
        "counts": Counter(each.verdict for each in found),
        "runs": Run.objects.filter(is_shadow=True, kind=Run.Kind.CREATE)[:10],
    }
    return render(request, "runs/shadow.html", context)
