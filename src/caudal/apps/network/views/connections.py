"""A service's connection: its panel on the customer's page, edited, moved, released."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from caudal.apps.clock.now import now
from caudal.apps.customers.models import Customer
from caudal.apps.network import actions
from caudal.apps.network.forms.connections import ConnectionForm, MoveForm
from caudal.apps.network.models import AddressUse, Connection
from caudal.apps.network.views.parts import lines
from caudal.apps.staff.access import actor, person, requires
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.core.errors import RuleError
from caudal.web.errors import explain
from caudal.web.forms import answer_form, draft

HISTORY = 8


def connection_of(request: HttpRequest, pk: int) -> Connection:
    """For who may see its customer; else 404."""
    rows = visible(person(request), Connection.objects.all())
    related = rows.select_related("router", "pool", "service__customer", "service__plan")
    return get_object_or_404(related, pk=pk)


@require_GET
@requires(Verb.SEE_CUSTOMERS)
def proof(request: HttpRequest, pk: int) -> HttpResponse:
    """What each of the customer's services should be on its router, and what was seen of it."""
    customer = get_object_or_404(visible(person(request), Customer.objects.all()), pk=pk)
    rows = Connection.objects.filter(service__customer=customer)
    rows = rows.select_related("router", "pool", "service__plan").order_by("service__number")
    uses = AddressUse.objects.filter(connection__service__customer=customer)
    context = {
        "customer": customer,
        "cards": [_card(line) for line in lines(list(rows))],
        "uses": uses.select_related("router")[:HISTORY],
        "waits": any(row.waits_since for row in rows),
    }
    return render(request, "network/_proof.html", context)


def _card(line: dict[str, Any]) -> dict[str, Any]:
    """The line, with whether its change waits for longer than the router's owner wants."""
    connection: Connection = line["connection"]
    since = connection.waits_since
    late = since is not None and connection.router.is_too_long(since, now())
    return {**line, "waits_since": since, "late": late, "is_live": connection.released_at is None}


@requires(Verb.EDIT_SERVICES)
@sensitive_post_parameters("password")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = connection_of(request, pk)
    form = ConnectionForm(request.POST or None, connection=found)
    return _form(
        request,
        form,
        found,
        title=_("Connection of %(customer)s") % {"customer": found.service.customer},
        save=lambda form: actions.edit_connection(
            actor=actor(request), now=now(), connection=found, **form.changes()
        ),
        done=_("Saved. The router will be brought up to date."),
    )


@requires(Verb.EDIT_SERVICES)
@sensitive_post_parameters("password")
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Another zone, router or technology; the old place is cleaned (WH-113..119)."""
    found, typed = connection_of(request, pk), draft(request)
    posted = None if typed else request.POST or None
    return _form(
        request,
        MoveForm(posted, initial=typed, connection=found, user=person(request)),
        found,
        title=_("Move %(customer)s") % {"customer": found.service.customer},
        intro=_("The old router is cleaned and the new one is set up, without anything by hand."),
        save=lambda form: actions.move(
            actor=actor(request), now=now(), connection=found, **form.changes()
        ),
        done=_("Moved. Both routers will be brought up to date."),
        submit=_("Move"),
    )


@require_POST
@requires(Verb.CANCEL_SERVICES)
def release(request: HttpRequest, pk: int) -> HttpResponse:
    found = connection_of(request, pk)
    actions.release(actor=actor(request), now=now(), connection=found)
    messages.success(request, _("The address is free, and the router will forget the service."))
    return redirect(_page(found))


@require_POST
@requires(Verb.EDIT_SERVICES)
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    found = connection_of(request, pk)
    try:
        actions.return_address(actor=actor(request), now=now(), connection=found)
        messages.success(request, _("He has his address again."))
    except RuleError as error:
        messages.error(request, explain(error))
    return redirect(_page(found))


@require_GET
@requires(Verb.SEE_SECRETS)
def password(request: HttpRequest, pk: int) -> HttpResponse:
    """The PPPoE password, for who reads it to a customer's technician."""
    found = connection_of(request, pk)
    response = render(request, "network/_password.html", {"connection": found})
    response["Cache-Control"] = "no-store"
    return response


def _form(request: HttpRequest, form: Any, connection: Connection, **about: Any) -> HttpResponse:
    page = _page(connection)
    return answer_form(
        request,
        form,
        to=page,
        cancel_url=page,
        template="network/connection_form.html",
        connection=connection,
        **about,
    )


def _page(connection: Connection) -> str:
    return reverse("desk:customer", args=[connection.service.customer_id])
