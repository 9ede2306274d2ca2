"""Credits for time without service: measured, proposed, decided by a person, posted by a job."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import formats, translation
from django.utils.translation import gettext as _

from caudal.apps.billing.adjustments import adjust
from caudal.apps.clock import jobs
from caudal.apps.clock.jobs import Run, each_alone
from caudal.apps.customers.models import Suspension
from caudal.apps.monitoring.errors import MonitoringCode
from caudal.apps.monitoring.models import CreditProposal, Rules
from caudal.apps.outages.models import Affected, Outage
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record
from caudal.core.civil import local_date
from caudal.core.downtime import (
    CreditRule,
    CreditUnit,
    Span,
    credit_of,
    credit_reason,
    days_of_price,
    lost_minutes,
)
from caudal.core.errors import RuleError
from caudal.core.money import minor_digits
from caudal.core.proration import ProrationBase
from caudal.store.bulk import insert
from caudal.store.lookups import Among

Status = CreditProposal.Status
OPEN = (Status.PROPOSED, Status.FAILED)
"""What a person may still decide."""
Spans = Mapping[int, Sequence[Span]]


@transaction.atomic
def propose_credits(*, actor: Actor, now: datetime, outage: Outage) -> int:
    """Work out what each service behind an outage that is over is owed. Returns how many.

    Asking again works out anew what nobody has decided yet; decided ones stay as they are. Time in
    which a service was suspended, or that another outage credits already, does not count.
    """
    outage = Outage.objects.select_for_update().get(pk=outage.pk)
    if outage.ended_at is None or outage.voided_at is not None:
        raise RuleError(MonitoringCode.NOT_OVER)
    outage.credits.filter(status=Status.PROPOSED).delete()
    rows = outage.affected.exclude(
        service__in=outage.credits.order_by().values("service")
    ).select_related("service__plan", "customer__company")
    affected = list(rows.filter(customer__is_invoiced=True).order_by("pk"))
    measuring = _Measuring(outage, [row.service_id for row in affected])
    found = [each for each in map(measuring.proposal, affected) if each is not None]
    insert(found)
    record(actor, "outage.propose_credits", outage, now=now, after={"credits": len(found)})
    return len(found)


def approve_credits(
    *, actor: Actor, now: datetime, outage: Outage, only: Iterable[int] | None = None
) -> int:
    """Have them posted by a job; `only` names some of the proposals. Returns how many."""
    count = _decide(actor, now, outage, only, Status.APPROVED)
    jobs.wake()
    return count


def reject_credits(
    *, actor: Actor, now: datetime, outage: Outage, only: Iterable[int] | None = None
) -> int:
    return _decide(actor, now, outage, only, Status.REJECTED)


def post_approved(run: Run, now: datetime) -> dict[str, int]:
    """Book each approved credit as a credit note of its customer, each in its own transaction.

    Whoever finds it posted already leaves it: a job that dies or runs twice posts nothing twice.
    """
    waiting = CreditProposal.objects.filter(status=Status.APPROVED).order_by("pk")
    keys = list(waiting.values_list("pk", flat=True))

    def keep_failed(key: int, error: Exception) -> None:
        waiting.filter(pk=key).update(status=Status.FAILED, error=str(error)[:300])

    return {"posted": each_alone(run, keys, lambda key: _post(key, now), keep_failed)}


@transaction.atomic
def _decide(
    actor: Actor, now: datetime, outage: Outage, only: Iterable[int] | None, status: str
) -> int:
    rows = outage.credits.filter(status__in=OPEN, outage__voided_at=None)
    if only is not None:
        rows = rows.filter(pk__in=list(only))
    count = rows.update(status=status, decided_by=actor.name, decided_at=now, error="")
    if count:
        verb = f"outage.credits_{status}"
        record(actor, verb, outage, now=now, after={"credits": count})
    return count


def _post(key: int, now: datetime) -> int:
    row = CreditProposal.objects.select_for_update().get(pk=key)
    if row.status != Status.APPROVED:
        return 0
    if row.outage.voided_at is not None:
        row.status = Status.REJECTED
        row.save(update_fields=["status"])
        return 0
    with translation.override(settings.LANGUAGE_CODE):
        reason = _("%(hours)s h without service: %(outage)s") % {
            "hours": formats.number_format(row.minutes / 60, 1),
            "outage": row.outage.title,
        }
    row.adjustment = adjust(
        actor=Actor.system("clock") if not row.decided_by else Actor(None, row.decided_by),
        now=now,
        customer=row.customer,
        amount=-row.amount,
        currency=row.currency,
        on=local_date(now, ZoneInfo(settings.TIME_ZONE)),
        reason=reason,
    )
    row.status = Status.POSTED
    row.save(update_fields=["adjustment", "status"])
    return 1


class _Measuring:
    """What is known of the services behind one outage, in a fixed number of queries."""

    def __init__(self, outage: Outage, services: Sequence[int]) -> None:
        assert outage.ended_at is not None
        self.outage = outage
        self.span: Span = (outage.started_at, outage.ended_at)
        rules = Rules.current()
        self.rule = CreditRule(rules.credit_from_minutes, CreditUnit(rules.credit_unit))
        self.explained = _merged(
            _suspended(services, self.span), _credited(outage, services, self.span)
        )
        zone = ZoneInfo(settings.TIME_ZONE)
        self.first, self.last = (local_date(moment, zone) for moment in self.span)

    def proposal(self, row: Affected) -> CreditProposal | None:
        service, plan = row.service, row.service.plan
        price = plan.price if service.price is None else service.price
        minutes = lost_minutes(self.span, self.explained.get(service.pk, ()))
        days = days_of_price(ProrationBase(row.customer.company.prorate_base), self.first)
        amount = credit_of(price, minutes, days, self.rule, minor_digits(plan.currency))
        if amount <= 0:
            return None
        reason = credit_reason(
            minutes=minutes,
            since=self.first,
            until=self.last,
            price=price,
            days=days,
            amount=amount,
        )
        return CreditProposal(
            outage=self.outage,
            customer_id=row.customer_id,
            service_id=row.service_id,
            minutes=minutes,
            price=price,
            amount=amount,
            currency=plan.currency,
            trace=[reason.to_plain()],
        )


def _suspended(services: Sequence[int], span: Span) -> Spans:
    rows = Suspension.objects.filter(Among("service_id", services), opened_at__lt=span[1])
    found: dict[int, list[Span]] = defaultdict(list)
    overlapping = rows.exclude(closed_at__lte=span[0])
    for service, opened, closed in overlapping.values_list("service", "opened_at", "closed_at"):
        found[service].append((opened, closed or span[1]))
    return found


def _credited(outage: Outage, services: Sequence[int], span: Span) -> Spans:
    """Times of other outages that are credited to the service, unless a person has refused it or
    the credit was taken back."""
    rows = (
        CreditProposal.objects.filter(Among("service_id", services))
        .filter(outage__started_at__lt=span[1])
        .exclude(status__in=(Status.REJECTED, Status.TAKEN_BACK, Status.RECALLED))
        .exclude(outage=outage)
        .filter(Q(outage__voided_at=None) | Q(status=Status.POSTED))
    )
    found: dict[int, list[Span]] = defaultdict(list)
    for service, start, end in rows.filter(outage__ended_at__gt=span[0]).values_list(
        "service", "outage__started_at", "outage__ended_at"
    ):
        found[service].append((start, end or span[1]))
    return found


def _merged(*several: Spans) -> Spans:
    found: dict[int, list[Span]] = defaultdict(list)
    for spans in several:
        for service, each in spans.items():
            found[service] += each
    return found
