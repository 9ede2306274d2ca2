"""Changing the prices of a plan: the catalog's and services' own, where they are as they were."""

from decimal import Decimal

from caudal.apps.catalog import actions as catalog
from caudal.apps.catalog.models import Plan
from caudal.apps.customers import actions as customers
from caudal.apps.customers.models import Service, ServiceState
from caudal.apps.runs.acts.batch import Batch
from caudal.apps.runs.models import RunRow
from caudal.apps.runs.prints import amount, change


def change_prices(batch: Batch) -> None:
    """Plans first; a service without a price of its own has the new one as soon as its plan has."""
    plans = Plan.objects.select_for_update().in_bulk({row.plan_id for row in batch.rows})
    for row in batch.rows:
        if row.action == RunRow.Action.PLAN_PRICE:
            assert row.plan_id is not None
            _change_plan(batch, row, plans[row.plan_id])
    services = Service.objects.select_related("plan").in_bulk(
        [row.service_id for row in batch.rows if row.service_id]
    )
    for row in batch.rows:
        if row.service_id is not None and row.plan_id is not None:
            _change_service(batch, row, services[row.service_id], plans[row.plan_id])


def _change_plan(batch: Batch, row: RunRow, plan: Plan) -> None:
    if amount(plan.price) != row.facts["before"]:
        batch.refuse(row, [change("plan-price", row.facts["before"], amount(plan.price))])
        return
    catalog.edit_plan(actor=batch.actor, now=batch.now, plan=plan, price=row.amount)
    batch.finish(row)


def _change_service(batch: Batch, row: RunRow, service: Service, plan: Plan) -> None:
    own = None if service.price is None else amount(service.price)
    if service.plan_id != row.plan_id:
        batch.refuse(row, [change("plan", str(row.plan), str(service.plan))])
    elif service.state == ServiceState.CANCELLED:
        batch.refuse(row, [change("service-state", None, str(service.state))])
    elif own != row.facts["own"]:
        batch.refuse(row, [change("own-price", row.facts["own"], own)])
    elif row.facts["own_after"] is None and plan.price != row.amount:
        batch.refuse(row, [change("plan-price", amount(row.amount), amount(plan.price))])
    else:
        _set_own(batch, service, own, row.facts["own_after"])
        batch.finish(row)


def _set_own(batch: Batch, service: Service, own: str | None, after: str | None) -> None:
    if own == after:
        return
    customers.change_price(
        actor=batch.actor,
        now=batch.now,
        service=service,
        price=None if after is None else Decimal(after),
    )
