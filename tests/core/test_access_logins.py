"""Services that a RADIUS server answers: one row each, and sessions that carry their answer."""

from dataclasses import replace

import pytest

from caudal.core.access import Code, Effect, Kind, Speed, Technology, Verb, wanted
from caudal.core.access.logins import answer_of, rate_limit, rate_of
from caudal.integrations.access.memory import MemoryRouter
from tests.core.access_rig import JUAN, TEN, look, reconcile, router_holding, steps

RITA = replace(JUAN, kind=Technology.RADIUS, profile="", pool="", prefix="2001:db8:1::/56")
TABLET = replace(
    RITA, service_id="20", name="AA:BB:CC:00:00:09", mac="AA:BB:CC:00:00:09", password="",
    address="10.20.0.9", prefix="",
)  # fmt: skip
BURST = Speed(2_000_000, 10_000_000, 3_000_000, 15_000_000, 1_000_000, 8_000_000, 10,
              1_000_000, 5_000_000, 3)  # fmt: skip


def dial(router: MemoryRouter, name: str, answer: str, **values: str) -> None:
    session = router.dial(name, **values)
    router.sessions[session.ref] = replace(session, answer=answer)


@pytest.mark.parametrize(
    "speed, text",
    [
        (TEN, "2M/10M"),
        (Speed(), ""),
        (Speed(512_000, 1_500_000), "512k/1500k"),
        (Speed(1, 2_000_000_000), "1/2G"),
        (BURST, "2M/10M 3M/15M 1M/8M 10/10 3 1M/5M"),
        (replace(TEN, priority=2), "2M/10M 0/0 0/0 0/0 2"),
        (replace(TEN, guaranteed_down_bps=64_000), "2M/10M 0/0 0/0 0/0 8 0/64k"),
    ],
)
def test_the_speed_is_spelled_as_routers_read_it(speed: Speed, text: str) -> None:
    assert rate_limit(speed.attrs()) == text


def test_an_answer_tells_the_speed_or_the_cut() -> None:
    assert answer_of({"rate": "2M/10M"}) == "full 2M/10M"
    assert answer_of({}) == "full"
    assert answer_of({"rate": "2M/10M", "enabled": "no"}) == "cut"
    assert (rate_of("full 2M/10M"), rate_of("full"), rate_of("cut")) == ("2M/10M", "", "")


def test_a_service_by_radius_is_one_row() -> None:
    (row,) = wanted([RITA]).rows
    assert (row.kind, row.key) == (Kind.LOGIN, "juan")
    assert row.attrs == {
        "password": "s3cr3t",
        "rate": "2M/10M",
        "address": "10.20.0.10",
        "prefix": "2001:db8:1::/56",
    }


def test_a_device_that_asks_by_dhcp_is_named_by_its_mac_and_has_no_password() -> None:
    found = wanted([TABLET])
    assert found.refusals == ()
    assert found.rows[0].attrs == {"rate": "2M/10M", "address": "10.20.0.9"}


def test_who_signs_in_without_a_password_is_refused() -> None:
    (refusal,) = wanted([replace(RITA, password="")]).refusals
    assert (refusal.code, refusal.kind) == (Code.EMPTY_PASSWORD, Kind.LOGIN)


def test_a_cut_changes_the_answer_and_closes_the_full_session() -> None:
    router = router_holding(RITA)
    dial(router, "juan", "full 2M/10M", address="10.20.0.10")
    cut = replace(RITA, suspended=True)
    plan, _ = reconcile(router, cut)
    assert steps(plan) == [(Verb.SET, Kind.LOGIN, "juan"), (Verb.KICK, Kind.SESSION, "juan")]
    assert plan.ops[0].effect is Effect.CUT
    assert plan.ops[1].reason == "cut"
    assert plan.cut == {"12"}
    dial(router, "juan", "cut", address="10.20.0.10")
    assert look(router, cut).ops == ()


def test_a_cut_session_that_stays_full_is_closed_again_at_every_pass() -> None:
    router = router_holding(replace(RITA, suspended=True))
    dial(router, "juan", "full 2M/10M")
    plan = look(router, replace(RITA, suspended=True), spare_sessions=["12"])
    assert [(op.verb, op.reason) for op in plan.ops] == [(Verb.KICK, "cut")]


def test_who_pays_comes_in_anew_with_the_full_answer() -> None:
    router = router_holding(replace(RITA, suspended=True))
    dial(router, "juan", "cut")
    plan, _ = reconcile(router, RITA)
    assert [op.effect for op in plan.ops] == [Effect.RESTORE, Effect.NONE]
    assert plan.ops[1].reason == "restored"


def test_who_pays_a_moment_after_the_cut_does_not_wait() -> None:
    router = router_holding(RITA)
    dial(router, "juan", "cut")
    assert [op.reason for op in look(router, RITA, spare_sessions=["12"]).ops] == ["restored"]


def test_another_speed_reaches_the_live_session_as_it_is() -> None:
    router = router_holding(RITA)
    dial(router, "juan", "full 2M/10M")
    faster = replace(RITA, speed=BURST)
    plan, _ = reconcile(router, faster)
    assert plan.ops[1].reason == "old-speed"
    assert plan.ops[1].row.attrs["wanted"] == "full 2M/10M 3M/15M 1M/8M 10/10 3 1M/5M"
    dial(router, "juan", "full 2M/10M")
    assert look(router, faster, spare_sessions=["12"]).ops == ()


def test_an_unlimited_plan_takes_a_new_session() -> None:
    router = router_holding(RITA)
    dial(router, "juan", "full 2M/10M")
    plan = look(router, replace(RITA, speed=Speed()))
    assert plan.ops[1].reason == "old-answer"


def test_who_is_gone_loses_his_session_before_his_row() -> None:
    router = router_holding(RITA)
    dial(router, "juan", "full 2M/10M")
    plan, _ = reconcile(router)
    assert [op.verb for op in plan.ops] == [Verb.SET, Verb.KICK, Verb.REMOVE]
    assert plan.cut == {"12"}
    assert router.rows == {} and router.sessions == {}


def test_a_renamed_user_is_closed_under_the_old_name() -> None:
    router = router_holding(RITA)
    dial(router, "juan", "full 2M/10M")
    plan, _ = reconcile(router, replace(RITA, name="juanito"))
    assert steps(plan) == [(Verb.SET, Kind.LOGIN, "juanito"), (Verb.KICK, Kind.SESSION, "juan")]
