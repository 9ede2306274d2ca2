"""The cash of a day: what each operator took, by box and form, with the numbers of its papers."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from caudal.apps.payments.models import CashBox, CashSession, Method, Movement
from caudal.apps.payments.sessions import OF_CUSTOMERS
from caudal.apps.staff.models import Branch, User
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.core.money import ZERO


@dataclass
class Sum:
    """What came in and went out under one heading."""

    label: str
    currency: str
    count: int = 0
    came: Decimal = ZERO
    went: Decimal = ZERO

    @property
    def net(self) -> Decimal:
        return self.came + self.went

    def add(self, amount: Decimal) -> None:
        self.count += 1
        if amount > ZERO:
            self.came += amount
        else:
            self.went += amount


@dataclass
class OperatorReport:
    """One operator's day: sums by form and by box, and each movement."""

    operator: User | None
    by_method: list[Sum] = field(default_factory=list)
    by_box: list[Sum] = field(default_factory=list)
    rows: list[Movement] = field(default_factory=list)
    is_blind: bool = False
    """Its sums wait until who reads it has counted his drawer and closed his session."""


def movements(
    user: User,
    first: date,
    last: date,
    zone: ZoneInfo,
    operator: User | None = None,
    branch: Branch | None = None,
) -> QuerySet[Movement]:
    """Those of the days, both included: one's own, or everybody's for who supervises.

    Of payments only those of customers whom he may see; with `branch` those of its boxes.
    """
    start = datetime.combine(first, time(), zone)
    end = datetime.combine(last + timedelta(days=1), time(), zone)
    rows = Movement.objects.filter(at__gte=start, at__lt=end)
    if not user.may(Verb.SUPERVISE_CASH):
        rows = rows.filter(operator=user)
    elif operator is not None:
        rows = rows.filter(operator=operator)
    if user.is_limited or branch is not None:
        rows = rows.filter(box__in=visible(user, CashBox.objects.all(), branch))
    if user.is_limited:
        rows = rows.filter(Q(payment=None) | Q(pk__in=visible(user, rows).values("pk")))
    related = ("box__account", "operator", "payment__customer", "transaction", "session")
    return rows.select_related(*related).order_by("at", "id")


def by_operator(rows: QuerySet[Movement], reader: User) -> list[OperatorReport]:
    """The report, operators by name; movements of nobody (gateways, jobs) come last.

    Who does not supervise reads no sums of a session that he has still to count (CSH-2).
    """
    may_know = reader.may(Verb.SUPERVISE_CASH)
    reports: dict[int | None, OperatorReport] = {}
    for row in rows:
        report = reports.setdefault(row.operator_id, OperatorReport(row.operator))
        report.rows.append(row)
        report.is_blind |= not may_know and row.session is not None and row.session.is_open
    for report in reports.values():
        of_customers = [row for row in report.rows if row.kind in OF_CUSTOMERS]
        report.by_method = _sums(of_customers, lambda row: str(Method(row.method).label))
        report.by_box = _sums(report.rows, lambda row: row.box.name)
    return sorted(
        reports.values(), key=lambda each: (each.operator is None, str(each.operator or ""))
    )


def sessions(user: User, branch: Branch | None = None) -> QuerySet[CashSession]:
    """One's own cash sessions, or everybody's for who supervises; with `branch` of its boxes."""
    rows = CashSession.objects.select_related("box__account", "box__company", "operator")
    if branch is not None:
        rows = rows.filter(box__branch=branch)
    if not user.may(Verb.SUPERVISE_CASH):
        return rows.filter(operator=user)
    return rows.filter(box__in=visible(user, CashBox.objects.all()))


def boxes_seen(user: User) -> QuerySet[CashBox]:
    """Boxes whose money the person may carry: his drawers and everybody's, or all of them."""
    every = visible(user, CashBox.objects.filter(is_active=True))
    rows = every.exclude(kind=CashBox.Kind.CHEQUES)
    if not user.may(Verb.SUPERVISE_CASH):
        rows = rows.filter(Q(operator=user) | Q(sessions__in=_open(user))).distinct()
    return rows.select_related("account", "company").order_by("name")


def _open(user: User) -> QuerySet[CashSession]:
    return CashSession.objects.filter(operator=user, closed_at=None)


def _sums(rows: list[Movement], label: Callable[[Movement], str]) -> list[Sum]:
    sums: dict[tuple[str, str], Sum] = {}
    for row in rows:
        key = (label(row), row.box.account.currency)
        sums.setdefault(key, Sum(*key)).add(row.amount)
    return [sums[key] for key in sorted(sums)]
