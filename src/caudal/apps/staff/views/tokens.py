"""Screens of API tokens: everybody makes and revokes his own."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from caudal.apps.clock.now import now
from caudal.apps.staff import actions
from caudal.apps.staff.access import actor, person, signed_in
from caudal.apps.staff.forms.users import TokenForm
from caudal.apps.staff.models import ApiToken
from caudal.web.errors import placed_in
from caudal.web.forms import live


@signed_in
def tokens(request: HttpRequest) -> HttpResponse:
    rows = person(request).tokens.all()
    return render(request, "staff/tokens.html", {"title": _("API tokens"), "tokens": rows})


@signed_in
@never_cache
def create_token(request: HttpRequest) -> HttpResponse:
    """The token is shown on the answer to the form and on no other page."""
    form = TokenForm(request.POST or None, user=person(request))
    if (errors := live(request, form)) is not None:
        return errors
    if request.method == "POST" and form.is_valid():
        with placed_in(form):
            row, text = _create(request, form)
            return render(
                request,
                "staff/token_created.html",
                {"title": _("Token created"), "token": row, "text": text},
            )
    return render(request, "web/form_page.html", {"title": _("New API token"), "form": form})


@require_POST
@signed_in
def revoke_token(request: HttpRequest, pk: int) -> HttpResponse:
    token = get_object_or_404(ApiToken, pk=pk, user=person(request))
    actions.revoke_token(actor=actor(request), now=now(), token=token)
    messages.success(request, _("The token was revoked."))
    return redirect("staff:tokens")


def _create(request: HttpRequest, form: TokenForm) -> tuple[ApiToken, str]:
    moment, days = now(), form.cleaned_data["days"]
    return actions.create_token(
        actor=actor(request),
        now=moment,
        user=person(request),
        name=form.cleaned_data["name"],
        verbs=form.cleaned_data["verbs"],
        networks=form.cleaned_data["networks"],
        expires_at=moment + timedelta(days=days) if days else None,
    )
