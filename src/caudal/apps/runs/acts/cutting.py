"""Cutting who is in a plan: judged again, and cut where the verdict and the debt are the same."""

from datetime import date

from caudal.apps.billing.calendars import clock_named
from caudal.apps.customers.models import Service, Suspension, SuspensionReason
from caudal.apps.dunning.cuts import Judged, candidates, cut_judged, judge
from caudal.apps.runs.acts.batch import Batch
from caudal.apps.runs.models import RunRow
from caudal.apps.runs.prints import Change, because, change, changes, facts_of_cut, fingerprint
from caudal.core.civil import local_date


def cut_rows(batch: Batch) -> None:
    """Suspend the services whose case is as planned."""
    ids = [row.service_id for row in batch.rows if row.service_id]
    live = set(candidates(batch.run.on).filter(pk__in=ids).values_list("pk", flat=True))
    services = Service.objects.filter(pk__in=ids)
    judged = {each.service.pk: each for each in judge(services, batch.run.on, batch.now)}
    unpaid = Suspension.objects.filter(
        service__in=ids, reason=SuspensionReason.UNPAID, closed_at=None
    )
    cut_already = set(unpaid.values_list("service_id", flat=True))
    for row in batch.rows:
        assert row.service_id is not None
        case = judged.get(row.service_id)
        if case is not None and row.service_id in live:
            _cut_as_planned(batch, row, case)
        else:
            batch.refuse(row, _why_not(case, row.service_id in cut_already))


def _cut_as_planned(batch: Batch, row: RunRow, case: Judged) -> None:
    facts = facts_of_cut(case)
    if not case.decision.cut:
        batch.refuse(row, [because(reason) for reason in case.decision.reasons])
    elif fingerprint(facts) != row.fingerprint:
        batch.refuse(row, changes(row.facts, facts))
    else:
        row.suspension = cut_judged(case, _day(batch, row), batch.now, batch.actor)
        batch.finish(row)


def _day(batch: Batch, row: RunRow) -> date:
    """The real civil date where the customer lives."""
    return local_date(batch.now, clock_named(row.lot))


def _why_not(case: Judged | None, is_cut: bool) -> list[Change]:
    if is_cut:
        return [change("already-cut")]
    if case is not None and not case.decision.cut:
        return [because(reason) for reason in case.decision.reasons]
    return [change("not-cuttable")]
