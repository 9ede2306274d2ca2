"""What runs say: why a row was refused, why somebody is left out, why the clock stopped."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from caudal.apps.billing.why import tell
from caudal.apps.customers.models import ServiceState
from caudal.apps.runs.prints import Change
from caudal.core.records import Plain, Reason
from caudal.web.money import format_money

REASONS: Mapping[str, Promise] = {
    "own-price": _("It has a price of its own, which is left as it is."),
    "already-void": _("The invoice is void already."),
    "already-restored": _("The service was restored already."),
    "fiscal": _("The invoice is a fiscal document: it takes a credit note."),
    "merged": _("The invoice was merged into another one."),
    "paid": _("Something was paid on the invoice."),
    "price-changed-since": _("The price was changed by hand since."),
    "too-many-cuts": _(
        "{count} customers would be cut: more than {percent} percent of the {active} active ones."
    ),
    "unlike-last-time": _(
        "{count} services for {total} a month would be billed, and {before} for {total_before} were"
        " billed for the period before: more than {percent} percent of difference."
    ),
}

CHANGES: Mapping[str, Promise] = {
    "total": _("The amount was {before} and is {after} now."),
    "emission": _("The emission was {before} and is {after} now."),
    "notice": _("The notice was on {before} and is on {after} now."),
    "due": _("It was due on {before} and is due on {after} now."),
    "cut": _("The cut was on {before} and is on {after} now."),
    "days": _("It charged {before} and charges {after} now."),
    "line-gone": _("No longer charged: {before}."),
    "line-new": _("Charged now: {after}."),
    "owes": _("He owed {before} and owes {after} now."),
    "already-billed": _("Invoice {after} charges those days already."),
    "already-cut": _("The service was cut already."),
    "gratis": _("The customer is not invoiced any more."),
    "service-state": _("The service is {after} now."),
    "calendar": _("The customer's calendar does not bill on that date any more."),
    "not-billed": _("The customer is not billed on that date any more."),
    "not-cuttable": _("The service may not be cut any more."),
    "plan": _("The service was on {before} and is on {after} now."),
    "plan-price": _("The plan's price should be {before} and is {after}."),
    "own-price": _("Its own price should be {before} and is {after}."),
    "other": _("What it would say is different now."),
}

DATES = frozenset({"emission", "notice", "due", "cut"})
AMOUNTS = frozenset({"total", "plan-price", "own-price"})


def tell_reasons(reasons: Iterable[Plain], currency: str) -> list[str]:
    """The sentences of stored reasons, of the billing rules or of runs themselves."""
    return [tell_reason(reason, currency) for reason in reasons]


def tell_reason(plain: Plain, currency: str) -> str:
    reason = Reason.from_plain(plain)
    sentence = REASONS.get(reason.code)
    if sentence is None:
        return tell(reason, currency)
    shown = {name: _value(value, currency) for name, value in reason.params.items()}
    return str(sentence).format_map(shown)


def tell_changes(changes: Iterable[Change], currency: str) -> list[str]:
    """Why a row was refused, in words."""
    return [tell_change(change, currency) for change in changes]


def tell_change(change: Change, currency: str) -> str:
    code = change["code"]
    if code == "reason":
        return tell_reason(change["reason"], currency)
    sentence = CHANGES.get(code) or REASONS.get(code) or CHANGES["other"]
    show = _shower(code)
    return str(sentence).format(
        before=show(change.get("before"), currency), after=show(change.get("after"), currency)
    )


def _shower(code: str) -> Callable[[Any, str], str]:
    if code in DATES:
        return _day
    if code in AMOUNTS:
        return _amount
    if code == "days":
        return _days
    if code in ("line-gone", "line-new", "owes"):
        return _line
    return _state if code == "service-state" else _text


def _day(text: Any, currency: str) -> str:
    if not text:
        return "-"
    return str(formats.date_format(date.fromisoformat(text), "SHORT_DATE_FORMAT"))


def _days(pair: Any, currency: str) -> str:
    return " - ".join(_day(day, currency) for day in pair or []) or "-"


def _amount(text: Any, currency: str) -> str:
    return format_money(Decimal(text), currency) if text is not None else "-"


def _line(pair: Any, currency: str) -> str:
    """Description or number, and amount."""
    if not pair:
        return "-"
    name, amount = pair
    return f"{name}, {_amount(amount, currency)}"


def _state(text: Any, currency: str) -> str:
    return str(ServiceState(text).label).lower() if text else "-"


def _text(value: Any, currency: str) -> str:
    return "-" if value is None else str(value)


def _value(value: Any, currency: str) -> str:
    return format_money(value, currency) if isinstance(value, Decimal) else _text(value, currency)
