"""What other versions and other programs answer: read where it can be, else refused as a fault."""

import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime

import pytest

from caudal.core.access import Access, Kind, Speed, Technology, diff, wanted
from caudal.core.access.rows import UNREADABLE
from caudal.core.ports.access import AccessError, AccessFault
from caudal.integrations.access import routeros
from caudal.integrations.access.routeros import values as v
from caudal.integrations.access.routeros.translate import found_row, vendor_values
from caudal.integrations.access.routeros.wire import Endpoint, Wire, connect, encode
from caudal.practice.routeros import V6, V7_NEW, PracticeRouter

LEASES, MAC, TEN = "/ip/dhcp-server/lease", "02:00:00:00:00:01", Speed(2_000_000, 10_000_000)
BAD_LOGIN = "invalid user name or password (6)"


@contextmanager
def answers(data: bytes) -> Iterator[Endpoint]:
    """Something that says this to whoever calls, and hangs up."""
    door = socket.create_server(("127.0.0.1", 0))

    def say() -> None:
        there, _ = door.accept()
        there.recv(65_536)
        there.sendall(data)
        there.shutdown(socket.SHUT_WR)
        there.recv(65_536)
        there.close()

    thread = threading.Thread(target=say)
    thread.start()
    yield Endpoint("127.0.0.1", door.getsockname()[1], False, "", 5)
    thread.join()
    door.close()


def driver_of(router: PracticeRouter) -> routeros.RouterOsDriver:
    config = routeros.Config("127.0.0.1", "admin", "practica", port=router.port, timeout_s=5)
    return routeros.connect(config)


@contextmanager
def wire_that_reads(data: bytes) -> Iterator[Wire]:
    here, there = socket.socketpair()
    there.sendall(data)
    wire = Wire(here)
    yield wire
    wire.close()
    there.close()


def test_any_number_of_empty_sentences_means_nothing() -> None:
    with wire_that_reads(b"\x00" * 20_000 + encode(["!done", ".tag=1"])) as wire:
        (reply,) = wire.talk([["/x"]])
    assert reply.ok


def test_a_word_longer_than_any_router_says_is_not_waited_for() -> None:
    with wire_that_reads(b"\xf0\xff\xff\xff\xff=x") as wire:
        (reply,) = wire.talk([["/x"]])
    assert reply.lost is not None and reply.lost.fault is AccessFault.PROTOCOL


@pytest.mark.parametrize(
    ("said", "fault", "permanent"),
    [
        (encode(["!done", "=ret=zz", ".tag=1"]), AccessFault.PROTOCOL, False),
        (encode(["!done", "=ret=abc", ".tag=1"]), AccessFault.PROTOCOL, False),
        (
            encode(["!trap", f"=message={BAD_LOGIN}", ".tag=1"]) + encode(["!fatal", "bye"]),
            AccessFault.LOGIN_REFUSED,
            True,
        ),
        (encode(["!fatal", "not logged in"]), AccessFault.CONNECTION_LOST, False),
        (b"SSH-2.0-ROSSSH\r\n", AccessFault.CONNECTION_LOST, False),
        (b"\x00" * 5_000, AccessFault.CONNECTION_LOST, False),
    ],
)
def test_every_odd_answer_to_a_login_is_a_fault(
    said: bytes, fault: AccessFault, permanent: bool
) -> None:
    with answers(said) as endpoint, pytest.raises(AccessError) as raised:
        connect(endpoint, "admin", "x")
    assert (raised.value.fault, raised.value.permanent) == (fault, permanent)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1w2d3h4m5s", 788_645),
        ("1w2d03:04:05", 788_645),
        ("1w2d 03:04:05", 788_645),
        ("2d00:00:10", 172_810),
        ("00:00:10", 10),
        ("8", 8),
        ("8s500ms", 8),
        ("never", 0),
        ("", 0),
    ],
)
def test_times_are_read_in_every_spelling(text: str, seconds: int) -> None:
    assert v.seconds(text) == seconds


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("sep/29/2022 07:09:24", datetime(2022, 9, 29, 7, 9, 24)),
        ("Sep/9/2022 07:09:24", datetime(2022, 9, 9, 7, 9, 24)),
        ("2022-09-29 07:09:24", datetime(2022, 9, 29, 7, 9, 24)),
        ("2022-09-29T07:09:24+00:00", datetime(2022, 9, 29, 7, 9, 24)),
        ("jan/1 00:00:10", None),
        ("jan/1/2/3 00:00:10", None),
        ("jan/40/2022 00:00:10", None),
        ("never", None),
    ],
)
def test_moments_are_read_without_a_zone_or_not_at_all(text: str, moment: datetime | None) -> None:
    assert v.moment(text) == moment


@pytest.mark.parametrize(
    ("text", "rates"),
    [("1.5M/10.0M", "1500000/10000000"), ("10M", "10000000/10000000"), ("", ""), ("x/y", "x/y")],
)
def test_rates_are_read_in_every_spelling(text: str, rates: str) -> None:
    assert v.rates(text) == rates


def test_counters_that_say_nothing_are_none() -> None:
    assert v.both_bytes("/") == v.both_bytes("") == v.both_bytes("never") == (0, 0)


@pytest.mark.parametrize(
    ("kind", "printed"),
    [
        (Kind.PROFILE, {"name": "Plan", "rate-limit": "auto/10M x/y z ?/? low a/b"}),
        (Kind.QUEUE, {"name": "ana", "target": "ether5", "max-limit": "auto", "priority": "?"}),
        (Kind.ACCOUNT, {"name": "ana", "ipv6-routes": "2001:db8::/56 fe80::1 1,2001:db8:1::/56"}),
        (Kind.ACCOUNT, {"name": "ana", "remote-ipv6-prefix": "pool6", "remote-address": "pool"}),
        (Kind.LEASE, {"address": "10.0.0.0/29", "rate-limit": "x", "mac-address": ""}),
        (Kind.QUEUE_TYPE, {"name": "t", "pcq-rate": "auto", "pcq-burst-time": "x"}),
    ],
)
def test_what_somebody_wrote_by_hand_can_be_read_and_compared(
    kind: Kind, printed: dict[str, str]
) -> None:
    assert vendor_values(found_row(kind, printed), "morosos")


@pytest.mark.parametrize("version", [V6, V7_NEW])
def test_a_router_without_a_board_is_known_by_its_license(version: str) -> None:
    with PracticeRouter(version, serial="") as router, closing(driver_of(router)) as driver:
        assert driver.probe().serial == driver.read().device.serial == "PRAC-TICE"


@pytest.mark.parametrize("stars", ["*", "*****", "********"])
def test_a_password_shown_as_stars_is_hidden(stars: str) -> None:
    row = found_row(Kind.ACCOUNT, {"name": "ana", "password": stars})
    assert row.attrs["password"] == UNREADABLE


@pytest.mark.parametrize("version", [V6, V7_NEW])
def test_a_lease_that_changes_its_device_keeps_what_somebody_set_on_it(version: str) -> None:
    before = Access("3", Technology.DHCP, "dora", TEN, address="10.20.0.3", mac=MAC)
    with PracticeRouter(version) as router, closing(driver_of(router)) as driver:
        driver.apply(diff(wanted([before]), driver.read()).ops)
        (lease,) = router.rows(LEASES)
        router.edit(LEASES, lease[".id"], lease_time="1h", address_lists="vip", client_id="1:2:3")
        after = replace(before, mac="02:00:00:00:00:02", speed=Speed(1_000_000, 5_000_000))
        results = driver.apply(diff(wanted([after]), driver.read()).ops)
        assert all(result.ok for result in results)
        (lease,) = router.rows(LEASES)
        assert (lease["mac-address"], lease["rate-limit"]) == ("02:00:00:00:00:02", "1M/5M")
        assert (lease["lease-time"], lease["address-lists"]) == ("1h", "vip")
        assert not lease.get("client-id"), "that names the old device"
        assert diff(wanted([after]), driver.read()).ops == ()
