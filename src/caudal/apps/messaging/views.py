"""Screens of messages: what was sent, to whom, why not, and the templates."""

from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from caudal.apps.clock.now import now
from caudal.apps.messaging import actions
from caudal.apps.messaging.forms import FilterForm, TemplateForm
from caudal.apps.messaging.models import Delivery, Template
from caudal.apps.messaging.occasions import VARIABLES, sample
from caudal.apps.messaging.render import TemplateError
from caudal.apps.messaging.render import render as fill
from caudal.apps.messaging.words import told
from caudal.apps.staff.access import actor, person, requires
from caudal.apps.staff.scope import visible_by_number
from caudal.apps.staff.verbs import Verb
from caudal.web.forms import live
from caudal.web.table import KeysetPage

IN_PANEL = 6
NEWEST = ("-created_at", "-id")


@requires(Verb.SEE_MESSAGES)
def messages_list(request: HttpRequest) -> HttpResponse:
    form = FilterForm(request.GET or None)
    rows = _filtered(form, _visible(request))
    page = KeysetPage.of(rows, order=NEWEST, cursor=request.GET.get("cursor", ""))
    context = {"title": _("Messages sent"), "form": form, "page": page}
    fragment = request.headers.get("HX-Request")
    return render(request, "messaging/_list.html" if fragment else "messaging/list.html", context)


@requires(Verb.SEE_MESSAGES)
def message(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(_visible(request), pk=pk)
    fault, detail = told(found.error)
    context = {"title": found.subject, "message": found, "fault": fault, "detail": detail}
    return render(request, "messaging/message.html", context)


@require_POST
@requires(Verb.SEND_MESSAGES)
def resend(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(_visible(request), pk=pk)
    copy = actions.resend(actor=actor(request), now=now(), delivery=found)
    if request.headers.get("HX-Request") and copy.customer_id:
        return _panel(request, copy.customer_id)
    messages.success(request, _("The message waits to be sent again to %(to)s.") % {"to": copy.to})
    return redirect("messaging:message", copy.pk)


@require_POST
@requires(Verb.SEND_MESSAGES)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(_visible(request), pk=pk)
    if actions.withdraw(actor=actor(request), now=now(), delivery=found):
        messages.success(request, _("The message will not be sent."))
    else:
        messages.error(request, _("Too late: the message is on its way or went out."))
    return redirect("messaging:message", pk)


@requires(Verb.SEE_MESSAGES)
def of_customer(request: HttpRequest, pk: int) -> HttpResponse:
    """The panel of the customer's page."""
    return _panel(request, pk)


def _panel(request: HttpRequest, customer_id: int) -> HttpResponse:
    rows = _visible(request).filter(customer_id=customer_id)
    page = KeysetPage.of(rows, NEWEST, request.GET.get("cursor", ""), IN_PANEL)
    shown = [(row, told(row.error)[0]) for row in page.rows]
    context = {"messages": shown, "page": page, "customer_id": customer_id}
    return render(request, "messaging/_of_customer.html", context)


@requires(Verb.SEND_MESSAGES)
def templates(request: HttpRequest) -> HttpResponse:
    rows = Template.objects.order_by("occasion", "-language")
    return render(
        request, "messaging/templates.html", {"title": _("Message templates"), "rows": rows}
    )


@requires(Verb.SEND_MESSAGES)
def template(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Template, pk=pk)
    form = TemplateForm(request.POST or None, instance=found)
    if (errors := live(request, form)) is not None:
        return errors
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        actions.edit_template(actor=actor(request), now=now(), template=found, **said)
        messages.success(request, _("The template was saved."))
        return redirect("messaging:templates")
    context = {
        "title": str(found),
        "form": form,
        "template": found,
        "variables": VARIABLES[found.occasion],
        "preview": _preview(found, found.subject, found.body),
    }
    return render(request, "messaging/template.html", context)


@require_POST
@requires(Verb.SEND_MESSAGES)
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The message as it would be, while somebody types."""
    found = get_object_or_404(Template, pk=pk)
    shown = _preview(found, request.POST.get("subject", ""), request.POST.get("body", ""))
    return render(request, "messaging/_preview.html", {"preview": shown})


@dataclass(frozen=True)
class Preview:
    """The filled message, or what stops it."""

    subject: str = ""
    body: str = ""
    error: str = ""
    line: int = 0


def _preview(found: Template, subject: str, body: str) -> Preview:
    try:
        text = fill(subject, body, sample(found.occasion), found.language)
    except TemplateError as error:
        return Preview(error=error.reason, line=error.line)
    return Preview(text.subject, text.body)


def _visible(request: HttpRequest) -> QuerySet[Delivery]:
    return visible_by_number(person(request), Delivery.objects.all())


def _filtered(form: FilterForm, rows: QuerySet[Delivery]) -> QuerySet[Delivery]:
    """Filters that make no sense are as if not given."""
    said = form.cleaned_data if form.is_valid() else {}
    if text := said.get("search"):
        rows = rows.filter(Q(to__icontains=text) | Q(subject__icontains=text))
    exact = {name: said[name] for name in ("status", "occasion") if said.get(name)}
    return rows.filter(**exact)
