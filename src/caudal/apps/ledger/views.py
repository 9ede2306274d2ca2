"""The screen that says whether the books agree."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from caudal.apps.clock.now import now
from caudal.apps.ledger.models import Verification
from caudal.apps.ledger.proving import OPEN, request_verification
from caudal.apps.staff.access import actor, requires
from caudal.apps.staff.verbs import Verb

SHOWN = 30


@requires(Verb.RUN_BILLING)
def verification(request: HttpRequest) -> HttpResponse:
    """The last proof with its checks, and those before; a fragment while one is under way."""
    rows = list(Verification.objects.all()[:SHOWN])
    context = {
        "title": _("Proof of the books"),
        "under_way": next((row for row in rows if row.status in OPEN), None),
        "last": next((row for row in rows if row.status not in OPEN), None),
        "rows": rows,
    }
    partial = request.headers.get("HX-Request")
    return render(
        request, "ledger/_verification.html" if partial else "ledger/verification.html", context
    )


@requires(Verb.RUN_BILLING)
@require_POST
def verify(request: HttpRequest) -> HttpResponse:
    request_verification(actor=actor(request), now=now())
    return redirect("ledger:verification")
