"""The RouterOS driver on the practice router: what it tells after faults, batches, abilities."""

from dataclasses import replace

import pytest

from caudal.core.access import Access, Kind, Op, Speed, Technology, Verb, diff, wanted
from caudal.core.ports.access import (
    AccessDriver,
    AccessError,
    AccessFault,
    Counter,
    Counters,
    ImportCandidates,
    Kick,
    Ping,
    Sessions,
)
from caudal.integrations import UnknownIntegration, manifest, manifests
from caudal.integrations.access.routeros import Config, RouterOsDriver, connect
from caudal.practice.routeros import V7, V7_NEW, PracticeRouter, configure_by_hand

JUAN = Access(
    "12",
    Technology.PPPOE,
    "juan",
    Speed(2_000_000, 10_000_000),
    "Plan 10M",
    "clave",
    "10.20.0.10",
    "10.20.0.1",
    label="Juan Peña",
)
EVA = Access("13", Technology.SIMPLE_QUEUE, "eva", JUAN.speed, address="10.20.0.13")


@pytest.fixture(params=[V7, V7_NEW])
def router(request):
    with PracticeRouter(request.param) as router:
        yield router


@pytest.fixture
def driver(router):
    driver = to(router)
    yield driver
    driver.close()


def to(router: PracticeRouter, timeout_s: float = 30, **about: str) -> RouterOsDriver:
    about = {"user": "admin", "password": "practica", **about}
    return connect(Config("127.0.0.1", port=router.port, timeout_s=timeout_s, **about))


def a_pass(driver: AccessDriver, *services: Access):
    plan = diff(wanted(services), driver.read())
    return plan, driver.apply(plan.ops)


def many(count: int) -> list[Access]:
    return [
        replace(JUAN, service_id=str(n), name=f"u{n}", address=f"10.20.{n // 200}.{n % 200 + 1}")
        for n in range(count)
    ]


def test_what_is_written_is_what_the_router_holds(router, driver):
    a_pass(driver, JUAN, replace(EVA, suspended=True))
    (secret,) = router.rows("/ppp/secret")
    assert secret["comment"].endswith(" Juan Pena")
    assert {name: secret[name] for name in ("name", "service", "profile", "password")} == {
        "name": "juan",
        "service": "pppoe",
        "profile": "Plan 10M",
        "password": "clave",
    }
    assert (secret["remote-address"], secret["local-address"]) == ("10.20.0.10", "10.20.0.1")
    assert router.rows("/ppp/profile")[-1]["rate-limit"] == "2M/10M"
    (queue,) = router.rows("/queue/simple")
    assert (queue["target"], queue["max-limit"]) == ("10.20.0.13/32", "2000000/10000000")
    (entry,) = router.rows("/ip/firewall/address-list")
    assert (entry["list"], entry["address"]) == ("morosos", "10.20.0.13")


def test_a_value_that_is_no_longer_wanted_is_unset(router, driver):
    a_pass(driver, JUAN)
    a_pass(driver, replace(JUAN, address="", local_address="", speed=Speed()))
    (secret,) = router.rows("/ppp/secret")
    assert "remote-address" not in secret
    assert "local-address" not in secret
    assert "rate-limit" not in router.rows("/ppp/profile")[-1]


def test_equal_changes_and_removals_go_a_hundred_at_a_time(router, driver):
    everyone = [replace(access, address="") for access in many(250)]
    a_pass(driver, *everyone)
    for access in everyone:
        router.plug(access.name, access.password)
    plan = diff(wanted([replace(access, suspended=True) for access in everyone]), driver.read())
    router.faults.log.clear()
    results = driver.apply(plan.ops)
    assert len(results) == 500
    assert all(result.ok and result.changed for result in results)
    assert router.faults.log == ["/ppp/secret/set"] * 3 + ["/ppp/active/remove"] * 3
    assert router.sessions() == {}


def test_a_second_pass_writes_nothing(router, driver):
    a_pass(driver, JUAN, EVA)
    router.faults.log.clear()
    a_pass(driver, JUAN, EVA)
    assert [text for text in router.faults.log if not text.endswith("/print")] == []


def test_a_batch_with_one_row_gone_still_changes_the_others(router, driver):
    everyone = [replace(access, address="") for access in many(10)]
    a_pass(driver, *everyone)
    plan = diff(wanted([replace(access, suspended=True) for access in everyone]), driver.read())
    router.delete("/ppp/secret", "u3")
    results = driver.apply(plan.ops)
    assert [(r.op.row.key, r.fault) for r in results if not r.ok] == [("u3", AccessFault.GONE)]
    assert {row["disabled"] for row in router.rows("/ppp/secret")} == {"true"}


def test_a_batch_removal_with_one_row_gone_counts_it_as_removed(router, driver):
    a_pass(driver, *many(10))
    plan = diff(wanted([]), driver.read())
    router.delete("/ppp/secret", "u3")
    assert all(result.ok for result in driver.apply(plan.ops))
    assert router.rows("/ppp/secret") == []


def test_an_addition_that_was_there_already_is_set_right(router, driver):
    plan = diff(wanted([JUAN]), driver.read())
    driver.apply(plan.ops)
    router.edit("/ppp/secret", "juan", password="otra", disabled="yes")
    (result,) = driver.apply([op for op in plan.ops if op.row.kind is Kind.ACCOUNT])
    assert (result.ok, result.changed) == (True, True)
    (secret,) = router.rows("/ppp/secret")
    assert (secret["password"], secret["disabled"]) == ("clave", "false")


def test_an_addition_that_somebody_else_made_is_refused(router, driver):
    plan = diff(wanted([JUAN, EVA]), driver.read())
    router.put("/ppp/secret", name="juan", password="a mano")
    results = {result.op.row.key: result for result in driver.apply(plan.ops)}
    assert results["juan"].fault is AccessFault.REFUSED
    assert "already exists" in results["juan"].detail
    assert results["eva"].ok
    assert router.rows("/ppp/secret")[0]["password"] == "a mano"


@pytest.mark.parametrize("wrong", ["trap", "half"])
@pytest.mark.parametrize(
    ("command", "kind"),
    [
        ("/ppp/profile/add", Kind.PROFILE),
        ("/ppp/secret/add", Kind.ACCOUNT),
        ("/queue/simple/add", Kind.QUEUE),
        ("/ip/firewall/address-list/add", Kind.BLOCK),
    ],
)
def test_after_an_error_the_router_is_asked_what_it_did(router, driver, wrong, command, kind):
    router.faults.plan(wrong, command)
    _, results = a_pass(driver, JUAN, replace(EVA, suspended=True))
    struck = next(result for result in results if result.detail)
    assert struck.op.row.kind is kind
    assert struck.ok is (wrong == "half")
    if wrong == "trap":
        assert struck.fault is AccessFault.REFUSED


@pytest.mark.parametrize(("wrong", "ok"), [("trap", False), ("half", True)])
def test_a_removal_that_ended_in_an_error_tells_the_truth(router, driver, wrong, ok):
    a_pass(driver, EVA)
    router.faults.plan(wrong, "/queue/simple/remove")
    _, (result,) = a_pass(driver)
    assert result.ok is ok
    assert (router.rows("/queue/simple") == []) is ok


@pytest.mark.parametrize(("wrong", "ok"), [("trap", False), ("half", True)])
def test_a_change_that_ended_in_an_error_tells_the_truth(router, driver, wrong, ok):
    a_pass(driver, EVA)
    router.faults.plan(wrong, "/queue/simple/set")
    _, (result,) = a_pass(driver, replace(EVA, speed=Speed(1, 1)))
    assert result.ok is ok
    assert (router.rows("/queue/simple")[0]["max-limit"] == "1/1") is ok


def test_a_change_of_two_commands_fails_when_either_does(router, driver):
    a_pass(driver, JUAN)
    bare = replace(JUAN, address="", password="nueva")
    for command in ("/ppp/secret/set", "/ppp/secret/unset"):
        router.faults.plan("trap", command)
        _, results = a_pass(driver, bare)
        assert [result.ok for result in results] == [False]
        a_pass(driver, JUAN)
    assert [result.ok for result in a_pass(driver, bare)[1]] == [True]


def test_a_session_is_not_closed_when_its_cut_failed(router, driver):
    a_pass(driver, JUAN)
    router.plug("juan", "clave")
    router.faults.plan("trap", "/ip/firewall/address-list/add")
    _, results = a_pass(driver, replace(JUAN, suspended=True))
    assert [result.fault for result in results] == [AccessFault.REFUSED, AccessFault.SKIPPED]
    assert "juan" in router.sessions()


def test_an_account_stays_while_its_session_could_not_be_closed(router, driver):
    a_pass(driver, JUAN)
    router.plug("juan", "clave")
    router.faults.plan("trap", "/ppp/active/remove")
    a_pass(driver)
    assert [row["disabled"] for row in router.rows("/ppp/secret")] == ["true"]
    a_pass(driver)
    assert (router.rows("/ppp/secret"), router.sessions()) == ([], {})


@pytest.mark.parametrize("wrong", ["drop", "drop-after", "drop-mid", "fatal", "hang"])
def test_after_a_lost_connection_nothing_more_is_sent_and_nothing_is_claimed(router, wrong):
    driver = to(router, timeout_s=2)
    plan = diff(wanted([JUAN, EVA]), driver.read())
    router.faults.plan(wrong, "/ppp/secret/add")
    router.faults.log.clear()
    results = driver.apply(plan.ops)
    lost = {AccessFault.TIMED_OUT if wrong == "hang" else AccessFault.CONNECTION_LOST}
    assert [result.ok for result in results] == [True, False, False]
    assert {result.fault for result in results[1:]} == lost
    assert router.faults.log == ["/ppp/profile/add", "/ppp/secret/add"]
    driver.close()


def test_a_lost_connection_in_the_middle_of_looking_again_is_told(router, driver):
    plan = diff(wanted([EVA]), driver.read())
    router.faults.plan("trap", "/queue/simple/add")
    router.faults.plan("drop", "/queue/simple/print")
    (result,) = driver.apply(plan.ops)
    assert (result.ok, result.fault) == (False, AccessFault.CONNECTION_LOST)


def test_a_plan_made_before_a_reboot_is_checked_against_the_router(router, driver):
    a_pass(driver, JUAN, EVA)
    router.plug("juan", "clave")
    plan = diff(wanted([replace(JUAN, suspended=True), EVA]), driver.read())
    router.put("/ppp/secret", name="otro", password="x", remote_address="10.20.0.77")
    router.reboot()
    router.plane.hang_up("juan")
    router.plug("otro", "x")  # takes the very reference that the session of juan had
    router.plug("juan", "clave")
    results = {result.op.row.kind: result for result in driver.apply(plan.ops)}
    assert results[Kind.SESSION].ok is False or results[Kind.SESSION].changed is False
    assert "otro" in router.sessions()


def test_a_plan_for_a_router_that_is_off_fails_as_a_whole(router, driver):
    plan = diff(wanted([JUAN, EVA]), driver.read())
    router.power_off()
    results = driver.apply(plan.ops)
    assert {result.fault for result in results} <= {
        AccessFault.UNREACHABLE,
        AccessFault.CONNECTION_LOST,
    }
    assert not any(result.ok for result in results)
    with pytest.raises(AccessError):
        to(router).read()
    router.power_on()
    assert all(result.ok for result in a_pass(driver, JUAN, EVA)[1])


def test_a_user_without_rights_is_told_so(router):
    router.put("/user", name="mirar", password="x", group="read")
    _, results = a_pass(to(router, user="mirar", password="x"), EVA)
    assert [result.fault for result in results] == [AccessFault.NOT_PERMITTED]


def test_a_virtual_router_without_board_is_read_all_the_same(router, driver):
    router.faults.plan("trap", "/system/routerboard/print")
    found = driver.read()
    assert (found.complete, found.device.serial) == (True, "")


def test_a_question_left_open_makes_a_reading_incomplete(router, driver):
    router.faults.plan("half", "/ppp/secret/print")
    found = driver.read()
    assert not found.complete
    assert found.problems == ("account: failure: practice fault",)


def test_probing_tells_who_answers_and_what_is_wrong_with_its_rules(router, driver):
    configure_by_hand(router, secrets=2, queues=2)
    device = driver.probe()
    assert (device.identity, device.serial) == ("practica", "HGF09PRACT1")
    assert device.version == router.version.text
    assert device.addresses == ("190.12.33.2", "10.20.0.1", "10.30.0.1")
    assert device.facts["cut_rule"] == "below-fasttrack"
    assert device.facts["notice_rule"] == "missing"
    assert device.facts["clock"] == "2026-01-05T08:00:00+00:00"


def test_rules_that_cannot_be_read_are_not_judged(router, driver):
    router.faults.plan("trap", "/ip/firewall/nat/print")
    assert driver.probe().facts.keys() == {"clock", "reply_only"}
    router.faults.plan("trap", "/system/resource/print")
    with pytest.raises(AccessError, match="practice fault"):
        driver.probe()
    router.faults.plan("drop", "/system/resource/print")
    with pytest.raises(AccessError, match="connection-lost"):
        driver.probe()


def test_the_driver_has_all_abilities(router, driver):
    for ability in (Sessions, Kick, Counters, Ping, ImportCandidates):
        assert isinstance(driver, ability)
    a_pass(driver, JUAN, EVA)
    router.plug("juan", "clave", wants_bps=8_000_000)
    router.plug("antena", address="10.20.0.13", wants_bps=8_000_000)
    router.pass_time(10)
    assert driver.counters() == [
        Counter("juan", 2_500_000, 10_000_000),
        Counter("eva", 2_500_000, 10_000_000),
    ]
    assert driver.ping("10.20.0.10").received == 3
    assert driver.ping("10.20.0.99", count=2).received == 0
    with pytest.raises(AccessError, match="invalid value"):
        driver.ping("x")
    (session,) = driver.sessions()
    assert (session.name, session.age_s) == ("juan", 10)
    assert driver.kick(session) is True
    assert driver.kick(session) is False
    router.faults.plan("trap", "/ppp/active/remove")
    with pytest.raises(AccessError, match="practice fault"):
        driver.kick(session)


def test_a_router_in_use_proposes_its_customers(router, driver):
    configure_by_hand(router, secrets=30, queues=6)
    before = [router.rows("/ppp/secret"), router.rows("/queue/simple")]
    found = driver.import_candidates()
    assert [router.rows("/ppp/secret"), router.rows("/queue/simple")] == before
    accounts = [c for c in found if c.access.kind is Technology.PPPOE]
    queues = [c for c in found if c.access.kind is Technology.SIMPLE_QUEUE]
    assert (len(accounts), len(queues)) == (30, 8)  # without the office's l2tp
    assert {"Gerencia", "Cámaras depósito"} <= {candidate.access.name for candidate in queues}
    first = accounts[1]
    assert first.comment.startswith(first.person)
    assert first.access.label == first.person
    assert first.access.speed.down_bps >= 5_000_000
    assert first.online
    doubts = {candidate.access.name: candidate.doubts for candidate in found}
    assert doubts["Gerencia"] == ("no-speed", "wide-address")
    assert ("no-address",) in doubts.values()
    assert ("disabled",) in doubts.values()
    assert sum(candidate.access.suspended for candidate in accounts) == 4


def test_rows_that_are_ours_are_no_candidates(driver):
    a_pass(driver, JUAN, EVA)
    assert driver.import_candidates() == []


def test_a_candidate_adopted_as_it_is_changes_no_speed_and_no_address(router, driver):
    configure_by_hand(router, secrets=30, queues=6)
    found = [
        replace(candidate.access, service_id=f"s{n}")
        for n, candidate in enumerate(driver.import_candidates())
        if not set(candidate.doubts) - {"no-address"}
    ]
    kinds = {Technology.PPPOE: Kind.ACCOUNT, Technology.SIMPLE_QUEUE: Kind.QUEUE}
    adopt = {(kinds[access.kind], access.name) for access in found}
    plan = diff(wanted(found), driver.read(), adopt=adopt)
    changed = {name for op in plan.ops if op.verb is not Verb.ADD for name in op.changes}
    assert changed == {"comment", "service"}
    assert plan.conflicts == ()
    assert plan.cut == frozenset()
    assert all(result.ok for result in driver.apply(plan.ops))
    assert diff(wanted(found), driver.read()).ops == ()


def test_drivers_are_found_by_folder():
    assert {"memory", "routeros"} <= manifests("access").keys()
    found = manifest("access", "routeros")
    assert (found.config, found.secret) == (Config, {"password"})
    assert Config("h", "u", "p").endpoint.port == 8728
    assert Config("h", "u", "p", tls=True).endpoint.port == 8729
    with pytest.raises(UnknownIntegration):
        manifest("access", "telepathy")


def test_an_operation_of_a_kind_no_stage_knows_does_not_exist(driver):
    plan = diff(wanted([JUAN]), driver.read())
    assert [op.stage for op in plan.ops] == sorted(op.stage for op in plan.ops)
    assert all(isinstance(op, Op) for op in plan.ops)
