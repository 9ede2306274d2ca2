"""Undoing what was written to routers: one operation, or a whole pass."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from caudal.apps.clock.now import now
from caudal.apps.network import actions
from caudal.apps.network.models import Operation, SyncPass
from caudal.apps.network.views.connections import connection_of
from caudal.apps.network.views.parts import journal_line
from caudal.apps.staff.access import actor, person, requires
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.core.errors import RuleError
from caudal.web.errors import explain

SHOWN = 15


@require_POST
@requires(Verb.SYNC_NETWORK)
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    rows = visible(person(request), Operation.objects.select_related("sync_pass__router"))
    found = get_object_or_404(rows, pk=pk)
    try:
        actions.undo(actor=actor(request), now=now(), operation=found)
        told = _("%(key)s is being put back as it was, and left so.")
        messages.success(request, told % {"key": found.key})
    except RuleError as error:
        messages.error(request, explain(error))
    return _back(request, found.sync_pass_id)


@require_POST
@requires(Verb.SYNC_NETWORK)
def undo_pass(request: HttpRequest, pk: int) -> HttpResponse:
    """`count` is typed: how many changes are put back."""
    found = get_object_or_404(
        visible(person(request), SyncPass.objects.select_related("router")), pk=pk
    )
    typed = request.POST.get("count", "").strip()
    try:
        count = actions.undo_pass(
            actor=actor(request), now=now(), sync_pass=found,
            count=int(typed) if typed.isdecimal() else 0,
        )  # fmt: skip
        told = ngettext(
            "%(count)d change is being undone.", "%(count)d changes are being undone.", count
        )
        messages.success(request, told % {"count": count})
    except RuleError as error:
        messages.error(request, explain(error))
    return _back(request, found.pk)


@require_GET
@requires(Verb.SEE_NETWORK)
def journal(request: HttpRequest, pk: int) -> HttpResponse:
    """What was written to routers about one connection, newest first."""
    connection = connection_of(request, pk)
    rows = connection.operations.select_related("sync_pass__router").order_by("-pk")
    found = list(rows[:SHOWN])
    context = {"connection": connection, "operations": [journal_line(row) for row in found]}
    return render(request, "network/_journal.html", context)


def _back(request: HttpRequest, sync_pass: int) -> HttpResponse:
    to = request.POST.get("next", "")
    if to and url_has_allowed_host_and_scheme(to, {request.get_host()}):
        return redirect(to)
    return redirect("network:pass", sync_pass)
