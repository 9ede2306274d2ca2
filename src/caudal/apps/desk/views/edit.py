"""Editing a customer."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from caudal.apps.clock.now import now
from caudal.apps.customers.models import OwnCalendar
from caudal.apps.desk.actions import save_customer
from caudal.apps.desk.alike import alike
from caudal.apps.desk.drafts import draft_of, drop_draft, typed_in
from caudal.apps.desk.forms.edit import EditForm
from caudal.apps.desk.models import Draft
from caudal.apps.desk.views.customer import customer_of
from caudal.apps.desk.views.spots import SPOTS, map_of, spot_of
from caudal.apps.staff.access import actor, person, requires
from caudal.apps.staff.verbs import Verb
from caudal.web.forms import live

FRAGMENTS = {
    "duplicates": "desk/_duplicates.html",
    "geocode": "desk/_spot.html",
    "person": "desk/_person_tab.html",
    "position": "desk/_spot.html",
}
"""What a POST with `refresh=...` asks for again, made from what was typed so far."""


@requires(Verb.EDIT_CUSTOMERS)
def edit(request: HttpRequest, pk: int) -> HttpResponseBase:
    customer = customer_of(request, pk)
    own = OwnCalendar.objects.filter(customer=customer).first()
    day = own.payment_day if own else customer.zone.payment_day
    known: dict[str, Any] = {"customer": customer, "payment_day": day, "user": person(request)}
    asked = request.POST.get("refresh", "")
    if asked in FRAGMENTS:
        form = EditForm(typed=request.POST.dict(), **known)
        context = spot_of(form, asked) if asked in SPOTS else _context(request, form)
        return render(request, FRAGMENTS[asked], context)
    form = EditForm(request.POST or None, **known)
    mine: dict[str, Any] = {
        "user": person(request), "form": Draft.Form.EDIT, "customer": customer,
    }  # fmt: skip
    if request.method != "POST":
        draft = draft_of(now=now(), **mine)
        if draft and "draft" in request.GET:
            form, draft = EditForm(typed=typed_in(draft, form), **known), None
        return render(request, "desk/edit.html", _context(request, form) | {"draft": draft})
    if (errors := live(request, form)) is not None:
        return errors
    if _saved(request, form):
        drop_draft(**mine)
        messages.success(request, _("The changes are saved."))
        return redirect("desk:customer", customer.pk)
    return render(request, "desk/edit.html", _context(request, form))


def _context(request: HttpRequest, form: EditForm) -> dict[str, Any]:
    customer, tabs = form.customer, form.tabs()
    return {
        "title": _("Edit the customer"),
        "kept_at": reverse("desk:edit_draft", args=[customer.pk]),
        "now": now(),
        "customer": customer,
        "form": form,
        "tabs": tabs,
        "opened": next((key for key, _title, _sections, wrong in tabs if wrong), tabs[0][0]),
        "alike": alike(person(request), form.identity(), form.country, customer.pk),
        **map_of(form),
    }


def _saved(request: HttpRequest, form: EditForm) -> bool:
    if not form.is_valid():
        return False
    try:
        save_customer(
            actor=actor(request),
            now=now(),
            customer=form.customer,
            data=form.customer_data(),
            contacts=form.contacts(),
            payment_day=form.cleaned_data["payment_day"],
            fields=form.custom_values(),
        )
    except ValidationError as error:
        form.add_field_errors(error)
        return False
    return True
