"""What diff decides, case by case."""

from dataclasses import replace

import pytest

from caudal.core.access import (
    Code,
    Device,
    Effect,
    Kind,
    Row,
    Snapshot,
    Technology,
    Verb,
    diff,
    wanted,
)
from caudal.core.access.plan import HIDDEN
from caudal.integrations.access.memory import MemoryDriver, MemoryRouter
from tests.core.access_rig import ANA, JUAN, LUIS, held, look, reconcile, router_holding, steps


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


def test_what_may_be_adopted_is_found_by_its_address_and_renamed():
    router = MemoryRouter()
    router.put(Row(Kind.QUEUE, "Ana Peña 02", {"target": "10.20.0.11", "max": "1000000/5000000"}))
    assert Code.ADDRESS_TAKEN in {finding.code for finding in look(router, ANA).findings}
    plan, _ = reconcile(router, ANA, adopt={(Kind.QUEUE, "ana")})
    assert [(op.verb, op.why) for op in plan.ops] == [(Verb.SET, Code.ADOPTED)]
    assert list(held(router, Kind.QUEUE)) == ["ana"]
    assert look(router, ANA).findings == ()


def test_of_two_rows_that_serve_the_address_none_is_adopted():
    router = MemoryRouter()
    for name in ("Ana Peña", "Ana vieja"):
        router.put(Row(Kind.QUEUE, name, {"target": "10.20.0.11"}))
    plan, _ = reconcile(router, ANA, adopt={(Kind.QUEUE, "ana")})
    assert plan.ops == ()
    assert set(held(router, Kind.QUEUE)) == {"Ana Peña", "Ana vieja"}


def test_a_row_without_an_address_is_not_mistaken_for_another_without_one():
    router = MemoryRouter()
    router.put(Row(Kind.ACCOUNT, "pedro", {"password": "other"}))
    reconcile(router, LUIS, adopt={(Kind.ACCOUNT, "luis")})
    assert set(held(router, Kind.ACCOUNT)) == {"pedro", "luis"}


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


def test_a_user_of_others_with_our_address_is_told_and_ours_kept_right():
    router = router_holding(JUAN)
    router.put(Row(Kind.ACCOUNT, "otro", {"address": "10.20.0.10", "profile": "Plan 10M"}))
    plan = look(router, replace(JUAN, password="nueva"))
    assert steps(plan) == [(Verb.SET, Kind.ACCOUNT, "juan")]
    (told,) = plan.conflicts
    assert (told.code, told.services) == (Code.ADDRESS_TAKEN, ("12",))
    assert told.changes == {"holder": ("otro", "")}


@pytest.mark.parametrize(
    ("kind", "place", "address"),
    [
        (Kind.BLOCK, Kind.MEMBER, "10.20.0.10"),
        (Kind.BLOCK6, Kind.MEMBER6, "2001:db8:10::/56"),
    ],
)
def test_our_entry_on_another_list_than_the_one_that_cuts_is_taken_away(kind, place, address):
    """Somebody moved it, or the router cuts by another list since."""
    service = replace(JUAN, prefix="2001:db8:10::/56")
    router = router_holding(replace(service, suspended=True))
    entry = held(router, kind)[address]
    router.put(replace(entry, kind=place, key=f"{address} viejos", ref=""))
    router.put(Row(place, f"{address} otros", comment="a mano"))
    plan = look(router, replace(service, suspended=True))
    assert steps(plan) == [(Verb.REMOVE, place, f"{address} viejos")], "cut as it should be"
    plan, _ = reconcile(router, service)
    gone = {(op.row.kind, op.row.key) for op in plan.ops if op.verb is Verb.REMOVE}
    assert (place, f"{address} viejos") in gone and (kind, address) in gone
    assert look(router, service).ops == ()
    assert list(held(router, place)) == [f"{address} otros"]


def test_a_queue_of_ours_that_somebody_put_under_another_one_is_told_and_put_right():
    router = router_holding(ANA)
    router.put(Row(Kind.QUEUE, "torre", {"target": "10.20.0.0/16"}))
    mine = held(router, Kind.QUEUE)["ana"]
    router.rows[mine.ref] = replace(mine, attrs={**mine.attrs, "parent": "torre"})
    plan, _ = reconcile(router, ANA)
    assert plan.of("13")[0].changes == {"parent": ("torre", "")}
    assert look(router, ANA).ops == ()


def test_a_queue_that_is_taken_over_stays_under_its_parent():
    router = MemoryRouter()
    router.put(Row(Kind.QUEUE, "torre", {"target": "10.20.0.0/16"}))
    router.put(Row(Kind.QUEUE, "ana", {"target": "10.20.0.11", "max": "1/1", "parent": "torre"}))
    reconcile(router, ANA, adopt=[(Kind.QUEUE, "ana")])
    assert held(router, Kind.QUEUE)["ana"].attrs["parent"] == "torre"
    under = replace(ANA, parent="torre")
    assert look(router, under).ops == ()


@pytest.mark.parametrize("is_there", [True, False])
def test_a_parent_that_the_router_has_no_more_is_asked_of_nobody(is_there):
    under = replace(ANA, parent="torre")
    router = router_holding(ANA) if is_there else MemoryRouter()
    router.put(Row(Kind.QUEUE, "torre norte", {"target": "10.20.0.0/16"}))
    if is_there:
        mine = held(router, Kind.QUEUE)["ana"]
        router.rows[mine.ref] = replace(mine, attrs={**mine.attrs, "parent": "torre norte"})
    plan = look(router, under)
    assert all("parent" not in op.row.attrs for op in plan.ops)
    assert plan.ops == () or not is_there


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


def test_a_lease_taken_over_does_not_take_the_device_of_another_ones():
    router = MemoryRouter()
    router.put(Row(Kind.LEASE, "10.20.0.30", {"mac": "02:00:00:00:00:99"}))
    router.put(Row(Kind.LEASE, "10.20.0.31", {"mac": "02:00:00:00:00:30"}))
    eva = replace(
        ANA, service_id="30", kind=Technology.DHCP, name="eva", address="10.20.0.30",
        mac="02:00:00:00:00:30",
    )  # fmt: skip
    plan, _ = reconcile(router, eva, adopt={(Kind.LEASE, "10.20.0.30")})
    assert plan.ops == ()
    assert [finding.code for finding in plan.conflicts] != []
    assert held(router, Kind.LEASE)["10.20.0.30"].attrs["mac"] == "02:00:00:00:00:99"


@pytest.mark.parametrize(
    ("ours", "theirs", "off", "taken"),
    [
        ("lan", "lan", False, True),
        ("lan", "lan", True, True),
        ("lan", "", False, True),
        ("", "lan", False, True),
        ("lan", "", True, False),
        ("lan", "otro", False, False),
    ],
)
def test_a_lease_of_others_for_the_device_is_in_the_way_where_both_could_answer(
    ours, theirs, off, taken
):
    """Without a server a lease is of all; one that is off keeps its device on its server only."""
    mac = {"mac": "02:00:00:00:00:30"}
    server = {"server": theirs} if theirs else {}
    held = Row(Kind.LEASE, "10.20.0.31", mac | server | ({"enabled": "no"} if off else {}))
    eva = replace(
        ANA, kind=Technology.DHCP, address="10.20.0.30", mac=mac["mac"], server=ours
    )  # fmt: skip
    plan = diff(wanted([eva]), Snapshot(True, Device(), (held,)))
    assert (Code.MAC_TAKEN in {finding.code for finding in plan.findings}) is taken
    assert bool(plan.ops) is not taken
