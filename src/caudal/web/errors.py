"""The sentences for refusals: rules and actions raise codes, screens say them in words."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as now_in_language
from django.utils.translation import gettext_lazy as _

from caudal.core.errors import ErrorCode, RuleError
from caudal.web.speeds import SPEED_NOT_READ

_sentences: dict[str, str | Promise] = {
    ErrorCode.AMOUNT_NOT_DECIMAL: _("Enter an amount such as 250.00."),
    ErrorCode.AMOUNT_NOT_FINITE: _("Enter an amount such as 250.00."),
    ErrorCode.AMOUNT_NOT_POSITIVE: _("The amount must be greater than zero."),
    ErrorCode.AMOUNT_NEGATIVE: _("The amount cannot be negative."),
    ErrorCode.AMOUNT_TOO_FINE: _("The amount has more decimals than the currency ({digits})."),
    ErrorCode.AMOUNT_TOO_LARGE: _("The amount is too large."),
    ErrorCode.CURRENCY_MISMATCH: _("Amounts in {left} and {right} cannot be joined."),
    ErrorCode.CURRENCY_UNKNOWN: _("The currency {currency} is not known."),
    ErrorCode.DATE_DOES_NOT_EXIST: _("That date does not exist."),
    ErrorCode.DATE_TOO_FAR: _("{day} is too far away: look at its year."),
    ErrorCode.DAY_OF_MONTH_OUT_OF_RANGE: _("The day must be between {low} and {high}."),
    ErrorCode.DAYS_OUT_OF_RANGE: _("The days must be between {low} and {high}."),
    ErrorCode.DISCOUNT_PERCENT_OR_AMOUNT: _("Give a percentage or an amount, one of the two."),
    ErrorCode.INSTALMENTS_OUT_OF_RANGE: _("The instalments must be between {low} and {high}."),
    ErrorCode.INSTANT_WITHOUT_ZONE: _("The time needs its time zone."),
    ErrorCode.INVOICE_NOT_AMONG_OPEN: _("That invoice has nothing left to pay."),
    ErrorCode.MONTH_OUT_OF_RANGE: _("That month does not exist."),
    ErrorCode.NOT_A_DUE_DATE: _("That day is not a due date of this calendar."),
    ErrorCode.NOT_ALLOWED_IN_STATE: _("That cannot be done in the service's present state."),
    ErrorCode.PART_OUTSIDE_CYCLE: _("The days are not within the billing period."),
    ErrorCode.PERCENT_OUT_OF_RANGE: _("The percentage must be between 0 and 100."),
    ErrorCode.PERIOD_REVERSED: _("The first day is after the last one."),
    ErrorCode.REASON_ALREADY_OPEN: _("The service is already suspended for that reason."),
    ErrorCode.REASON_NOT_OPEN: _("The service is not suspended for that reason."),
    ErrorCode.RECHARGE_NEEDS_OWN_BILLING: _("Recharge needs the customer's own billing dates."),
    ErrorCode.TAX_RATE_OUT_OF_RANGE: _("A tax rate is between 0 and 100 %."),
    ErrorCode.TAX_REPEATED: _("The same tax is there twice."),
    ErrorCode.UNPAID_COUNT_OUT_OF_RANGE: _(
        "The number of unpaid invoices must be between {low} and {high}."
    ),
    ErrorCode.ZONE_UNKNOWN: _("That time zone does not exist."),
    SPEED_NOT_READ: _("Enter a speed such as 10M, 512k or 1G."),
}


def register(sentences: Mapping[str, str | Promise]) -> None:
    """Give the sentences of a room's own codes; `{name}` stands for the error's value `name`."""
    _sentences.update(sentences)


def explain(error: RuleError) -> str:
    """What the screen says, in the person's language."""
    sentence = _sentences.get(error.code)
    if sentence is None:
        return now_in_language("That cannot be done (%(code)s).") % {"code": error.code}
    return str(sentence).format_map(_Values(error.params))


def add_to_form(form: forms.BaseForm, error: RuleError) -> None:
    """Put the error beside the field it names in `error.field`, or above the form."""
    field = getattr(error, "field", "") or error.params.get("field")
    form.add_error(field if field in form.fields else None, explain(error))


@contextmanager
def placed_in(form: forms.BaseForm) -> Iterator[None]:
    """Refusals raised inside become errors of the form, which is then no longer valid.

    What is refused by field stands beside the field, where the form has it.
    """
    try:
        yield
    except RuleError as error:
        add_to_form(form, error)
    except ValidationError as error:
        known = hasattr(error, "error_dict") and set(error.error_dict) <= set(form.fields)
        form.add_error(None, error if known else ValidationError(error.messages))


class _Values(dict[str, Any]):
    """A value that the error does not carry shows as "?", for a half sentence beats no sentence."""

    def __missing__(self, name: str) -> str:
        return "?"
