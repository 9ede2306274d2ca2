"""The rows of a creation: one per draft, who is left out, and who was billed before and is not."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from caudal.apps.billing.batches import BILLED, pages
from caudal.apps.billing.drafts import Draft
from caudal.apps.billing.emissions import Skipped
from caudal.apps.billing.models import BilledPeriod
from caudal.apps.catalog.models import BillingRules
from caudal.apps.customers.models import Customer, Service
from caudal.apps.runs.lots import Lot, chosen, lots, prepare
from caudal.apps.runs.models import Run, RunRow
from caudal.apps.runs.prints import facts_of_draft, fingerprint
from caudal.apps.runs.progress import Progress
from caudal.core.errors import RuleError
from caudal.core.money import ZERO
from caudal.core.periods import ONE_DAY

GONE_AT_ONCE = 500

Before = dict[tuple[int, str], dict[int, Decimal]]
"""(service, currency) -> the invoices of the period before, with their totals."""


def rows(run: Run, now: datetime, progress: Progress) -> Iterator[list[RunRow]]:
    """In the order in which the clock's own job would create them."""
    prepare(run, now)
    percents = dict(BillingRules.objects.values_list("company_id", "run_change_percent"))
    for lot in lots(run, now):
        count, batches = pages(chosen(run, lot.emission.services()))
        progress.plan(progress.planned + count)
        for ids in batches:
            yield from _batch(run, lot, ids, percents)
            progress.advance(len(ids))
        if not run.option("again"):
            yield from no_longer_billed(run, lot)


def _batch(run: Run, lot: Lot, ids: list[int], percents: dict[int, int]) -> Iterator[list[RunRow]]:
    """One that cannot be computed is a problem of its own and not of the others."""
    customers = list(Customer.objects.filter(pk__in=ids).only(*BILLED).order_by("pk"))
    try:
        drafts, skipped = lot.drafts(customers)
        found = _rows(run, lot, drafts, percents) + [_left_out(run, lot, one) for one in skipped]
    except RuleError as error:
        if len(ids) == 1:
            yield [_problem(run, lot, customers[0], error)]
            return
        for one in ids:
            yield from _batch(run, lot, [one], percents)
        return
    yield found


def _rows(run: Run, lot: Lot, drafts: Sequence[Draft], percents: dict[int, int]) -> list[RunRow]:
    services = {service for draft in drafts for service, _days in draft.periods}
    plans = dict(Service.objects.filter(pk__in=services).values_list("pk", "plan_id"))
    before = billed_before(services, lot.emission.schedule.period.first - ONE_DAY)
    return [_row(run, lot, draft, plans, _last_time(draft, before), percents) for draft in drafts]


def _row(
    run: Run,
    lot: Lot,
    draft: Draft,
    plans: dict[int, int],
    before: Decimal | None,
    percents: dict[int, int],
) -> RunRow:
    facts = facts_of_draft(draft)
    billed = [service for service, _days in draft.periods]
    return RunRow(
        run=run,
        key=lot.key(draft),
        lot=lot.name,
        customer_id=draft.customer.pk,
        service_id=draft.service_id,
        plan_id=plans[billed[0]] if billed else None,
        zone_id=draft.customer.zone_id,
        action=RunRow.Action.ISSUE,
        currency=draft.currency,
        amount=draft.taxed.total,
        before=before,
        compared=compare(before, draft.taxed.total, percents.get(draft.customer.company_id, 20)),
        reasons=[reason.to_plain() for line in draft.lines for reason in line.trace],
        facts=facts,
        fingerprint=fingerprint(facts),
    )


def compare(before: Decimal | None, amount: Decimal, percent: int) -> str:
    """How an amount compares with the one before; `percent` is the change that is worth a look."""
    if before is None:
        return str(RunRow.Compared.NEW)
    is_far = abs(amount - before) * 100 > before * percent
    return str(RunRow.Compared.CHANGED if is_far else RunRow.Compared.SAME)


def billed_before(services: Iterable[int], day: date) -> Before:
    """The invoices that bill `day`, the last one of the period before."""
    periods = BilledPeriod.objects.filter(
        service__in=services, is_void=False, first__lte=day, last__gte=day
    )
    found: Before = defaultdict(dict)
    for service, currency, invoice, total in periods.values_list(
        "service_id", "invoice__currency", "invoice_id", "invoice__total"
    ):
        found[service, currency][invoice] = total
    return found


def _last_time(draft: Draft, before: Before) -> Decimal | None:
    invoices: dict[int, Decimal] = {}
    for service, _days in draft.periods:
        invoices |= before.get((service, draft.currency), {})
    return sum(invoices.values(), ZERO) if invoices else None


def _left_out(run: Run, lot: Lot, skipped: Skipped) -> RunRow:
    return RunRow(
        run=run,
        key=f"{lot.name}|skip|{skipped.service.pk}",
        lot=lot.name,
        customer_id=skipped.customer.pk,
        service_id=skipped.service.pk,
        plan_id=skipped.service.plan_id,
        zone_id=skipped.customer.zone_id,
        action=RunRow.Action.SKIP,
        status=RunRow.Status.NOTE,
        currency=skipped.service.plan.currency,
        amount=ZERO,
        reasons=[skipped.reason.to_plain()],
    )


def _problem(run: Run, lot: Lot, customer: Customer, error: RuleError) -> RunRow:
    return RunRow(
        run=run,
        key=f"{lot.name}|problem|{customer.pk}",
        lot=lot.name,
        customer_id=customer.pk,
        zone_id=customer.zone_id,
        action=RunRow.Action.ISSUE,
        status=RunRow.Status.PROBLEM,
        currency=customer.company.currency,
        amount=ZERO,
        problem=str(error)[:300],
    )


def no_longer_billed(run: Run, lot: Lot) -> Iterator[list[RunRow]]:
    """Services that the period before billed, whom neither this run nor an invoice bills now."""
    batch: list[RunRow] = []
    seen: int | None = None
    for service, customer, zone, plan, invoice, currency, total in _not_billed_now(
        run, lot
    ).iterator(GONE_AT_ONCE):
        batch.append(
            RunRow(
                run=run,
                key=f"{lot.name}|gone|{service}",
                lot=lot.name,
                customer_id=customer,
                service_id=service,
                plan_id=plan,
                zone_id=zone,
                action=RunRow.Action.GONE,
                status=RunRow.Status.NOTE,
                compared=RunRow.Compared.GONE,
                currency=currency,
                amount=ZERO,
                before=ZERO if invoice == seen else total,
            )
        )
        seen = invoice
        if len(batch) == GONE_AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def _not_billed_now(run: Run, lot: Lot) -> "QuerySet[BilledPeriod, tuple[Any, ...]]":
    day = lot.emission.schedule.period.first - ONE_DAY
    now_billed = BilledPeriod.objects.filter(
        service=OuterRef("service"), is_void=False, last__gt=day, first__lte=_last(lot)
    )
    in_run = RunRow.objects.filter(run=run, customer=OuterRef("service__customer")).filter(
        Q(service=OuterRef("service")) | Q(service=None)
    )
    calendar = Customer.objects.filter(lot.emission.customers)
    services = chosen(run, Service.objects.filter(customer__in=calendar))
    found = BilledPeriod.objects.filter(
        ~Exists(now_billed), ~Exists(in_run), is_void=False, first__lte=day, last__gte=day,
        service__in=services,
    )  # fmt: skip
    return found.order_by("invoice_id", "service_id").values_list(
        "service_id", "service__customer_id", "service__customer__zone_id", "service__plan_id",
        "invoice_id", "invoice__currency", "invoice__total",
    )  # fmt: skip


def _last(lot: Lot) -> date:
    return lot.emission.schedule.period.last
