"""An outage that was a false alarm: its credits go too, those that were granted by a debit note."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from caudal.apps.billing.adjustments import adjust
from caudal.apps.clock import jobs
from caudal.apps.clock.jobs import Run, each_alone
from caudal.apps.monitoring.errors import MonitoringCode
from caudal.apps.monitoring.models import CreditProposal
from caudal.apps.outages import actions as outages
from caudal.apps.outages.models import Outage
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record
from caudal.core.civil import local_date
from caudal.core.errors import RuleError

Status = CreditProposal.Status
UNPAID = (Status.PROPOSED, Status.APPROVED, Status.FAILED)
"""Credits that are in no customer's books yet."""


@transaction.atomic
def void_outage(
    *, actor: Actor, now: datetime, outage: Outage, take_back: Iterable[int] = ()
) -> int:
    """It was a false alarm: it holds nobody, and what was not posted yet is credited to nobody.

    `take_back` names credits that were posted and are to be taken back in the same act. Returns
    how many are.
    """
    row = outages.void_outage(actor=actor, now=now, outage=outage)
    # Locked first: a job that is posting one of them ends before it is counted here.
    list(row.credits.select_for_update().order_by("pk").values_list("pk", flat=True))
    refused = row.credits.filter(status__in=UNPAID)
    count = refused.update(status=Status.REJECTED, decided_by=actor.name, decided_at=now, error="")
    if count:
        record(actor, "outage.credits_rejected", row, now=now, after={"credits": count})
    wanted = list(take_back)
    return take_back_credits(actor=actor, now=now, outage=row, only=wanted) if wanted else 0


@transaction.atomic
def take_back_credits(
    *, actor: Actor, now: datetime, outage: Outage, only: Iterable[int] | None = None
) -> int:
    """Have the posted credits of a voided outage taken back by a job; `only` names some. Returns
    how many. Raises RuleError where the outage stands."""
    row = Outage.objects.select_for_update().get(pk=outage.pk)
    if row.voided_at is None:
        raise RuleError(MonitoringCode.NOT_VOID)
    rows = row.credits.filter(status=Status.POSTED)
    if only is not None:
        rows = rows.filter(pk__in=list(only))
    count = rows.update(status=Status.RECALLED, decided_by=actor.name, decided_at=now, error="")
    if count:
        record(actor, "outage.take_back_credits", row, now=now, after={"credits": count})
        jobs.wake()
    return count


def book_recalled(run: Run, now: datetime) -> dict[str, int]:
    """Book a debit note for each credit to be taken back, each in its own transaction.

    One that fails is a posted credit again, with the reason; a job that dies or runs twice takes
    nothing back twice.
    """
    waiting = CreditProposal.objects.filter(status=Status.RECALLED).order_by("pk")
    keys = list(waiting.values_list("pk", flat=True))

    def stay(key: int, error: Exception) -> None:
        waiting.filter(pk=key).update(status=Status.POSTED, error=str(error)[:300])

    return {"taken_back": each_alone(run, keys, lambda key: _book(key, now), stay)}


def _book(key: int, now: datetime) -> int:
    row = CreditProposal.objects.select_for_update(of=("self",)).select_related(
        "adjustment", "outage", "customer"
    ).get(pk=key)  # fmt: skip
    if row.status != Status.RECALLED:
        return 0
    with translation.override(settings.LANGUAGE_CODE):
        reason = _("%(note)s taken back: %(outage)s was a false alarm") % {
            "note": row.adjustment,
            "outage": row.outage.title,
        }
    row.reversal = adjust(
        actor=Actor(None, row.decided_by),
        now=now,
        customer=row.customer,
        amount=row.amount,
        currency=row.currency,
        on=local_date(now, ZoneInfo(settings.TIME_ZONE)),
        reason=reason,
    )
    row.status = Status.TAKEN_BACK
    row.save(update_fields=["reversal", "status"])
    return 1
