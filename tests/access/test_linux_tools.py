"""What programs of Linux print, read for a person's tools; no router is asked here."""

import json

import pytest

from caudal.core.ports.tools import Hop, Rate
from caudal.integrations.access.linux.leases import leases
from caudal.integrations.access.linux.looking import hop, neighbours, rate, samples, vitals

NOW = 1_700_000_000
DNSMASQ = f"""\
@@ dnsmasq
{NOW + 600} aa:bb:cc:00:00:05 10.0.0.5 telefono-ana 01:aa:bb:cc:00:00:05
0 aa:bb:cc:00:00:06 10.0.0.6 * *
{NOW - 5} aa:bb:cc:00:00:07 10.0.0.7 * *
duid 00:01:00:01:2c:5f
{NOW + 60} 1234 fd00::9 casa 00:01:00:01
"""
KEA_HEAD = (
    "address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state,"
    "user_context"
)
KEA = f"""\
@@ Kea
{KEA_HEAD}
10.0.1.5,aa:bb:cc:00:01:05,,3600,{NOW - 900},1,0,0,vieja,0,
10.0.1.6,aa:bb:cc:00:01:06,,3600,{NOW + 900},1,0,0,se-fue,0,
10.0.1.7,aa:bb:cc:00:01:07,,3600,{NOW + 900},1,0,0,,1,
@@ Kea
{KEA_HEAD}
10.0.1.5,aa:bb:cc:00:01:05,,3600,{NOW + 900},1,0,0,casa.example.,0,"{{""a"": 1, ""b"": 2}}"
10.0.1.6,aa:bb:cc:00:01:06,,0,{NOW},1,0,0,se-fue,0,
"""
ISC = """\
@@ ISC
# The format of this file is documented in the dhcpd.leases(5) manual page.
lease 10.0.2.5 {
  starts 2 2023/11/14 22:00:00;
  ends 2 2023/11/14 22:13:30;
  binding state active;
  next binding state free;
  hardware ethernet aa:bb:cc:00:02:05;
  client-hostname "radio {de} eva";
}
lease 10.0.2.6 {
  ends never;
  binding state active;
  hardware ethernet aa:bb:cc:00:02:06;
}
lease 10.0.2.6 {
  binding state free;
}
lease 10.0.2.7 {
  ends epoch 1700000100; # Tue Nov 14 22:15:00 2023
  binding state active;
}
"""
HEAD = f"@@ now\n{NOW}\n"


def test_leases_of_dnsmasq_are_read() -> None:
    found = {each.address: each for each in leases(f"{HEAD}{DNSMASQ}@@ end\n") or []}
    assert list(found) == ["10.0.0.5", "10.0.0.6", "10.0.0.7", "fd00::9"]
    ana = found["10.0.0.5"]
    assert (ana.mac, ana.host, ana.status, ana.expires_s) == (
        "AA:BB:CC:00:00:05", "telefono-ana", "bound", 600,
    )  # fmt: skip
    assert (found["10.0.0.6"].host, found["10.0.0.6"].expires_s) == ("", None)
    assert (found["10.0.0.7"].status, found["10.0.0.7"].expires_s) == ("expired", 0)


def test_the_last_word_of_keas_files_counts() -> None:
    found = {each.address: each for each in leases(f"{HEAD}{KEA}@@ end\n") or []}
    assert list(found) == ["10.0.1.5", "10.0.1.7"], "10.0.1.6 was given back"
    assert (found["10.0.1.5"].host, found["10.0.1.5"].status) == ("casa.example", "bound")
    assert found["10.0.1.7"].status == "declined"


def test_leases_of_isc_are_read_and_those_given_back_are_none() -> None:
    found = {each.address: each for each in leases(f"{HEAD}{ISC}@@ end\n") or []}
    assert list(found) == ["10.0.2.5", "10.0.2.7"]
    assert (found["10.0.2.5"].host, found["10.0.2.5"].expires_s) == ("radio {de} eva", 10)
    assert (found["10.0.2.7"].mac, found["10.0.2.7"].expires_s) == ("", 100)


@pytest.mark.parametrize(
    "damaged", ["@@ dnsmasq\nx\n\n", f"@@ Kea\n{KEA_HEAD}\nx,y\n", "@@ ISC\n{"]
)
def test_a_damaged_file_is_a_server_with_fewer_leases(damaged: str) -> None:
    assert leases(f"{HEAD}{damaged}@@ end\n") == []


def test_without_a_known_server_there_is_no_list_at_all() -> None:
    assert leases(f"{HEAD}@@ end\n") is None


def test_neighbours_without_an_answer_have_no_mac_and_link_local_ones_are_left_out() -> None:
    seen = [
        {"dst": "10.0.0.5", "dev": "lan", "lladdr": "aa:bb:cc:00:00:05", "state": ["STALE"]},
        {"dst": "10.0.0.6", "dev": "lan", "state": ["FAILED"]},
        {"dst": "10.0.0.7", "dev": "lan", "lladdr": "aa:bb:cc:00:00:07", "state": ["PERMANENT"]},
        {"dst": "10.0.0.8", "dev": "lan", "lladdr": "aa:bb:cc:00:00:08", "state": ["REACHABLE"]},
        {"dst": "fe80::1", "dev": "lan", "lladdr": "aa:bb:cc:00:00:05", "state": ["STALE"]},
        {"dst": "224.0.0.1", "dev": "lan", "state": ["NOARP"]},
    ]
    bound = {"nftables": [{"set": {"name": "bound4", "table": "caudal", "elem": ["10.0.0.8"]}}]}
    text = f"@@ seen\n{json.dumps(seen)}\n@@ bound\n{json.dumps(bound)}\n@@ end\n"
    found = {each.address: each for each in neighbours(text)}
    assert list(found) == ["10.0.0.5", "10.0.0.6", "10.0.0.7", "10.0.0.8"]
    assert found["10.0.0.5"].mac == "AA:BB:CC:00:00:05" and found["10.0.0.6"].mac == ""
    assert [each.dynamic for each in found.values()] == [True, True, False, False]


def test_load_is_what_was_busy_between_two_looks() -> None:
    text = """\
@@ machine
abc
@@ host
torre
@@ kernel
6.1.0
@@ system
"Debian 12"
@@ board
APU2
@@ uptime
86400.12 1.0
@@ clock
2026-07-05T18:00:00+00:00
@@ local
2026-07-05 12:00:00 CST
@@ memory
MemTotal:        4000 kB
MemFree:          500 kB
MemAvailable:    3000 kB
@@ before
cpu  100 0 100 700 100 0 0 0 0 0
@@ after
cpu  130 0 110 750 110 0 0 0 0 0
@@ end
"""
    found = vitals(text)
    assert (found.identity, found.serial, found.board) == ("torre", "abc", "APU2")
    assert (found.version, found.uptime_s, found.clock) == (
        "Debian 12, 6.1.0", 86400, "2026-07-05 12:00:00 CST",
    )  # fmt: skip
    assert (found.cpu_percent, found.memory_percent) == (40, 25)


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("64 bytes from 10.0.0.9: icmp_seq=1 ttl=63 time=1.25 ms\n",
         (Hop(3, "10.0.0.9", 0.0, 1.25), True)),
        ("From 10.0.0.1 icmp_seq=1 Time to live exceeded\n",
         (Hop(3, "10.0.0.1", 0.0, None), False)),
        ("From fd00::1 icmp_seq=1 Time exceeded: Hop limit\n",
         (Hop(3, "fd00::1", 0.0, None), False)),
        ("From 10.0.0.2 icmp_seq=1 Packet filtered\n",
         (Hop(3, "10.0.0.2", 0.0, None, "Packet filtered"), True)),
        ("From 10.0.0.2: icmp_seq=1 Redirect Host(New nexthop: 10.0.0.1)\n"
         "64 bytes from 10.0.0.9: icmp_seq=1 ttl=63 time=3 ms\n",
         (Hop(3, "10.0.0.9", 0.0, 3.0), True)),
        ("From 10.0.0.2: icmp_seq=1 Redirect Host(New nexthop: 10.0.0.1)\n",
         (Hop(3, "", 100.0, None, "timeout"), False)),
        ("", (Hop(3, "", 100.0, None, "timeout"), False)),
    ],
)  # fmt: skip
def test_who_buries_a_ping_is_a_station_on_the_way(
    printed: str, expected: tuple[Hop, bool]
) -> None:
    assert hop(f"PING ...\n{printed}\n--- statistics ---\n", 3) == expected


def test_traffic_is_what_a_class_sent_between_two_looks_and_never_less_than_none() -> None:
    look = """\
@@ at
{at}
@@ caudal-down
class htb cada:10 root leaf 8001: prio 0 rate 10Mbit ceil 10Mbit burst 15Kb cburst 1600b
 Sent {down} bytes 3123 pkt (dropped 0, overlimits 420 requeues 0)
@@ caudal-up
class htb cada:10 root leaf 8001: prio 0 rate 2Mbit ceil 2Mbit burst 15Kb cburst 1600b
 Sent {up} bytes 3123 pkt (dropped 0, overlimits 420 requeues 0)
@@ end
"""
    text = look.format(at=10.0, down=1000, up=500) + look.format(at=12.0, down=251_000, up=0)
    one, two = samples(text, 0x10)
    assert rate(one, two) == Rate(up_bps=0, down_bps=1_000_000)
    assert samples(text, 0x11) == [], "another's class"
