"""What is done to a customer and to his services: each act asks, and then does."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from caudal.apps.clock.now import now, today
from caudal.apps.customers import actions
from caudal.apps.desk import actions as desk
from caudal.apps.desk.forms import acts
from caudal.apps.desk.views.asking import ask, service_of
from caudal.apps.desk.views.customer import customer_of
from caudal.apps.staff.access import actor, requires
from caudal.apps.staff.verbs import Verb
from caudal.web.forms import PanelForm, draft

ARCHIVE_WORD = "eliminar_clientes"
"""Typed to archive, as people know it (WH-47)."""


@requires(Verb.EDIT_SERVICES)
def add_service(request: HttpRequest, pk: int) -> HttpResponseBase:
    customer = customer_of(request, pk)
    typed = draft(request)
    posted = None if typed else request.POST or None
    form = acts.NewServiceForm(posted, initial=typed, customer=customer, today=today())

    def save() -> None:
        new = form.new_service(form.cleaned_data["started_on"])
        desk.open_service(actor=actor(request), now=now(), customer=customer, new=new)

    return ask(request, customer, form, save, _("Add a service"), _("The service is added."))


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

    return ask(
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
        desk.restore(
            actor=actor(request),
            now=now(),
            today=today(),
            service=service,
            reasons=form.cleaned_data["reasons"],
            drop_promise=form.drops_promise,
            note=form.cleaned_data["note"],
        )

    return ask(
        request,
        service.customer,
        form,
        save,
        _("Restore the service"),
        _("Restored; the router lets him browse in a moment."),
        text=_("He browses again when no reason is left."),
    )


@requires(Verb.EDIT_SERVICES)
def activate(request: HttpRequest, pk: int) -> HttpResponseBase:
    service = service_of(request, pk)
    form = acts.StartForm(request.POST or None, today=today())

    def save() -> None:
        day = form.cleaned_data["started_on"]
        actions.activate(actor=actor(request), now=now(), service=service, started_on=day)

    done = _("The service is active.")
    return ask(request, service.customer, form, save, _("Activate the service"), done)


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

    return ask(
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
    return ask(request, customer, PanelForm(request.POST or None), save, title, done)


@requires(Verb.EDIT_CUSTOMERS)
def change_code(request: HttpRequest, pk: int) -> HttpResponseBase:
    customer = customer_of(request, pk)
    form = acts.CodeForm(request.POST or None, initial={"code": customer.code})

    def save() -> None:
        code = form.cleaned_data["code"]
        actions.change_code(actor=actor(request), now=now(), customer=customer, code=code)

    title, done = _("Change the customer's code"), _("The code is changed.")
    return ask(request, customer, form, save, title, done)
