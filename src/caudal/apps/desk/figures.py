"""The figures of the first page, each from one query, and each only of what the person may see."""

from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, Max, Q, QuerySet
from django.db.models.functions import TruncMonth

from caudal.apps.catalog.models import Company, Plan
from caudal.apps.clock.models import JobRun
from caudal.apps.customers.models import Customer, Service, ServiceState, Zone
from caudal.apps.ledger.models import Balance
from caudal.apps.network.models import Connection, Router
from caudal.apps.payments.models import Payment
from caudal.apps.staff.models import Branch, User
from caudal.apps.staff.scope import visible
from caudal.store.money import money, total

Sums = list[tuple[str, Decimal]]
"""(currency, amount) of each currency there is."""


@dataclass(frozen=True)
class Debt:
    customers: int
    sums: Sums


@dataclass(frozen=True)
class Months:
    """Income of the last months: one row of amounts per currency."""

    months: list[date]
    rows: dict[str, list[Decimal]]


@dataclass(frozen=True)
class Started:
    """Which of the first steps of an installation are done."""

    company: bool
    zone: bool
    plan: bool
    router: bool
    customer: bool

    @property
    def is_complete(self) -> bool:
        return not self.next

    @property
    def is_open(self) -> bool:
        """Whether a customer can be registered at all."""
        return self.company and self.zone and self.plan

    @property
    def next(self) -> str:
        """The first step that is not done, "" after the last."""
        return next((name for name, done in asdict(self).items() if not done), "")


def services_by_state(user: User, branch: Branch | None = None) -> dict[str, int]:
    rows = visible(user, Service.objects.all(), branch).order_by().values_list("state")
    counts = dict(rows.annotate(count=Count("pk")))
    return {state.value: counts.get(state.value, 0) for state in ServiceState}


def debt(user: User, branch: Branch | None = None) -> Debt:
    """Customers who owe, and how much in all; credit balances do not lower it."""
    rows = visible(user, Balance.objects.filter(amount__gt=money()), branch)
    by_currency = rows.order_by("currency").values_list("currency")
    found = list(by_currency.annotate(sum=total("amount"), who=Count("customer", distinct=True)))
    return Debt(sum(who for _, _, who in found), [(each, amount) for each, amount, _ in found])


def income_since(user: User, first: date, zone: ZoneInfo, branch: Branch | None = None) -> Sums:
    """Payments from the midnight on which `first` begins, deleted ones apart."""
    rows = _payments(user, datetime.combine(first, time(), zone), branch)
    return list(rows.order_by("currency").values_list("currency").annotate(sum=total("amount")))


def income_by_month(
    user: User, today: date, zone: ZoneInfo, branch: Branch | None = None, count: int = 6
) -> Months:
    """Of the last `count` months, this one among them."""
    months = [_month_before(today, back) for back in reversed(range(count))]
    rows = _payments(user, datetime.combine(months[0], time(), zone), branch).order_by()
    found = rows.values_list("currency", TruncMonth("paid_at", tzinfo=zone)).annotate(
        sum=total("amount")
    )
    sums = {(currency, moment.date().replace(day=1)): amount for currency, moment, amount in found}
    currencies = sorted({currency for currency, _ in sums})
    return Months(
        months,
        {each: [sums.get((each, month), Decimal(0)) for month in months] for each in currencies},
    )


def routers(user: User, branch: Branch | None = None) -> dict[str, int]:
    """How many are in use, and how many of those do not answer."""
    return visible(user, Router.objects.filter(is_active=True), branch).aggregate(
        count=Count("pk"), failing=Count("pk", filter=Q(failing_since__isnull=False))
    )


def waiting(user: User, branch: Branch | None = None) -> int:
    """Connections whose router does not yet hold what the rows say."""
    return visible(user, Connection.objects.live().waiting(), branch).count()


def last_runs() -> QuerySet[JobRun]:
    """The last run of each job, the latest first."""
    newest = JobRun.objects.order_by().values("job").annotate(last=Max("pk")).values("last")
    return JobRun.objects.filter(pk__in=newest).order_by("-started_at")


def started() -> Started:
    """One query: five questions whether there is any row."""
    steps = {
        "company": Company, "zone": Zone, "plan": Plan, "router": Router, "customer": Customer,
    }  # fmt: skip
    questions = {name: Exists(model._default_manager.all()) for name, model in steps.items()}
    found = User.objects.order_by().annotate(**questions).values(*steps)[:1]
    return Started(**found[0])


def _payments(user: User, since: datetime, branch: Branch | None) -> QuerySet[Payment]:
    return visible(user, Payment.objects.filter(deleted_at=None, paid_at__gte=since), branch)


def _month_before(day: date, count: int) -> date:
    months = day.year * 12 + day.month - 1 - count
    return date(months // 12, months % 12 + 1, 1)
