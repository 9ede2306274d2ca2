"""The shape of an act's page: what will happen in words, a form, and then it is done."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from caudal.apps.customers.models import Customer, Service
from caudal.apps.staff.access import person
from caudal.apps.staff.scope import visible
from caudal.core.errors import RuleError
from caudal.web.errors import explain
from caudal.web.forms import PanelForm, PanelModelForm, draft, live

PREVIEW = "preview"
"""Posted by the page itself while the form is filled in."""


@dataclass(frozen=True)
class Effect:
    """What an act would move: amounts by line, what they come to, and what else happens."""

    currency: str
    lines: Sequence[tuple[str, Decimal]] = ()
    total: tuple[str, Decimal] | None = None
    notes: Sequence[str] = field(default_factory=list)


@contextmanager
def placing(form: PanelForm | PanelModelForm) -> Iterator[None]:
    """What is refused inside by field stands beside the field; the form is then not valid."""
    try:
        yield
    except ValidationError as error:
        known = hasattr(error, "error_dict") and set(error.error_dict) <= set(form.fields)
        form.add_error(None, error if known else ValidationError(error.messages))


def service_of(request: HttpRequest, pk: int) -> Service:
    """The service, for who may see its customer; else 404."""
    services = visible(person(request), Service.objects.all())
    related = services.select_related("customer__zone", "customer__company", "plan")
    return get_object_or_404(related, pk=pk)


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
    try:
        with placing(form):
            save()
    except RuleError as error:
        form.add_error(None, explain(error))
    return not form.errors
