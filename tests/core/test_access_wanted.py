"""Which rows services ask for, and which are refused."""

from dataclasses import replace

import pytest

from caudal.core.access import SHARED, Access, Code, Kind, Speed, Technology, parse_mark, wanted
from caudal.core.access.marks import branded, checksum, is_branded, plain
from caudal.core.access.technologies import adoptable, own_key

TEN = Speed(2_000_000, 10_000_000)
JUAN = Access("12", Technology.PPPOE, "juan", TEN, "Plan 10M", "s3cr3t", "10.20.0.10")
ANA = Access("13", Technology.SIMPLE_QUEUE, "ana", TEN, address="10.20.0.11")


def codes(*services: Access, own: tuple[str, ...] = ()) -> list[tuple[Code, tuple[str, ...]]]:
    found = wanted(services, own_addresses=own)
    return [(finding.code, finding.services) for finding in found.refusals]


def test_services_share_the_profile_of_their_plan():
    found = wanted([JUAN, replace(JUAN, service_id="14", name="luis", address="")])
    assert [(row.kind, row.key) for row in found.rows] == [
        (Kind.ACCOUNT, "juan"),
        (Kind.ACCOUNT, "luis"),
        (Kind.PROFILE, "Plan 10M"),
    ]
    assert found.users == {(Kind.PROFILE, "Plan 10M"): ("12", "14")}
    mark = parse_mark(found.rows[-1].comment)
    assert mark is not None
    assert mark.service_id == SHARED


def test_only_a_cut_service_with_an_address_is_listed():
    cut = wanted([replace(JUAN, suspended=True), replace(ANA, suspended=True)])
    assert [row.key for row in cut.rows if row.kind is Kind.BLOCK] == ["10.20.0.10", "10.20.0.11"]
    dynamic = wanted([replace(JUAN, suspended=True, address="")])
    assert [row.enabled for row in dynamic.rows if row.kind is Kind.ACCOUNT] == [False]
    assert Kind.BLOCK not in {row.kind for row in dynamic.rows}


def test_an_account_says_all_that_was_asked():
    full = replace(JUAN, local_address="10.20.0.1", mac="aa:bb:cc:dd:ee:ff", pool="clientes")
    account, profile = wanted([full]).rows
    assert account.attrs["local_address"] == "10.20.0.1"
    assert account.attrs["mac"] == "AA:BB:CC:DD:EE:FF"
    assert profile.attrs["pool"] == "clientes"


def test_speeds_are_written_in_one_way_only():
    assert TEN.attrs() == {"max": "2000000/10000000"}
    assert Speed().attrs() == {}
    burst = Speed(1000, 2000, burst_down_bps=9000, burst_seconds=8, priority=1)
    assert burst.attrs() == {
        "max": "1000/2000",
        "burst": "0/9000",
        "threshold": "0/2000",
        "burst_time": "0/8",
        "priority": "1",
    }
    assert Speed(burst_up_bps=5).attrs()["burst_time"] == "1/0"
    assert Speed(guaranteed_up_bps=7).attrs() == {"guaranteed": "7/0"}


@pytest.mark.parametrize(
    ("service", "code"),
    [
        (replace(JUAN, name=" "), Code.EMPTY_NAME),
        (replace(JUAN, password=""), Code.EMPTY_PASSWORD),
        (replace(JUAN, profile=""), Code.EMPTY_PROFILE),
        (replace(ANA, address=""), Code.EMPTY_ADDRESS),
        (replace(ANA, address="10.20.0.300"), Code.BAD_ADDRESS),
        (replace(ANA, address="10.20.0.9/24"), Code.BAD_ADDRESS),
        (replace(ANA, address="10.20.0.0/29"), Code.WIDE_NETWORK),
        (replace(ANA, address="2001:db8::/47"), Code.WIDE_NETWORK),
        (replace(ANA, address="10.20.0.1"), Code.OWN_ADDRESS),
        (replace(ANA, address="10.0.5.7"), Code.OWN_ADDRESS),
    ],
)
def test_what_is_not_fit_to_be_written_is_refused(service, code):
    own = ("10.20.0.1/16", "10.0.0.0/16", "2001:db8:1::1")
    assert codes(service, own=own) == [(code, (service.service_id,))]
    assert wanted([service], own_addresses=own).rows == ()


@pytest.mark.parametrize("address", ["10.20.0.12/30", "10.20.0.11/32", "2001:db8:5::/48"])
def test_an_address_or_a_small_network_is_fine(address):
    found = wanted([replace(ANA, address=address)], own_addresses=["10.20.0.1/16"])
    assert found.refusals == ()
    assert found.rows[0].attrs["target"] == address.removesuffix("/32")


def test_two_services_with_one_name_are_both_refused():
    other = replace(JUAN, service_id="15", address="")
    assert codes(JUAN, other, ANA) == [(Code.DUPLICATE_NAME, ("12", "15"))]
    assert wanted([JUAN, other, ANA]).refused == {"12", "15"}


def test_one_device_has_one_lease_of_each_server():
    here = replace(
        ANA, kind=Technology.DHCP, mac="02:00:00:00:00:01", server="patio", address="10.20.0.21"
    )
    there = replace(here, service_id="15", server="torre", address="10.20.0.22")
    assert Code.DUPLICATE_MAC not in [code for code, _ids in codes(here, there)]
    same = replace(there, server="patio")
    assert (Code.DUPLICATE_MAC, ("13", "15")) in codes(here, same)


def test_two_services_with_one_address_are_both_refused():
    assert codes(JUAN, replace(ANA, address="10.20.0.10/32")) == [
        (Code.DUPLICATE_ADDRESS, ("12", "13"))
    ]


def test_one_profile_name_with_two_speeds_is_refused():
    other = replace(JUAN, service_id="15", name="luis", address="", speed=Speed(1, 1))
    assert codes(JUAN, other) == [(Code.PROFILE_MISMATCH, ("12", "15"))]


def test_the_order_of_services_does_not_matter():
    assert wanted([JUAN, ANA]) == wanted([ANA, JUAN])


def test_labels_become_plain_text_of_one_line():
    assert plain("  Señora  Ñandú\n(café) – 🙂 ") == "Senora Nandu (cafe)"
    assert len(plain("x" * 200)) == 60


def test_a_mark_is_read_back_and_other_comments_carry_none():
    comment = wanted([replace(ANA, label="Ana")]).rows[0].comment
    mark = parse_mark(comment)
    assert mark is not None
    assert mark.service_id == "13"
    assert mark.check == checksum("", "13", Kind.QUEUE, "ana")
    for other in ("", "Ana", "caudal:", "caudal:13:zz", f"x {comment}", "caudal:13:0123456789"):
        assert parse_mark(other) is None


PCQ = Access("20", Technology.PCQ, "", TEN, "Plan 10M", address="10.20.0.20", label="Eva")
LEASE = Access("21", Technology.DHCP, "", TEN, address="10.20.0.21", mac="02:00:00:00:00:21")
HOTSPOT = Access("22", Technology.HOTSPOT, "eva", TEN, "Plan 10M", "s3cr3t")


def test_each_technology_has_the_row_without_which_it_is_not_given():
    assert own_key(JUAN) == (Kind.ACCOUNT, "juan")
    assert own_key(ANA) == (Kind.QUEUE, "ana")
    assert own_key(PCQ) == (Kind.MEMBER, "10.20.0.20 Plan 10M")
    assert own_key(replace(LEASE, address="10.20.0.21/32")) == (Kind.LEASE, "10.20.0.21")
    assert own_key(replace(LEASE, address="no address")) == (Kind.LEASE, "no address")


def test_what_a_person_may_let_us_take_over_are_its_own_rows_and_a_cut_made_by_hand():
    assert adoptable(ANA) == ((Kind.QUEUE, "ana"), (Kind.BLOCK, "10.20.0.11"))
    assert adoptable(replace(ANA, address="no address")) == ((Kind.QUEUE, "ana"),)


def test_addresses_that_a_technology_cannot_hold_are_refused():
    assert codes(replace(HOTSPOT, prefix="2001:db8:1::/56")) == [(Code.NO_IPV6, ("22",))]
    assert codes(replace(PCQ, name="eva", address="2001:db8:1::/56")) == [
        (Code.BAD_ADDRESS, ("20",))
    ]
    assert codes(replace(HOTSPOT, address="2001:db8::1")) == [(Code.BAD_ADDRESS, ("22",))]


def test_two_plans_cannot_share_one_network_of_queues():
    eva = replace(PCQ, name="eva", subnet="10.20.0.0/24")
    other = replace(eva, service_id="23", name="leo", address="10.20.0.23", profile="Plan 20M")
    assert (Code.SUBNET_SHARED, ("20", "23")) in codes(eva, other)
    assert codes(eva, replace(other, profile=eva.profile)) == []


def test_a_name_with_a_mark_is_told_from_one_without():
    assert is_branded(branded("caudal", Kind.HOTSPOT_PROFILE, "Plan 10M"))
    assert not is_branded("Plan 10M")
