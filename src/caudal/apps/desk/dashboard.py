"""The first page after signing in: how the provider stands today."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from caudal.apps.staff.access import signed_in


@signed_in
def dashboard(request: HttpRequest) -> HttpResponse:
    return render(request, "desk/dashboard.html", {"title": _("Summary")})
