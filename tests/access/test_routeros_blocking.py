"""The rules that make a cut real are installed by one act, read back, and taken back if wrong."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from caudal.core.ports.access import AccessError
from caudal.core.ports.blocking import BlockingRules, CutPolicy, RuleFault
from caudal.integrations.access.routeros import Config, connect
from caudal.practice.routeros import (
    V6,
    V7,
    V7_NEW,
    PracticeRouter,
    Wrong,
    configure_by_hand,
)
from caudal.practice.routeros.plane.firewall import Packet

POLICY = CutPolicy(
    "casa1",
    wan_interfaces=("ether1",),
    notice_address="10.0.0.9",
    notice_port=8080,
    allowed=("10.0.0.10", "pagos.example"),
)
ADDRESS = "10.20.0.5"


@pytest.fixture(params=[V6, V7, V7_NEW])
def router(request: pytest.FixtureRequest) -> Iterator[PracticeRouter]:
    """A router with fasttrack, rows of others, and one customer who browses."""
    with PracticeRouter(request.param) as found:
        for action in ("fasttrack-connection", "accept"):
            found.put(
                "/ip/firewall/filter",
                chain="forward",
                action=action,
                connection_state="established,related",
                comment="de fabrica",
            )
        found.put("/ip/firewall/filter", chain="input", action="accept", comment="mio")
        found.put("/ip/firewall/nat", chain="srcnat", action="masquerade", out_interface="ether1")
        found.put("/ppp/secret", name="ana", password="x", remote_address=ADDRESS)
        found.plug("ana", "x")
        assert found.can_browse(ADDRESS)
        yield found


def driver(router: PracticeRouter) -> BlockingRules:
    made = connect(Config("127.0.0.1", "admin", "practica", router.port))
    assert isinstance(made, BlockingRules)
    return made


def cut(router: PracticeRouter) -> None:
    router.put("/ip/firewall/address-list", list="morosos", address=ADDRESS)


def filters(router: PracticeRouter) -> list[dict[str, str]]:
    return router.rows("/ip/firewall/filter")


def test_installed_rules_make_a_cut_real_at_once_and_show_the_notice(
    router: PracticeRouter,
) -> None:
    cut(router)
    assert router.can_browse(ADDRESS, established=True), "without rules a cut does nothing"
    made = driver(router)
    assert not made.check_rules(POLICY).ok
    report = made.install_rules(POLICY)
    assert report.ok and report.written, report.problems
    assert report.safe is (router.version.text == V7_NEW)
    assert made.check_rules(POLICY).ok
    assert not router.can_browse(ADDRESS, established=True), "above established and fasttrack"
    assert router.sees_notice(ADDRESS)
    firewall = router.plane.firewall
    asks = Packet(ADDRESS, "<pppoe-ana>", protocol="udp", port="53")
    assert firewall.forwards(asks), "names are still found"
    tcp = next(row for row in filters(router) if row.get("reject-with") == "tcp-reset")
    assert tcp["protocol"] == "tcp" and tcp["out-interface-list"] == "WAN"


def test_rules_of_others_stay_as_they_are_and_below(router: PracticeRouter) -> None:
    before = [row for row in filters(router)]
    driver(router).install_rules(POLICY)
    after = filters(router)
    others = [row for row in after if "caudal:" not in row.get("comment", "")]
    assert others == before
    forward = [row.get("comment", "") for row in after if row["chain"] == "forward"]
    assert all(text.startswith("caudal:rules:") for text in forward[:5])
    assert forward[5:] == ["de fabrica", "de fabrica"]


def test_installing_again_writes_nothing(router: PracticeRouter) -> None:
    made = driver(router)
    made.install_rules(POLICY)
    router.faults.log.clear()
    assert made.install_rules(POLICY).written == 0
    assert all(text.endswith("/print") for text in router.faults.log)


def test_rules_moved_or_edited_by_hand_are_noticed_and_put_right(router: PracticeRouter) -> None:
    made = driver(router)
    made.install_rules(POLICY)
    rest = next(row for row in filters(router) if row.get("reject-with", "").startswith("icmp"))
    router.edit("/ip/firewall/filter", rest[".id"], disabled="yes")
    assert RuleFault.DIFFERENT in {each.fault for each in made.check_rules(POLICY).problems}
    assert made.install_rules(POLICY).ok
    ours = [row for row in filters(router) if "caudal:" in row.get("comment", "")]
    assert len(ours) == 5, "the old ones are gone"
    router.delete("/ip/firewall/filter", ours[0][".id"])
    assert not made.check_rules(POLICY).ok
    assert made.install_rules(POLICY).ok


def test_policy_that_changes_replaces_rules_and_entries(router: PracticeRouter) -> None:
    made = driver(router)
    made.install_rules(POLICY)
    other = CutPolicy("casa1", notice_address="10.0.0.99", allowed=("10.0.0.11",))
    assert made.install_rules(other).ok
    listed = router.rows("/ip/firewall/address-list")
    allowed = {row["address"] for row in listed if row["list"] == "morosos-permitidos"}
    assert allowed == {"10.0.0.11", "10.0.0.99"}
    nats = [row for row in router.rows("/ip/firewall/nat") if row["chain"] == "dstnat"]
    assert [(nat["src-address-list"], nat["to-addresses"], nat["to-ports"]) for nat in nats] == [
        ("morosos", "10.0.0.99", "80"),
        ("avisos", "10.0.0.99", "80"),
    ]


def test_an_address_more_leaves_the_others_as_they_are(router: PracticeRouter) -> None:
    made = driver(router)
    made.install_rules(POLICY)
    before = router.rows("/ip/firewall/address-list")
    report = made.install_rules(replace(POLICY, allowed=(*POLICY.allowed, "10.0.0.12")))
    assert (report.ok, report.written) == (True, 1)
    after = router.rows("/ip/firewall/address-list")
    assert after[:-1] == before and after[-1]["address"] == "10.0.0.12"


def test_an_allowed_address_that_was_given_an_end_is_told_and_listed_for_good(
    router: PracticeRouter,
) -> None:
    made, table = driver(router), "/ip/firewall/address-list"
    made.install_rules(POLICY)
    entries = {row["address"]: row[".id"] for row in router.rows(table)}
    router.edit(table, entries["10.0.0.10"], timeout="1h")
    router.put(table, list="morosos-permitidos", address="10.0.0.77", timeout="2h", comment="yo")
    problems = made.check_rules(POLICY).problems
    assert [(each.fault, each.what) for each in problems] == [
        (RuleFault.DIFFERENT, "allow 10.0.0.10")
    ]
    assert made.install_rules(POLICY).ok and made.check_rules(POLICY).ok
    ending = {row["address"] for row in router.rows(table) if row.get("timeout")}
    assert ending == {"10.0.0.77"}, "that of somebody else stays as it is"
    router.pass_time(2 * 3600)
    assert made.check_rules(POLICY).ok


def test_who_is_reminded_browses_and_plain_http_shows_him_the_notice(
    router: PracticeRouter,
) -> None:
    driver(router).install_rules(POLICY)
    assert not router.sees_notice(ADDRESS)
    entry = router.put("/ip/firewall/address-list", list="avisos", address=ADDRESS).id
    assert router.sees_notice(ADDRESS) and router.can_browse(ADDRESS)
    router.delete("/ip/firewall/address-list", entry)
    assert not router.sees_notice(ADDRESS)


def test_rules_installed_before_there_were_reminders_are_told_and_completed(
    router: PracticeRouter,
) -> None:
    made = driver(router)
    made.install_rules(POLICY)
    nat = "/ip/firewall/nat"
    (old,) = (r for r in router.rows(nat) if r.get("src-address-list") == "avisos")
    router.delete(nat, old[".id"])
    told = {(each.fault, each.what) for each in made.check_rules(POLICY).problems}
    assert (RuleFault.MISSING, "reminder") in told
    assert made.install_rules(POLICY).ok
    mine = [row for row in router.rows(nat) if "caudal:" in row.get("comment", "")]
    assert [row["src-address-list"] for row in mine] == ["morosos", "avisos"]


def test_missing_interface_list_is_filled_or_asked_for(router: PracticeRouter) -> None:
    policy = CutPolicy("casa1", wan_list="internet")
    report = driver(router).install_rules(policy)
    assert RuleFault.NO_WAN in {each.fault for each in report.problems}
    assert not [row for row in filters(router) if "caudal:" in row.get("comment", "")]
    policy = CutPolicy("casa1", wan_list="internet", wan_interfaces=("ether1",))
    assert driver(router).install_rules(policy).ok
    cut(router)
    assert not router.can_browse(ADDRESS, established=True)


def test_error_half_way_takes_everything_back(router: PracticeRouter) -> None:
    before = (filters(router), router.rows("/ip/firewall/nat"))
    router.faults.plan(Wrong.TRAP, "/ip/firewall/filter/add", nth=3)
    report = driver(router).install_rules(POLICY)
    faults = [each.fault for each in report.problems]
    assert faults == [RuleFault.REFUSED, RuleFault.ROLLED_BACK]
    assert (filters(router), router.rows("/ip/firewall/nat")) == before
    assert not [r for r in router.rows("/ip/firewall/address-list") if r["list"] != "morosos"]


def test_line_that_breaks_in_safe_mode_leaves_the_router_as_it_was() -> None:
    with PracticeRouter(V7_NEW) as router:
        before = filters(router)
        router.faults.plan(Wrong.DROP_AFTER, "/ip/firewall/filter/add", nth=4)
        made = driver(router)
        with pytest.raises(AccessError):
            made.install_rules(POLICY)
        assert filters(router) == before
        assert made.install_rules(POLICY).ok, "and the next try succeeds"


def test_line_that_breaks_without_safe_mode_is_mended_by_the_next_try() -> None:
    with PracticeRouter(V6) as router:
        router.faults.plan(Wrong.DROP_AFTER, "/ip/firewall/filter/add", nth=4)
        made = driver(router)
        with pytest.raises(AccessError):
            made.install_rules(POLICY)
        assert made.install_rules(POLICY).ok
        assert len([r for r in filters(router) if "caudal:" in r.get("comment", "")]) == 5


def test_router_as_found_in_the_field_gets_its_cut_above_the_fasttrack() -> None:
    with PracticeRouter(V7) as router:
        configure_by_hand(router, secrets=5, queues=2)
        made = driver(router)
        assert not made.check_rules(POLICY).ok
        assert made.install_rules(POLICY).ok
        assert any("no borrar" in row.get("comment", "") for row in filters(router))


def test_cut_and_rules_in_ipv6_too(router: PracticeRouter) -> None:
    driver(router).install_rules(POLICY)
    rules = router.rows("/ipv6/firewall/filter")
    assert [row["action"] for row in rules] == ["accept"] * 3 + ["reject"] * 2
