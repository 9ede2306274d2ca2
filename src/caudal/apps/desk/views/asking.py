"""The shape of an act's page: what will happen in words, a form, and then it is done."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from caudal.apps.customers.models import Customer, Service
from caudal.apps.staff.access import person
from caudal.apps.staff.scope import visible
from caudal.core.errors import RuleError
from caudal.web.errors import explain, placed_in
from caudal.web.forms import PanelForm, PanelModelForm, answer_form, draft, live

PREVIEW = "preview"
"""Posted by the page itself while the form is filled in."""


@dataclass(frozen=True)
class Effect:
    """What an act would move: amounts by line, what they come to, and what else happens."""

    currency: str
    lines: Sequence[tuple[str, Decimal]] = ()
    total: tuple[str, Decimal] | None = None
    notes: Sequence[str] = field(default_factory=list)


def service_of(request: HttpRequest, pk: int) -> Service:
    """The service, for who may see its customer; else 404."""
    services = visible(person(request), Service.objects.all())
    related = services.select_related("customer__zone", "customer__company", "plan")
    return get_object_or_404(related, pk=pk)


def answer_defined(
    request: HttpRequest,
    form: PanelForm,
    save: Callable[[Any], object],
    title: str,
    *,
    pretitle: str,
    to: str,
) -> HttpResponse:
    """The form of one thing that the operator defines; `pretitle` are they all, listed at `to`."""
    back = reverse(to)
    return answer_form(
        request,
        form,
        title=title,
        save=save,
        done=_("It was saved."),
        to=back,
        cancel_url=back,
        pretitle=pretitle,
    )


def ask(
    request: HttpRequest,
    customer: Customer,
    form: PanelForm | PanelModelForm,
    save: Callable[[], None],
    title: str,
    done: str,
    *,
    to: str = "",
    effect: Callable[[], Effect] | None = None,
    **context: Any,
) -> HttpResponseBase:
    """Show what will happen; on POST do it, or say beside the field why not.

    `effect` tells, for the form as filled in so far, what it would move: shown before it is done.
    """
    back = reverse("desk:customer", args=[customer.pk])
    if (errors := live(request, form)) is not None:
        return errors
    if effect is not None and request.POST.get(PREVIEW):
        return render(request, "desk/_effect.html", _told(form, effect))
    if request.method == "POST" and not draft(request) and _saved(form, save):
        messages.success(request, done)
        return redirect(to or back)
    context |= {"title": title, "form": form, "cancel_url": back, "customer": customer}
    return render(request, "desk/act.html", {**context, "has_effect": effect is not None})


def _told(form: PanelForm | PanelModelForm, effect: Callable[[], Effect]) -> dict[str, Any]:
    if not form.is_valid():
        return {}
    try:
        return {"effect": effect()}
    except RuleError as error:
        return {"refusal": explain(error)}


def _saved(form: PanelForm | PanelModelForm, save: Callable[[], None]) -> bool:
    if form.is_bound and not form.is_valid():
        return False
    with placed_in(form):
        save()
    return not form.errors
