"""Which sessions a plan closes, and in which order around them it works."""

from dataclasses import replace

from caudal.core.access import Code, Effect, Kind, Row, Session, Speed, Verb
from caudal.core.ports.access import AccessError, AccessFault
from caudal.integrations.access.memory import MemoryDriver
from tests.core.access_rig import ANA, JUAN, LUIS, held, look, reconcile, router_holding, steps


def test_a_cut_lists_the_address_and_then_kicks_the_session():
    router = router_holding(JUAN, ANA)
    router.dial("juan", address="10.20.0.10", speed="2000000/10000000")
    plan, results = reconcile(router, replace(JUAN, suspended=True), ANA)
    assert steps(plan) == [(Verb.ADD, Kind.BLOCK, "10.20.0.10"), (Verb.KICK, Kind.SESSION, "juan")]
    assert all(result.ok for result in results)
    assert plan.cut == {"12"}
    assert router.sessions == {}
    assert "enabled" not in held(router, Kind.ACCOUNT)["juan"].attrs


def test_a_cut_without_fixed_address_disables_the_account():
    router = router_holding(LUIS)
    router.dial("luis", address="10.20.9.9")
    plan, _ = reconcile(router, replace(LUIS, suspended=True))
    assert steps(plan) == [(Verb.SET, Kind.ACCOUNT, "luis"), (Verb.KICK, Kind.SESSION, "luis")]
    assert plan.cut == {"14"}
    assert held(router, Kind.ACCOUNT)["luis"].attrs["enabled"] == "no"


def test_restoring_enables_and_unlists_without_kicking():
    router = router_holding(replace(JUAN, suspended=True), replace(LUIS, suspended=True))
    router.pass_time(60)
    router.dial("juan", address="10.20.0.10")
    plan, _ = reconcile(router, JUAN, LUIS)
    assert steps(plan) == [
        (Verb.REMOVE, Kind.BLOCK, "10.20.0.10"),
        (Verb.SET, Kind.ACCOUNT, "luis"),
    ]
    assert {op.effect for op in plan.ops} == {Effect.RESTORE}
    assert plan.cut == frozenset()
    assert len(router.sessions) == 1


def test_a_session_older_than_its_cut_is_kicked_on_the_next_pass():
    router = router_holding(JUAN)
    router.dial("juan", address="10.20.0.10")
    router.pass_time(300)
    cut = replace(JUAN, suspended=True)
    plan = look(router, cut)
    MemoryDriver(router).apply([op for op in plan.ops if op.verb is not Verb.KICK])
    router.pass_time(60)
    plan, _ = reconcile(router, cut)
    assert [(op.verb, op.reason) for op in plan.ops] == [(Verb.KICK, "cut")]
    router.pass_time(5)
    router.dial("juan", address="10.20.0.10")
    assert look(router, cut).ops == ()


def test_a_session_on_another_address_than_the_fixed_one_is_kicked():
    router = router_holding(JUAN)
    router.dial("juan", address="10.20.0.99")
    assert [op.reason for op in look(router, JUAN).ops] == ["old-address"]


def test_a_plan_change_sets_the_profile_and_kicks_what_runs_at_the_old_speed():
    router = router_holding(JUAN)
    router.dial("juan", address="10.20.0.10", speed="2000000/10000000")
    faster = replace(JUAN, profile="Plan 20M", speed=Speed(4_000_000, 20_000_000))
    plan, _ = reconcile(router, faster)
    assert steps(plan) == [
        (Verb.ADD, Kind.PROFILE, "Plan 20M"),
        (Verb.SET, Kind.ACCOUNT, "juan"),
        (Verb.KICK, Kind.SESSION, "juan"),
        (Verb.REMOVE, Kind.PROFILE, "Plan 10M"),
    ]
    assert plan.cut == frozenset()
    router.dial("juan", address="10.20.0.10", speed="4000000/20000000")
    assert look(router, faster).ops == ()


def test_a_session_kicked_a_moment_ago_is_spared_unless_it_is_a_cut():
    router = router_holding(JUAN)
    router.dial("juan", address="10.20.0.10", speed="1/1")
    assert look(router, JUAN, spare_sessions={"12"}).ops == ()
    cut = look(router, replace(JUAN, suspended=True), spare_sessions={"12"})
    assert cut.ops[-1].verb is Verb.KICK


def test_a_bound_mac_kicks_another_device():
    bound = replace(JUAN, mac="aa:bb:cc:00:00:01")
    router = router_holding(bound)
    router.dial("juan", address="10.20.0.10", mac="AA:BB:CC:00:00:01")
    assert look(router, bound).ops == ()
    router.dial("juan", address="10.20.0.10", mac="AA:BB:CC:00:00:02")
    assert [op.reason for op in look(router, bound).ops] == ["old-mac"]


def test_radius_sessions_are_not_ours():
    router = router_holding(JUAN)
    session = Session("juan", "10.20.0.99", ref="s9", radius=True)
    router.sessions["s9"] = session
    assert look(router, JUAN).ops == ()
    assert [op.verb for op in look(router).ops] == [Verb.REMOVE, Verb.REMOVE]


def test_a_removed_service_is_disabled_kicked_and_only_then_removed():
    router = router_holding(JUAN)
    router.dial("juan", address="10.20.0.10")
    plan, _ = reconcile(router)
    assert steps(plan) == [
        (Verb.SET, Kind.ACCOUNT, "juan"),
        (Verb.KICK, Kind.SESSION, "juan"),
        (Verb.REMOVE, Kind.ACCOUNT, "juan"),
        (Verb.REMOVE, Kind.PROFILE, "Plan 10M"),
    ]
    assert plan.cut == {"12"}
    assert [f.code for f in plan.of("12")] == [Code.EXTRA, Code.STALE_SESSION]
    assert (router.rows, router.sessions) == ({}, {})


def test_an_account_is_kept_while_its_session_cannot_be_kicked():
    router = router_holding(JUAN)
    router.dial("juan", address="10.20.0.10")
    router.fault = Refuses("kick session")
    _, results = reconcile(router)
    assert [result.ok for result in results] == [True, False, False, True]
    router.fault = None
    plan, _ = reconcile(router)
    assert steps(plan)[:2] == [
        (Verb.KICK, Kind.SESSION, "juan"),
        (Verb.REMOVE, Kind.ACCOUNT, "juan"),
    ]
    assert (router.rows, router.sessions) == ({}, {})


class Refuses:
    def __init__(self, command: str) -> None:
        self.command = command

    def __call__(self, command: str) -> None:
        if command == self.command:
            raise AccessError(AccessFault.REFUSED)


def test_an_entry_by_hand_is_good_enough_for_a_cut_and_still_kicks():
    router = router_holding(JUAN)
    router.dial("juan", address="10.20.0.10")
    router.pass_time(100)
    router.put(Row(Kind.BLOCK, "10.20.0.10", {}, "no paga"))
    plan = look(router, replace(JUAN, suspended=True))
    assert [op.verb for op in plan.ops] == [Verb.KICK]
