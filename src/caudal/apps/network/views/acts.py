"""What a person does to a router from its page."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from caudal.apps.clock.now import now
from caudal.apps.network import actions
from caudal.apps.network.forms.routers import CountForm
from caudal.apps.network.models import Router, SyncPass
from caudal.apps.staff.access import actor, person, requires
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.core.errors import RuleError
from caudal.web.errors import explain


@require_POST
@requires(Verb.SEE_NETWORK)
def read(request: HttpRequest, pk: int) -> HttpResponse:
    return _ask(request, pk, Router.Request.READ)


@require_POST
@requires(Verb.SEE_NETWORK)
def dry_run(request: HttpRequest, pk: int) -> HttpResponse:
    return _ask(request, pk, Router.Request.DRY_RUN)


@require_POST
@requires(Verb.SYNC_NETWORK)
def apply(request: HttpRequest, pk: int) -> HttpResponse:
    return _ask(request, pk, Router.Request.APPLY)


@require_POST
@requires(Verb.SYNC_NETWORK)
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Release what the brake holds, for whoever types the count."""
    braked = get_object_or_404(
        visible(person(request), SyncPass.objects.select_related("router")), pk=pk
    )
    form = CountForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Type the number of customers to be cut."))
        return redirect("network:router", braked.router_id)
    return _do(
        request,
        braked.router,
        lambda: actions.approve_cuts(
            actor=actor(request),
            now=now(),
            router=braked.router,
            sync_pass=braked,
            count=form.cleaned_data["count"],
        ),
        _("Confirmed. The cuts are being made."),
    )


@require_POST
@requires(Verb.SYNC_NETWORK)
def freeze(request: HttpRequest, pk: int) -> HttpResponse:
    done = _("The router is frozen: it is read and never written.")
    return _act(request, pk, actions.freeze, done)


@require_POST
@requires(Verb.SYNC_NETWORK)
def unfreeze(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, actions.unfreeze, _("The router is written again."))


@require_POST
@requires(Verb.CONFIGURE_NETWORK)
def accept_serial(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, actions.accept_serial, _("The new router is accepted."))


def _ask(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    return _act(request, pk, partial(actions.request_pass, kind=kind), "")


def _act(request: HttpRequest, pk: int, act: Callable[..., object], done: str) -> HttpResponse:
    """`act` on one of the routers that he sees."""
    found = get_object_or_404(visible(person(request), Router.objects.all()), pk=pk)
    return _do(request, found, lambda: act(actor=actor(request), now=now(), router=found), done)


def _do(request: HttpRequest, router: Router, act: Callable[[], object], done: str) -> HttpResponse:
    try:
        act()
        if done:
            messages.success(request, done)
    except RuleError as error:
        messages.error(request, explain(error))
    return redirect("network:router", router.pk)
