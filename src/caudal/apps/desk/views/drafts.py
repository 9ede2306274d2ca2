"""Keeping and discarding the drafts of the forms of customers."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from caudal.apps.clock.now import now
from caudal.apps.customers.models import Customer
from caudal.apps.desk.drafts import drop_draft, keep_draft
from caudal.apps.desk.models import Draft
from caudal.apps.desk.views.customer import customer_of
from caudal.apps.staff.access import person, requires
from caudal.apps.staff.verbs import Verb


@require_POST
@requires(Verb.REGISTER_CUSTOMERS)
def registration_draft(request: HttpRequest) -> HttpResponse:
    """What stands in the registration form; with `discard`, it is forgotten."""
    return _answer(request, Draft.Form.REGISTRATION, None)


@require_POST
@requires(Verb.EDIT_CUSTOMERS)
def edit_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """The same of the form that edits this customer."""
    return _answer(request, Draft.Form.EDIT, customer_of(request, pk))


def _answer(request: HttpRequest, form: str, customer: Customer | None) -> HttpResponse:
    user = person(request)
    if "discard" not in request.POST:
        keep_draft(user=user, now=now(), form=form, typed=request.POST, customer=customer)
        return HttpResponse(status=204)
    drop_draft(user=user, form=form, customer=customer)
    return redirect("desk:edit", customer.pk) if customer else redirect("desk:register")
