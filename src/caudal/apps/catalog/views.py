"""Screens of the catalog: the same list and form for companies, taxes, plans and products."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Model, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from caudal.apps.catalog import actions, forms
from caudal.apps.catalog.checks import picture_type
from caudal.apps.catalog.models import BillingRules, Company, Plan, Product, Tax
from caudal.apps.catalog.shelves import Shelf
from caudal.apps.catalog.writings import WRITINGS, named
from caudal.apps.clock.now import now
from caudal.apps.staff.access import actor, requires
from caudal.apps.staff.verbs import Verb
from caudal.web.forms import answer_form
from caudal.web.table import KeysetPage, Sorting

View = Callable[..., HttpResponseBase]


FORMS: dict[type[Model], type[Any]] = {
    Company: forms.CompanyForm,
    Tax: forms.TaxForm,
    Plan: forms.PlanForm,
    Product: forms.ProductForm,
}


def shelf_list(shelf: Shelf) -> View:
    @requires(Verb.SEE_CATALOG)
    def rows(request: HttpRequest) -> HttpResponse:
        sorting = Sorting.read(request.GET, shelf.columns, "name")
        found = _searched(shelf, request)
        context = {
            "title": shelf.title,
            "shelf": shelf,
            "columns": shelf.columns,
            "sorting": sorting,
            "page": KeysetPage.of(found, sorting.order, request.GET.get("cursor", "")),
            "new_url": reverse(f"catalog:new-{shelf.key}"),
        }
        fragment = request.headers.get("HX-Request")
        return render(request, "catalog/_rows.html" if fragment else "catalog/rows.html", context)

    return rows


def shelf_form(shelf: Shelf, *, is_new: bool) -> View:
    writing = WRITINGS[shelf.model]

    @requires(Verb.EDIT_CATALOG)
    def form_view(request: HttpRequest, pk: int = 0) -> HttpResponse:
        row = None if is_new else get_object_or_404(shelf.model, pk=pk)
        # The form writes on its own copy: the action compares the row with what is wanted.
        copy = None if is_new else get_object_or_404(shelf.model, pk=pk)
        form = FORMS[shelf.model](request.POST or None, request.FILES or None, instance=copy)

        def save(valid: Any) -> Any:
            given = {"actor": actor(request), "now": now(), **_wanted(valid)}
            return writing.add(**given) if row is None else writing.change(row, **given)

        return answer_form(
            request,
            form,
            title=str(row) if row else shelf.new_title,
            save=save,
            done=_("It was saved."),
            to=reverse(f"catalog:{shelf.key}"),
            template="catalog/form.html",
            shelf=shelf,
            row=row,
            cancel_url=reverse(f"catalog:{shelf.key}"),
        )

    return form_view


def shelf_switch(shelf: Shelf) -> View:
    @require_POST
    @requires(Verb.EDIT_CATALOG)
    def switch(request: HttpRequest, pk: int, in_use: int) -> HttpResponse:
        row = get_object_or_404(shelf.model, pk=pk)
        actions.set_in_use(actor=actor(request), now=now(), row=row, in_use=bool(in_use))  # type: ignore[type-var]
        done = _("It can be chosen again.") if in_use else _("Nobody new will get it.")
        messages.success(request, done)
        return redirect(f"catalog:{shelf.key}")

    return switch


@requires(Verb.EDIT_CATALOG)
def rules(request: HttpRequest, pk: int) -> HttpResponse:
    """How the company reads the billing rules where they can be read in more than one way."""
    company = get_object_or_404(Company, pk=pk)
    copy = BillingRules.objects.select_related("company").get(pk=pk)
    return answer_form(
        request,
        forms.RulesForm(request.POST or None, instance=copy),
        title=_("Billing rules"),
        save=lambda form: actions.edit_rules(
            actor=actor(request), now=now(), rules=company.rules, **form.wanted
        ),
        done=_("It was saved."),
        to=reverse("catalog:edit-companies", args=[pk]),
        template="catalog/rules.html",
        intro=_("What is on invoices already stays as it is."),
        company=company,
        cancel_url=reverse("catalog:edit-companies", args=[pk]),
    )


@requires(Verb.SEE_CATALOG)
def logo(request: HttpRequest, pk: int) -> FileResponse:
    file = get_object_or_404(Company, pk=pk).logo
    if not file.name or not file.storage.exists(file.name):
        raise Http404
    opened = file.open()
    return FileResponse(opened, content_type=picture_type(opened) or "application/octet-stream")


def _wanted(form: Any) -> dict[str, Any]:
    wanted: dict[str, Any] = getattr(form, "wanted", None) or form.cleaned_data
    return wanted


def _searched(shelf: Shelf, request: HttpRequest) -> QuerySet[Any]:
    rows = named(shelf.model._default_manager.all(), request.GET.get("q", ""))
    return rows if request.GET.get("all") else rows.filter(is_active=True)
