"""A price change reaches exactly whom its plan says, on its date, and can be taken back whole."""

from decimal import Decimal

import pytest

from caudal.apps.catalog.actions import edit_plan
from caudal.apps.catalog.models import Plan
from caudal.apps.customers import actions as customers
from caudal.apps.customers.models import Customer, Service
from caudal.apps.runs import actions
from caudal.apps.runs.models import Run, RunRow
from caudal.apps.runs.sources.pricing import PriceChange
from caudal.apps.runs.tests.world import CLERK, World, at, d, executed, refused, work
from caudal.core.errors import RuleError

ON = d(7, 1)


def ask(world: World, style: str = "percent", value: str = "10", **more: object) -> Run:
    run = actions.plan_prices(
        actor=CLERK, now=at(ON), on=ON, plans=[world.plan], style=style, value=Decimal(value),
        **more,  # type: ignore[arg-type]
    )  # fmt: skip
    work(at(ON))
    run.refresh_from_db()
    assert run.status == Run.Status.PLANNED, run.error
    return run


def people(world: World) -> tuple[Customer, Customer, Customer]:
    """On the plan's price, on his own, and on another plan."""
    own, other = world.customer(), world.create_plan("500.00")
    Service.objects.filter(customer=own).update(price=Decimal("200.00"))
    return world.customer(), own, world.customer(plan=other)


def price_of(customer: Customer) -> Decimal:
    service = customer.services.select_related("plan").get()
    return service.plan.price if service.price is None else service.price


@pytest.mark.parametrize(
    ("own", "expected"), [("leave", "200.00"), ("change", "220.00"), ("drop", "330.00")]
)
def test_own_prices_are_left_changed_or_dropped(world: World, own: str, expected: str) -> None:
    plain, agreed, elsewhere = people(world)
    executed(ask(world, own=own), at(ON))
    assert price_of(plain) == Decimal("330.00")
    assert price_of(agreed) == Decimal(expected)
    assert price_of(elsewhere) == Decimal("500.00")


@pytest.mark.parametrize(
    ("style", "value", "step", "expected"),
    [
        ("set", "349.00", "0", "349.00"),
        ("percent", "3.5", "0", "310.50"),
        ("percent", "3.5", "5", "310.00"),
        ("amount", "-25.50", "0", "274.50"),
        ("amount", "-400", "0", "0"),
    ],
)
def test_new_prices(style: str, value: str, step: str, expected: str) -> None:
    change = PriceChange(style, Decimal(value), step=Decimal(step))
    assert change.new(Decimal("300.00"), "MXN") == Decimal(expected)


def test_a_price_change_waits_for_its_date_and_comes_before_the_invoices_of_the_day(
    world: World,
) -> None:
    plain, _, _ = people(world)
    run = ask(world)
    actions.approve(actor=CLERK, now=at(d(6, 27)), today=d(6, 27), run=run)
    work(at(d(6, 30)), d(6, 30))
    assert price_of(plain) == Decimal("300.00")
    work(at(ON), ON)
    assert price_of(plain) == Decimal("330.00")


def test_a_plan_whose_price_was_changed_meanwhile_is_refused_with_its_services(
    world: World,
) -> None:
    plain, _, _ = people(world)
    run = ask(world)
    edit_plan(actor=CLERK, now=at(ON), plan=world.plan, price=Decimal("310.00"))
    executed(run, at(ON))
    assert refused(run) == {str(world.plan): ["plan-price"], plain.name: ["plan-price"]}
    assert price_of(plain) == Decimal("310.00")


def test_a_service_that_left_the_plan_or_got_its_own_price_is_refused(world: World) -> None:
    plain, agreed, _ = people(world)
    run = ask(world, own="change")
    customers.change_price(
        actor=CLERK, now=at(ON), service=agreed.services.get(), price=Decimal("210.00")
    )
    customers.change_plan(
        actor=CLERK, now=at(ON), service=plain.services.get(), plan=Plan.objects.get(price=500)
    )
    executed(run, at(ON))
    assert refused(run) == {plain.name: ["plan"], agreed.name: ["own-price"]}
    assert price_of(agreed) == Decimal("210.00")


def test_undoing_restores_the_prices_that_nobody_changed_since(world: World) -> None:
    plain, agreed, _ = people(world)
    touched = world.customer()
    Service.objects.filter(customer=touched).update(price=Decimal("250.00"))
    run = executed(ask(world, own="change"), at(ON))
    customers.change_price(
        actor=CLERK, now=at(ON), service=touched.services.get(), price=Decimal("280.00")
    )
    undo = actions.plan_undo(actor=CLERK, now=at(ON), today=ON, run=run)
    work(at(ON))
    undo.refresh_from_db()
    assert undo.totals["left_out"] == {"price-changed-since": 1}
    executed(undo, at(ON))
    assert [price_of(one) for one in (plain, agreed, touched)] == [
        Decimal("300.00"), Decimal("200.00"), Decimal("280.00"),
    ]  # fmt: skip
    assert undo.rows.filter(status=RunRow.Status.DONE).count() == 3


def test_a_price_that_was_zero_is_zero_again(world: World) -> None:
    Plan.objects.filter(pk=world.plan.pk).update(price=0)
    world.plan.refresh_from_db()
    customer = world.customer()
    run = executed(ask(world, style="set", value="100"), at(ON))
    undo = actions.plan_undo(actor=CLERK, now=at(ON), today=ON, run=run)
    work(at(ON))
    undo.refresh_from_db()
    assert {row.facts["total"] for row in undo.rows.all()} == {"0"}
    executed(undo, at(ON))
    assert price_of(customer) == 0


def test_what_makes_no_sense_is_refused(world: World) -> None:
    with pytest.raises(RuleError, match="no-plans"):
        actions.plan_prices(actor=CLERK, now=at(ON), on=ON, plans=[], style="set", value=Decimal(1))
    with pytest.raises(RuleError, match="amount-negative"):
        ask(world, style="set", value="-1")
