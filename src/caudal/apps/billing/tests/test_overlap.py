"""Batches of a run overlap on PostgreSQL, and come out as if one had followed the other."""

from collections.abc import Iterator
from threading import Event

import pytest
from django.db import OperationalError, connection, transaction

from caudal.apps.billing import batches, creation
from caudal.apps.billing.models import Invoice, Parked
from caudal.apps.billing.overlap import Turn, in_turn
from caudal.apps.billing.tests.world import World, at, d, verify
from caudal.apps.customers.models import Customer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]

JUNE = d(6, 28)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    """Nine customers, two to a batch."""
    monkeypatch.setattr(batches, "BATCH", 2)
    made = World()
    made.series(101)
    for _ in range(9):
        made.customer()
    return made


def numbers() -> list[int]:
    rows = Invoice.objects.order_by("customer__code")
    return list(rows.values_list("number", flat=True))


def test_numbers_follow_the_order_of_customers(world: World) -> None:
    world.create(JUNE)
    assert numbers() == list(range(101, 110))
    verify()
    world.create(JUNE)
    assert Invoice.objects.count() == 9


def test_one_who_fails_is_parked_and_leaves_no_gap(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    poisoned = Customer.objects.order_by("pk")[4]
    draft = creation.draft_invoices

    def fail(customers: list[Customer], *rest: object) -> object:
        if poisoned in customers:
            raise ValueError("poison")
        return draft(customers, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(creation, "draft_invoices", fail)
    world.create(JUNE)
    assert Parked.objects.get().customer == poisoned
    assert numbers() == list(range(101, 109))
    monkeypatch.undo()
    world.create(d(6, 29))
    assert sorted(numbers()) == list(range(101, 110))
    verify()


def test_a_run_that_stops_half_way_is_taken_up_by_the_next(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    third = Customer.objects.order_by("pk")[5]
    lock = creation.lock_customers

    def lose(ids: list[int]) -> list[Customer]:
        if third.pk in ids:
            raise OperationalError("the database is away")
        return lock(ids)

    monkeypatch.setattr(creation, "lock_customers", lose)
    with pytest.raises(OperationalError):
        world.create(JUNE)
    assert 4 <= Invoice.objects.count() < 9
    monkeypatch.undo()
    world.create(JUNE)
    assert sorted(numbers()) == list(range(101, 110))
    verify()


def test_a_batch_waits_for_the_one_before_to_commit() -> None:
    seen: list[str] = []
    second_is_ready = Event()

    def work(batch: int, turn: Turn) -> int:
        with transaction.atomic(), turn.to_lock():
            pass
        if batch == 2:
            second_is_ready.set()
        elif connection.vendor == "postgresql":
            assert second_is_ready.wait(20), "the second did not begin beside the first"
        turn.to_number()
        seen.append(f"{batch} numbers")
        return batch

    assert list(in_turn(iter([1, 2]), work)) == [1, 2]
    assert seen == ["1 numbers", "2 numbers"]


def test_inside_a_transaction_batches_follow_one_another() -> None:
    def work(batch: int, turn: Turn) -> int:
        turn.to_number()
        assert connection.in_atomic_block
        return batch

    def several() -> Iterator[int]:
        yield from (1, 2, 3)

    with transaction.atomic():
        assert list(in_turn(several(), work)) == [1, 2, 3]


def test_customers_of_many_batches_are_billed_at_their_own_dates(world: World) -> None:
    world.customer(own={"payment_day": 10, "create_style": "day", "create_value": 28})
    world.create(JUNE)
    assert Invoice.objects.filter(due=d(7, 10)).count() == 1
    assert Invoice.objects.filter(created_at=at(JUNE, 6)).count() == 10
    verify()
