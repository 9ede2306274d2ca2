"""The workbench: bank lines, whose money they may be, and what is decided."""

from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from caudal.apps.clock.now import now
from caudal.apps.customers.models import Customer
from caudal.apps.customers.search import matching
from caudal.apps.staff.access import actor, person, requires
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.apps.treasury import actions
from caudal.apps.treasury.forms import ReasonForm, SharesForm
from caudal.apps.treasury.models import BankAccount, BankLine, MatchBatch
from caudal.apps.treasury.proposals import proposals
from caudal.apps.treasury.reads import bank_money_waiting
from caudal.apps.treasury.shown import ShownLine, proposals_of, shown
from caudal.core.errors import RuleError
from caudal.core.matching import SURE
from caudal.web.errors import explain
from caudal.web.forms import answer_form
from caudal.web.money import format_money
from caudal.web.table import KeysetPage

PAGE = 25
TOGETHER = 300
"""Lines looked at when many are accepted at once."""
State = BankLine.State


@require_GET
@requires(Verb.SEE_ARRIVALS)
def lines(request: HttpRequest) -> HttpResponse:
    """Lines of a state, newest first; open ones with their proposals."""
    state = request.GET.get("state", State.OPEN)
    found = _narrowed(request, state)
    page = KeysetPage.of(
        found.select_related("account__cash_box__account", "account__company"),
        ("-on", "-id"),
        request.GET.get("cursor", ""),
        PAGE,
    )
    context = {
        "title": _("Bank lines"),
        "page": page,
        "lines": shown(page.rows),
        "state": state,
        "states": State.choices,
        "accounts": BankAccount.objects.all(),
        "account": request.GET.get("account", ""),
        "words": request.GET.get("q", ""),
    }
    is_part = request.headers.get("HX-Request") and not request.headers.get("HX-Boosted")
    return render(request, f"treasury/{'_lines' if is_part else 'lines'}.html", context)


@require_GET
@requires(Verb.SEE_ARRIVALS)
def line(request: HttpRequest, pk: int) -> HttpResponse:
    """One line: its proposals, a search for its customer, and sharing it."""
    row = _line(request, pk)
    context = {
        "title": _("Bank line"),
        "each": shown([row])[0],
        "search_url": reverse("treasury:find_customer") + f"?line={row.pk}",
    }
    return render(request, "treasury/line.html", context)


@require_GET
@requires(Verb.SEE_ARRIVALS)
def find_customer(request: HttpRequest) -> HttpResponse:
    """Customers by any word, with a button that gives them the money of a line or a payment."""
    if not (request.GET.get("line") or request.GET.get("payment", "")).isdecimal():
        raise Http404
    words = request.GET.get("q", "").strip()
    found = visible(person(request), Customer.objects.filter(archived_at=None))
    rows = found.filter(matching(words)).prefetch_related("balances")[:10] if words else []
    context = {
        "customers": rows,
        "words": words,
        "line": request.GET.get("line", ""),
        "payment": request.GET.get("payment", ""),
    }
    return render(request, "treasury/_customers.html", context)


@require_POST
@requires(Verb.MATCH_ARRIVALS)
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Do what one of the line's proposals says, the one that was on the screen."""
    row = _line(request, pk)
    wanted = (request.POST.get("person", ""), request.POST.get("payment", ""))
    chosen = [
        each
        for each in proposals([row]).get(row.pk, [])
        if (str(each.person), str(each.payment or "")) == wanted
    ]
    if not chosen:
        return _answer(request, row, _("The proposals have changed meanwhile. Look again."))
    try:
        actions.accept(actor=actor(request), now=now(), line=row, proposal=chosen[0], batch=None)
    except RuleError as error:
        return _answer(request, row, explain(error))
    return _answer(request, row)


@require_POST
@requires(Verb.MATCH_ARRIVALS)
def give(request: HttpRequest, pk: int, customer_pk: int) -> HttpResponse:
    """All of it to a customer whom a person found."""
    row = _line(request, pk)
    customer = get_object_or_404(_customers(request), pk=customer_pk)
    share = actions.Share(customer, row.amount)
    try:
        actions.assign(actor=actor(request), now=now(), line=row, shares=[share])
        messages.success(request, _("The payment was registered."))
    except RuleError as error:
        messages.error(request, explain(error))
    return redirect("treasury:line", pk)


@requires(Verb.MATCH_ARRIVALS)
def share(request: HttpRequest, pk: int) -> HttpResponse:
    """The line's money for several customers."""
    row = _line(request, pk)
    return answer_form(
        request,
        SharesForm(request.POST or None, customers=_customers(request)),
        title=_("Share a line"),
        intro=_("%(amount)s of %(day)s. The parts must add up to it.")
        % {
            "amount": format_money(row.amount, row.account.cash_box.account.currency),
            "day": date_format(row.on, "SHORT_DATE_FORMAT"),
        },
        save=lambda form: actions.assign(
            actor=actor(request),
            now=now(),
            line=row,
            shares=[actions.Share(customer, amount) for customer, amount in form.shares],
        ),
        done=_("The payments were registered."),
        to=reverse("treasury:line", args=[pk]),
        cancel_url=reverse("treasury:line", args=[pk]),
    )


@requires(Verb.MATCH_ARRIVALS)
def ignore(request: HttpRequest, pk: int) -> HttpResponse:
    row = _line(request, pk)
    return answer_form(
        request,
        ReasonForm(request.POST or None),
        title=_("Ignore a line"),
        intro=_("For money that is no customer's: transfers of your own, a gateway's deposit."),
        save=lambda form: actions.ignore(
            actor=actor(request), now=now(), line=row, **form.cleaned_data
        ),
        done=_("The line is ignored."),
        to=reverse("treasury:lines"),
        cancel_url=reverse("treasury:lines"),
    )


@require_POST
@requires(Verb.MATCH_ARRIVALS)
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    row = _line(request, pk)
    try:
        actions.reopen(actor=actor(request), now=now(), line=row)
    except RuleError as error:
        return _answer(request, row, explain(error))
    return _answer(request, row)


@requires(Verb.SEE_ARRIVALS, post=Verb.MATCH_ARRIVALS)
def accept_many(request: HttpRequest) -> HttpResponse:
    """Every open line whose first proposal is sure: shown first, then accepted as it was shown."""
    pairs = _sure(request)
    seen = actions.fingerprint([(each.line, each.first.proposal) for each in pairs if each.first])
    if request.method == "POST":
        try:
            batch = actions.accept_many(
                actor=actor(request),
                now=now(),
                pairs=[(each.line, each.first.proposal) for each in pairs if each.first],
                lowest_score=SURE,
                seen=request.POST.get("seen", ""),
            )
            return redirect("treasury:batch", batch.pk)
        except RuleError as error:
            messages.error(request, explain(error))
    context = {
        "title": _("Accept what is sure"),
        "lines": pairs,
        "seen": seen,
        "sum": sum(each.line.amount for each in pairs),
    }
    return render(request, "treasury/accept_many.html", context)


@require_GET
@requires(Verb.SEE_ARRIVALS)
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """Lines that were accepted together."""
    row = _batch(request, pk)
    made = row.assignments.select_related("line__account__cash_box__account", "customer", "payment")
    context = {"title": _("Lines accepted together"), "batch": row, "made": made.order_by("pk")}
    return render(request, "treasury/batch.html", context)


@require_POST
@requires(Verb.MATCH_ARRIVALS)
def undo_batch(request: HttpRequest, pk: int) -> HttpResponse:
    row = _batch(request, pk)
    try:
        actions.undo_batch(actor=actor(request), now=now(), batch=row)
        messages.success(request, _("Everything was taken back."))
    except RuleError as error:
        messages.error(request, explain(error))
    return redirect("treasury:batch", pk)


def _batch(request: HttpRequest, pk: int) -> MatchBatch:
    """Shown and undone as a whole: only to who sees each of its customers."""
    row = get_object_or_404(MatchBatch, pk=pk)
    made = row.assignments.all()
    if visible(person(request), made).count() < made.count():
        raise Http404
    return row


def _sure(request: HttpRequest) -> list[ShownLine]:
    """In their order; two lines that would take the same payment are left to a person."""
    rows = list(_narrowed(request, State.OPEN).select_related(
        "account__cash_box__account", "account__company"
    ).order_by("on", "id")[:TOGETHER])  # fmt: skip
    found = proposals_of([row for row in rows if row.state == State.OPEN])
    taken: set[int] = set()
    sure = []
    for row in rows:
        first = next(iter(found.get(row.pk, [])), None)
        if first is None or first.proposal.score < SURE or first.proposal.payment in taken:
            continue
        if first.proposal.payment is not None:
            taken.add(first.proposal.payment)
        sure.append(ShownLine(row, first))
    return sure


def _narrowed(request: HttpRequest, state: str) -> QuerySet[BankLine]:
    mine = visible(person(request), BankLine.objects.all())
    if state == State.OPEN:
        mine = visible(person(request), bank_money_waiting())
    elif state in State.values:
        mine = mine.filter(state=state)
    account, words = request.GET.get("account", ""), request.GET.get("q", "").strip()
    if account.isdecimal():
        mine = mine.filter(account=int(account))
    for word in words.split():
        said = Q(text__icontains=word) | Q(reference__icontains=word) | Q(payer__icontains=word)
        mine = mine.filter(said)
    return mine


def _line(request: HttpRequest, pk: int) -> BankLine:
    mine = visible(person(request), BankLine.objects.all())
    rows = mine.select_related("account__cash_box__account", "account__company", "statement")
    return get_object_or_404(rows, pk=pk)


def _customers(request: HttpRequest) -> QuerySet[Customer]:
    found = visible(person(request), Customer.objects.filter(archived_at=None))
    return found.select_related("company", "zone")


def _answer(request: HttpRequest, row: BankLine, problem: str = "") -> HttpResponse:
    """The row of the table as it is now; without htmx, the page of the line."""
    row = _line(request, row.pk)
    if not request.headers.get("HX-Request"):
        if problem:
            messages.error(request, problem)
        return redirect("treasury:line", row.pk)
    context: dict[str, Any] = {"each": shown([row])[0], "problem": problem}
    return render(request, "treasury/_line.html", context)
