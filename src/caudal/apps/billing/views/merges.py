"""Merging what a customer owes into one invoice, and undoing it."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from caudal.apps.billing import actions
from caudal.apps.billing.merged_debt import originals_of
from caudal.apps.billing.models import Invoice
from caudal.apps.clock.now import now
from caudal.apps.customers.models import Customer
from caudal.apps.staff.access import actor, person, requires
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.web.forms import PanelForm, answer_form
from caudal.web.money import format_money


class _InvoicesField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, row: Any) -> str:
        left = format_money(row.remaining, row.currency)
        values = {"number": row.label, "kind": row.get_kind_display(), "left": left}
        return _("%(number)s · %(kind)s · %(left)s") % values


class MergeForm(PanelForm):
    invoices = _InvoicesField(
        Invoice.objects.none(),
        label=gettext_lazy("Invoices"),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unpaid = Invoice.objects.unpaid().filter(customer=customer).order_by("due", "id")
        invoices: Any = self.fields["invoices"]
        invoices.queryset = unpaid
        service = [row.pk for row in unpaid if row.kind == Invoice.Kind.SERVICE]
        self.initial.setdefault("invoices", service)
        self.has_choice = len(unpaid) > 1
        """One invoice alone has nothing to be merged with."""


@requires(Verb.ISSUE_INVOICES)
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Several unpaid invoices of one customer become one."""
    people = visible(person(request), Customer.objects.all())
    customer = get_object_or_404(people.select_related("company"), pk=pk)
    form = MergeForm(request.POST or None, customer=customer)
    if not form.has_choice:
        context = {"title": _("Merge invoices"), "customer": customer}
        return render(request, "billing/nothing_to_merge.html", context)
    return answer_form(
        request,
        form,
        title=_("Merge invoices"),
        save=lambda form: actions.merge_invoices(
            actor=actor(request), now=now(), invoices=list(form.cleaned_data["invoices"])
        ),
        done=_("The invoices are merged."),
        to=lambda row: reverse("billing:invoice", args=[row.pk]),
        template="web/confirm.html",
        text=_("%(name)s: one invoice for what is left of several.") % {"name": customer.name},
        points=[
            _("It has the dates of the newest one; the others count for nothing while merged."),
            _("The balance stays as it is, and the merge can be undone."),
        ],
        cancel_url=reverse("desk:customer", args=[pk]),
    )


@requires(Verb.ISSUE_INVOICES)
def unmerge(request: HttpRequest, pk: int) -> HttpResponse:
    rows = visible(person(request), Invoice.objects.all())
    row = get_object_or_404(rows, pk=pk)
    back = reverse("billing:invoice", args=[pk])
    parts = ", ".join(each.label for each in originals_of(row))
    return answer_form(
        request,
        PanelForm(request.POST if request.method == "POST" else None),
        title=_("Undo the merge %(number)s") % {"number": row.label},
        save=lambda form: actions.unmerge(actor=actor(request), now=now(), invoice=row),
        done=_("The merge was undone."),
        to=back,
        template="web/confirm.html",
        text=_("These invoices are owed again: %(parts)s.") % {"parts": parts},
        points=[_("What was paid on the merged invoice pays them, oldest first.")],
        cancel_url=back,
    )
