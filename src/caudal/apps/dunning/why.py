""" "Why?": one plain sentence on why a service is suspended, is cut, or is not, and the detail."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils import formats
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from caudal.apps.billing.why import tell
from caudal.apps.customers.models import (
    Customer,
    Service,
    ServiceState,
    Suspension,
    SuspensionReason,
)
from caudal.apps.dunning.facts import Case, cases_of
from caudal.apps.network.reads import revisions_held
from caudal.apps.staff.actor import actor_word
from caudal.core.money import minor_digits
from caudal.core.records import Plain, Reason, ReasonCode, Value

AHEAD = timedelta(days=62)
"""How far a cut is foreseen: two months, as far as invoices are made ahead."""

BY_HAND: Mapping[str, Lazy] = {
    SuspensionReason.MANUAL: gettext_lazy("Suspended by hand on {on} by {by}"),
    SuspensionReason.HOLD: gettext_lazy("Suspended on {on} at his own request, taken by {by}"),
    SuspensionReason.ABUSE: gettext_lazy("Suspended for abuse on {on} by {by}"),
}


@dataclass(frozen=True)
class Why:
    """One sentence, and each rule that led to it with its values."""

    service: Service
    sentence: str
    detail: tuple[str, ...] = ()
    cut_on: date | None = None
    """When he is cut if he does not pay; None where nothing threatens him."""


def why_of(customer: Customer, today: date) -> list[Why]:
    """A word on each service of the customer, as of `today`, in the person's language."""
    services = Service.objects.filter(customer=customer).order_by("number")
    return explain(services, today)


def explain(services: Iterable[Service], today: date) -> list[Why]:
    """As `why_of` for any services, by customer and number; in a fixed number of queries."""
    cases = cases_of(services)
    open_ones: dict[int, list[Suspension]] = {}
    rows = Suspension.objects.filter(service__in=[c.service.pk for c in cases], closed_at=None)
    for row in rows.order_by("opened_at", "id"):
        open_ones.setdefault(row.service_id, []).append(row)
    held = revisions_held(open_ones)
    return [_explain(case, open_ones.get(case.service.pk, []), held, today) for case in cases]


def why_suspended(suspension: Suspension, currency: str, today: date) -> str:
    """The sentence of one suspension, from the trace that the cut left."""
    on = _day(suspension.opened_on, today)
    if suspension.reason != SuspensionReason.UNPAID:
        by = actor_word(suspension.opened_by)
        sentence = str(BY_HAND[suspension.reason]).format(on=on, by=by)
        return _closed(sentence, [suspension.note])
    told = _params(suspension.trace)
    return _closed(_("Suspended on {on}").format(on=on), _debt(told, currency, today), ": ")


def why_cut(trace: Iterable[Reason | Plain], currency: str, today: date) -> str:
    """The sentence of a decision to cut, as `today` sees its dates."""
    told = _params(trace)
    return _closed(_("He is cut"), _debt(told, currency, today), ": ")


def why_not_cut(trace: Iterable[Reason | Plain], currency: str, today: date) -> str:
    """The sentence of a decision not to cut."""
    told = _params(trace)
    code = next(iter(told), "")
    return _not_cut(code, told.get(code, {}), currency, today)


def _explain(
    case: Case, suspensions: list[Suspension], held: Mapping[int, int], today: date
) -> Why:
    service, currency = case.service, case.service.plan.currency
    if suspensions:
        sentences = [why_suspended(row, currency, today) for row in suspensions]
        sentences += _owes_now(case, suspensions, currency, today)
        if held.get(service.pk, service.revision) < service.revision:
            sentences.append(_("The router has not been told yet."))
        detail = (line for row in suspensions for line in _detail(row.trace, currency))
        return Why(service, " ".join(sentences), tuple(detail))
    if service.state != ServiceState.ACTIVE:
        return Why(service, "")
    return _why_it_browses(case, currency, today)


def _owes_now(
    case: Case, suspensions: Iterable[Suspension], currency: str, today: date
) -> list[str]:
    """A cut tells what he owed then; where that has changed since, what he owes today."""
    traces = [row.trace for row in suspensions if row.reason == SuspensionReason.UNPAID]
    owed = case.overdue_debt(today)
    then = [_limit(_params(trace))[1].get("debt") for trace in traces]
    if all(debt is None or debt == owed for debt in then):
        return []
    return [_("Today his overdue debt is {amount}.").format(amount=_plain(owed, currency))]


def _why_it_browses(case: Case, currency: str, today: date) -> Why:
    found = case.first_cut(today, today + AHEAD)
    decision = case.decide(today)
    cut_on = found[0] if found else None
    detail = _detail(decision.reasons, currency) if case.overdue(today) else []
    if not case.invoices:
        return Why(case.service, "")
    if decision.cut:
        sentence = why_cut(decision.reasons, currency, today)
    elif case.overdue(today) or found is None:
        sentence = why_not_cut(decision.reasons, currency, today)
        if found is not None:
            sentence = f"{sentence} {_will_be_cut(found[0], today)}"
    else:
        sentence = _first_threat(case, found[0], found[1].reasons, currency, today)
    return Why(case.service, sentence, tuple(detail), cut_on)


def _will_be_cut(on: date, today: date) -> str:
    return _("He is cut on {day} if he does not pay.").format(day=_day(on, today))


def _first_threat(
    case: Case, on: date, reasons: Iterable[Reason], currency: str, today: date
) -> str:
    """Nothing is overdue yet: when it is, and for what; a promise may be what moves it."""
    if case.promise is not None and case.promise.until == on:
        until = {"day": _day(on, today)}
        return _("He is not cut before {day}, by when he promises to pay.").format(**until)
    told = _params(reasons)
    debt = _debt(told, currency, on, today)[:2]
    return _closed(_will_be_cut(on, today).rstrip("."), debt, ": ")


def _debt(
    told: Mapping[str, Mapping[str, Value]],
    currency: str,
    today: date,
    asked_on: date | None = None,
) -> list[str]:
    """The invoice, the debt, the threshold and the promise; "today" is the year left out.

    `asked_on`: who reads it before the due date reads of what is to come.
    """
    count = told.get(ReasonCode.ENOUGH_OVERDUE, {})
    sentence, debt = _limit(told)
    broken = told.get(ReasonCode.PROMISE_BROKEN)
    parts = [_("he owes overdue invoices")]
    if count:
        parts = [_overdue(count, today, asked_on or today)]
    if debt:
        parts.append(_("he owes {amount}").format(amount=_plain(debt["debt"], currency)))
        limit = _plain(debt["threshold"], currency)
        parts.append(sentence.format(amount=limit))
    parts.append(_promised(broken, today))
    return parts


def _limit(told: Mapping[str, Mapping[str, Value]]) -> tuple[str, Mapping[str, Value]]:
    """How the limit of the debt is said, and what stands beside it."""
    if ReasonCode.DEBT_REACHES_LIMIT in told:
        return _("who owes {amount} or more is cut"), told[ReasonCode.DEBT_REACHES_LIMIT]
    return _("the threshold is {amount}"), told.get(ReasonCode.DEBT_OVER_THRESHOLD, {})


def _promised(broken: Mapping[str, Value] | None, today: date) -> str:
    if broken is None:
        return _("without a live promise")
    until = broken["until"]
    if isinstance(until, date) and until > today:
        return _("he promises to pay that very day")
    return _("he did not keep his promise of {day}").format(day=_day(until, today))


def _overdue(count: Mapping[str, Value], today: date, asked_on: date) -> str:
    due, number = _day(count["oldest_due"], today), str(count.get("oldest", ""))
    oldest_due = count["oldest_due"]
    is_to_come = isinstance(oldest_due, date) and oldest_due >= asked_on
    overdue = int(str(count["count"]))
    if overdue > 1:
        return ngettext(
            "{count} invoice is overdue, of {needed} that cut, the oldest since {due}",
            "{count} invoices are overdue, of {needed} that cut, the oldest since {due}",
            overdue,
        ).format(count=overdue, needed=count["needed"], due=due)
    if not number:
        return _("an invoice was due on {due}").format(due=due)
    if is_to_come:
        return _("invoice {number} is due on {due}").format(number=number, due=due)
    return _("invoice {number} was due on {due}").format(number=number, due=due)


def _not_cut(code: str, values: Mapping[str, Value], currency: str, today: date) -> str:
    said = {name: _said(value, currency, today) for name, value in values.items()}
    sentence = NOT_CUT.get(code)
    if sentence is None:
        return ""
    if code == ReasonCode.TOO_FEW_OVERDUE and values.get("count") == 0:
        return _("He is not cut: nothing is overdue.")
    return str(sentence).format(**said)


NOT_CUT: Mapping[str, Lazy] = {
    ReasonCode.CUSTOMER_GRATIS: gettext_lazy("He is not cut because he is a free customer."),
    ReasonCode.NEVER_CUT: gettext_lazy("He is not cut because he is marked as never to be cut."),
    ReasonCode.NO_CUT_DAY: gettext_lazy("He is not cut today because nobody is cut on {day}."),
    ReasonCode.TOO_FEW_OVERDUE: gettext_lazy(
        "He is not cut because {needed} overdue invoices cut and he owes {count}."
    ),
    ReasonCode.DEBT_BELOW_LIMIT: gettext_lazy(
        "He is not cut because he owes {debt}: who owes {threshold} or more is cut."
    ),
    ReasonCode.DEBT_WITHIN_THRESHOLD: gettext_lazy(
        "He is not cut because he owes {debt} and up to {threshold} nobody is cut."
    ),
    ReasonCode.ENABLED_BY_HAND: gettext_lazy(
        "He is not cut because he was enabled by hand on {on}: what was overdue by then does not"
        " cut."
    ),
    ReasonCode.OUTAGE_HOLDS: gettext_lazy(
        "He is not cut because an outage has left him without service since {since}."
    ),
    ReasonCode.OUTAGE_GRACE: gettext_lazy(
        "He is not cut because an outage left him without service on {since}: until {until} nobody"
        " who was in it is cut."
    ),
    ReasonCode.PROMISE_HOLDS: gettext_lazy("He is not cut because he promises to pay by {until}."),
    ReasonCode.PROMISE_WINDOW_OVER: gettext_lazy(
        "He is not cut: the tries after his promise of {until} ended on {last}."
    ),
}


def _params(trace: Iterable[Reason | Plain]) -> dict[str, Mapping[str, Value]]:
    """Code -> values, in the order of the trace."""
    reasons = [each if isinstance(each, Reason) else Reason.from_plain(each) for each in trace]
    return {reason.code: reason.params for reason in reasons}


def _detail(trace: Iterable[Reason | Plain], currency: str) -> list[str]:
    reasons = (each if isinstance(each, Reason) else Reason.from_plain(each) for each in trace)
    return [tell(reason, currency) for reason in reasons]


def _closed(sentence: str, parts: Iterable[str], joint: str = ": ") -> str:
    rest = ", ".join(part for part in parts if part)
    return f"{sentence}{joint}{rest}." if rest else f"{sentence}."


def _said(value: Value, currency: str, today: date) -> str:
    if isinstance(value, date):
        return _day(value, today)
    return _plain(value, currency) if isinstance(value, Decimal) else str(value)


def _plain(amount: Value, currency: str) -> str:
    """The bare figure: 300.00."""
    return f"{Decimal(str(amount)):.{minor_digits(currency)}f}"


def _day(day: Value, today: date) -> str:
    """5 July; with its year where that is not the one in which it is read."""
    assert isinstance(day, date)
    style = "MONTH_DAY_FORMAT" if day.year == today.year else "DATE_FORMAT"
    return formats.date_format(day, style)
