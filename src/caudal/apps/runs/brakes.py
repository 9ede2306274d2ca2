"""Brakes of the clock's own runs: cheap sums that tell when a person should look first.

A cut run stops when it would cut more customers than max(20, x % of the active ones). A creation
stops when the services it bills, or their prices together, differ by more than x % (and by 20
services) from what the same calendar billed for the period before. Both percentages are the
company's. A calendar that billed fewer than 20 services before is never stopped: a first run, a
small provider and a new zone have nothing to compare with.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from caudal.apps.billing.calendars import zones_in
from caudal.apps.billing.emissions import Emission, emissions
from caudal.apps.billing.models import BilledPeriod
from caudal.apps.catalog.models import BillingRules
from caudal.apps.customers.models import Customer, Service, ServiceState
from caudal.core.emission import SuspendedBilling
from caudal.core.money import ZERO
from caudal.core.periods import ONE_DAY
from caudal.core.records import Plain, Reason
from caudal.store.money import MoneyField

FEWEST = 20
"""Below so many customers or services nothing is stopped."""

Figures = dict[int, tuple[int, Decimal]]
"""Company -> services and the sum of their prices."""


def too_many_cuts(count: dict[int, int], zone: str) -> list[Plain]:
    """`count`: customers to cut by company, on the clock `zone`."""
    active: dict[int, int] = _active(zone)
    shares: dict[int, int] = dict(
        BillingRules.objects.values_list("company_id", "cut_brake_percent")
    )
    return [
        Reason(
            "BRAKE", "too-many-cuts", {"count": found, "active": active.get(company, 0),
                                       "percent": shares.get(company, 30)}
        ).to_plain()
        for company, found in count.items()
        if found > FEWEST and found * 100 > active.get(company, 0) * shares.get(company, 30)
    ]  # fmt: skip


def unlike_last_time(today: date, zone: str) -> list[Plain]:
    """What a creation of the date would bill against what the period before billed."""
    limits: dict[int, int] = dict(
        BillingRules.objects.values_list("company_id", "total_brake_percent")
    )
    found: list[Plain] = []
    for emission in emissions(today, zone):
        if not emission.services().exists():
            continue
        before = _before(emission)
        after = _after(emission)
        for company, was in before.items():
            told = _told(was, after.get(company, (0, ZERO)), limits.get(company, 50))
            found += [told] if told else []
    return found


def by_company(services: QuerySet[Service]) -> dict[int, int]:
    """Company -> how many customers those services belong to."""
    rows = services.order_by().values_list("customer__company")
    return dict(rows.annotate(n=Count("customer", distinct=True)))


def _told(was: tuple[int, Decimal], now: tuple[int, Decimal], percent: int) -> Plain | None:
    if was[0] < FEWEST:
        return None
    is_far = bool(was[1]) and _is_far(now[1], was[1], percent)
    is_many = abs(now[0] - was[0]) > FEWEST and _is_far(Decimal(now[0]), Decimal(was[0]), percent)
    if not is_many and not is_far:
        return None
    values: dict[str, Any] = {
        "before": was[0], "count": now[0], "total_before": was[1], "total": now[1],
        "percent": percent,
    }  # fmt: skip
    return Reason("BRAKE", "unlike-last-time", values).to_plain()


def _is_far(now: Decimal, was: Decimal, percent: int) -> bool:
    return abs(now - was) * 100 > was * percent


def _active(zone: str) -> dict[int, int]:
    services = Service.objects.filter(
        state=ServiceState.ACTIVE, customer__zone__in=zones_in(zone), customer__archived_at=None
    )
    return by_company(services)


def _after(emission: Emission) -> Figures:
    """Billed by now or to be billed: what a kill in the middle left undone does not look small."""
    price = Coalesce("price", "plan__price", output_field=MoneyField())
    suspended = Q(customer__company__rules__suspended_billing=SuspendedBilling.ALWAYS.value)
    rows = (
        Service.objects.filter(
            Q(state=ServiceState.ACTIVE) | Q(suspended, state=ServiceState.SUSPENDED),
            customer__in=Customer.objects.filter(
                emission.customers, is_invoiced=True, archived_at=None
            ),
            started_on__lte=emission.schedule.period.last,
        )
        .order_by()
        .values_list("customer__company")
    )
    found = rows.annotate(n=Count("pk"), sum=Sum(price, output_field=MoneyField()))
    return _figures(found)


def _before(emission: Emission) -> Figures:
    """Services of which the day before the period is billed, and what their whole cycles cost."""
    day = emission.schedule.period.first - ONE_DAY
    rows = (
        BilledPeriod.objects.filter(
            is_void=False,
            first__lte=day,
            last__gte=day,
            service__customer__in=Customer.objects.filter(emission.customers),
        )
        .order_by()
        .values_list("service__customer__company")
    )
    found = rows.annotate(n=Count("pk"), sum=Sum("price", output_field=MoneyField()))
    return _figures(found)


def _figures(rows: Iterable[tuple[Any, ...]]) -> Figures:
    return {company: (count, amount or ZERO) for company, count, amount in rows}
