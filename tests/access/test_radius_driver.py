"""The RADIUS driver: sessions are changed or closed on the router, and looked at again."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from caudal.core.access import Access, Op, Speed, Technology, Verb, diff, wanted
from caudal.core.ports.access import AccessError, AccessFault, OpResult
from caudal.integrations.access import radius
from tests.rig.radius import SECRET, Setup

ANA = Access(
    "1", Technology.RADIUS, "ana", Speed(2_000_000, 10_000_000), password="clave",
    address="10.20.0.1",
)  # fmt: skip
FAST = Speed(10_000_000, 50_000_000)


@pytest.fixture
def setup() -> Iterator[Setup]:
    made = Setup()
    yield made
    made.close()


def a_pass(setup: Setup, *services: Access, timeout_s: float = 20) -> list[OpResult]:
    driver = setup.driver(timeout_s)
    plan = diff(wanted(services), driver.read())
    try:
        return driver.apply(plan.ops)
    finally:
        driver.close()


def left(setup: Setup, *services: Access) -> tuple[Op, ...]:
    return diff(wanted(services), setup.driver().read()).ops


def test_a_cut_closes_the_session_and_the_next_one_carries_the_notice(setup: Setup) -> None:
    a_pass(setup, ANA)
    setup.dial("ana", "clave")
    cut = replace(ANA, suspended=True)
    assert all(result.ok for result in a_pass(setup, cut))
    assert setup.nas.live == {}
    (asked,) = setup.nas.asked
    assert asked == {
        "User-Name": "ana", "Acct-Session-Id": "%811", "Framed-IP-Address": "10.20.0.1",
    }  # fmt: skip
    setup.dial("ana", "clave")
    assert left(setup, cut) == ()


def test_another_speed_is_changed_without_closing(setup: Setup) -> None:
    a_pass(setup, ANA)
    ref = setup.dial("ana", "clave")
    assert all(result.ok for result in a_pass(setup, replace(ANA, speed=FAST)))
    (live,) = setup.nas.live.values()
    assert live.rate == "10M/50M"
    assert setup.book.open[ref].answer == "full 10M/50M"
    assert left(setup, replace(ANA, speed=FAST)) == ()


def test_a_router_that_takes_no_change_gets_a_new_session_instead(setup: Setup) -> None:
    a_pass(setup, ANA)
    setup.dial("ana", "clave")
    setup.nas.mood = "refuse"
    kick = a_pass(setup, replace(ANA, speed=FAST))[-1]
    assert (kick.ok, kick.fault, kick.detail) == (False, AccessFault.REFUSED, "Error-Cause 401")
    assert len(setup.nas.asked) == 2


def test_an_ack_is_not_believed_until_the_session_is_over(setup: Setup) -> None:
    a_pass(setup, ANA)
    setup.dial("ana", "clave")
    setup.nas.mood = "lie"
    cut = replace(ANA, suspended=True)
    assert all(result.ok for result in a_pass(setup, cut))
    assert [op.verb for op in left(setup, cut)] == [Verb.KICK]
    setup.nas.mood = "obey"
    a_pass(setup, cut)
    assert left(setup, cut) == ()


def test_a_session_whose_last_report_was_lost_is_closed_by_the_second_request(
    setup: Setup,
) -> None:
    a_pass(setup, ANA)
    setup.dial("ana", "clave")
    setup.nas.mood = "quiet"
    cut = replace(ANA, suspended=True)
    a_pass(setup, cut)
    assert len(setup.book.open) == 1
    (again,) = a_pass(setup, cut)
    assert (again.ok, again.changed) == (True, False)
    assert setup.book.open == {}


def test_a_router_that_does_not_answer_leaves_the_cut_pending(setup: Setup) -> None:
    a_pass(setup, ANA)
    setup.dial("ana", "clave")
    setup.nas.mood = "silent"
    written, kicked = a_pass(setup, replace(ANA, suspended=True), timeout_s=0.5)
    assert written.ok
    assert (kicked.ok, kicked.fault) == (False, AccessFault.TIMED_OUT)


def test_a_lost_request_is_repeated(setup: Setup) -> None:
    a_pass(setup, ANA)
    setup.dial("ana", "clave")
    setup.nas.silent_at = 1
    driver = setup.driver()
    plan = diff(wanted([replace(ANA, suspended=True)]), driver.read())
    assert all(result.ok for result in driver.apply(plan.ops))
    assert len(setup.nas.asked) == 2


def test_hundreds_are_closed_at_once(setup: Setup) -> None:
    people = [
        replace(ANA, service_id=f"s{n}", name=f"u{n}", address=f"10.21.{n // 200}.{n % 200 + 1}")
        for n in range(300)
    ]
    a_pass(setup, *people)
    for access in people:
        setup.dial(access.name, "clave")
    results = a_pass(setup, *(replace(access, suspended=True) for access in people))
    assert all(result.ok for result in results)
    assert setup.nas.live == {}


def test_one_session_is_closed_by_hand(setup: Setup) -> None:
    a_pass(setup, ANA)
    setup.dial("ana", "clave")
    driver = setup.driver()
    (session,) = driver.sessions()
    assert driver.kick(session) is True
    assert driver.kick(session) is False
    assert setup.nas.live == {}


def test_a_kick_by_hand_that_is_refused_says_so(setup: Setup) -> None:
    a_pass(setup, ANA)
    setup.dial("ana", "clave")
    setup.nas.mood = "refuse"
    driver = setup.driver()
    with pytest.raises(AccessError) as refused:
        driver.kick(driver.sessions()[0])
    assert refused.value.fault is AccessFault.REFUSED


def test_answers_signed_with_another_secret_count_for_nothing(setup: Setup) -> None:
    a_pass(setup, ANA)
    setup.dial("ana", "clave")
    wire = radius.Wire("127.0.0.1", setup.nas.port, b"another", 0.3)
    driver = radius.RadiusDriver(setup.book, wire)
    with pytest.raises(AccessError) as silent:
        driver.kick(driver.sessions()[0])
    assert silent.value.fault is AccessFault.TIMED_OUT
    assert len(setup.nas.live) == 1


@pytest.mark.parametrize("config", [radius.Config("127.0.0.1", SECRET), radius.Config("x", "")])
def test_without_tables_or_secret_there_is_no_driver(config: radius.Config) -> None:
    with pytest.raises(AccessError) as wrong:
        radius.connect(config)
    assert wrong.value.fault is AccessFault.BAD_CONFIG
