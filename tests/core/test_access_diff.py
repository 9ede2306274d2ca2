"""What diff decides, case by case."""

from dataclasses import replace

from caudal.core.access import (
    Access,
    Code,
    Device,
    Effect,
    Kind,
    Row,
    Session,
    Snapshot,
    Speed,
    Technology,
    Verb,
    diff,
    wanted,
)
from caudal.core.access.plan import HIDDEN
from caudal.integrations.access.memory import MemoryDriver, MemoryRouter

TEN = Speed(up_bps=2_000_000, down_bps=10_000_000)
JUAN = Access(
    "12",
    Technology.PPPOE,
    "juan",
    TEN,
    profile="Plan 10M",
    password="s3cr3t",
    address="10.20.0.10",
    label="Juan Peña",
)
ANA = Access("13", Technology.SIMPLE_QUEUE, "ana", TEN, address="10.20.0.11/32", label="Ana")
LUIS = replace(JUAN, service_id="14", name="luis", address="", label="Luis")


def router_holding(*services: Access) -> MemoryRouter:
    router = MemoryRouter()
    reconcile(router, *services)
    return router


def reconcile(router: MemoryRouter, *services: Access, **options: object):
    driver = MemoryDriver(router)
    plan = diff(wanted(services), driver.read(), **options)
    return plan, driver.apply(plan.ops)


def look(router: MemoryRouter, *services: Access, **options: object):
    return diff(wanted(services), MemoryDriver(router).read(), **options)


def steps(plan):
    return [(op.verb, op.row.kind, op.row.key) for op in plan.ops]


def held(router: MemoryRouter, kind: Kind) -> dict[str, Row]:
    return {row.key: row for row in router.rows.values() if row.kind is kind}


def test_a_new_pppoe_service_gets_profile_and_account():
    plan = look(MemoryRouter(), JUAN)
    assert steps(plan) == [
        (Verb.ADD, Kind.PROFILE, "Plan 10M"),
        (Verb.ADD, Kind.ACCOUNT, "juan"),
    ]
    account = plan.ops[1].row
    assert account.attrs == {"password": "s3cr3t", "profile": "Plan 10M", "address": "10.20.0.10"}
    assert account.comment.startswith("caudal:12:")
    assert account.comment.endswith(" Juan Pena")
    assert plan.out_of_sync == {"12"}


def test_a_queue_service_gets_one_queue_in_canonical_words():
    plan = look(MemoryRouter(), ANA)
    assert steps(plan) == [(Verb.ADD, Kind.QUEUE, "ana")]
    assert plan.ops[0].row.attrs == {"target": "10.20.0.11", "max": "2000000/10000000"}


def test_what_is_there_needs_nothing():
    router = router_holding(JUAN, ANA, LUIS)
    plan = look(router, JUAN, ANA, LUIS)
    assert plan.ops == ()
    assert plan.findings == ()
    assert plan.active == {"12", "13", "14"}


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
        from caudal.core.ports.access import AccessError, AccessFault

        if command == self.command:
            raise AccessError(AccessFault.REFUSED)


def test_a_customer_renamed_here_keeps_his_row_there():
    router = router_holding(JUAN)
    ref = held(router, Kind.ACCOUNT)["juan"].ref
    router.dial("juan", address="10.20.0.10")
    plan, _ = reconcile(router, replace(JUAN, name="juan.perez"))
    assert [(op.verb, op.why, op.reason) for op in plan.ops] == [
        (Verb.SET, Code.RENAMED, ""),
        (Verb.KICK, Code.STALE_SESSION, "account-down"),
    ]
    assert held(router, Kind.ACCOUNT)["juan.perez"].ref == ref


def test_a_row_renamed_by_hand_is_named_back():
    router = router_holding(JUAN)
    row = held(router, Kind.ACCOUNT)["juan"]
    router.put(replace(row, key="juanito"))
    plan, _ = reconcile(router, JUAN)
    assert [(op.verb, op.why) for op in plan.ops] == [(Verb.SET, Code.RENAMED)]
    assert held(router, Kind.ACCOUNT).keys() == {"juan"}


def test_a_copy_of_our_row_is_not_ours():
    router = router_holding(JUAN)
    row = held(router, Kind.ACCOUNT)["juan"]
    copy = router.put(replace(row, key="juan-copy", ref=""))
    plan = look(router, JUAN)
    assert (plan.ops, plan.unknown) == ((), (replace(copy, age_s=0),))
    assert copy.ref not in {op.row.ref for op in look(router).ops}


def test_names_that_swap_end_right_without_breaking_uniqueness():
    router = router_holding(JUAN, LUIS)
    swapped = (replace(JUAN, name="luis"), replace(LUIS, name="juan"))
    _, results = reconcile(router, *swapped)
    assert all(result.ok for result in results)
    assert look(router, *swapped).ops == ()


def test_another_installation_on_the_same_router_is_left_alone():
    router = router_holding(JUAN)
    plan = diff(wanted([], owner="other"), MemoryDriver(router).read())
    assert plan.ops == ()
    assert [row.key for row in plan.unknown] == ["juan"]


def test_a_hand_edit_is_explained_with_before_and_after():
    router = router_holding(JUAN)
    row = held(router, Kind.ACCOUNT)["juan"]
    router.put(replace(row, attrs={**row.attrs, "password": "x", "address": "10.20.0.77"}))
    plan = look(router, JUAN)
    (finding,) = plan.of("12")
    assert finding.code is Code.CHANGED
    assert finding.changes == {
        "address": ("10.20.0.77", "10.20.0.10"),
        "password": (HIDDEN, HIDDEN),
    }


def test_a_new_label_alone_is_a_relabelling():
    router = router_holding(JUAN)
    (op,) = look(router, replace(JUAN, label="Juan")).ops
    assert op.why is Code.RELABELLED


def test_an_unmarked_row_with_our_name_is_a_conflict_and_is_not_touched():
    router = MemoryRouter()
    hand = router.put(Row(Kind.ACCOUNT, "juan", {"password": "other"}, "hecho a mano"))
    plan, _ = reconcile(router, JUAN)
    assert [f.code for f in plan.conflicts] == [Code.UNMARKED]
    assert plan.conflicts[0].services == ("12",)
    assert router.rows[hand.ref] == hand
    assert plan.unknown == (replace(hand, age_s=0),)


def test_an_unmarked_row_is_taken_over_only_with_permission():
    router = MemoryRouter()
    router.put(Row(Kind.ACCOUNT, "juan", {"password": "other"}, "hecho a mano"))
    router.put(Row(Kind.PROFILE, "Plan 10M", {"max": "1/1"}))
    router.put(Row(Kind.BLOCK, "10.20.0.10", {}))
    adopt = {(Kind.ACCOUNT, "juan"), (Kind.PROFILE, "Plan 10M"), (Kind.BLOCK, "10.20.0.10")}
    cut = replace(JUAN, suspended=True)
    plan, _ = reconcile(router, cut, adopt=adopt)
    assert {op.why for op in plan.ops} == {Code.ADOPTED}
    assert plan.cut == frozenset()
    assert look(router, cut).findings == ()


def test_an_unmarked_profile_that_is_the_same_is_simply_used():
    router = MemoryRouter()
    router.put(Row(Kind.PROFILE, "Plan 10M", {"max": "2000000/10000000"}))
    plan = look(router, JUAN)
    assert steps(plan) == [(Verb.ADD, Kind.ACCOUNT, "juan")]
    assert plan.conflicts == ()
    assert plan.unknown == ()


def test_an_unmarked_profile_of_another_speed_concerns_everybody_on_it():
    router = MemoryRouter()
    router.put(Row(Kind.PROFILE, "Plan 10M", {"max": "1/1"}))
    reconcile(router, JUAN, LUIS)
    router.dial("juan", address="10.20.0.10", speed="1/1")
    plan = look(router, JUAN, LUIS)
    assert plan.ops == ()  # and nobody is kicked for the speed we could not set
    assert plan.conflicts[0].services == ("12", "14")


def test_an_unmarked_queue_on_our_address_holds_ours_back():
    router = MemoryRouter()
    router.put(Row(Kind.QUEUE, "Ana vieja", {"target": "10.20.0.11", "max": "1/1"}))
    plan = look(router, ANA)
    assert plan.ops == ()
    assert plan.conflicts[0].code is Code.ADDRESS_TAKEN
    assert plan.conflicts[0].changes == {"holder": ("Ana vieja", "")}


def test_a_disabled_row_of_others_serves_nobody():
    router = MemoryRouter()
    router.put(Row(Kind.QUEUE, "Ana vieja", {"target": "10.20.0.11", "enabled": "no"}))
    assert steps(look(router, ANA)) == [(Verb.ADD, Kind.QUEUE, "ana")]


def test_an_entry_somebody_listed_by_hand_is_reported_and_kept():
    router = router_holding(JUAN, ANA)
    router.put(Row(Kind.BLOCK, "10.20.0.10", {}, "no paga"))
    plan = look(router, JUAN, ANA)
    assert plan.ops == ()
    assert [(f.code, f.services) for f in plan.findings] == [(Code.FOREIGN_BLOCK, ("12",))]
    assert plan.active == {"13"}


def test_an_entry_by_hand_is_good_enough_for_a_cut_and_still_kicks():
    router = router_holding(JUAN)
    router.dial("juan", address="10.20.0.10")
    router.pass_time(100)
    router.put(Row(Kind.BLOCK, "10.20.0.10", {}, "no paga"))
    plan = look(router, replace(JUAN, suspended=True))
    assert [op.verb for op in plan.ops] == [Verb.KICK]


def test_a_disabled_entry_of_others_does_not_count_as_a_cut():
    router = router_holding(JUAN)
    router.put(Row(Kind.BLOCK, "10.20.0.10", {"enabled": "no"}, "viejo"))
    assert steps(look(router, JUAN)) == []
    plan = look(router, replace(JUAN, suspended=True))
    assert steps(plan) == [(Verb.ADD, Kind.BLOCK, "10.20.0.10")]


def test_our_entry_disabled_by_hand_is_enabled_again_as_a_cut():
    cut = replace(JUAN, suspended=True)
    router = router_holding(cut)
    router.dial("juan", address="10.20.0.10")
    row = held(router, Kind.BLOCK)["10.20.0.10"]
    router.put(replace(row, attrs={"enabled": "no"}))
    plan = look(router, cut)
    assert [(op.verb, op.effect) for op in plan.ops] == [
        (Verb.SET, Effect.CUT),
        (Verb.KICK, Effect.NONE),
    ]
    assert plan.cut == {"12"}


def test_a_profile_of_ours_stays_while_others_use_it():
    router = router_holding(JUAN)
    router.put(Row(Kind.ACCOUNT, "invitado", {"profile": "Plan 10M"}))
    assert steps(look(router)) == [(Verb.REMOVE, Kind.ACCOUNT, "juan")]


def test_a_moved_address_is_unlisted_at_the_old_place_and_listed_at_the_new_one():
    router = router_holding(replace(ANA, suspended=True))
    moved = replace(ANA, address="10.20.0.12", suspended=True)
    reconcile(router, moved)
    assert held(router, Kind.BLOCK).keys() == {"10.20.0.12"}
    assert look(router, moved).ops == ()


def test_an_incomplete_reading_yields_no_operation():
    router = router_holding(JUAN)
    router.partial = True
    plan = look(router)
    assert plan.ops == ()
    assert [f.code for f in plan.findings] == [Code.INCOMPLETE_READ]


def test_a_refused_service_keeps_what_it_holds():
    router = router_holding(JUAN, ANA)
    router.dial("juan", address="10.20.0.10")
    plan = look(router, replace(JUAN, address="10.20.0.0/24", suspended=True), ANA)
    assert [op for op in plan.ops if op.service_id == "12"] == []
    assert [f.code for f in plan.refusals] == [Code.WIDE_NETWORK]


def test_a_plan_can_be_narrowed_to_some_services_or_freed_of_them():
    plan = look(MemoryRouter(), JUAN, ANA)
    assert steps(plan.only({"13"})) == [
        (Verb.ADD, Kind.PROFILE, "Plan 10M"),
        (Verb.ADD, Kind.QUEUE, "ana"),
    ]
    assert steps(plan.without({"12"})) == steps(plan.only({"13"}))


def test_the_device_of_a_snapshot_defaults_to_nobody():
    assert Snapshot(True).device == Device()
