"""What days of a service cost, as lines of an invoice."""

from collections.abc import Iterator

from caudal.apps.billing.drafts import Line
from caudal.apps.billing.models import InvoiceLine
from caudal.apps.catalog.models import Company
from caudal.apps.customers.models import Service
from caudal.core.money import minor_digits
from caudal.core.periods import ONE_DAY, Part, Period, cycle_of
from caudal.core.proration import ProrationBase, explain_part, part_price


def part_line(service: Service, part: Part, company: Company) -> Line:
    """The plan for the days of `part`, at the service's own price where it has one (PRO-1)."""
    price = service.plan.price if service.price is None else service.price
    amount = part_price(
        price,
        part.cycle,
        part.part,
        minor_digits(service.plan.currency),
        ProrationBase(company.prorate_base),
    )
    return Line(
        kind=InvoiceLine.Kind.PLAN,
        description=service.plan.description or service.plan.name,
        amount=amount,
        unit_price=amount,
        service_id=service.pk,
        trace=(explain_part(price, part.cycle, part.part, amount),),
    )


def parts_of(days: Period, payment_day: int) -> Iterator[Part]:
    """Any run of days as parts of the cycles that price them, in order."""
    first = days.first
    while first <= days.last:
        cycle = cycle_of(payment_day, first)
        last = min(cycle.last, days.last)
        yield Part(Period(first, last), cycle)
        first = last + ONE_DAY
