"""A customer's billing settings, each with whose it is: his own, his zone's or his company's."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from caudal.apps.billing.calendars import terms_of
from caudal.apps.catalog.models import Company, TaxMode
from caudal.apps.customers.models import (
    CalendarFields,
    Customer,
    CutStyle,
    DayStyle,
    OwnCalendar,
)


class Source(StrEnum):
    OWN = "own"
    ZONE = "of_zone"
    COMPANY = "of_company"


@dataclass(frozen=True, slots=True)
class Setting:
    """One line of the panel (MW-17, MW-21)."""

    label: str
    value: str
    source: Source


def settings_of(customer: Customer) -> list[Setting]:
    """In the order in which people ask for them; `customer` comes with company, rules and zone."""
    terms = terms_of(customer)
    return [*_dates(terms), *_money(customer), *_reminders(customer, terms)]


def _dates(terms: CalendarFields) -> Iterator[Setting]:
    source = _whose(terms)
    label = {field.name: str(field.verbose_name) for field in terms._meta.fields}
    yield Setting(label["mode"], terms.get_mode_display(), source)
    yield Setting(label["payment_day"], str(terms.payment_day), source)
    created = _day(terms.create_style, terms.create_value)
    yield Setting(label["create_style"], created, source)
    yield Setting(label["cut_style"], _cut(terms), source)
    yield Setting(label["cut_after"], str(terms.cut_after), source)
    if isinstance(terms, OwnCalendar) and terms.recharge:
        yield Setting(_("Recharge"), _("each payment moves the dates"), source)


def _money(customer: Customer) -> Iterator[Setting]:
    company = customer.company
    yield _either(_("Taxes"), customer.tax_mode, company.tax_mode, TaxMode)
    yield _either(_("Invoices"), customer.grouping, company.grouping, Company.Grouping)
    for label, applies in (
        (_("Late fee"), customer.late_fee_applies),
        (_("Reconnection fee"), customer.reconnection_fee_applies),
        (_("Is invoiced"), customer.is_invoiced),
        (_("May be cut"), customer.may_be_cut),
    ):
        yield _switch(label, applies)


def _reminders(customer: Customer, terms: CalendarFields) -> Iterator[Setting]:
    rules = customer.company.rules
    yield _switch(_("Notices"), customer.may_be_notified)
    if terms.notice_value is not None:
        shown = _day(terms.notice_style, terms.notice_value)
        yield Setting(_("Notice is given"), shown, _whose(terms))
    first, last = customer.notice_from_day, customer.notice_to_day
    source = Source.COMPANY if first is None and last is None else Source.OWN
    shown = _("from day %(first)s to day %(last)s of the month") % {
        "first": first or rules.notice_from_day,
        "last": last or rules.notice_to_day,
    }
    yield Setting(_("Days of notices"), shown, source)


def _whose(terms: CalendarFields) -> Source:
    return Source.OWN if isinstance(terms, OwnCalendar) else Source.ZONE


def _either(label: str, own: str, common: str, words: Any) -> Setting:
    return Setting(label, str(words(own or common).label), Source.OWN if own else Source.COMPANY)


def _switch(label: str, applies: bool) -> Setting:
    """On for everybody; off is somebody's choice for this customer."""
    if applies:
        return Setting(label, _("Yes"), Source.COMPANY)
    return Setting(label, _("No"), Source.OWN)


def _day(style: str, value: int) -> str:
    if style == DayStyle.DAY_OF_MONTH:
        return _("day %(day)s of the month") % {"day": value}
    return ngettext(
        "%(count)s day before the payment day", "%(count)s days before the payment day", value
    ) % {"count": value}


def _cut(terms: CalendarFields) -> str:
    if terms.cut_style == CutStyle.DAY_OF_MONTH:
        return _day(DayStyle.DAY_OF_MONTH, terms.cut_value)
    return ngettext(
        "%(count)s day after the payment day", "%(count)s days after the payment day",
        terms.cut_value,
    ) % {"count": terms.cut_value}  # fmt: skip
