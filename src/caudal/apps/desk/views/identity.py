"""Who a customer is to us: his name, what he is spared, and his password for the portal."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters

from caudal.apps.clock.now import now, today
from caudal.apps.customers import actions as customers
from caudal.apps.customers.models import Customer, SuspensionReason
from caudal.apps.desk import actions as desk
from caudal.apps.desk.forms.identity import PortalForm, RenameForm, SwitchesForm
from caudal.apps.desk.glance import glance
from caudal.apps.desk.views.asking import Effect, ask
from caudal.apps.desk.views.customer import customer_of
from caudal.apps.desk.views.effects import day
from caudal.apps.dunning.upcoming import outlook_of
from caudal.apps.staff.access import actor, requires
from caudal.apps.staff.verbs import Verb


@requires(Verb.EDIT_CUSTOMERS)
def rename(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Another name; routers follow (WH-28)."""
    customer = customer_of(request, pk)
    form = RenameForm(_sent(request), customer=customer)
    return ask(
        request,
        customer,
        form,
        lambda: _edit(request, customer, form),
        _("Rename the customer"),
        _("The name is changed; his router learns it in a moment."),
        points=[
            _("The comments of his rows on the router follow; his user there stays."),
            _("Documents that were issued keep the name that they carry."),
        ],
        submit=_("Save"),
    )


@requires(Verb.EDIT_CUSTOMERS)
def switches(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Whether he is invoiced, cut and told, and what changing it does (WH-105, IC-68..72)."""
    customer = customer_of(request, pk)
    form = SwitchesForm(_sent(request), customer=customer)
    return ask(
        request,
        customer,
        form,
        lambda: _edit(request, customer, form),
        _("Free, not cut, not told"),
        _("It is saved."),
        submit=_("Save"),
        effect=lambda: _of_switches(customer, form.cleaned_data),
    )


@requires(Verb.EDIT_CUSTOMERS)
@sensitive_post_parameters("password")
def portal_password(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Another password for the portal (IC-30, WH-80), shown once to who made it."""
    customer = customer_of(request, pk)
    form = PortalForm(_sent(request), customer=customer)
    if request.method == "POST" and form.is_valid():
        password = form.chosen
        try:
            desk.give_portal_access(
                actor=actor(request),
                now=now(),
                customer=customer,
                user=form.cleaned_data["portal_user"],
                password=password,
            )
        except ValidationError as error:
            form.add_error("portal_user", error.messages)
        else:
            context = {"title": _("Portal password"), "customer": customer, "password": password}
            response = render(request, "desk/portal_password.html", context)
            response["Cache-Control"] = "no-store"
            return response
    text = _("The customers' portal is not open yet; the password is kept for it, as a hash.")
    title = _("Portal user and password")
    return ask(request, customer, form, lambda: None, title, "", text=text, submit=_("Save"))


def _edit(request: HttpRequest, customer: Customer, form: RenameForm | SwitchesForm) -> None:
    customers.edit_customer(
        actor=actor(request), now=now(), customer=customer, data=form.cleaned_data
    )


def _sent(request: HttpRequest) -> QueryDict | None:
    """What was posted; switches that are all off post nothing, and are meant all the same."""
    return request.POST if request.method == "POST" else None


def _of_switches(customer: Customer, given: dict[str, Any]) -> Effect:
    """From how he is treated now to how he would be."""
    then = Customer.objects.select_related("zone", "company__rules").get(pk=customer.pk)
    before = glance(then, today())
    told = len(outlook_of(then, now()).to_come)
    for name in ("is_invoiced", "may_be_cut", "may_be_notified", "notice_from_day"):
        setattr(then, name, given[name])
    then.notice_to_day = given["notice_to_day"]
    after = glance(then, today())
    notes = [*_invoicing(before, after, given), *_cutting(before, then, given)]
    left = len(outlook_of(then, now()).to_come)
    words = ngettext("%(n)d notice to come", "%(n)d notices to come", left) % {"n": left}
    notes.append(_("%(now)s; there were %(before)d.") % {"now": words, "before": told})
    if before.owes:
        notes.append(_("What he owes stays: %(debt)s.") % {"debt": before.row.debt_label})
    return Effect(then.company.currency, notes=notes)


def _invoicing(before: Any, after: Any, given: dict[str, Any]) -> list[str]:
    if not given["is_invoiced"]:
        upcoming = before.upcoming
        if upcoming is None:
            return [_("No invoice is created for him.")]
        values = {"day": day(upcoming.emission)}
        return [_("The invoice of %(day)s will not be created, nor any after it.") % values]
    if after.upcoming is None:
        return []
    return [_("His next invoice is created on %(day)s.") % {"day": day(after.upcoming.emission)}]


def _cutting(before: Any, customer: Customer, given: dict[str, Any]) -> list[str]:
    unpaid = customer.services.filter(
        suspensions__closed_at=None, suspensions__reason=SuspensionReason.UNPAID
    ).distinct()
    if not (given["may_be_cut"] and given["is_invoiced"]):
        if unpaid.exists():
            return [_("He is suspended for debt and stays so until somebody restores him.")]
        if before.cut_on is not None:
            return [_("He will not be cut on %(day)s.") % {"day": day(before.cut_on)}]
        return [_("Debt does not cut him.")]
    return []
