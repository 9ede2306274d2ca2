"""What the form of a hand-made invoice proposes: the days until the cycle ends, or a free month."""

from dataclasses import dataclass
from datetime import date, timedelta

from caudal.apps.billing.calendars import calendar_of
from caudal.apps.billing.models import BilledPeriod
from caudal.apps.customers.models import Service
from caudal.core.periods import ONE_DAY, Period, cycle_of

MONTH = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Proposal:
    """Days of a service that nobody has billed: the rest of a cycle, and the whole next one."""

    rest: Period
    following: Period


def propose(service: Service, today: date) -> Proposal:
    """From the first day that no invoice charges, or the service's first one (P03, P05).

    A service that is long there and was never billed is proposed the running cycle.
    """
    day = calendar_of(service.customer).payment_day
    billed = BilledPeriod.objects.filter(service=service, is_void=False)
    last = billed.order_by("-last").values_list("last", flat=True).first()
    first = last + ONE_DAY if last else max(service.started_on, cycle_of(day, today).first - MONTH)
    first = max(first, service.started_on)
    rest = Period(first, cycle_of(day, first).last)
    after = rest.last + ONE_DAY
    return Proposal(rest, Period(after, cycle_of(day, after).last))
