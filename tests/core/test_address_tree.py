"""Networks inside networks, in the order in which a tree of them is read."""

from ipaddress import ip_network

from hypothesis import given
from hypothesis import strategies as st

from caudal.core.address_tree import holds, tree


def shown(*texts: str) -> list[tuple[int, str]]:
    return [(branch.depth, branch.item) for branch in tree(texts, ip_network)]


def test_every_network_stands_under_the_smallest_that_holds_it() -> None:
    assert shown(
        "10.20.4.0/24", "2001:db8::/48", "10.0.0.0/8", "10.20.0.0/16", "192.168.0.0/24", "::/0"
    ) == [
        (0, "10.0.0.0/8"),
        (1, "10.20.0.0/16"),
        (2, "10.20.4.0/24"),
        (0, "192.168.0.0/24"),
        (0, "::/0"),
        (1, "2001:db8::/48"),
    ]


def test_versions_hold_each_other_never() -> None:
    assert not holds(ip_network("0.0.0.0/0"), ip_network("::1/128"))


def test_of_equal_networks_the_first_holds_the_second() -> None:
    branches = tree([("block", "10.0.0.0/24"), ("pool", "10.0.0.0/24")], lambda x: ip_network(x[1]))
    assert [(branch.item[0], branch.depth) for branch in branches] == [("block", 0), ("pool", 1)]


@given(st.lists(st.tuples(st.integers(0, 2**32 - 1), st.integers(0, 32)), max_size=30))
def test_depth_is_how_many_networks_hold_it(pairs: list[tuple[int, int]]) -> None:
    networks = list({ip_network((number >> (32 - size) << (32 - size), size)) if size else
                     ip_network("0.0.0.0/0") for number, size in pairs})  # fmt: skip
    for branch in tree(networks, lambda network: network):
        around = [each for each in networks if each != branch.network]
        assert branch.depth == sum(holds(each, branch.network) for each in around)
