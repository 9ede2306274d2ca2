"""A frozen creation does what its plan says: the same as the clock would, or it refuses the row."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from caudal.apps.billing.actions import (
    add_discount,
    add_product,
    adjust,
    leave_item,
    void_invoice,
)
from caudal.apps.billing.models import Invoice
from caudal.apps.billing.selling import Sale
from caudal.apps.billing.tests.world import verify
from caudal.apps.catalog.actions import edit_plan
from caudal.apps.customers import actions as customers
from caudal.apps.customers.models import Service
from caudal.apps.runs import actions, lots
from caudal.apps.runs.models import Run, RunRow
from caudal.apps.runs.tests.world import (
    CLERK,
    World,
    a_month,
    at,
    d,
    everything,
    executed,
    planned,
    refused,
    work,
)
from caudal.core.errors import RuleError

CREATE = Run.Kind.CREATE
MAY, JUNE = d(5, 28), d(6, 28)


class RolledBack(Exception):
    """Leave the block and forget what it wrote."""


def in_a_dream(act: Any) -> Any:
    """What `act` returns, without its effects."""
    kept: list[Any] = []
    try:
        with transaction.atomic():
            kept.append(act())
            raise RolledBack
    except RolledBack:
        return kept[0]


def ready(world: World) -> dict[str, Any]:
    """May is billed, two did not pay, one has money in favour."""
    people = a_month(world)
    world.create(MAY)
    for who in (*people["plain"], *people["two"], *people["own"], *people["credit"]):
        for invoice in world.invoices(who):
            Invoice.objects.filter(pk=invoice.pk).update(due=d(8, 1), cut=d(8, 5))
    adjust(
        actor=CLERK, now=at(d(6, 2)), customer=people["credit"][0], amount=Decimal("-700"),
        currency="MXN", on=d(6, 2), reason="x",
    )  # fmt: skip
    return people


def sell_everything(people: dict[str, Any]) -> None:
    """Products of each kind, a discount, and money that waits for the next invoice."""
    one, two, three, four, five = people["plain"]
    who: dict[str, Any] = {"actor": CLERK, "now": at(d(6, 2))}
    for customer, sale in (
        (one, Sale(description="TV", price=Decimal("99.90"))),
        (two, Sale(description="Router", price=Decimal(450), billing="once")),
        (three, Sale(description="ONU", price=Decimal(1000), billing="instalments", instalments=3)),
    ):
        add_product(**who, customer=customer, sale=sale)
    add_discount(**who, customer=four, description="Promo", percent=Decimal(20), months=3)
    for amount in ("-1000.00", "25.00"):
        leave_item(
            **who, customer=five, amount=Decimal(amount), currency="MXN", on=d(6, 2),
            description="Ajuste",
        )  # fmt: skip


def test_planned_and_executed_is_row_by_row_what_the_clock_creates(world: World) -> None:
    sell_everything(ready(world))

    def by_the_clock() -> dict[str, list[Any]]:
        world.create(JUNE)
        return everything()

    expected = in_a_dream(by_the_clock)
    run = planned(CREATE, JUNE, at(JUNE, 9))
    assert everything()["invoices"] != expected["invoices"]
    executed(run, at(JUNE, 10))
    assert everything() == expected
    rows = run.rows.filter(status=RunRow.Status.DONE).order_by("id")
    assert [row.amount for row in rows] == [row.invoice.total for row in rows if row.invoice]
    assert run.result["counts"] == {"done": len(rows)}
    verify()


def test_a_plan_says_what_it_comes_to_and_writes_nothing(world: World) -> None:
    ready(world)
    before = everything()
    run = planned(CREATE, JUNE, at(JUNE, 9))
    assert everything() == before
    sums = run.rows.filter(action=RunRow.Action.ISSUE).values_list("amount", flat=True)
    assert run.totals["amounts"] == {"MXN": f"{sum(sums):.2f}"}
    assert run.totals["rows"] == len(sums) == 12
    assert run.totals["customers"] == 11
    assert len(run.inputs_hash) == 64
    again = planned(CREATE, JUNE, at(JUNE, 9))
    assert again.pk != run.pk and again.inputs_hash == run.inputs_hash


def test_rows_tell_why_they_charge_what_they_charge(world: World) -> None:
    people = ready(world)
    run = planned(CREATE, JUNE, at(JUNE, 9))
    row = run.rows.get(customer=people["late"][0])
    assert [reason["code"] for reason in row.reasons] == ["part-of-cycle", "late-fee"]
    assert row.amount == Decimal("330.00")


def test_executing_twice_is_nothing(world: World) -> None:
    ready(world)
    run = executed(planned(CREATE, JUNE, at(JUNE, 9)), at(JUNE, 10))
    before = everything()
    executed(run, at(JUNE, 11))
    Run.objects.filter(pk=run.pk).update(status=Run.Status.EXECUTING)
    work(at(JUNE, 12))
    assert everything() == before


def test_after_the_clocks_own_run_every_row_is_refused(world: World) -> None:
    ready(world)
    run = planned(CREATE, JUNE, at(JUNE, 5))
    world.create(JUNE)
    before = everything()
    executed(run, at(JUNE, 10))
    assert everything() == before
    assert {tuple(codes) for codes in refused(run).values()} == {("already-billed",)}
    assert run.rows.filter(status=RunRow.Status.REFUSED).count() == 12


def test_each_kind_of_change_refuses_its_row_and_the_others_go_on(world: World) -> None:
    people = ready(world)
    run = planned(CREATE, JUNE, at(JUNE, 9))
    price, plan, state, gratis, calendar = people["plain"]
    own = people["late"][0]
    bigger = world.create_plan("500.00")
    noon = at(JUNE, 10)
    Service.objects.filter(customer=price).update(price=Decimal("250.00"))
    customers.change_plan(actor=CLERK, now=noon, service=plan.services.get(), plan=bigger)
    customers.cancel(actor=CLERK, now=noon, service=state.services.get(), last_day=JUNE, reason="x")
    gratis.is_invoiced = False
    gratis.save()
    other = world.create_zone("Other", payment_day=15)
    type(calendar).objects.filter(pk=calendar.pk).update(zone=other)
    for invoice in world.invoices(own):
        void_invoice(actor=CLERK, now=noon, today=JUNE, invoice=invoice, reason="x")
    executed(run, at(JUNE, 11))
    told = refused(run)
    assert set(told) == {who.name for who in (price, plan, state, gratis, calendar, own)}
    assert told[price.name] == ["total", "line-gone", "line-new"]
    assert told[plan.name] == ["total", "line-gone", "line-new"]
    assert told[state.name] == ["service-state"]
    assert told[gratis.name] == ["gratis"]
    assert told[calendar.name] == ["not-billed"]
    assert told[own.name] == ["total", "line-gone"]
    row = run.rows.get(customer=price)
    assert row.changes[0] == {"code": "total", "before": "300", "after": "250"}
    assert run.result["counts"] == {"done": 6, "refused": 6}
    verify()


def test_a_new_plan_for_the_refused_rows_holds_only_them(world: World) -> None:
    people = ready(world)
    run = planned(CREATE, JUNE, at(JUNE, 9))
    Service.objects.filter(customer=people["plain"][0]).update(price=Decimal("250.00"))
    executed(run, at(JUNE, 10))
    again = actions.plan_again(actor=CLERK, now=at(JUNE, 11), run=run)
    work(at(JUNE, 11))
    again.refresh_from_db()
    assert [row.customer_id for row in again.rows.all()] == [people["plain"][0].pk]
    executed(again, at(JUNE, 12))
    assert world.invoices(people["plain"][0])[-1].total == Decimal("250.00")


def test_a_plan_approved_after_midnight_keeps_the_dates_that_were_approved(world: World) -> None:
    people = ready(world)
    run = planned(CREATE, JUNE, at(JUNE, 23))
    assert refused(executed(run, at(d(6, 29), 0), d(6, 29))) == {}
    invoice = world.invoices(people["plain"][0])[-1]
    assert (invoice.emission, invoice.due) == (JUNE, d(7, 1))


def test_a_plan_executed_days_later_refuses_what_its_lateness_has_moved(world: World) -> None:
    ready(world)
    run = planned(CREATE, JUNE, at(JUNE, 9))
    executed(run, at(d(7, 3)), d(7, 3))
    assert {tuple(codes)[:1] for codes in refused(run).values()} == {("due",)}
    assert not run.rows.filter(status=RunRow.Status.DONE).exists()


def test_one_zone_can_be_planned_alone(world: World) -> None:
    ready(world)
    far = world.create_zone("Far", payment_day=1, create_style="day", create_value=28)
    there = world.customer(zone=far)
    run = planned(CREATE, JUNE, at(JUNE, 9), zones=[far])
    assert [row.customer_id for row in run.rows.all()] == [there.pk]


def test_the_comparison_knows_new_gone_and_changed_customers(world: World) -> None:
    people = ready(world)
    gone = people["plain"][0]
    customers.cancel(
        actor=CLERK, now=at(d(6, 20)), service=gone.services.get(), last_day=d(6, 30), reason="x"
    )
    dearer = people["plain"][1]
    Service.objects.filter(customer=dearer).update(price=Decimal("600.00"))
    run = planned(CREATE, JUNE, at(JUNE, 9))
    compared = {row.customer_id: row.compared for row in run.rows.all()}
    assert compared[gone.pk] == "gone"
    assert compared[dearer.pk] == "changed"
    assert compared[people["new"][0].pk] == "new"
    assert compared[people["plain"][2].pk] == "same"
    assert run.rows.get(customer=dearer).before == Decimal("300.00")
    assert run.totals["compared"] == {"gone": 1, "changed": 1, "new": 1, "same": 9}


def test_a_customer_who_cannot_be_billed_is_a_problem_and_the_others_go_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = ready(world)["plain"][2]
    draft = lots.draft_invoices

    def broken(found: Any, *rest: Any) -> Any:
        if any(one.pk == bad.pk for one in found):
            raise RuleError("total-negative")
        return draft(found, *rest)

    monkeypatch.setattr(lots, "draft_invoices", broken)
    run = planned(CREATE, JUNE, at(JUNE, 9))
    problem = run.rows.get(status=RunRow.Status.PROBLEM)
    assert (problem.customer, problem.problem) == (bad, "total-negative")
    assert (run.totals["rows"], run.totals["problems"]) == (11, 1)
    executed(run, at(JUNE, 10))
    assert run.result["counts"] == {"done": 11, "problem": 1}


def test_prices_changed_after_the_plan_are_told_before_and_after(world: World) -> None:
    people = ready(world)
    run = planned(CREATE, JUNE, at(JUNE, 9))
    edit_plan(actor=CLERK, now=at(JUNE, 9), plan=world.plan, price=Decimal("350.00"))
    executed(run, at(JUNE, 10))
    own = people["own"][0]
    assert [row.customer_id for row in run.rows.filter(status="done")] == [own.pk]


def test_a_plan_that_a_dead_worker_left_half_done_is_made_anew(world: World) -> None:
    ready(world)
    whole = planned(CREATE, JUNE, at(JUNE, 9))
    half = actions.plan(actor=CLERK, now=at(JUNE, 9), kind=CREATE, on=JUNE)
    for row in whole.rows.order_by("id")[:5]:
        row.pk, row.run = None, half
        row.save()
    work(at(JUNE, 9))
    half.refresh_from_db()
    assert half.inputs_hash == whole.inputs_hash
    assert half.rows.count() == whole.rows.count()
    work(at(JUNE, 10))
    assert Run.objects.get(pk=half.pk).planned_at == at(JUNE, 9)
