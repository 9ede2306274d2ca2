"""The proof of a document, open to whoever holds it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from caudal.apps.documents.verification import facts_of
from caudal.apps.staff.access import public


@public
@require_GET
def verify(request: HttpRequest, token: str) -> HttpResponse:
    """What the link on a document proves; 404 for one that we did not make."""
    facts = facts_of(token)
    context = {"title": _("Genuine document") if facts else _("Unknown document"), "facts": facts}
    return render(request, "documents/verify.html", context, status=200 if facts else 404)
