"""RouterOS rows to neutral rows and back."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caudal.core.access import Kind, Row, Speed
from caudal.core.access.rows import UNREADABLE
from caudal.integrations.access.routeros import values as v
from caudal.integrations.access.routeros.rules import blocking_facts
from caudal.integrations.access.routeros.translate import (
    found_row,
    found_session,
    parse_rate_limit,
    rate_limit,
    session_speeds,
    vendor_values,
)

rates = st.integers(0, 2_000_000_000)
speeds = st.builds(
    Speed, rates, rates, rates, rates, rates, rates, st.integers(0, 99), rates, rates,
    st.integers(1, 8),
)  # fmt: skip


@given(speeds)
def test_a_speed_survives_a_profile_and_a_queue(speed):
    profile = Row(Kind.PROFILE, "p", speed.attrs())
    queue = Row(Kind.QUEUE, "q", speed.attrs() | {"target": "10.0.0.1"})
    for row in (profile, queue):
        printed = {k: x for k, x in vendor_values(row, "morosos").items() if k != "list"}
        assert found_row(row.kind, printed).attrs == row.attrs


@pytest.mark.parametrize(
    ("text", "attrs"),
    [
        ("", {}),
        ("10M", {"max": "10000000/10000000"}),
        ("2M/10M", {"max": "2000000/10000000"}),
        (
            "2M/10M 3M/15M 1M/8M 10/10 8 1M/5M",
            {
                "max": "2000000/10000000",
                "burst": "3000000/15000000",
                "threshold": "1000000/8000000",
                "burst_time": "10/10",
                "guaranteed": "1000000/5000000",
            },
        ),
        ("1k/1k 2k/2k", {"max": "1000/1000", "burst": "2000/2000", "threshold": "1000/1000",
                         "burst_time": "1/1"}),
        ("1M/2M 0/0 0/0 0/0 5", {"max": "1000000/2000000", "priority": "5"}),
        ("mucho", {"max": "mucho"}),
    ],
)  # fmt: skip
def test_rate_limits_are_read_as_people_write_them(text, attrs):
    assert {k: x for k, x in parse_rate_limit(text).items() if x} == attrs


def test_rate_limits_are_written_as_short_as_can_be():
    assert rate_limit({}) == ""
    assert rate_limit({"max": "2000000/10000000"}) == "2M/10M"
    assert rate_limit({"max": "1500/0", "priority": "3"}) == "1500/0 0/0 0/0 0/0 3"


def test_a_secret_is_read_with_its_defaults_left_out():
    row = found_row(
        Kind.ACCOUNT,
        {
            ".id": "*7",
            "name": "juan",
            "password": "x",
            "service": "pppoe",
            "profile": "10M",
            "caller-id": "aa:bb:cc:00:00:01",
            "disabled": "true",
            "comment": "hola",
        },
    )
    assert row.attrs == {
        "password": "x",
        "profile": "10M",
        "mac": "AA:BB:CC:00:00:01",
        "enabled": "no",
    }
    assert (row.ref, row.comment, row.enabled) == ("*7", "hola", False)


@pytest.mark.parametrize("printed", [{}, {"password": "*****"}])
def test_a_password_the_router_hides_is_unreadable_and_not_empty(printed):
    row = found_row(Kind.ACCOUNT, {"name": "juan", "service": "any", **printed})
    assert row.attrs == {"password": UNREADABLE, "service": "any"}


@pytest.mark.parametrize(
    ("created", "now", "age"),
    [
        ("2026-01-05 08:00:00", datetime(2026, 1, 5, 8, 1), 60),
        ("jan/05/2026 08:00:00", datetime(2026, 1, 5, 8, 1), 60),
        ("2026-01-05 08:00:00", datetime(2026, 1, 5, 7, 0), None),
        ("2026-01-05 08:00:00", None, None),
        ("", datetime(2026, 1, 5), None),
        ("ayer", datetime(2026, 1, 5), None),
    ],
)
def test_the_age_of_an_entry_is_counted_on_the_routers_clock(created, now, age):
    row = found_row(Kind.BLOCK, {"address": "10.0.0.1", "creation-time": created}, now)
    assert (row.key, row.age_s) == ("10.0.0.1", age)


def test_lists_hold_more_than_addresses():
    for address in ("10.0.0.1-10.0.0.9", "ejemplo.com", "10.0.0.0/24"):
        assert found_row(Kind.BLOCK, {"address": address}).key == address


def test_a_session_knows_the_limit_in_force():
    queues = [
        {"name": "<pppoe-juan>", "dynamic": "true", "max-limit": "2000000/10000000"},
        {"name": "<pppoe-ana>", "dynamic": "true", "max-limit": "0/0"},
        {"name": "<hotspot-juan>", "dynamic": "true", "max-limit": "5/6"},
        {"name": "juan", "dynamic": "false", "max-limit": "1/1"},
    ]
    known = session_speeds(queues)
    assert known == {
        (Kind.SESSION, "juan"): "2000000/10000000",
        (Kind.SESSION, "ana"): "0/0",
        (Kind.HOTSPOT_SESSION, "juan"): "5/6",
    }
    session = found_session(
        Kind.SESSION,
        {"name": "juan", "uptime": "1w2d3h4m5s", "radius": "true", "caller-id": "aa:01"},
        known,
    )
    assert (session.age_s, session.radius, session.mac) == (788_645, True, "AA:01")
    assert session.speed == "2000000/10000000"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("1w2d3h4m5s", 788_645), ("00:01:10", 70), ("8", 8), ("50ms", 0), ("never", 0), ("", 0)],
)
def test_times_are_seconds(text, seconds):
    assert v.seconds(text) == seconds


def test_small_times_are_milliseconds():
    assert v.milliseconds("1ms500us") == 1.5
    assert v.milliseconds("2s") == 2000
    assert v.milliseconds("timeout") is None


def test_a_priority_of_two_sides_is_kept_as_it_is():
    assert v.priority("8/8") == ""
    assert v.priority("3/3") == "3"
    assert v.priority("3/5") == "3/5"
    row = Row(Kind.QUEUE, "q", {"priority": "3/5"})
    assert vendor_values(row, "morosos")["priority"] == "3/5"


FASTTRACK = {
    "chain": "forward",
    "action": "fasttrack-connection",
    "connection-state": "established",
}
ESTABLISHED = {"chain": "forward", "action": "accept", "connection-state": "established,related"}
CUT = {"chain": "forward", "action": "drop", "src-address-list": "morosos", "bytes": "9"}
JUMP = {"chain": "forward", "action": "jump", "jump-target": "clientes"}


@pytest.mark.parametrize(
    ("filters", "verdict"),
    [
        ([], "missing"),
        ([CUT], "ok"),
        ([CUT, FASTTRACK, ESTABLISHED], "ok"),
        ([FASTTRACK, CUT], "below-fasttrack"),
        ([ESTABLISHED, CUT], "below-established"),
        ([FASTTRACK | {"src-address-list": "!morosos"}, CUT], "ok"),
        ([{"chain": "forward", "action": "accept", "connection-state": "invalid"}, CUT], "ok"),
        ([{"chain": "forward", "action": "accept", "src-address": "10.0.0.9"}, CUT], "ok"),
        ([CUT | {"chain": "input"}], "missing"),
        ([CUT | {"src-address-list": "otros"}], "missing"),
        ([CUT | {"protocol": "udp"}], "missing"),
        ([CUT | {"connection-state": "new"}], "missing"),
        ([CUT | {"out-interface-list": "WAN", "action": "reject"}], "ok"),
        ([FASTTRACK, JUMP, CUT | {"chain": "clientes"}], "below-fasttrack"),
        ([JUMP, FASTTRACK, CUT | {"chain": "clientes"}], "ok"),
        ([JUMP | {"protocol": "udp"}, CUT | {"chain": "clientes"}], "missing"),
        ([{"chain": "forward", "action": "jump", "jump-target": "forward"}], "missing"),
    ],
)
def test_a_cut_rule_counts_only_above_what_lets_open_connections_pass(filters, verdict):
    assert blocking_facts(filters, [], [], "morosos")["cut_rule"] == verdict


def test_a_raw_rule_cuts_before_everything():
    raw = [{"chain": "prerouting", "action": "drop", "src-address-list": "morosos"}]
    assert blocking_facts([FASTTRACK], raw, [], "morosos")["cut_rule"] == "ok"


def test_the_notice_needs_a_redirect_of_the_listed():
    rule = {"chain": "dstnat", "action": "redirect", "src-address-list": "morosos"}
    assert blocking_facts([], [], [rule], "morosos")["notice_rule"] == "ok"
    assert blocking_facts([], [], [rule], "otros")["notice_rule"] == "missing"
