"""Who is reminded of a debt stands on a list of his own, and keeps all that he has."""

from dataclasses import replace

import pytest

from caudal.core.access import Access, Kind, Speed, Technology, Wanted, wanted

EVA = Access("3", Technology.SIMPLE_QUEUE, "eva", Speed(), address="10.20.0.3", reminded=True)


def on_list(access: Access) -> list[str]:
    rows: Wanted = wanted([access])
    return [row.key for row in rows.rows if row.kind is Kind.MEMBER]


def test_who_is_reminded_is_on_the_list_of_the_notice_and_is_served():
    assert on_list(EVA) == ["10.20.0.3 avisos"]
    assert [row.key for row in wanted([EVA]).rows if row.kind is Kind.QUEUE] == ["eva"]


@pytest.mark.parametrize(
    "change",
    [
        {"reminded": False},
        {"suspended": True},
        {"address": "2001:db8::3"},
        {"kind": Technology.PPPOE, "profile": "p", "password": "x", "address": ""},
    ],
    ids=["read", "cut", "IPv6", "no address"],
)
def test_nobody_else_is_on_it(change):
    assert on_list(replace(EVA, **change)) == []


def test_who_radius_answers_has_no_list():
    eva = replace(EVA, kind=Technology.RADIUS, password="x")
    assert on_list(eva) == []
