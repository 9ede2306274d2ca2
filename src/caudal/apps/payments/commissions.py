"""What salespeople earned on the money that their customers paid (CSH-4, IC-64)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, TruncDate

from caudal.apps.payments.models import CommissionRate, Payment
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record, snapshot
from caudal.apps.staff.models import Branch, User
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.core.money import ZERO, minor_digits, round_half_up


@dataclass(slots=True)
class Commission:
    """One salesperson's payments at one percentage; money in `currency`."""

    person: str
    currency: str
    percent: Decimal
    payments: int = 0
    collected: Decimal = ZERO
    """Without what was given back since."""
    earned: Decimal = ZERO
    """The sum of what each payment earned, each rounded."""


def earned(kept: Decimal, percent: Decimal, currency: str) -> Decimal:
    """What one payment of which `kept` was not given back earns."""
    return round_half_up(kept * percent.scaleb(-2), minor_digits(currency))


def commissions(
    user: User, first: date, last: date, zone: ZoneInfo, branch: Branch | None = None
) -> list[Commission]:
    """Of the payments of those days, both included; one's own for who may not see income.

    Deleted payments earn nothing. The salesperson is the one that the customer has now, the
    percentage the one of the day on which he paid.
    """
    key = ("customer__salesperson__name", "customer__salesperson_id", "currency", "rate")
    # Equal amounts together: most payments are a plan's price.
    rows = (
        payments_of(user, first, last, zone, branch)
        .values_list(*key, "kept")
        .annotate(n=Count("pk"))
    )
    found: dict[tuple[int, str, Decimal], Commission] = {}
    for name, pk, currency, percent, kept, count in rows.order_by(*key, "kept"):
        row = found.setdefault((pk, currency, percent), Commission(name, currency, percent))
        row.payments += count
        row.collected += kept * count
        row.earned += earned(kept, percent, currency) * count
    return list(found.values())


def payments_of(
    user: User, first: date, last: date, zone: ZoneInfo, branch: Branch | None = None
) -> QuerySet[Any]:
    """The payments behind `commissions`, each with `rate` and what is `kept` of it."""
    start = datetime.combine(first, time(), zone)
    end = datetime.combine(last + timedelta(days=1), time(), zone)
    sold = Payment.objects.filter(
        paid_at__gte=start, paid_at__lt=end, deleted_at=None, customer__salesperson__isnull=False
    )
    rows = visible(user, sold, branch)
    if not user.may(Verb.SEE_INCOME):
        rows = rows.filter(customer__salesperson=user)
    rates = CommissionRate.objects.filter(
        person=OuterRef("customer__salesperson"), since__lte=OuterRef("day")
    )
    rate = Subquery(rates.order_by("-since").values("percent")[:1])
    return rows.annotate(
        day=TruncDate("paid_at", tzinfo=zone), kept=F("amount") - F("credit__returned")
    ).annotate(rate=Coalesce(rate, ZERO))


@transaction.atomic
def set_commission(
    *, actor: Actor, now: datetime, person: User, percent: Decimal, since: date
) -> CommissionRate:
    """The percentage of a salesperson from a day on; the same day again is a correction."""
    row, _created = CommissionRate.objects.update_or_create(
        person=person,
        since=since,
        defaults={"percent": percent, "created_at": now, "created_by": actor.name},
    )
    record(
        actor, "payments.set_commission", row, now=now, after=snapshot(row, ["since", "percent"])
    )
    return row
