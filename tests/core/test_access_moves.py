"""A customer who moved keeps his old place until the new one is proved, and is not cut by it."""

from dataclasses import replace

import pytest

from caudal.core.access import Code, Kind, Snapshot, brakes, wanted
from caudal.integrations.access.memory import MemoryRouter
from tests.core.access_rig import ANA, JUAN, LUIS, held, look, reconcile, router_holding


def code_of(plan, service: str) -> list[Code]:
    return [finding.code for finding in plan.of(service)]


@pytest.mark.parametrize("gone", [JUAN, ANA, LUIS])
def test_old_place_stays_as_it_is_while_the_new_one_is_not_proved(gone) -> None:
    router = router_holding(JUAN, ANA, LUIS)
    router.dial("juan", address="10.20.0.10")
    router.dial("luis")
    before = dict(router.rows), dict(router.sessions)
    others = [each for each in (JUAN, ANA, LUIS) if each != gone]
    plan, _ = reconcile(router, *others, moving={gone.service_id})
    assert plan.ops == () and (dict(router.rows), dict(router.sessions)) == before
    assert code_of(plan, gone.service_id) == [Code.MOVING]


def test_plan_of_the_last_who_moves_stays_with_him() -> None:
    router = router_holding(JUAN)
    plan, _ = reconcile(router, moving={"12"})
    assert plan.ops == () and held(router, Kind.PROFILE)
    reconcile(router, moved={"12"})
    assert not router.rows


def test_what_is_left_of_who_moved_goes_without_counting_as_a_cut() -> None:
    crowd = [
        replace(JUAN, service_id=str(n), name=f"n{n}", address=f"10.20.1.{n}")
        for n in range(100, 160)
    ]
    router = router_holding(*crowd)
    look_again = look(router, moved={each.service_id for each in crowd})
    assert len(look(router).cut) == 60, "nobody serves them: a mass cut"
    assert not look_again.cut
    want = wanted([])
    found = Snapshot(True, rows=tuple(router.rows.values()))
    assert not brakes(look_again, found, want)
    reconcile(router, moved={each.service_id for each in crowd})
    assert not router.rows


def test_who_is_cut_here_and_has_paid_is_not_kept_cut() -> None:
    router = router_holding(replace(JUAN, suspended=True))
    reconcile(router, moving={"12"})
    assert not held(router, Kind.BLOCK)


def test_place_that_another_customer_is_to_have_is_not_kept_for_who_moves() -> None:
    router = router_holding(JUAN)
    heir = replace(JUAN, service_id="20", name="eva")
    plan, _ = reconcile(router, heir, moving={"12"})
    assert list(held(router, Kind.ACCOUNT)) == ["eva"]
    assert Code.MOVING not in code_of(plan, "12")


def test_device_that_another_lease_is_to_have_is_not_kept_either() -> None:
    from caudal.core.access import Technology

    lease = replace(
        ANA, kind=Technology.DHCP, address="10.20.0.11", mac="02:00:00:00:00:01", server=""
    )
    router = router_holding(lease)
    heir = replace(lease, service_id="21", address="10.20.0.12")
    reconcile(router, heir, moving={"13"})
    assert list(held(router, Kind.LEASE)) == ["10.20.0.12"]


def test_reminder_of_who_moves_ends_at_once() -> None:
    router = router_holding(replace(ANA, reminded=True))
    assert held(router, Kind.MEMBER)
    reconcile(router, moving={"13"})
    assert not held(router, Kind.MEMBER) and held(router, Kind.QUEUE)


def test_rows_of_a_refused_service_are_still_never_touched() -> None:
    router = router_holding(replace(ANA, reminded=True))
    rows = dict(router.rows)
    reconcile(router, replace(ANA, address="esto no"))
    assert router.rows == rows


def test_nobody_moving_changes_nothing() -> None:
    router = MemoryRouter()
    reconcile(router, JUAN, moving={"99"}, moved={"98"})
    assert look(router, JUAN, moving={"99"}, moved={"98"}).findings == ()
