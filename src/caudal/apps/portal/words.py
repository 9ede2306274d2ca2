"""What the page says where a company has no words of its own, and what may stand in hers."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from caudal.apps.catalog.models import Company
from caudal.apps.messaging.render import render
from caudal.apps.portal.models import NoticePage
from caudal.apps.portal.reads import Visitor

FIELDS = {
    "company": gettext_lazy("name of the company"),
    "code": gettext_lazy("customer's code"),
    "amount": gettext_lazy("what is owed"),
    "due": gettext_lazy("day it was or is to be paid"),
}
"""Names between {{ }} in the texts of a page."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The parts of the page, filled in. An empty one is left out."""

    headline: str
    body: str
    how_to_pay: str
    link: str
    amount: Decimal | None
    currency: str
    due: date | None
    code: str
    company: Company


def shown_to(visitor: Visitor | None, company: Company, page: NoticePage, language: str) -> Shown:
    """The page as a visitor sees it; a stranger sees no sum and no code. Raises TemplateError."""
    owes = visitor is not None and visitor.debt > 0 and page.shows_debt
    values = _values(visitor, company, shows_debt=owes)
    reminded = visitor is not None and not visitor.is_cut
    own = page.reminder if reminded else page.body
    text = render(page.headline or _headline(visitor), own or _body(visitor), values, language)
    return Shown(
        headline=text.subject,
        body=text.body.strip(),
        how_to_pay=render("", page.how_to_pay, values, language).body.strip(),
        link=page.portal_url,
        amount=visitor.debt if visitor and owes else None,
        currency=company.currency,
        due=visitor.due if visitor and owes else None,
        code=visitor.code if visitor else "",
        company=company,
    )


def _values(visitor: Visitor | None, company: Company, *, shows_debt: bool) -> dict[str, Any]:
    values: dict[str, Any] = {"company": company.name, "currency": company.currency}
    if visitor:
        values |= {"code": visitor.code}
    if visitor and shows_debt:
        values |= {"amount": visitor.debt, "due": visitor.due}
    return values


def _headline(visitor: Visitor | None) -> str:
    if visitor and not visitor.is_cut:
        return _("You have a payment to make") if visitor.debt > 0 else _("Your service is active")
    return _("Your internet service is suspended")


def _body(visitor: Visitor | None) -> str:
    if visitor and visitor.is_cut and visitor.debt > 0:
        return _("Pay what is open and your service comes back by itself within a few minutes.")
    if visitor and not visitor.is_cut and visitor.debt > 0:
        return _("Pay on time to go on browsing without interruption.")
    if visitor and not visitor.is_cut:
        return _("If you still cannot browse, restart your equipment or call us.")
    return _("Get in touch with us to have it back.")
