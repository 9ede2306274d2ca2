"""Named views of the customers list: the menu of the list, and the page where they are kept."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from caudal.apps.desk.list import kept
from caudal.apps.desk.list.columns import chosen
from caudal.apps.desk.models import SavedView
from caudal.apps.staff.access import person, requires
from caudal.apps.staff.verbs import Verb


@requires(Verb.SEE_CUSTOMERS)
def views(request: HttpRequest) -> HttpResponse:
    """Those of this person and those shared; sent with a name, the present one is kept."""
    user = person(request)
    if request.method == "POST":
        name = request.POST.get("name", "").strip()
        try:
            kept.save_view(user=user, name=name, query=request.POST.get("query", ""))
            messages.success(request, _("The view %(name)s is kept.") % {"name": name})
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return redirect(f"{reverse('desk:customers')}?{request.POST.get('query', '')}")
    context = {
        "views": kept.views_for(user),
        "query": request.GET.urlencode(),
        "shared": request.build_absolute_uri(f"{reverse('desk:customers')}?{_shared(request)}"),
    }
    return render(request, "desk/_views.html", context)


@require_GET
@requires(Verb.SEE_CUSTOMERS)
def keep_views(request: HttpRequest) -> HttpResponse:
    """His own to rename, order, share and forget; those of others to open."""
    rows = list(kept.views_for(person(request)))
    context = {
        "title": _("Saved views"),
        "mine": [row for row in rows if row.user_id == person(request).pk],
        "others": [row for row in rows if row.user_id != person(request).pk],
    }
    return render(request, "desk/views.html", context)


@require_POST
@requires(Verb.SEE_CUSTOMERS)
def edit_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Another name, and whether everybody sees it."""
    row, shared = _own(request, pk), "is_shared" in request.POST
    try:
        kept.edit_view(view=row, name=request.POST.get("name", ""), is_shared=shared)
        messages.success(request, _("The changes are saved."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("desk:keep_views")


@require_POST
@requires(Verb.SEE_CUSTOMERS)
def move_view(request: HttpRequest, pk: int, way: str) -> HttpResponse:
    """One place up or down."""
    kept.move_view(view=_own(request, pk), steps=-1 if way == "up" else 1)
    return redirect("desk:keep_views")


@require_POST
@requires(Verb.SEE_CUSTOMERS)
def forget_view(request: HttpRequest, pk: int) -> HttpResponse:
    kept.delete_view(user=person(request), pk=pk)
    return redirect("desk:keep_views" if "keep" in request.GET else "desk:customers")


def _own(request: HttpRequest, pk: int) -> SavedView:
    return get_object_or_404(SavedView, pk=pk, user=person(request))


def _shared(request: HttpRequest) -> str:
    """The address that shows somebody else the same list: filters, order and columns."""
    query = request.GET.copy()
    for gone in kept.VOLATILE:
        query.pop(gone, None)
    keys = ",".join(column.key for column in chosen(person(request), query.get("cols", "")))
    query["cols"] = keys
    return query.urlencode()
