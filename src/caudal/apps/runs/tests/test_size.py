"""A run of many costs as many queries per batch as a run of few, and no more memory."""

import tracemalloc

import pytest

from caudal.apps.billing import batches
from caudal.apps.runs import actions
from caudal.apps.runs.models import Run
from caudal.apps.runs.tests.world import CLERK, World, at, d, planned, work
from tests.rig.queries import queries_of

JUNE, JULY = d(6, 28), d(7, 5)


@pytest.mark.parametrize("kind", [Run.Kind.CREATE, Run.Kind.CUT])
def test_planning_asks_as_often_for_forty_as_for_four(world: World, kind: str) -> None:
    day = JUNE if kind == Run.Kind.CREATE else JULY

    def plan() -> int:
        actions.plan(actor=CLERK, now=at(day), kind=kind, on=day, is_shadow=True)
        return queries_of(lambda: work(at(day)))

    for _ in range(4):
        world.customer()
    if kind == Run.Kind.CUT:
        world.create(JUNE)
    few = plan()
    for _ in range(36):
        world.customer()
    if kind == Run.Kind.CUT:
        world.create(JUNE)
    assert plan() == few


def test_creating_asks_as_often_for_twenty_as_for_four(world: World) -> None:
    def create(on: object) -> int:
        run = planned(Run.Kind.CREATE, on, at(on))  # type: ignore[arg-type]
        actions.approve(actor=CLERK, now=at(on), today=on, run=run)  # type: ignore[arg-type]
        return queries_of(lambda: work(at(on)))  # type: ignore[arg-type]

    for _ in range(4):
        world.customer()
    create(d(5, 28))
    few = create(JUNE)
    for _ in range(16):
        world.customer()
    assert create(d(7, 28)) == few


def test_memory_does_not_grow_with_the_rows(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "BATCH", 20)

    def peak() -> int:
        tracemalloc.start()
        planned(Run.Kind.CREATE, JUNE, at(JUNE))
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    for _ in range(60):
        world.customer()
    peak()  # what is imported and kept once
    few = peak()
    for _ in range(360):
        world.customer()
    assert peak() < few * 2.5
