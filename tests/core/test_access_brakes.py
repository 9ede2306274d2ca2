"""When a plan must wait for a person."""

from dataclasses import replace

import pytest

from caudal.core.access import (
    Access,
    Brake,
    BrakeCode,
    Remembered,
    Speed,
    Technology,
    brakes,
    cut_ceiling,
    diff,
    owned_rows,
    wanted,
)
from caudal.core.access.brakes import FORGETS
from caudal.integrations.access.memory import MemoryDriver, MemoryRouter


def customers(count: int, *, cut: int = 0) -> list[Access]:
    return [
        Access(
            str(n),
            Technology.SIMPLE_QUEUE,
            f"c{n}",
            Speed(1, 1),
            address=f"10.20.{n // 200}.{n % 200 + 1}",
            suspended=n < cut,
        )
        for n in range(count)
    ]


def holding(services: list[Access]) -> MemoryDriver:
    driver = MemoryDriver(MemoryRouter())
    driver.apply(diff(wanted(services), driver.read()).ops)
    return driver


def braked(driver: MemoryDriver, services: list[Access], *args: object, **kwargs: object):
    asked, found = wanted(services), driver.read()
    return brakes(diff(asked, found), found, asked, *args, **kwargs)


@pytest.mark.parametrize(
    ("active", "ceiling"), [(0, 20), (100, 20), (209, 20), (210, 21), (1000, 100)]
)
def test_twenty_cuts_or_a_tenth_of_the_active_need_no_person(active, ceiling):
    assert cut_ceiling(active) == ceiling


def test_one_cut_more_than_the_ceiling_asks_for_the_typed_count():
    driver = holding(customers(300))
    assert braked(driver, customers(300, cut=30)) == ()
    assert braked(driver, customers(300, cut=31)) == (Brake(BrakeCode.MASS_CUT, 31),)
    assert braked(driver, customers(300, cut=31), typed_count=30) != ()
    assert braked(driver, customers(300, cut=31), typed_count=31) == ()


def test_restorations_are_never_braked():
    driver = holding(customers(300, cut=300))
    assert braked(driver, customers(300)) == ()


def test_what_is_not_a_cut_may_go_on_while_a_mass_cut_waits():
    driver = holding(customers(100, cut=10))
    asked = customers(100, cut=100)
    asked[:10] = [replace(access, suspended=False) for access in asked[:10]]
    plan = diff(wanted(asked), driver.read())
    assert len(plan.cut) == 90
    rest = plan.without(plan.cut)
    assert [op.effect for op in rest.ops] == ["restore"] * 10


def test_those_already_cut_are_not_counted_again():
    driver = holding(customers(100, cut=50))
    assert braked(driver, customers(100, cut=60)) == ()


def test_new_customers_who_start_cut_are_not_cuts():
    driver = holding([])
    assert braked(driver, customers(100, cut=100)) == ()


def test_an_incomplete_reading_stops_everything():
    driver = holding(customers(1))
    driver.router.partial = True
    assert braked(driver, customers(1), typed_count=0) == (Brake(BrakeCode.INCOMPLETE_READ),)


def test_a_router_that_held_many_rows_and_now_none_is_asked_about():
    driver = holding([])
    remembered = Remembered(owned_rows=20)
    assert braked(driver, customers(20), remembered) == (Brake(BrakeCode.EMPTY_READ, 20),)
    assert braked(driver, customers(20), remembered, typed_count=20) == ()
    assert braked(driver, customers(20), Remembered(owned_rows=19)) == ()


def test_a_router_that_forgets_at_a_restart_is_not_asked_about():
    driver = holding([])
    driver.router.device = replace(driver.router.device, facts={FORGETS: "at restart"})
    assert braked(driver, customers(20), Remembered(owned_rows=20)) == ()


def test_another_serial_is_another_router():
    driver = holding(customers(1))
    remembered = Remembered(serial="OTHER")
    assert braked(driver, customers(1), remembered) == (Brake(BrakeCode.SERIAL_CHANGED),)
    assert braked(driver, customers(1), remembered, serial_accepted=True) == ()
    assert braked(driver, customers(1), Remembered(serial="MEM0001")) == ()


def test_our_rows_can_be_counted_to_be_remembered():
    driver = holding(customers(7))
    assert owned_rows(wanted([]), driver.read()) == 7
    assert owned_rows(wanted([], owner="other"), driver.read()) == 0
