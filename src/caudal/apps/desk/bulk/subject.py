"""Customers as rows that people choose in their list."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from caudal.apps.billing.calendars import time_zone_of
from caudal.apps.bulk.acts import Context, Subject, register_subject
from caudal.apps.customers.models import Customer
from caudal.apps.desk.filters import DeskFilter
from caudal.apps.desk.list.columns import COLUMNS, sorting_of
from caudal.apps.desk.list.order import in_order, sorting_in
from caudal.apps.staff.models import User
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.core.civil import local_date, zone_named

MOST_CODES = 20_000


def today_of(context: Context, customer: Customer) -> date:
    """The civil date where the customer lives."""
    return local_date(context.now, zone_named(time_zone_of(customer.zone)))


def ordered(found: QuerySet[Customer], query: QueryDict) -> QuerySet[Customer]:
    """Picked ones in the order of the list with this address, by what everybody may see."""
    return in_order(found, sorting_in(query, COLUMNS).order)


def narrow(user: User, query: QueryDict) -> QuerySet[Customer]:
    """All that the list with this address shows to this person."""
    mine = visible(user, Customer.objects.all())
    return in_order(DeskFilter(query, user=user).narrow(mine), sorting_of(query, user).order)


def by_codes(found: QuerySet[Customer], codes: list[str]) -> tuple[QuerySet[Customer], list[str]]:
    """Customers with these codes; codes typed without their leading zeros are found too."""
    wanted = codes[:MOST_CODES]
    spelled = {code: {code, code.zfill(6)} for code in wanted}
    rows = found.filter(code__in=set().union(*spelled.values()))
    known = set(rows.values_list("code", flat=True))
    return rows, [code for code in wanted if not spelled[code] & known]


def _counted(n: int) -> str:
    return ngettext("%(n)d customer was chosen.", "%(n)d customers were chosen.", n) % {"n": n}


HEADINGS: list[tuple[Any, str]] = [(_("Code"), "code"), (_("Customer"), "")]

register_subject(
    Subject(
        key="customers",
        title=_("Customers"),
        model=Customer,
        verb=Verb.SEE_CUSTOMERS,
        list_url="desk:customers",
        narrow=narrow,
        ordered=ordered,
        count=_counted,
        headings=HEADINGS,
        template="desk/_bulk_row.html",
        cells=lambda customer: [customer.code, customer.name],
        related=("zone", "company"),
        owner="id",
        by_codes=by_codes,
    )
)
