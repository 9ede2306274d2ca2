""" "Why?": the reasons that rules leave on charges and cuts, as sentences."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from caudal.core.records import Plain, Reason, ReasonCode
from caudal.web.money import format_money

SENTENCES: Mapping[str, Promise] = {
    ReasonCode.ADJUSTED_BY_LATE_CREATION: _(
        "It was created on {created}, later than planned: due on {due} instead of {scheduled_due}."
    ),
    ReasonCode.ALREADY_BILLED_PERIOD: _(
        "Another invoice already charges from {first} to {last} (emission {emission})."
    ),
    ReasonCode.CUSTOMER_GRATIS: _("The customer is not invoiced."),
    ReasonCode.CREDIT_WAITS: _(
        "Of {amount} this invoice took {taken}; {left} waits for the next one."
    ),
    ReasonCode.DAYS_NOT_SERVED: _(
        "From {first} to {last} it is not served, though charged: {amount} back."
    ),
    ReasonCode.DAYS_SERVED_AGAIN: _(
        "From {first} to {last} it is served after all: {amount} to pay."
    ),
    ReasonCode.DEBIT_NOTE: _("Debit note {number} of {on}, charged as a line."),
    ReasonCode.DEBT_BELOW_LIMIT: _(
        "The overdue debt is {debt}: who owes {threshold} or more is cut."
    ),
    ReasonCode.DEBT_REACHES_LIMIT: _("The overdue debt is {debt}, and {threshold} or more is cut."),
    ReasonCode.DEBT_OVER_THRESHOLD: _(
        "The overdue debt is {debt}, above the {threshold} that is not cut."
    ),
    ReasonCode.DEBT_WITHIN_THRESHOLD: _(
        "The overdue debt is {debt}, within the {threshold} that is not cut."
    ),
    ReasonCode.DISCOUNT_AMOUNT: _("Discount of {amount} on {base}; invoice {number} that gets it."),
    ReasonCode.DISCOUNT_PERCENT: _(
        "Discount of {percent} percent on {base}: {amount}; invoice {number} that gets it."
    ),
    ReasonCode.ENABLED_BY_HAND: _("He was enabled by hand on {on}."),
    ReasonCode.ENOUGH_OVERDUE: _(
        "Overdue invoices: {count}, of {needed} that cut. The oldest was due on {oldest_due}"
        " and its cut day was {oldest_cut}."
    ),
    ReasonCode.INVOICE_MERGED: _(
        "Invoice {number}, due on {due}, still owed {remaining}: it was merged into this one."
    ),
    ReasonCode.LATE_FEE: _("Late fee of {amount}: an invoice due on {due} still owes {remaining}."),
    ReasonCode.NEVER_CUT: _("The customer is never cut."),
    ReasonCode.NOT_SERVED: _("The service is not served in that period."),
    ReasonCode.NO_CUT_DAY: _("Nobody is cut on {day}."),
    ReasonCode.OPERATOR_INVOICE_THIS_MONTH: _(
        "An invoice made by hand with emission {emission} is already there for that month."
    ),
    ReasonCode.INVOICE_THIS_MONTH: _(
        "An invoice with emission {emission} is already there for that month."
    ),
    ReasonCode.OUTAGE_CREDIT: _(
        "{minutes} minutes without service from {since} to {until}, at {price} per {days} days:"
        " {amount}."
    ),
    ReasonCode.OUTAGE_GRACE: _(
        "An outage that began on {since} holds cuts, late fees and reminders until {until}."
    ),
    ReasonCode.OUTAGE_HOLDS: _("An outage holds cuts, late fees and reminders since {since}."),
    ReasonCode.PART_OF_CYCLE: _(
        "{days} of {cycle_days} days, from {first} to {last}, at {price} per period: {amount}."
    ),
    ReasonCode.PLAN_CHANGE_CHARGE: _(
        "The new plan from {first} to {last}: {amount} to pay for those days."
    ),
    ReasonCode.PLAN_CHANGE_CREDIT: _(
        "The old plan was charged from {first} to {last}: {amount} back for those days."
    ),
    ReasonCode.PRODUCT_DAYS: _(
        "Product for {days} of {cycle_days} days, from {first} to {last}, at {price} per period:"
        " {amount}."
    ),
    ReasonCode.PRODUCT_INSTALMENT: _("Instalment {number} of {of} of {price}: {amount}."),
    ReasonCode.PRODUCT_ONCE: _("Product that is charged once: {amount}."),
    ReasonCode.PRODUCT_RECURRING: _("Product that every service invoice charges: {amount}."),
    ReasonCode.PROMISE_BROKEN: _("The promise to pay by {until} was not kept."),
    ReasonCode.PROMISE_HOLDS: _("A promise to pay by {until} holds the cut."),
    ReasonCode.PROMISE_WINDOW_OVER: _("The tries after the promise of {until} ended on {last}."),
    ReasonCode.RECHARGE_UNPAID: _("The last recharge is not paid yet."),
    ReasonCode.RECONNECTION: _("Reconnection after the automatic cut of {on}."),
    ReasonCode.SUSPENDED_NOT_BILLED: _("Suspended since {since}: not billed."),
    ReasonCode.TOO_FEW_OVERDUE: _("Overdue invoices: {count}, of {needed} that cut."),
}


def tell(reason: Reason, currency: str) -> str:
    """The sentence in the person's language, followed by the rule that it comes from."""
    sentence = SENTENCES.get(reason.code)
    if sentence is None:
        return f"{reason.code} ({reason.rule})"
    shown = {name: _shown(name, value, currency) for name, value in reason.params.items()}
    return f"{str(sentence).format_map(_Known(shown))} ({reason.rule})"


def tell_all(trace: Iterable[Plain], currency: str) -> list[str]:
    """The sentences of a stored trace."""
    return [tell(Reason.from_plain(plain), currency) for plain in trace]


def _shown(name: str, value: Any, currency: str) -> str:
    if name == "percent":
        return f"{Decimal(value).normalize():f}"
    if isinstance(value, date):
        return formats.date_format(value, "SHORT_DATE_FORMAT")
    if isinstance(value, Decimal):
        return format_money(value, currency)
    return str(value)


class _Known(dict[str, str]):
    """A value that an old trace does not carry shows as "?"."""

    def __missing__(self, name: str) -> str:
        return "?"
