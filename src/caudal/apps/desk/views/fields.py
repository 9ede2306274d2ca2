"""The operator's own fields of customers: their list and form, and what a customer has in them."""

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from caudal.apps.clock.now import now
from caudal.apps.customers import actions
from caudal.apps.customers.fields import fields_for, link_of, say, values_of
from caudal.apps.customers.models import CustomField
from caudal.apps.desk.forms.defining import FieldForm
from caudal.apps.desk.views.asking import answer_defined
from caudal.apps.desk.views.customer import customer_of
from caudal.apps.staff.access import actor, person, requires
from caudal.apps.staff.verbs import Verb


@require_GET
@requires(Verb.CONFIGURE_CUSTOMERS)
def fields(request: HttpRequest) -> HttpResponse:
    """All of them in the order in which forms show them; archived ones below."""
    counted = CustomField.objects.annotate(many=Count("values__customer", distinct=True))
    rows = counted.prefetch_related("roles", "choices").order_by("position", "id")
    context = {
        "title": _("Custom fields"),
        "rows": [row for row in rows if row.archived_at is None],
        "archived": [row for row in rows if row.archived_at is not None],
    }
    return render(request, "desk/fields.html", context)


@requires(Verb.CONFIGURE_CUSTOMERS)
def new_field(request: HttpRequest) -> HttpResponse:
    form = FieldForm(request.POST or None)

    def save(valid: FieldForm) -> None:
        actions.create_field(
            actor=actor(request), now=now(), kind=valid.cleaned_data["kind"], **valid.defined
        )

    return answer_defined(
        request, form, save, _("New field"), pretitle=_("Custom fields"), to="desk:fields"
    )


@requires(Verb.CONFIGURE_CUSTOMERS)
def edit_field(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(CustomField, pk=pk)
    form = FieldForm(request.POST or None, field=row)

    def save(valid: FieldForm) -> None:
        actions.edit_field(
            actor=actor(request), now=now(), field=row, names=valid.names, **valid.defined
        )

    return answer_defined(
        request, form, save, row.name, pretitle=_("Custom fields"), to="desk:fields"
    )


@require_POST
@requires(Verb.CONFIGURE_CUSTOMERS)
def field_use(request: HttpRequest, pk: int, in_use: int) -> HttpResponseBase:
    """Archive it, or bring it back."""
    row = get_object_or_404(CustomField, pk=pk)
    act = actions.unarchive_field if in_use else actions.archive_field
    act(actor=actor(request), now=now(), field=row)
    messages.success(
        request,
        _("It is shown again.") if in_use else _("It is shown no more; what was written stays."),
    )
    return redirect("desk:fields")


@require_POST
@requires(Verb.CONFIGURE_CUSTOMERS)
def move_field(request: HttpRequest, pk: int, way: str) -> HttpResponseBase:
    """One place up or down."""
    row = get_object_or_404(CustomField, pk=pk)
    steps = -1 if way == "up" else 1
    actions.move_field(actor=actor(request), now=now(), field=row, steps=steps)
    return redirect("desk:fields")


@require_GET
@requires(Verb.SEE_CUSTOMERS)
def customer_fields(request: HttpRequest, pk: int) -> HttpResponse:
    """What the customer has in them, for his page; nothing at all where none is defined."""
    found = customer_of(request, pk)
    defined = fields_for(person(request))
    if not defined:
        return HttpResponse("")
    values = values_of([found.pk]).get(found.pk, {})
    country = found.company.country
    shown = [
        (each, say(each.kind, value, country), link_of(each.kind, value))
        for each in defined
        for value in [values.get(each.pk)]
    ]
    return render(request, "desk/_fields.html", {"customer": found, "shown": shown})
