"""The life of a service on screen: plan, hold, end, return and dates, each with what it moves."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from caudal.apps.billing import actions as billing
from caudal.apps.billing.models import Hold, ServiceChange
from caudal.apps.clock.now import now, today
from caudal.apps.desk import actions as desk
from caudal.apps.desk.forms import life as forms
from caudal.apps.desk.views import effects
from caudal.apps.desk.views.asking import Effect, ask, service_of
from caudal.apps.desk.views.customer import customer_of
from caudal.apps.staff.access import actor, person, requires
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.core.periods import Period
from caudal.web.forms import PanelForm


@requires(Verb.EDIT_SERVICES)
def change_plan(request: HttpRequest, pk: int) -> HttpResponseBase:
    service = service_of(request, pk)
    form = forms.PlanForm(request.POST or None, service=service, today=today())

    def save() -> None:
        desk.change_terms(
            actor=actor(request), now=now(), today=today(), service=service, **form.cleaned_data
        )

    return ask(
        request,
        service.customer,
        form,
        save,
        _("Change plan or price"),
        _("Done; where the plan changes, the router learns of it on its day."),
        text=_("Now: %(plan)s") % {"plan": service.plan},
        effect=lambda: effects.of_plan_change(service, **form.cleaned_data, today=today()),
    )


@requires(Verb.SUSPEND_SERVICES)
def hold(request: HttpRequest, pk: int) -> HttpResponseBase:
    service = service_of(request, pk)
    form = forms.HoldForm(request.POST or None, today=today())

    def save() -> None:
        billing.hold(
            actor=actor(request), now=now(), today=today(), service=service, **form.cleaned_data
        )

    def effect() -> Effect:
        given = form.cleaned_data
        days = Period(given["first"], given["last"])
        return effects.of_hold(service, days, given["credit"], today())

    return ask(
        request,
        service.customer,
        form,
        save,
        _("Hold at the customer's request"),
        _("The hold is noted."),
        text=str(service),
        effect=effect,
    )


@requires(Verb.RESTORE_SERVICES)
def release_hold(request: HttpRequest, pk: int) -> HttpResponseBase:
    holds = visible(person(request), Hold.objects.filter(dropped_at=None))
    row = get_object_or_404(holds.select_related("service__customer", "service__plan"), pk=pk)

    def save() -> None:
        billing.release_hold(actor=actor(request), now=now(), today=today(), hold=row)

    span = {"first": effects.day(row.first), "last": effects.day(row.last)}
    return ask(
        request,
        row.service.customer,
        PanelForm(request.POST or None),
        save,
        _("End the hold"),
        _("The hold has ended; the rest of its days is charged again."),
        text=_("The hold from %(first)s to %(last)s ends today.") % span,
    )


@requires(Verb.EDIT_SERVICES)
def drop_change(request: HttpRequest, pk: int) -> HttpResponseBase:
    waiting = ServiceChange.objects.filter(status=ServiceChange.Status.SCHEDULED)
    rows = visible(person(request), waiting).select_related("service__customer", "service__plan")
    row = get_object_or_404(rows, pk=pk)

    def save() -> None:
        billing.drop_change(actor=actor(request), now=now(), today=today(), change=row)

    return ask(
        request,
        row.service.customer,
        PanelForm(request.POST or None),
        save,
        _("Drop the change"),
        _("It will not be done."),
        text=f"{row.get_kind_display()} · {effects.day(row.on)}",
        points=effects.of_drop(row).notes,
    )


@requires(Verb.CANCEL_SERVICES)
def cancel(request: HttpRequest, pk: int) -> HttpResponseBase:
    service = service_of(request, pk)
    form = forms.CancelForm(request.POST or None, today=today(), service=service)
    if not person(request).may(Verb.VOID_INVOICES):
        del form.fields["void_pending"]

    def save() -> None:
        desk.cancel(
            actor=actor(request), now=now(), today=today(), service=service, **form.cleaned_data
        )

    return ask(
        request,
        service.customer,
        form,
        save,
        _("Cancel the service"),
        _("The service is cancelled, or will be after its last day."),
        text=str(service),
        points=[
            _("It leaves the router, and its address and user become free at once."),
            _("Invoices, payments and the history stay; he can come back later."),
        ],
        danger=True,
        effect=lambda: effects.of_cancellation(
            service,
            form.cleaned_data["last_day"],
            form.cleaned_data["credit_unused"],
            form.cleaned_data.get("void_pending", False),
        ),
    )


@requires(Verb.EDIT_SERVICES)
def reactivate(request: HttpRequest, pk: int) -> HttpResponseBase:
    service = service_of(request, pk)
    form = forms.ReturnForm(request.POST or None, today=today())

    def save() -> None:
        desk.resume_service(
            actor=actor(request), now=now(), today=today(), service=service, **form.cleaned_data
        )

    return ask(
        request,
        service.customer,
        form,
        save,
        _("Reactivate the service"),
        _("He is back; the router learns of it in a moment."),
        text=_("He gets the address he had, or the first free one if somebody has it now."),
        effect=lambda: effects.of_return(service, **form.cleaned_data, today=today()),
    )


@requires(Verb.EDIT_CUSTOMERS)
def dates(request: HttpRequest, pk: int) -> HttpResponseBase:
    """His own billing dates, or those of his zone."""
    customer = customer_of(request, pk)
    form = forms.DatesForm(request.POST or None, customer=customer)

    def save() -> None:
        billing.change_calendar(
            actor=actor(request), now=now(), customer=customer, numbers=form.numbers()
        )

    return ask(
        request,
        customer,
        form,
        save,
        _("Billing dates"),
        _("The dates are changed."),
        text=_("What is billed stays; the days in between are charged once."),
        submit=_("Save"),
        effect=lambda: effects.of_dates(customer, form.calendar(), today()),
    )
