"""The credits of an outage: worked out, looked through, approved or rejected, taken back."""

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from caudal.apps.billing.why import tell_all
from caudal.apps.clock.now import now
from caudal.apps.monitoring import actions
from caudal.apps.monitoring.forms.outages import DecisionForm
from caudal.apps.monitoring.models import CreditProposal, Rules
from caudal.apps.outages.models import Outage
from caudal.apps.staff.access import actor, person, requires
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.core.errors import RuleError
from caudal.store.money import total
from caudal.web.errors import explain
from caudal.web.table import KeysetPage


@require_GET
@requires(Verb.SEE_BILLING)
def credits(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Outage, pk=pk)
    rows = visible(person(request), CreditProposal.objects.filter(outage=found))
    page = KeysetPage.of(
        rows.select_related("customer", "service__plan", "reversal"),
        ("customer__name", "id"),
        request.GET.get("cursor", ""),
    )
    sums = rows.order_by("status", "currency").values_list("status", "currency")
    labels = dict(CreditProposal.Status.choices)
    context = {
        "title": _("Credits of the outage"),
        "outage": found,
        "page": page,
        "rows": [(row, tell_all(row.trace, row.currency)) for row in page.rows],
        "sums": [
            (status, labels[status], currency, count, amount)
            for status, currency, count, amount in sums.annotate(n=Count("pk"), sum=total("amount"))
        ],
        "can_decide": found.voided_at is None
        and rows.filter(status__in=("proposed", "failed")).exists(),
        "can_take_back": found.voided_at is not None and rows.filter(status="posted").exists(),
        "rules": Rules.current(),
    }
    return render(request, "monitoring/credits.html", context)


@require_POST
@requires(Verb.ISSUE_INVOICES)
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Outage, pk=pk)
    try:
        count = actions.propose_credits(actor=actor(request), now=now(), outage=found)
        said = ngettext("%(n)s credit is proposed.", "%(n)s credits are proposed.", count)
        messages.success(request, said % {"n": count})
    except RuleError as error:
        messages.error(request, explain(error))
    return redirect("monitoring:credits", pk=pk)


@require_POST
@requires(Verb.ISSUE_INVOICES)
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve or reject those that are ticked, or all."""
    found = get_object_or_404(Outage, pk=pk)
    rows = visible(person(request), CreditProposal.objects.filter(outage=found))
    keys = list(rows.values_list("pk", flat=True))
    form = DecisionForm(request.POST, keys=keys)
    if not form.is_valid():
        messages.error(request, _("Choose at least one."))
        return redirect("monitoring:credits", pk=pk)
    only = keys if form.only is None else form.only
    who, present = actor(request), now()
    if "reject" in request.POST:
        count = actions.reject_credits(actor=who, now=present, outage=found, only=only)
        said = ngettext("%(n)s credit was rejected.", "%(n)s credits were rejected.", count)
    else:
        count = actions.approve_credits(actor=who, now=present, outage=found, only=only)
        said = ngettext(
            "%(n)s credit was approved and is being posted.",
            "%(n)s credits were approved and are being posted.",
            count,
        )
    messages.success(request, said % {"n": count})
    return redirect("monitoring:credits", pk=pk)


@require_POST
@requires(Verb.ISSUE_INVOICES)
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Those of a false alarm that were posted, as far as this person sees their customers."""
    found = get_object_or_404(Outage, pk=pk)
    only = list(posted_credits(request, found).values_list("pk", flat=True))
    try:
        count = actions.take_back_credits(actor=actor(request), now=now(), outage=found, only=only)
        messages.success(request, taken_back_words(count))
    except RuleError as error:
        messages.error(request, explain(error))
    return redirect("monitoring:credits", pk=pk)


@requires(Verb.MANAGE_OUTAGES)
def void(request: HttpRequest, pk: int) -> HttpResponse:
    """It was a false alarm; who may move money takes the granted credits back in the same act."""
    found = get_object_or_404(Outage, pk=pk)
    posted = posted_credits(request, found)
    may = person(request).may(Verb.ISSUE_INVOICES)
    home = reverse("monitoring:outage", args=[pk])
    if request.method == "POST":
        wanted = may and request.POST.get("take_back") == "1"
        only = list(posted.values_list("pk", flat=True)) if wanted else []
        count = actions.void_outage(actor=actor(request), now=now(), outage=found, take_back=only)
        messages.success(request, _("It was a false alarm: it holds nobody any more."))
        if count:
            messages.success(request, taken_back_words(count))
        return redirect(home)
    context = {
        "title": _("False alarm"),
        "outage": found,
        "posted": list(
            posted.order_by("currency")
            .values_list("currency")
            .annotate(n=Count("pk"), sum=total("amount"))
        ),
        "waiting": found.credits.filter(status="approved").count(),
        "may_take_back": may,
        "cancel_url": home,
    }
    return render(request, "monitoring/void.html", context)


def posted_credits(request: HttpRequest, found: Outage) -> QuerySet[CreditProposal]:
    rows = CreditProposal.objects.filter(outage=found, status=CreditProposal.Status.POSTED)
    return visible(person(request), rows).order_by()


def taken_back_words(count: int) -> str:
    said = ngettext(
        "%(n)s credit is being taken back with a debit note.",
        "%(n)s credits are being taken back with debit notes.",
        count,
    )
    return said % {"n": count}
