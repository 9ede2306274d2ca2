"""The rows of a price change: plans with their new prices, and every service that they reach."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from caudal.apps.catalog.models import Plan
from caudal.apps.customers.models import Service, ServiceState
from caudal.apps.runs.models import Run, RunRow
from caudal.apps.runs.prints import amount, fingerprint
from caudal.apps.runs.progress import Progress
from caudal.core.money import ZERO, minor_digits, round_half_up

AT_ONCE = 500


class PriceStyle(models.TextChoices):
    SET = "set", _("The same price for all")
    PERCENT = "percent", _("By a percentage")
    AMOUNT = "amount", _("By an amount")


class OwnPrices(models.TextChoices):
    """What becomes of services whose price was agreed with the customer."""

    LEAVE = "leave", _("Leave them as they are")
    CHANGE = "change", _("Change them too")
    DROP = "drop", _("Give them the plan's price")


@dataclass(frozen=True)
class PriceChange:
    """How prices change. `step`: the new price is a multiple of it, nearest, half up; 0 = none."""

    style: str
    value: Decimal
    own: str = OwnPrices.LEAVE
    step: Decimal = ZERO

    @classmethod
    def of(cls, run: Run) -> "PriceChange":
        told = run.options["change"]
        return cls(told["style"], Decimal(told["value"]), told["own"], Decimal(told["step"]))

    def plain(self) -> dict[str, str]:
        return {
            "style": str(self.style),
            "value": amount(self.value),
            "own": str(self.own),
            "step": amount(self.step),
        }

    def new(self, price: Decimal, currency: str) -> Decimal:
        """Never negative."""
        digits = minor_digits(currency)
        if self.style == PriceStyle.SET:
            price = self.value
        elif self.style == PriceStyle.PERCENT:
            price += price * self.value / 100
        else:
            price += self.value
        if self.step:
            price = (price / self.step).quantize(Decimal(1), ROUND_HALF_UP) * self.step
        return max(round_half_up(price, digits), ZERO)


def rows(run: Run, now: datetime, progress: Progress) -> Iterator[list[RunRow]]:
    """Plan by plan: its own new price first, then its services, by customer."""
    change = PriceChange.of(run)
    for plan in Plan.objects.filter(pk__in=run.option("plans", [])).order_by("name"):
        price = change.new(plan.price, plan.currency)
        if price != plan.price:
            yield [_plan_row(run, plan, price)]
        for services in _pages(reached(plan)):
            yield [row for service in services if (row := _row(run, plan, service, price, change))]
            progress.advance(len(services))


def reached(plan: Plan) -> QuerySet[Service]:
    return Service.objects.filter(plan=plan).exclude(state=ServiceState.CANCELLED)


def _pages(services: QuerySet[Service]) -> Iterator[list[Service]]:
    last = 0
    ordered = services.select_related("customer").order_by("pk")
    while page := list(ordered.filter(pk__gt=last)[:AT_ONCE]):
        yield page
        last = page[-1].pk


def _plan_row(run: Run, plan: Plan, price: Decimal) -> RunRow:
    facts = {"before": amount(plan.price), "total": amount(price)}
    return RunRow(
        run=run,
        key=f"plan|{plan.pk}",
        plan=plan,
        action=RunRow.Action.PLAN_PRICE,
        currency=plan.currency,
        amount=price,
        before=plan.price,
        compared=RunRow.Compared.CHANGED,
        facts=facts,
        fingerprint=fingerprint(facts),
    )


def _row(
    run: Run, plan: Plan, service: Service, price: Decimal, change: PriceChange
) -> RunRow | None:
    """None where nothing changes for the service."""
    before = plan.price if service.price is None else service.price
    own = _own_price(service, plan, change)
    after = price if own is None else own
    is_left = service.price is not None and own == service.price
    if after == before and not is_left:
        return None
    facts = {
        "plan": plan.pk,
        "own": None if service.price is None else amount(service.price),
        "own_after": None if own is None else amount(own),
        "total": amount(after),
    }
    return RunRow(
        run=run,
        key=f"service|{service.pk}",
        customer_id=service.customer_id,
        service=service,
        plan=plan,
        zone_id=service.customer.zone_id,
        action=RunRow.Action.SKIP if is_left else RunRow.Action.PRICE,
        status=RunRow.Status.NOTE if is_left else RunRow.Status.PLANNED,
        currency=plan.currency,
        amount=after,
        before=before,
        compared="" if is_left else RunRow.Compared.CHANGED,
        reasons=[OWN_PRICE] if is_left else [],
        facts=facts,
        fingerprint="" if is_left else fingerprint(facts),
    )


OWN_PRICE = {"rule": "PRICE", "code": "own-price", "params": {}}


def _own_price(service: Service, plan: Plan, change: PriceChange) -> Decimal | None:
    """The service's own price afterwards; None: it follows the plan's."""
    if service.price is None or change.own == OwnPrices.DROP:
        return None
    if change.own == OwnPrices.LEAVE:
        return service.price
    return change.new(service.price, plan.currency)
