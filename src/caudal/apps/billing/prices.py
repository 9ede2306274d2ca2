"""What days of a service cost, as lines of an invoice."""

from collections.abc import Iterator, Sequence

from django.utils import formats

from caudal.apps.billing.drafts import Line
from caudal.apps.billing.models import InvoiceLine
from caudal.apps.billing.service_days import ServiceDays
from caudal.apps.catalog.models import Company
from caudal.apps.customers.models import Service
from caudal.core.days import Charged
from caudal.core.money import ZERO, minor_digits
from caudal.core.periods import ONE_DAY, Part, Period, cycle_of
from caudal.core.proration import ProrationBase, explain_part


def day_lines(
    service: Service, charged: Sequence[Charged], company: Company, days: ServiceDays
) -> list[Line]:
    """The plan for these days, a line for each price or cycle (PRO-1); held ones are left out."""
    kept = [each for each in charged if each.price is not None]
    return [_line(service, each, company, days, len(kept) > 1) for each in kept]


def _line(
    service: Service, charged: Charged, company: Company, days: ServiceDays, with_dates: bool
) -> Line:
    price = charged.price or ZERO
    amount = charged.amount(
        minor_digits(service.plan.currency), ProrationBase(company.prorate_base)
    )
    plan = days.plan_on(service, charged.days.first)
    name = plan.description or plan.name
    return Line(
        kind=InvoiceLine.Kind.PLAN,
        description=f"{name} ({_span(charged.days)})" if with_dates else name,
        amount=amount,
        unit_price=amount,
        service_id=service.id,
        trace=(explain_part(price, charged.cycle, charged.days, amount),),
    )


def _span(days: Period) -> str:
    first, last = (formats.date_format(day, "SHORT_DATE_FORMAT") for day in (days.first, days.last))
    return f"{first} - {last}"


def parts_of(days: Period, payment_day: int) -> Iterator[Part]:
    """Any run of days as parts of the cycles that price them, in order."""
    first = days.first
    while first <= days.last:
        cycle = cycle_of(payment_day, first)
        last = min(cycle.last, days.last)
        yield Part(Period(first, last), cycle)
        first = last + ONE_DAY
