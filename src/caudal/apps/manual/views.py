"""The manual's pages, its table of contents, its search and its pictures."""

from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from caudal.apps.manual import pages
from caudal.apps.manual.finding import find_sections
from caudal.apps.staff.access import signed_in


@require_GET
@signed_in
def index(request: HttpRequest) -> HttpResponse:
    typed = request.GET.get("q", "").strip()
    if not typed:
        return _shown(request, pages.INDEX)
    context = {
        "title": _("Manual"),
        "typed": typed,
        "found": find_sections(typed),
        "chapters": pages.chapters(),
    }
    return render(request, "manual/found.html", context)


@require_GET
@signed_in
def page(request: HttpRequest, slug: str) -> HttpResponse:
    return _shown(request, slug)


@require_GET
@cache_control(private=True, max_age=3600)
@signed_in
def picture(request: HttpRequest, name: str) -> HttpResponseBase:
    path = Path(settings.MANUAL).parent / "images" / f"{name}.png"
    if not path.is_file():
        raise Http404
    return FileResponse(path.open("rb"), content_type="image/png")


def _shown(request: HttpRequest, slug: str) -> HttpResponse:
    found = pages.page(slug)
    if found is None:
        raise Http404
    context = {"title": found.title, "page": found, "chapters": pages.chapters()}
    return render(request, "manual/page.html", context)
