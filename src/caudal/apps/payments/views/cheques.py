"""Cheques by state and deposit date: to the bank, cleared, or sent back."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from caudal.apps.clock.now import now, today
from caudal.apps.payments import actions
from caudal.apps.payments.forms import DepositForm, OnForm, RejectForm
from caudal.apps.payments.models import CashBox, Cheque
from caudal.apps.staff.access import actor, person, requires
from caudal.apps.staff.branches import OfBranch
from caudal.apps.staff.models import User
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.core.text import fold
from caudal.store.money import total
from caudal.web.forms import answer_form
from caudal.web.table import KeysetPage

STEPS = {Cheque.State.PORTFOLIO.value: "deposit", Cheque.State.DEPOSITED.value: "clear"}
"""What is done next with many at once, by the state in which they are."""


class ChequeFilter(OfBranch):
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        choices=[("", gettext_lazy("All")), *Cheque.State.choices],
        required=False,
    )
    until = forms.DateField(
        label=gettext_lazy("Deposit date up to"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    q = forms.CharField(label=gettext_lazy("Number, bank or customer"), required=False)
    field_order = ("state", "until", "branch", "q")

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data)
        self.offer_branches(user)

    def narrow(self, rows: QuerySet[Cheque]) -> QuerySet[Cheque]:
        """Those that fit; a branch has the cheques of its customers."""
        wanted = self.cleaned_data if self.is_valid() else {}
        if wanted.get("branch"):
            rows = rows.filter(customer__zone__branch=wanted["branch"])
        if wanted.get("state"):
            rows = rows.filter(state=wanted["state"])
        if wanted.get("until"):
            rows = rows.filter(deposit_on__lte=wanted["until"])
        if words := wanted.get("q", "").strip():
            named = Q()
            for word in fold(words).split():
                named &= Q(customer__search_text__contains=word)
            rows = rows.filter(Q(number__icontains=words) | Q(bank__icontains=words) | named)
        return rows


@require_GET
@requires(Verb.SEE_PAYMENTS)
def cheques(request: HttpRequest) -> HttpResponse:
    """Those in portfolio unless another state is asked, by deposit date."""
    asked = request.GET.copy()
    asked.setdefault("state", Cheque.State.PORTFOLIO.value)
    form = ChequeFilter(asked, user=person(request))
    found = form.narrow(_visible(request))
    page = KeysetPage.of(found, ("deposit_on", "id"), request.GET.get("cursor", ""))
    step = STEPS.get(str(asked["state"]), "")
    context = {
        "title": _("Cheques"),
        "form": form,
        "page": page,
        "sums": list(found.order_by().values_list("currency").annotate(sum=total("amount"))),
        "step": step,
        "today": today(),
    }
    return render(request, "payments/cheques.html", context)


@require_GET
@requires(Verb.SEE_PAYMENTS)
def cheque(request: HttpRequest, pk: int) -> HttpResponse:
    """One cheque and its history."""
    row = get_object_or_404(_visible(request), pk=pk)
    context = {"title": _("Cheque %(cheque)s") % {"cheque": row}, "cheque": row}
    return render(request, "payments/cheque.html", context)


@requires(Verb.MANAGE_CHEQUES)
def deposit(request: HttpRequest) -> HttpResponse:
    chosen = _chosen(request, Cheque.State.PORTFOLIO)
    if not chosen:
        return redirect("payments:cheques")
    banks = CashBox.objects.filter(
        kind=CashBox.Kind.BANK, is_active=True, company__in={row.company_id for row in chosen}
    ).select_related("account", "company")
    return _answer(
        request,
        DepositForm(request.POST or None, boxes=banks, initial={"on": today()}),
        chosen,
        title=_("Deposit cheques"),
        save=lambda form: actions.deposit_cheques(
            actor=actor(request), now=now(), cheques=chosen, **form.cleaned_data
        ),
        done=_("The cheques were deposited."),
        submit=_("Deposit"),
    )


@requires(Verb.MANAGE_CHEQUES)
def clear(request: HttpRequest) -> HttpResponse:
    chosen = _chosen(request, Cheque.State.DEPOSITED)
    if not chosen:
        return redirect("payments:cheques")
    return _answer(
        request,
        OnForm(request.POST or None, initial={"on": today()}),
        chosen,
        title=_("The bank paid these cheques"),
        save=lambda form: actions.clear_cheques(
            actor=actor(request), now=now(), cheques=chosen, **form.cleaned_data
        ),
        done=_("The cheques are cleared."),
        submit=_("Mark as cleared"),
    )


@requires(Verb.MANAGE_CHEQUES)
def reject(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(_visible(request), pk=pk)
    back = reverse("payments:cheque", args=[pk])
    return answer_form(
        request,
        RejectForm(request.POST or None, initial={"on": today()}),
        title=_("Reject cheque %(cheque)s") % {"cheque": row},
        save=lambda form: actions.reject_cheque(
            actor=actor(request), now=now(), cheque=row, **form.cleaned_data
        ),
        done=_("The cheque was rejected."),
        to=back,
        template="web/confirm.html",
        text=_("What it had paid is owed again."),
        points=[
            _("A payment that was this cheque alone is deleted; of a mixed one the rest stays.")
        ],
        danger=True,
        cancel_url=back,
    )


def _answer(request: HttpRequest, form: Any, chosen: list[Cheque], **more: Any) -> HttpResponse:
    back = reverse("payments:cheques")
    return answer_form(
        request,
        form,
        to=back,
        template="payments/cheques_step.html",
        cheques=chosen,
        cancel_url=back,
        **more,
    )


def _chosen(request: HttpRequest, state: Cheque.State) -> list[Cheque]:
    asked = request.POST.getlist("cheque") or request.GET.getlist("cheque")
    keys = [key for key in asked if key.isdecimal()]
    return list(_visible(request).filter(pk__in=keys, state=state))


def _visible(request: HttpRequest) -> QuerySet[Cheque]:
    rows = visible(person(request), Cheque.objects.all())
    return rows.select_related("customer", "company", "box", "part__payment")
