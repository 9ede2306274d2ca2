"""Editing an unpaid invoice, with totals that follow the typing."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from caudal.apps.billing import actions
from caudal.apps.billing.calendars import time_zone_of
from caudal.apps.billing.editing import refusal
from caudal.apps.billing.forms import EditForm
from caudal.apps.billing.models import Invoice
from caudal.apps.clock.now import now, today
from caudal.apps.staff.access import actor, person, requires
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.core.errors import RuleError
from caudal.web.errors import explain
from caudal.web.forms import answer_form


@requires(Verb.ISSUE_INVOICES)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The form, or why it cannot be edited and what to do instead."""
    invoice = _invoice(request, pk)
    back = reverse("billing:invoice", args=[pk])
    title = _("Edit invoice %(number)s") % {"number": invoice.label}
    if (error := refusal(invoice)) is not None:
        context = {"title": title, "invoice": invoice, "refusal": explain(error)}
        return render(request, "billing/not_edited.html", context, status=409)
    return answer_form(
        request,
        EditForm(request.POST or None, invoice=invoice),
        title=title,
        save=lambda form: actions.edit_invoice(
            actor=actor(request),
            now=now(),
            today=today(time_zone_of(invoice.customer.zone)),
            invoice=invoice,
            edit=form.edit(),
        ),
        done=_("The invoice was changed. What it had booked was reversed and booked anew."),
        to=back,
        template="billing/edit.html",
        invoice=invoice,
        cancel_url=back,
    )


@require_POST
@requires(Verb.ISSUE_INVOICES)
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """What the invoice would ask for as the form stands; nothing is written."""
    invoice = _invoice(request, pk)
    form = EditForm(request.POST, invoice=invoice)
    context: dict[str, object] = {"currency": invoice.currency, "was": invoice.total}
    if form.is_valid():
        try:
            draft = actions.edited_draft(invoice, form.edit())
            context |= {
                "draft": draft,
                "taxed": draft.taxed,
                "lines": zip(draft.lines, draft.taxed.lines, strict=True),
            }
        except RuleError as error:
            context["refusal"] = explain(error)
    return render(request, "billing/_preview.html", context)


def _invoice(request: HttpRequest, pk: int) -> Invoice:
    rows = Invoice.objects.select_related("customer__zone", "customer__company", "company")
    return get_object_or_404(visible(person(request), rows), pk=pk)
