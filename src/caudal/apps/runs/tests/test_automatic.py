"""The clock's own runs: in one go with the brakes on, waiting for approval, or only computed."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from caudal.apps.billing.actions import cancel_service
from caudal.apps.billing.models import Invoice
from caudal.apps.billing.tests.world import verify
from caudal.apps.catalog.models import BillingRules, Plan
from caudal.apps.clock.jobs import Run as Job
from caudal.apps.clock.schedule import daily_jobs, frequent_jobs, is_silent
from caudal.apps.customers.actions import suspend
from caudal.apps.customers.models import Customer, Service, Suspension
from caudal.apps.payments.tests.till import Till
from caudal.apps.runs import actions, planning
from caudal.apps.runs.automatic import automatic
from caudal.apps.runs.execution import execute_rows
from caudal.apps.runs.jobs import ACTING, do_approved
from caudal.apps.runs.models import Run, RunRow
from caudal.apps.runs.planning import plan_rows
from caudal.apps.runs.progress import Progress
from caudal.apps.runs.sources import comparing
from caudal.apps.runs.tests.world import CLERK, World, at, d, executed, planned, work
from caudal.core.errors import RuleError
from caudal.core.records import Plain

CREATE, CUT = Run.Kind.CREATE, Run.Kind.CUT
MAY, JUNE, JULY = d(5, 28), d(6, 28), d(7, 5)
MEXICO = "America/Mexico_City"


def tick(kind: str, day: object, hour: int = 6) -> dict[str, object]:
    return automatic(kind, day, MEXICO, at(day, hour), Job())  # type: ignore[arg-type]


def terms(**fields: object) -> None:
    actions.set_terms(actor=CLERK, now=at(MAY), today=MAY, **fields)


def crowd(world: World, count: int) -> list[Customer]:
    return [world.customer() for _ in range(count)]


def test_the_clock_creates_with_a_row_of_sums_and_cuts_with_a_row_for_each(
    world: World,
) -> None:
    crowd(world, 3)
    assert tick(CREATE, JUNE)["created"] == 3
    assert tick(CUT, JULY, 8) == {"cut": 3}
    create, cut = Run.objects.order_by("on")
    assert (create.status, create.is_automatic, create.totals) == (
        "done",
        True,
        {"compared": {"new": 3}},
    )
    assert create.result == {"counts": {"done": 3}, "amounts": {"MXN": "900.00"}}
    assert (cut.status, cut.rows.count(), cut.approved_by) == ("done", 3, "clock")


def test_who_differs_from_the_last_time_has_a_row(
    world: World, client_as: Callable[..., Client]
) -> None:
    same, dearer, leaving = crowd(world, 3)
    tick(CREATE, MAY)
    Service.objects.filter(customer=dearer).update(price=Decimal("450.00"))
    cancel_service(
        actor=CLERK, now=at(d(6, 10)), today=d(6, 10), service=leaving.services.get(),
        last_day=d(6, 30), reason="x",
    )  # fmt: skip
    new = world.customer()
    for hour in (6, 7):
        tick(CREATE, JUNE, hour)
    run = Run.objects.get(on=JUNE)
    assert run.totals == {"compared": {"new": 1, "changed": 1, "gone": 1}}
    found = {(row.compared, row.customer_id, row.before, row.amount) for row in run.rows.all()}
    assert found == {
        ("new", new.pk, None, 300), ("changed", dearer.pk, 300, 450), ("gone", leaving.pk, 300, 0),
    }  # fmt: skip
    owner, rows = client_as("owner"), reverse("runs:rows", args=[run.pk])
    page = owner.get(rows, {"show": "gone"}).content.decode()
    assert leaving.name in page and same.name not in page
    assert "?show=changed" in owner.get(reverse("runs:run", args=[run.pk])).content.decode()


def test_of_very_many_that_differ_only_the_number_is_kept(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparing, "MOST", 2)
    monkeypatch.setattr(comparing, "AT_ONCE", 2)
    crowd(world, 5)
    tick(CREATE, JUNE)
    run = Run.objects.get()
    assert (run.totals, run.rows.count()) == ({"compared": {"new": 5}}, 2)


def test_a_clock_that_died_after_planning_does_not_leave_its_cut_to_a_person(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowd(world, 3)
    tick(CREATE, JUNE)

    def die(run: Run) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr("caudal.apps.runs.automatic._decide", die)
        tick(CUT, JULY, 8)
    assert tick(CUT, JULY, 8) == {"cut": 3}
    assert Run.objects.get(kind=CUT).status == Run.Status.DONE


def test_the_clocks_own_run_is_planned_by_the_clock_alone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowd(world, 3)
    tick(CREATE, JUNE)

    def plan(run: Run, now: datetime, progress: Progress) -> None:
        work(now)  # another worker looks meanwhile
        seen.append((Run.objects.get(pk=run.pk).status, run.rows.count()))
        plan_rows(run, now, progress)

    seen: list[tuple[str, int]] = []
    monkeypatch.setattr("caudal.apps.runs.automatic.plan_rows", plan)
    assert tick(CUT, JULY, 8) == {"cut": 3}
    assert seen == [(Run.Status.PLANNING, 0)]


def test_who_read_a_run_before_it_was_planned_takes_none_of_its_rows_away(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowd(world, 3)
    tick(CREATE, JUNE)

    def plan(run: Run, now: datetime, progress: Progress) -> None:
        slow = Run.objects.get(pk=run.pk)
        plan_rows(run, now, progress)
        with monkeypatch.context() as patch:
            patch.setattr(planning, "SOURCES", {CUT: lambda *_: iter(())})
            plan_rows(slow, now, progress)  # up to its first row
        assert slow.status == Run.Status.PLANNED

    monkeypatch.setattr("caudal.apps.runs.automatic.plan_rows", plan)
    assert tick(CUT, JULY, 8) == {"cut": 3}


def test_a_plan_that_is_discarded_while_the_clock_decides_stays_discarded(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowd(world, 3)
    tick(CREATE, JUNE)

    def discarded_first(count: object, zone: str) -> list[Plain]:
        actions.discard(actor=CLERK, now=at(JULY, 8), run=Run.objects.get(kind=CUT))
        return []

    monkeypatch.setattr("caudal.apps.runs.automatic.too_many_cuts", discarded_first)
    assert tick(CUT, JULY, 8) == {"waiting": 1}
    assert not Suspension.objects.exists()


def test_who_read_a_run_before_it_was_discarded_does_not_execute_it(world: World) -> None:
    crowd(world, 3)
    run = planned(CREATE, JUNE, at(JUNE, 9))
    approved = actions.approve(actor=CLERK, now=at(JUNE, 9), today=JUNE, run=run)
    actions.discard(actor=CLERK, now=at(JUNE, 9), run=run)
    execute_rows(approved, at(JUNE, 9), Progress(approved, Job()))
    assert approved.status == Run.Status.DISCARDED
    assert not Invoice.objects.exists()


def test_the_clock_executes_what_is_approved_and_leaves_planning_to_the_worker(
    world: World,
) -> None:
    crowd(world, 3)
    ready = planned(CREATE, JUNE, at(JUNE, 3))
    actions.approve(actor=CLERK, now=at(JUNE, 3), today=JUNE, run=ready)
    asked = actions.plan(actor=CLERK, now=at(JUNE, 3), kind=CUT, on=JUNE)
    do_approved(Job(), JUNE, MEXICO, at(JUNE, 5))
    states = dict(Run.objects.values_list("pk", "status"))
    assert states == {ready.pk: Run.Status.DONE, asked.pk: Run.Status.PLANNING}


def test_a_date_on_which_nothing_is_to_do_leaves_no_row(world: World) -> None:
    crowd(world, 2)
    tick(CREATE, d(6, 20))
    tick(CUT, d(6, 20), 8)
    assert not Run.objects.exists()


def test_the_same_date_again_is_nothing_and_the_sums_stay(world: World) -> None:
    crowd(world, 3)
    tick(CREATE, JUNE)
    world.customer()
    assert tick(CREATE, JUNE, 9)["created"] == 1
    assert tick(CREATE, JUNE, 10)["created"] == 0
    run = Run.objects.get()
    assert run.result["counts"] == {"done": 4}
    assert Invoice.objects.count() == 4


def test_too_many_cuts_stop_and_wait_for_the_typed_count(world: World) -> None:
    crowd(world, 25)
    world.create(JUNE)
    assert tick(CUT, JULY, 8) == {"waiting": 1}
    assert not Suspension.objects.exists()
    run = Run.objects.waiting_for_a_person().get()
    assert run.brakes[0]["code"] == "too-many-cuts"
    assert run.totals["rows"] == 25
    with pytest.raises(RuleError, match="run-count-wrong"):
        actions.approve(actor=CLERK, now=at(JULY, 9), today=JULY, run=run, typed=24)
    executed(run, at(JULY, 9))
    assert Suspension.objects.count() == 25
    assert tick(CUT, JULY, 10) == {"cut": 25}


def test_as_many_cuts_as_the_share_allows_go_through(world: World) -> None:
    crowd(world, 25)
    world.create(JUNE)
    crowd(world, 75)
    assert tick(CUT, JULY, 8) == {"cut": 25}


def test_a_small_provider_is_never_stopped(world: World) -> None:
    crowd(world, 20)
    world.create(JUNE)
    assert tick(CUT, JULY, 8) == {"cut": 20}


def test_candidates_whom_the_rules_do_not_cut_neither_brake_nor_leave_a_run(world: World) -> None:
    crowd(world, 25)
    world.create(JUNE)
    world.company.unlock_value = Decimal("300.00")
    world.company.save()
    assert tick(CUT, JULY, 8) == {}
    assert not Run.objects.exists()


def test_tomorrows_stopped_cut_takes_the_place_of_todays(world: World) -> None:
    crowd(world, 25)
    world.create(JUNE)
    tick(CUT, JULY, 8)
    tick(CUT, d(7, 6), 8)
    assert [(run.on.day, run.status) for run in Run.objects.order_by("on")] == [
        (5, "discarded"),
        (6, "planned"),
    ]


@pytest.mark.parametrize("price", ["3000.00", "30.00"])
def test_a_creation_unlike_the_last_one_stops(world: World, price: str) -> None:
    crowd(world, 20)
    assert tick(CREATE, MAY)["created"] == 20
    Plan.objects.update(price=Decimal(price))
    assert tick(CREATE, JUNE) == {"waiting": 1}
    assert Invoice.objects.filter(emission=JUNE).count() == 0
    run = Run.objects.waiting_for_a_person().get()
    assert run.brakes[0]["code"] == "unlike-last-time"
    executed(run, at(JUNE, 9))
    assert Invoice.objects.filter(emission=JUNE).count() == 20


def test_many_more_or_fewer_services_than_last_time_stop(world: World) -> None:
    people = crowd(world, 50)
    tick(CREATE, MAY)
    Service.objects.filter(customer__in=people[:30]).update(state="pending")
    assert tick(CREATE, JUNE) == {"waiting": 1}


def test_first_runs_caught_up_dates_and_small_ones_are_not_stopped(world: World) -> None:
    crowd(world, 19)
    assert tick(CREATE, MAY)["created"] == 19
    Plan.objects.update(price=Decimal(3000))
    assert tick(CREATE, JUNE)["created"] == 19
    crowd(world, 60)
    assert tick(CREATE, d(7, 28))["created"] == 79


def test_a_run_that_was_killed_half_way_does_not_look_small(world: World) -> None:
    people = crowd(world, 50)
    tick(CREATE, MAY)
    world.create(JUNE, customer_ids=[one.pk for one in people[:45]])
    assert tick(CREATE, JUNE)["created"] == 5


def test_plans_wait_for_approval_where_that_is_set(world: World) -> None:
    crowd(world, 3)
    terms(creation="approval")
    assert tick(CREATE, JUNE) == {"waiting": 1}
    assert tick(CREATE, JUNE, 7) == {"waiting": 1}
    run = Run.objects.get()
    assert not Invoice.objects.exists()
    executed(run, at(JUNE, 9))
    assert Invoice.objects.count() == 3


def test_a_discarded_plan_is_not_made_again_by_the_clock(world: World) -> None:
    crowd(world, 3)
    terms(creation="approval")
    tick(CREATE, JUNE)
    actions.discard(actor=CLERK, now=at(JUNE, 7), run=Run.objects.get())
    assert tick(CREATE, JUNE, 8) == {}
    assert Run.objects.count() == 1 and not Invoice.objects.exists()


def test_a_shadow_month_computes_and_never_acts(world: World) -> None:
    crowd(world, 3)
    world.create(JUNE)
    terms(is_shadow=True)
    tick(CUT, JULY, 8)
    tick(CREATE, d(7, 28))
    assert not Suspension.objects.exists()
    assert Invoice.objects.count() == 3
    cut, create = Run.objects.order_by("on")
    assert {row.status for row in cut.rows.all()} == {RunRow.Status.SHADOW}
    assert create.totals["amounts"] == {"MXN": "900.00"} and create.status == "done"
    run = actions.plan(actor=CLERK, now=at(JULY, 9), kind=CUT, on=JULY)
    work(at(JULY, 9))
    with pytest.raises(RuleError, match="run-shadow-month"):
        actions.approve(actor=CLERK, now=at(JULY, 9), today=JULY, run=run)


def test_nothing_charges_or_tells_customers_in_a_shadow_month(world: World) -> None:
    names = {job.name for job in [*daily_jobs(), *frequent_jobs()]}
    assert names.issuperset(ACTING)
    assert not any(is_silent(name) for name in ACTING)
    terms(is_shadow=True)
    assert all(is_silent(name) for name in ACTING)
    assert not is_silent("ledger.verify")


def test_a_shadow_plan_of_a_person_never_acts_even_when_executed(world: World) -> None:
    crowd(world, 3)
    run = actions.plan(actor=CLERK, now=at(JUNE), kind=CREATE, on=JUNE, is_shadow=True)
    work(at(JUNE))
    executed(Run.objects.get(pk=run.pk), at(JUNE))
    assert not Invoice.objects.exists()


def test_undoing_the_clocks_creation_voids_what_nobody_paid(db: None) -> None:
    till = Till()
    paid, plain = till.customer(), till.customer()
    automatic(CREATE, JUNE, MEXICO, at(JUNE, 6), Job())
    till.pay(paid, "300.00", JUNE)
    undo = actions.plan_undo(actor=CLERK, now=at(JUNE, 13), today=JUNE, run=Run.objects.get())
    work(at(JUNE, 13))
    undo.refresh_from_db()
    assert (undo.totals["rows"], undo.totals["left_out"]) == (1, {"paid": 1})
    executed(undo, at(JUNE, 14))
    states = dict(Invoice.objects.values_list("customer", "state"))
    assert states == {paid.pk: "paid", plain.pk: "void"}
    assert till.create(JUNE, 15)["created"] == 1
    verify()


def test_a_plan_for_tomorrow_cannot_be_executed_today(world: World) -> None:
    crowd(world, 1)
    run = actions.plan(actor=CLERK, now=at(d(6, 27)), kind=CREATE, on=JUNE)
    work(at(d(6, 27)))
    with pytest.raises(RuleError, match="run-too-early"):
        actions.approve(actor=CLERK, now=at(d(6, 27)), today=d(6, 27), run=run)
    executed(Run.objects.get(), at(JUNE))
    assert Invoice.objects.count() == 1


def test_suspended_services_that_are_not_billed_do_not_look_like_growth(world: World) -> None:
    people = crowd(world, 60)
    BillingRules.objects.update(suspended_billing="stop-at-cut")
    for service in Service.objects.filter(customer__in=people[:35]):
        suspend(actor=CLERK, now=at(d(5, 1)), today=d(5, 1), service=service, reason="unpaid")
    assert tick(CREATE, MAY)["created"] == 25
    assert tick(CREATE, JUNE)["created"] == 25
