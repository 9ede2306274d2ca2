"""Backups on screen: those of a router, one of them, what differs between two, a search."""

from typing import Any

from django.contrib import messages
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from caudal.apps.clock.now import now
from caudal.apps.network.actions import backups as actions
from caudal.apps.network.errors import NetworkError
from caudal.apps.network.models import BackupTry, Router, RouterBackup
from caudal.apps.network.tools import asking
from caudal.apps.network.tools.backups import take
from caudal.apps.network.tools.forms import BackupPolicyForm
from caudal.apps.network.words import explain_fault
from caudal.apps.staff.access import actor, person, requires
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.core.configs import difference, hits
from caudal.core.ports.access import AccessError
from caudal.web.forms import answer_form
from caudal.web.table import KeysetPage

LINES = 5
"""Of one backup that a search shows."""
FOUND = 20


@require_GET
@requires(Verb.SEE_BACKUPS)
def backups(request: HttpRequest, pk: int) -> HttpResponse:
    router = get_object_or_404(visible(person(request), Router.objects.all()), pk=pk)
    rows = router.backups.defer("text")
    tried = BackupTry.objects.filter(router=router).first()
    context = {
        "title": _("Backups of %(router)s") % {"router": router},
        "router": router,
        "page": KeysetPage.of(rows, ("-taken_at", "-id"), request.GET.get("cursor", "")),
        "tried": tried,
        "error": explain_fault(tried.error) if tried else "",
    }
    return render(request, "network/tools/backups.html", context)


@require_POST
@requires(Verb.SEE_BACKUPS)
def take_backup(request: HttpRequest, pk: int) -> HttpResponse:
    router = get_object_or_404(visible(person(request), Router.objects.all()), pk=pk)
    try:
        taken = take(router, now())
    except (AccessError, NetworkError) as error:
        messages.error(request, asking.in_words(error))
    else:
        fresh = taken.taken_at == taken.seen_at
        text = _("The backup was taken.") if fresh else _("Nothing has changed since the last one.")
        messages.success(request, text)
    return redirect("network:backups", pk)


@require_GET
@requires(Verb.SEE_BACKUPS)
def backup(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole text; with `than` what has changed since that other one."""
    found = get_object_or_404(RouterBackup.objects.select_related("router"), pk=pk)
    others = list(found.router.backups.defer("text").exclude(pk=pk)[:100])
    other = _other(found, request.GET.get("than", ""))
    context = {
        "title": _("Backup of %(router)s") % {"router": found.router},
        "backup": found,
        "others": others,
        "other": other,
        "difference": _between(found, other) if other else [],
    }
    return render(request, "network/tools/backup.html", context)


def _other(found: RouterBackup, number: str) -> RouterBackup | None:
    is_number = number.isascii() and number.isdigit()
    return found.router.backups.filter(pk=number).first() if is_number else None


def _between(one: RouterBackup, two: RouterBackup) -> list[Any]:
    """From the older to the newer, whichever was opened."""
    old, new = sorted((one, two), key=lambda each: (each.taken_at, each.pk))
    return difference(old.text, new.text)


@require_GET
@requires(Verb.SEE_BACKUPS)
def download(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(RouterBackup.objects.select_related("router"), pk=pk)
    response = HttpResponse(found.text, content_type="text/plain; charset=utf-8")
    name = "".join(sign if sign.isalnum() else "-" for sign in found.router.name) or "router"
    stamp = f"{found.taken_at:%Y%m%d-%H%M}"
    ending = "rsc" if found.router.driver == "routeros" else "txt"
    ascii_name = name.encode("ascii", "ignore").decode() or "router"
    response["Content-Disposition"] = f'attachment; filename="{ascii_name}-{stamp}.{ending}"'
    return response


@requires(Verb.CONFIGURE_NETWORK)
def policy(request: HttpRequest) -> HttpResponse:
    """How long backups are kept."""
    form = BackupPolicyForm(request.POST or None, instance=actions.policy())

    def save(form: BackupPolicyForm) -> None:
        days = form.cleaned_data["kept_days"]
        actions.keep_for(actor=actor(request), now=now(), days=days)

    home = reverse("network:search_backups")
    title, done = _("How long backups are kept"), _("Saved.")
    return answer_form(request, form, title=title, save=save, done=done, to=home, cancel_url=home)


@require_GET
@requires(Verb.SEE_BACKUPS)
def search(request: HttpRequest) -> HttpResponse:
    """Lines of the newest backup of every router; with `old=1` of all backups."""
    words, old = request.GET.get("q", "").strip(), request.GET.get("old") == "1"
    rows = RouterBackup.objects.select_related("router")
    if not old:
        newest = RouterBackup.objects.values("router").annotate(last=Max("pk")).values("last")
        rows = rows.filter(pk__in=newest)
    asked = len(words) >= 2
    rows = rows.filter(text__icontains=words) if asked else rows.none()
    page = KeysetPage.of(rows, ("-taken_at", "-id"), request.GET.get("cursor", ""), FOUND)
    context = {
        "title": _("Search in backups"),
        "q": words,
        "old": old,
        "asked": asked,
        "page": page,
        "found": [(row, hits(row.text, words, LINES)) for row in page.rows],
    }
    whole = not request.headers.get("HX-Request")
    name = "backup_search.html" if whole else "_backup_search.html"
    return render(request, f"network/tools/{name}", context)
