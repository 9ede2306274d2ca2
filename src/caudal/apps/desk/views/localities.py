"""Localities: what is offered while an address is typed, their list, form and file."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from caudal.apps.clock.now import now
from caudal.apps.customers.actions.localities import remove_locality, save_locality
from caudal.apps.customers.models import Locality
from caudal.apps.desk.forms.localities import LocalityFileForm, LocalityForm
from caudal.apps.desk.localities import shared_by, suggestions
from caudal.apps.desk.models import LocalityFile
from caudal.apps.desk.taking import NoCities, is_long, leave_file, take_now, told
from caudal.apps.staff.access import actor, person, requires
from caudal.apps.staff.verbs import Verb
from caudal.core.ports.importer import FileError
from caudal.web.forms import answer_form
from caudal.web.table import KeysetPage

ORDER = ("state", "city", "neighbourhood", "id")


@require_GET
@requires(Verb.SEE_CUSTOMERS)
def suggest(request: HttpRequest) -> HttpResponse:
    """Localities that fit what stands in a box of an address."""
    field, text = request.GET.get("field", ""), request.GET.get("text", "")
    code = request.GET.get("postal_code", "")
    context = {
        "found": suggestions(field, text, code),
        "shared": shared_by(text) if field == "postal_code" else {},
    }
    return render(request, "desk/_suggestions.html", context)


@require_GET
@requires(Verb.CONFIGURE_CUSTOMERS)
def localities(request: HttpRequest) -> HttpResponse:
    words = request.GET.get("q", "").strip()
    rows = Locality.objects.matching(words)
    page = KeysetPage.of(rows, ORDER, request.GET.get("cursor", ""))
    context = {"title": _("Localities"), "page": page, "words": words}
    whole = not request.headers.get("HX-Request")
    template = "desk/localities.html" if whole else "desk/_localities.html"
    return render(request, template, context)


@requires(Verb.CONFIGURE_CUSTOMERS)
def locality(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    found = get_object_or_404(Locality, pk=pk) if pk else None

    def save(form: LocalityForm) -> None:
        save_locality(actor=actor(request), now=now(), locality=form.instance)

    return answer_form(
        request,
        LocalityForm(request.POST or None, instance=found),
        title=str(found) if found else _("New locality"),
        save=save,
        done=_("The changes are saved."),
        to=reverse("desk:localities"),
        cancel_url=reverse("desk:localities"),
    )


@require_POST
@requires(Verb.CONFIGURE_CUSTOMERS)
def remove(request: HttpRequest, pk: int) -> HttpResponseBase:
    found = get_object_or_404(Locality, pk=pk)
    remove_locality(actor=actor(request), now=now(), locality=found)
    messages.success(request, _("It is offered no more; addresses stay as they are."))
    return redirect("desk:localities")


@requires(Verb.CONFIGURE_CUSTOMERS)
def take_file(request: HttpRequest) -> HttpResponseBase:
    """Add the localities of a file; a long one is left to the worker."""
    form = LocalityFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        if is_long(file.size):
            left = leave_file(user=person(request), now=now(), name=file.name, content=file.read())
            return redirect("desk:locality_progress", left.pk)
        try:
            taken = take_now(actor=actor(request), now=now(), content=file.read())
        except (FileError, NoCities) as error:
            form.add_error("file", told(error))
        else:
            words = _(
                "%(new)s new localities; %(known)s were there already; %(unread)s had no city."
            )
            messages.success(request, words % vars(taken))
            return redirect("desk:localities")
    context = {"form": form, "title": _("Localities from a file")}
    return render(request, "desk/locality_file.html", context)


@require_GET
@requires(Verb.CONFIGURE_CUSTOMERS)
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a long file is, and what came of it."""
    row = get_object_or_404(LocalityFile.objects.defer("content"), pk=pk)
    part = request.headers.get("HX-Request") and not request.headers.get("HX-Boosted")
    template = "desk/_locality_progress.html" if part else "desk/locality_progress.html"
    return render(request, template, {"title": row.name, "file": row})
