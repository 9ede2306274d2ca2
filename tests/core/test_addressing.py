"""Addresses, networks, pools and WispHub's fake releases."""

from ipaddress import IPv4Address, ip_address
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caudal.core.addressing import (
    AddressError,
    AddressFault,
    Range,
    canonical,
    ip_interface_address,
    is_fake_release,
    networks,
    parse_address,
    parse_network,
    parse_pool,
)


def first(pool, count, taken=()):
    return [str(address) for address in islice(pool.free(taken), count)]


@pytest.mark.parametrize(
    ("text", "canonical_text"),
    [
        ("10.0.0.1", "10.0.0.1"),
        (" 10.0.0.1/32 ", "10.0.0.1"),
        ("10.0.0.0/30", "10.0.0.0/30"),
        ("2001:DB8:0::1/128", "2001:db8::1"),
        ("2001:db8::/56", "2001:db8::/56"),
    ],
)
def test_an_address_has_one_text(text, canonical_text):
    assert canonical(text) == canonical_text


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", AddressFault.EMPTY),
        ("10.0.0.1/24", AddressFault.HOST_BITS),
        ("10.0.0.256", AddressFault.NOT_A_NETWORK),
        ("diez", AddressFault.NOT_A_NETWORK),
    ],
)
def test_a_bad_network_says_what_is_wrong(text, fault):
    with pytest.raises(AddressError) as caught:
        parse_network(text)
    assert (caught.value.fault, caught.value.text) == (fault, text)


def test_a_bad_address_says_what_is_wrong():
    with pytest.raises(AddressError, match="not-an-address"):
        parse_address("10.0.0.0/24")
    assert parse_address("10.0.0.7") == IPv4Address("10.0.0.7")
    assert str(ip_interface_address("10.0.0.1/24")) == "10.0.0.1"


def test_a_network_offers_its_hosts_without_gateway_or_excluded():
    pool = parse_pool("10.0.0.0/29", gateway="10.0.0.1/29", excluded="10.0.0.3-10.0.0.4")
    assert first(pool, 9) == ["10.0.0.2", "10.0.0.5", "10.0.0.6"]
    assert first(pool, 9, {ip_address("10.0.0.2")}) == ["10.0.0.5", "10.0.0.6"]


def test_ranges_and_networks_mix_and_overlaps_are_offered_once():
    pool = parse_pool("10.0.1.6-10.0.1.7, 10.0.0.0/30\n10.0.1.7-10.0.1.9,10.0.1.8")
    assert first(pool, 9) == [
        "10.0.0.1",
        "10.0.0.2",
        "10.0.1.6",
        "10.0.1.7",
        "10.0.1.8",
        "10.0.1.9",
    ]


@pytest.mark.parametrize(
    ("text", "addresses"),
    [("10.0.0.4/31", ["10.0.0.4", "10.0.0.5"]), ("10.0.0.4/32", ["10.0.0.4"])],
)
def test_small_networks_lose_nothing(text, addresses):
    assert first(parse_pool(text), 9) == addresses


def test_an_ipv6_pool_is_never_walked_to_its_end():
    pool = parse_pool("2001:db8::/64", excluded="2001:db8::/80")
    assert first(pool, 2) == ["2001:db8:0:0:1::", "2001:db8::1:0:0:1"]


def test_a_pool_knows_its_addresses():
    pool = parse_pool("10.0.0.0/24", gateway="10.0.0.1")
    assert ip_address("10.0.0.77") in pool
    for outside in ("10.0.0.0", "10.0.0.1", "10.0.1.1", "2001:db8::1"):
        assert ip_address(outside) not in pool


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (" , ", AddressFault.EMPTY),
        ("10.0.0.9-10.0.0.1", AddressFault.REVERSED_RANGE),
        ("10.0.0.9-2001:db8::1", AddressFault.MIXED_VERSIONS),
        ("10.0.0.9-x", AddressFault.NOT_AN_ADDRESS),
    ],
)
def test_a_bad_pool_says_what_is_wrong(text, fault):
    with pytest.raises(AddressError) as caught:
        parse_pool(text)
    assert caught.value.fault is fault


def test_a_pool_as_networks():
    assert [str(net) for net in networks(parse_pool("10.0.0.4-10.0.0.9"))] == [
        "10.0.0.4/30",
        "10.0.0.8/31",
    ]
    assert Range(ip_address("10.0.0.4"), ip_address("10.0.0.9")).size == 6


def test_addresses_wisphub_invents_for_the_cancelled_are_recognised():  # WH-41
    for text in ("127.0.4.5", "169.254.4.5"):
        assert is_fake_release(ip_address(text), cancelled=False)
    for text in ("168.0.4.5", "100.64.4.5", "100.6.4.5"):
        assert is_fake_release(ip_address(text), cancelled=True)
        assert not is_fake_release(ip_address(text), cancelled=False)
    for text in ("10.0.4.5", "192.168.4.5", "2001:db8::1"):
        assert not is_fake_release(ip_address(text), cancelled=True)


@given(st.integers(0, 2**32 - 300), st.integers(0, 200), st.sets(st.integers(0, 250)))
def test_what_is_free_is_in_the_pool_in_order_and_not_taken(start, size, taken):
    low, high = IPv4Address(start), IPv4Address(start + size)
    pool = parse_pool(f"{low}-{high}", excluded=str(IPv4Address(start + size // 2)))
    held = {IPv4Address(start + n) for n in taken}
    free = list(pool.free(held))
    assert free == sorted(set(free))
    assert all(address in pool and address not in held for address in free)
    assert len(free) + len({a for a in held if a in pool}) == size


@given(st.integers(0, 100), st.sets(st.tuples(st.integers(0, 140), st.integers(0, 20))))
def test_size_of_a_pool_is_what_it_can_give(size, barred):
    start = int(IPv4Address("10.0.0.0"))
    text = ", ".join(f"{IPv4Address(start + a)}-{IPv4Address(start + a + n)}" for a, n in barred)
    pool = parse_pool(f"10.0.0.0-{IPv4Address(start + size)}", excluded=f"2001:db8::1,{text}")
    assert pool.size == len(list(pool.free()))
    assert parse_pool("10.0.0.0/24").size == 254
