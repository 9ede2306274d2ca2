"""A frozen cut suspends who is in its plan, if his case is still the same."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from caudal.apps.billing.tests.world import verify
from caudal.apps.customers import actions as customers
from caudal.apps.customers.models import Customer, Suspension, SuspensionReason
from caudal.apps.dunning.cuts import cut_overdue
from caudal.apps.payments.tests.till import Till
from caudal.apps.runs.models import Run, RunRow
from caudal.apps.runs.tests.test_creation import in_a_dream
from caudal.apps.runs.tests.world import (
    CLERK,
    at,
    d,
    everything,
    executed,
    planned,
    refused,
)

CUT = Run.Kind.CUT


@pytest.fixture
def world(db: None) -> Till:
    return Till()


JULY = d(7, 5)


def owing(world: Till) -> list[Customer]:
    """Six customers whose July invoice is unpaid on the day of the cut; one is never cut."""
    people = [world.customer() for _ in range(6)]
    people.append(world.customer(may_be_cut=False))
    world.create(d(6, 28))
    return people


def test_planned_and_executed_is_row_by_row_what_the_clock_cuts(world: Till) -> None:
    world.company.reconnection_fee = Decimal(50)
    world.company.save()
    owing(world)

    def by_the_clock() -> dict[str, list[Any]]:
        cut_overdue(JULY, at(JULY, 8))
        return everything()

    expected = in_a_dream(by_the_clock)
    run = executed(planned(CUT, JULY, at(JULY, 7)), at(JULY, 8))
    assert everything() == expected
    assert run.result["counts"] == {"done": 6}
    assert set(run.rows.values_list("suspension__is_automatic", flat=True)) == {True}


def test_a_plan_suspends_nobody(world: Till) -> None:
    owing(world)
    run = planned(CUT, JULY, at(JULY, 7))
    assert not Suspension.objects.exists()
    assert run.totals["amounts"] == {"MXN": "1800.00"}
    row = run.rows.order_by("id")[0]
    assert [reason["code"] for reason in row.reasons] == ["enough-overdue", "debt-over-threshold"]


def test_who_paid_or_changed_meanwhile_is_refused_and_told_why(world: Till) -> None:
    paid, partly, cut, exempt, *_others = owing(world)
    run = planned(CUT, JULY, at(JULY, 7))
    world.pay(paid, "300.00", JULY, hour=8)
    world.pay(partly, "100.00", JULY, hour=8)
    service = cut.services.get()
    customers.suspend(
        actor=CLERK, now=at(JULY, 8), today=JULY, service=service, reason=SuspensionReason.UNPAID
    )
    Customer.objects.filter(pk=exempt.pk).update(may_be_cut=False)
    executed(run, at(JULY, 9))
    told = refused(run)
    assert set(told) == {paid.name, partly.name, cut.name, exempt.name}
    assert told[partly.name] == ["total", "owes"]
    assert told[cut.name] == ["already-cut"]
    assert told[paid.name] == ["reason"] and told[exempt.name] == ["reason"]
    row = run.rows.get(customer=partly)
    assert row.changes[0] == {"code": "total", "before": "300", "after": "200"}
    assert run.rows.filter(status=RunRow.Status.DONE).count() == 2
    verify()


def test_a_cut_is_undone_as_one_act(world: Till) -> None:
    from caudal.apps.billing.models import ReconnectionCharge
    from caudal.apps.runs import actions
    from caudal.apps.runs.tests.world import work

    world.company.reconnection_fee = Decimal(50)
    world.company.save()
    owing(world)
    run = executed(planned(CUT, JULY, at(JULY, 7)), at(JULY, 8))
    back = run.rows.order_by("id")[0].suspension
    assert back is not None
    customers.lift(
        actor=CLERK, now=at(JULY, 9), service=back.service, reason=SuspensionReason.UNPAID
    )
    undo = actions.plan_undo(actor=CLERK, now=at(JULY, 10), today=JULY, run=run)
    work(at(JULY, 10))
    undo.refresh_from_db()
    assert undo.totals["rows"] == 5
    assert undo.totals["left_out"] == {"already-restored": 1}
    executed(undo, at(JULY, 11))
    assert not Suspension.objects.filter(closed_at=None).exists()
    assert ReconnectionCharge.objects.count() == 1
    assert actions.plan_undo(actor=CLERK, now=at(JULY, 12), today=JULY, run=run) == undo


@pytest.mark.parametrize("waives", [False, True])
def test_who_still_owes_is_cut_again_unless_the_undoing_waives_it(
    world: Till, client_as: Callable[..., Client], waives: bool
) -> None:
    from caudal.apps.runs import actions
    from caudal.apps.runs.tests.world import work

    owing(world)
    run = executed(planned(CUT, JULY, at(JULY, 7)), at(JULY, 8))
    undo = actions.plan_undo(actor=CLERK, now=at(JULY, 10), today=JULY, run=run)
    work(at(JULY, 10))
    undo.refresh_from_db()
    browser, page = client_as("owner"), reverse("runs:approve", args=[undo.pk])
    assert 'name="waives"' in browser.get(page).content.decode()
    browser.post(page, {"typed": undo.totals["rows"]} | ({"waives": "on"} if waives else {}))
    work(at(JULY, 11))
    assert not Suspension.objects.filter(closed_at=None).exists()
    world.run(d(7, 6))
    assert Suspension.objects.filter(closed_at=None).count() == (0 if waives else 6)
    world.create(d(7, 28))
    world.run(d(8, 5))
    assert Suspension.objects.filter(closed_at=None).count() == 6
    verify()


def test_a_plan_of_saturday_approved_on_a_sunday_without_cuts_is_refused(world: Till) -> None:
    world.company.rules.no_cut_weekdays = [6]
    world.company.rules.save()
    world.zone.cut_value = 4
    world.zone.save()
    owing(world)
    run = executed(planned(CUT, d(7, 4), at(d(7, 4), 8)), at(JULY, 8), JULY)
    assert run.result["counts"] == {"refused": 6}
    assert not Suspension.objects.exists()
    told = {row.changes[0]["reason"]["code"] for row in run.rows.filter(status="refused")}
    assert told == {"no-cut-day"}
