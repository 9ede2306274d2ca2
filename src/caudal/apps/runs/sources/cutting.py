"""The rows of a cut: who would be cut and for which invoices, and who would not and why."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import QuerySet

from caudal.apps.billing.batches import pages
from caudal.apps.customers.models import Service
from caudal.apps.dunning.cuts import Judged, candidates, judge
from caudal.apps.runs.lots import chosen, clocks_of
from caudal.apps.runs.models import Run, RunRow
from caudal.apps.runs.prints import facts_of_cut, fingerprint
from caudal.apps.runs.progress import Progress


def rows(run: Run, now: datetime, progress: Progress) -> Iterator[list[RunRow]]:
    """By clock and customer, as the clock's own job would cut them."""
    for zone in clocks_of(run):
        found = _candidates(run, zone)
        count, batches = pages(found)
        progress.plan(progress.planned + count)
        for ids in batches:
            judged = judge(found.filter(customer__in=ids), run.on, now)
            yield [row_of(run, zone, each) for each in judged]
            progress.advance(len(ids))


def row_of(run: Run, zone: str, judged: Judged) -> RunRow:
    service, cut = judged.service, judged.decision.cut
    facts = facts_of_cut(judged)
    return RunRow(
        run=run,
        key=f"{zone}|{service.pk}",
        lot=zone,
        customer_id=service.customer_id,
        service_id=service.pk,
        plan_id=service.plan_id,
        zone_id=service.customer.zone_id,
        action=RunRow.Action.CUT if cut else RunRow.Action.SKIP,
        status=RunRow.Status.PLANNED if cut else RunRow.Status.NOTE,
        currency=service.plan.currency,
        amount=judged.debt,
        reasons=[reason.to_plain() for reason in judged.decision.reasons],
        facts=facts if cut else {},
        fingerprint=fingerprint(facts) if cut else "",
    )


def _candidates(run: Run, zone: str) -> QuerySet[Service]:
    return chosen(run, candidates(run.on, zone))
