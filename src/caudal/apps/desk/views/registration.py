"""The registration page: live checks, duplicates, free addresses, and one save."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from caudal.apps.clock.now import now, today
from caudal.apps.customers.models import Customer
from caudal.apps.desk.actions import register, registered
from caudal.apps.desk.alike import alike
from caudal.apps.desk.drafts import draft_of, drop_draft, typed_in
from caudal.apps.desk.figures import started
from caudal.apps.desk.forms.registration import RegistrationForm, with_zone_defaults
from caudal.apps.desk.listing import rows_of
from caudal.apps.desk.models import Draft
from caudal.apps.desk.views.spots import SPOTS, map_of, spot_of
from caudal.apps.staff.access import actor, person, requires
from caudal.apps.staff.verbs import Verb
from caudal.core.errors import RuleError
from caudal.web.forms import live

FRAGMENTS = {
    "duplicates": "desk/_duplicates.html",
    "geocode": "desk/_spot.html",
    "person": "desk/_person_fields.html",
    "position": "desk/_spot.html",
    "zone": "desk/_zone_fields.html",
    "plan": "desk/_service_fields.html",
    "router": "desk/_service_fields.html",
    "technology": "desk/_service_fields.html",
}
"""What a POST with `refresh=...` asks for again, made from what was typed so far."""


@requires(Verb.REGISTER_CUSTOMERS)
def register_customer(request: HttpRequest) -> HttpResponseBase:
    known: dict[str, Any] = {"today": today(), "now": now(), "user": person(request)}
    asked = request.POST.get("refresh", "")
    if asked in FRAGMENTS:
        typed = with_zone_defaults(request.POST, asked).dict()
        form = RegistrationForm(initial=typed, **known)
        changed = typed.get("shown_country") != form.country
        context = _context(request, form) | {"country_changed": changed}
        if asked in SPOTS:
            context = spot_of(form, asked)
        return render(request, FRAGMENTS[asked], context)
    if request.method != "POST":
        form = RegistrationForm(**known)
        draft = draft_of(user=known["user"], now=known["now"], form=Draft.Form.REGISTRATION)
        if draft and "draft" in request.GET:
            form, draft = RegistrationForm(initial=typed_in(draft, form), **known), None
        more = {"draft": draft, "started": started()}
        return render(request, "desk/register.html", _context(request, form) | more)
    form = RegistrationForm(request.POST, **known)
    if (errors := live(request, form)) is not None:
        return errors
    customer = _save(request, form)
    if customer is None:
        return render(request, "desk/register.html", _context(request, form))
    drop_draft(user=known["user"], form=Draft.Form.REGISTRATION)
    messages.success(request, _told(customer))
    return redirect(f"{reverse('desk:customers')}?sort=-registered&new={customer.pk}")


def _save(request: HttpRequest, form: RegistrationForm) -> Customer | None:
    """The customer, or None where the form says what is wrong."""
    if form.is_valid():
        form.require_new(bool(alike(person(request), form.typed(), form.country)))
    if not form.is_valid():
        # Sent twice, the second time finds its own customer in the way: he is the answer.
        key = form.cleaned_data.get("form_key")
        return registered(key) if key else None
    try:
        return register(
            actor=actor(request), now=form.now, today=today(), registration=form.registration()
        )
    except ValidationError as error:
        form.add_field_errors(error)
    except RuleError as error:
        form.place(error)
    return None


def _told(customer: Customer) -> str:
    text = _("%(name)s is registered with code %(code)s.") % {
        "name": customer.name,
        "code": customer.code,
    }
    held = rows_of([customer])[0].connection
    if held is None:
        return text
    later = _("The router %(router)s learns of it in a moment.") % {"router": held.router.name}
    return f"{text} {later}"


def _context(request: HttpRequest, form: RegistrationForm) -> dict[str, Any]:
    return {
        "title": _("New customer"),
        "kept_at": reverse("desk:registration_draft"),
        "now": form.now,
        "form": form,
        "parts": form.parts(),
        "alike": alike(person(request), form.typed(), form.country),
        "free_addresses": form.free_addresses(),
        **map_of(form),
    }
