"""What is done to a customer and to his services: each act asks, and then does."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from caudal.apps.clock.now import now, today
from caudal.apps.customers import actions
from caudal.apps.customers.models import Customer, Service
from caudal.apps.desk import actions as desk
from caudal.apps.desk.forms import acts
from caudal.apps.desk.views.customer import customer_of
from caudal.apps.dunning.actions import restore_by_hand
from caudal.apps.staff.access import actor, person, requires
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.core.errors import RuleError
from caudal.web.errors import explain
from caudal.web.forms import PanelForm, live

ARCHIVE_WORD = "eliminar_clientes"
"""Typed to archive, as people know it (WH-47)."""


def service_of(request: HttpRequest, pk: int) -> Service:
    """The service, for who may see its customer; else 404."""
    services = visible(person(request), Service.objects.all())
    related = services.select_related("customer__zone", "customer__company", "plan")
    return get_object_or_404(related, pk=pk)


@requires(Verb.EDIT_SERVICES)
def add_service(request: HttpRequest, pk: int) -> HttpResponseBase:
    customer = customer_of(request, pk)
    form = acts.NewServiceForm(request.POST or None, customer=customer, today=today())

    def save() -> None:
        new = form.new_service(form.cleaned_data["started_on"])
        desk.open_service(actor=actor(request), now=now(), customer=customer, new=new)

    return _ask(request, customer, form, save, _("Add a service"), _("The service is added."))


@requires(Verb.EDIT_SERVICES)
def change_plan(request: HttpRequest, pk: int) -> HttpResponseBase:
    service = service_of(request, pk)
    form = acts.PlanForm(request.POST or None, service=service)

    def save() -> None:
        desk.change_terms(
            actor=actor(request),
            now=now(),
            service=service,
            plan=form.cleaned_data["plan"],
            price=form.cleaned_data["price"],
        )

    return _ask(
        request,
        service.customer,
        form,
        save,
        _("Change plan or price"),
        _("The plan is changed; the router learns of it in a moment."),
        text=_("Now: %(plan)s") % {"plan": service.plan},
    )


@requires(Verb.SUSPEND_SERVICES)
def suspend(request: HttpRequest, pk: int) -> HttpResponseBase:
    service = service_of(request, pk)
    form = acts.SuspendForm(request.POST or None)

    def save() -> None:
        actions.suspend(
            actor=actor(request),
            now=now(),
            today=today(),
            service=service,
            reason=form.cleaned_data["reason"],
            note=form.cleaned_data["note"],
        )

    return _ask(
        request,
        service.customer,
        form,
        save,
        _("Suspend the service"),
        _("The service is suspended; the router cuts it in a moment."),
        text=_("%(service)s will not browse until somebody restores it.") % {"service": service},
        danger=True,
    )


@requires(Verb.RESTORE_SERVICES)
def restore(request: HttpRequest, pk: int) -> HttpResponseBase:
    service = service_of(request, pk)
    form = acts.LiftForm(request.POST or None, service=service)

    def save() -> None:
        restore_by_hand(
            actor=actor(request),
            now=now(),
            service=service,
            reasons=form.cleaned_data["reasons"],
            drop_promise=form.drops_promise,
            note=form.cleaned_data["note"],
        )

    return _ask(
        request,
        service.customer,
        form,
        save,
        _("Restore the service"),
        _("Restored; the router lets him browse in a moment."),
        text=_("He browses again when no reason is left."),
    )


@requires(Verb.CANCEL_SERVICES)
def cancel(request: HttpRequest, pk: int) -> HttpResponseBase:
    service = service_of(request, pk)
    form = acts.CancelForm(request.POST or None, today=today(), service=service)
    if not person(request).may(Verb.VOID_INVOICES):
        del form.fields["void_pending"]

    def save() -> None:
        desk.end_service(
            actor=actor(request),
            now=now(),
            service=service,
            last_day=form.cleaned_data["last_day"],
            reason=form.cleaned_data["reason"],
            today=today(),
            void_pending=form.cleaned_data.get("void_pending", False),
        )

    return _ask(
        request,
        service.customer,
        form,
        save,
        _("Cancel the service"),
        _("The service is cancelled and its address is free."),
        text=str(service),
        points=[
            _("It leaves the router, and its address and user become free at once."),
            _("Invoices, payments and the history stay; he can come back later."),
        ],
        danger=True,
    )


@requires(Verb.EDIT_SERVICES)
def activate(request: HttpRequest, pk: int) -> HttpResponseBase:
    service = service_of(request, pk)
    form = acts.StartForm(request.POST or None, today=today())

    def save() -> None:
        day = form.cleaned_data["started_on"]
        actions.activate(actor=actor(request), now=now(), service=service, started_on=day)

    done = _("The service is active.")
    return _ask(request, service.customer, form, save, _("Activate the service"), done)


@requires(Verb.EDIT_SERVICES)
def reactivate(request: HttpRequest, pk: int) -> HttpResponseBase:
    service = service_of(request, pk)
    form = acts.StartForm(request.POST or None, today=today())

    def save() -> None:
        day = form.cleaned_data["started_on"]
        desk.resume_service(actor=actor(request), now=now(), service=service, started_on=day)

    return _ask(
        request,
        service.customer,
        form,
        save,
        _("Reactivate the service"),
        _("He is back; the router learns of it in a moment."),
        text=_("He gets the address he had, or the first free one if somebody has it now."),
    )


@requires(Verb.ARCHIVE_CUSTOMERS)
def archive(request: HttpRequest, pk: int) -> HttpResponseBase:
    customer = customer_of(request, pk)
    form = acts.ArchiveForm(request.POST or None)

    def save() -> None:
        if request.POST.get("typed", "").strip() != ARCHIVE_WORD:
            raise ValidationError(_("Type %(word)s to confirm.") % {"word": ARCHIVE_WORD})
        desk.archive_customer(
            actor=actor(request),
            now=now(),
            today=today(),
            customer=customer,
            reason=form.cleaned_data["reason"],
        )

    return _ask(
        request,
        customer,
        form,
        save,
        _("Archive the customer"),
        _("%(name)s is archived.") % {"name": customer.name},
        text=_("%(name)s disappears from the lists.") % {"name": customer.name},
        points=[
            _("His services end today and leave the router; their addresses become free."),
            _("His invoices, payments and history stay; he can be brought back."),
        ],
        word=ARCHIVE_WORD,
        danger=True,
        to=reverse("desk:customers"),
    )


@requires(Verb.ARCHIVE_CUSTOMERS)
def unarchive(request: HttpRequest, pk: int) -> HttpResponseBase:
    customer = customer_of(request, pk)

    def save() -> None:
        actions.unarchive(actor=actor(request), now=now(), customer=customer)

    done = _("%(name)s is in the lists again.") % {"name": customer.name}
    title = _("Bring the customer back")
    return _ask(request, customer, PanelForm(request.POST or None), save, title, done)


@requires(Verb.EDIT_CUSTOMERS)
def change_code(request: HttpRequest, pk: int) -> HttpResponseBase:
    customer = customer_of(request, pk)
    form = acts.CodeForm(request.POST or None, initial={"code": customer.code})

    def save() -> None:
        code = form.cleaned_data["code"]
        actions.change_code(actor=actor(request), now=now(), customer=customer, code=code)

    title, done = _("Change the customer's code"), _("The code is changed.")
    return _ask(request, customer, form, save, title, done)


def _ask(
    request: HttpRequest,
    customer: Customer,
    form: PanelForm,
    save: Callable[[], None],
    title: str,
    done: str,
    *,
    to: str = "",
    **context: Any,
) -> HttpResponseBase:
    """Show what will happen; on POST do it, or say beside the field why not."""
    back = reverse("desk:customer", args=[customer.pk])
    if (errors := live(request, form)) is not None:
        return errors
    if request.method == "POST" and _saved(form, save):
        messages.success(request, done)
        return redirect(to or back)
    context |= {"title": title, "form": form, "cancel_url": back, "customer": customer}
    return render(request, "desk/act.html", context)


def _saved(form: PanelForm, save: Callable[[], None]) -> bool:
    if form.is_bound and not form.is_valid():
        return False
    try:
        save()
    except ValidationError as error:
        known = hasattr(error, "error_dict") and set(error.error_dict) <= set(form.fields)
        form.add_error(None, error if known else ValidationError(error.messages))
    except RuleError as error:
        form.add_error(None, explain(error))
    return not form.errors
