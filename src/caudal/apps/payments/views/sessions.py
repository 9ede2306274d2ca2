"""Cash sessions: opening, working, closing blind, and what came out; expenses and hand-overs."""

from decimal import Decimal

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from caudal.apps.clock.now import now, today
from caudal.apps.payments import actions
from caudal.apps.payments.denominations import denominations
from caudal.apps.payments.forms import CloseForm, HandOverForm, MoveForm, OpenForm
from caudal.apps.payments.models import CashBox, CashSession, Method
from caudal.apps.payments.reports import boxes_seen
from caudal.apps.payments.reports import sessions as sessions_of
from caudal.apps.payments.sessions import expected_cash
from caudal.apps.staff.access import actor, person, requires
from caudal.apps.staff.branches import BranchFilter
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.core.money import ZERO
from caudal.web.forms import answer_form
from caudal.web.table import KeysetPage


@require_GET
@requires(Verb.OPERATE_CASH)
def sessions(request: HttpRequest) -> HttpResponse:
    """The newest first: one's own, or everybody's for who supervises."""
    narrowed = BranchFilter(request.GET.dict(), user=person(request))
    rows = sessions_of(person(request), narrowed.chosen_branch)
    page = KeysetPage.of(rows, ("-opened_at", "-id"), request.GET.get("cursor", ""))
    context = {"title": _("Cash sessions"), "page": page, "narrowed": narrowed}
    return render(request, "payments/sessions.html", context)


@require_GET
@requires(Verb.OPERATE_CASH)
def session(request: HttpRequest, pk: int) -> HttpResponse:
    """What moved in it; what it should hold is told only once it is closed, or to a supervisor."""
    row = get_object_or_404(sessions_of(person(request)), pk=pk)
    may_know = not row.is_open or person(request).may(Verb.SUPERVISE_CASH)
    moved = row.movements.select_related("box__account", "payment__customer", "transaction")
    context = {
        "title": _("Cash session %(session)s") % {"session": row},
        "session": row,
        "currency": row.box.account.currency,
        "movements": moved.order_by("-id") if may_know else None,
        "expected": expected_cash(row) if row.is_open and may_know else None,
        "methods": _methods(row),
        "pieces": row.denominations.items(),
    }
    return render(request, "payments/session.html", context)


@requires(Verb.OPERATE_CASH)
def open_session(request: HttpRequest) -> HttpResponse:
    boxes = _drawers(request)
    asked = request.GET.get("box", "")
    initial = {"box": asked} if asked.isdecimal() else {}
    return answer_form(
        request,
        OpenForm(request.POST or None, boxes=boxes, initial=initial),
        title=_("Open a cash session"),
        save=lambda form: actions.open_session(
            actor=actor(request),
            now=now(),
            on=today(),
            operator=person(request),
            **form.require_certain(),
        ),
        done=_("The cash session is open."),
        to=reverse("payments:desk"),
        submit=_("Open a cash session"),
        cancel_url=reverse("payments:sessions"),
    )


@requires(Verb.OPERATE_CASH)
def close_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Blind: the form says nothing of what there should be."""
    row = get_object_or_404(sessions_of(person(request)), pk=pk)
    back = reverse("payments:session", args=[pk])
    if not row.is_open:
        return redirect(back)
    faces = denominations(row.box.account.currency)
    return answer_form(
        request,
        CloseForm(request.POST or None, faces=faces),
        title=_("Close %(box)s") % {"box": row.box},
        save=lambda form: actions.close_session(
            actor=actor(request),
            now=now(),
            on=today(),
            session=row,
            counted_cash=form.cleaned_data["cash"],
            counted=form.counted(),
            denominations=form.denominations(),
            note=form.cleaned_data["note"],
        ),
        done=_("The cash session is closed."),
        to=back,
        template="payments/close.html",
        session=row,
        cancel_url=back,
    )


@requires(Verb.OPERATE_CASH)
def move(request: HttpRequest) -> HttpResponse:
    """An expense, or money put into or taken out of a box."""
    return answer_form(
        request,
        MoveForm(request.POST or None, boxes=boxes_seen(person(request)), initial=_asked(request)),
        title=_("Cash in or out"),
        save=lambda form: actions.move_cash(
            actor=actor(request),
            now=now(),
            on=today(),
            operator=person(request),
            **form.cleaned_data,
        ),
        done=_("The movement was recorded."),
        to=reverse("payments:sessions"),
        cancel_url=reverse("payments:sessions"),
    )


@requires(Verb.OPERATE_CASH)
def hand_over(request: HttpRequest) -> HttpResponse:
    """Money of a drawer to the safe, to the bank or to whoever collects it."""
    known = visible(person(request), CashBox.objects.filter(is_active=True))
    targets = known.exclude(kind=CashBox.Kind.CHEQUES)
    initial = {"source": _asked(request).get("box")}
    return answer_form(
        request,
        HandOverForm(
            request.POST or None,
            boxes=boxes_seen(person(request)),
            targets=targets.select_related("account", "company"),
            initial=initial,
        ),
        title=_("Hand money over"),
        save=lambda form: actions.hand_over(
            actor=actor(request),
            now=now(),
            on=today(),
            operator=person(request),
            **form.cleaned_data,
        ),
        done=_("The money was handed over."),
        to=reverse("payments:sessions"),
        submit=_("Hand over"),
        cancel_url=reverse("payments:sessions"),
    )


def _asked(request: HttpRequest) -> dict[str, str]:
    """The box that was asked for, else the drawer that the person has open, else any drawer."""
    asked = request.GET.get("box", "")
    if asked.isdecimal():
        return {"box": asked}
    opened = CashSession.objects.filter(operator=person(request), closed_at=None)
    drawers = boxes_seen(person(request)).filter(kind=CashBox.Kind.CASH)
    drawer = opened.values_list("box", flat=True).first()
    drawer = drawer or drawers.values_list("pk", flat=True).first()
    return {"box": str(drawer)} if drawer else {}


def _drawers(request: HttpRequest) -> QuerySet[CashBox]:
    """Cash boxes that nobody has open: one's own and everybody's, or all for who supervises."""
    user = person(request)
    every = visible(user, CashBox.objects.all())
    rows = every.filter(is_active=True, kind=CashBox.Kind.CASH)
    opened = CashSession.objects.filter(closed_at=None).values("box")
    rows = rows.exclude(pk__in=opened).select_related("account", "company").order_by("name")
    if user.may(Verb.SUPERVISE_CASH):
        return rows
    return rows.filter(operator=user) | rows.filter(operator=None)


def _methods(row: CashSession) -> list[dict[str, object]]:
    """What was counted and what was recorded of each form that is not the drawer's cash."""
    if row.is_open:
        return []
    known = sorted(set(row.counted) | set(row.expected))
    return [
        {
            "label": Method(method).label,
            "counted": _decimal(row.counted.get(method)),
            "expected": _decimal(row.expected.get(method)),
            "difference": _decimal(row.counted.get(method)) - _decimal(row.expected.get(method)),
        }
        for method in known
    ]


def _decimal(text: str | None) -> Decimal:
    return Decimal(text) if text else ZERO
