"""The customers list sorted by the operator's own fields: each customer once, empty ones last."""

import json
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from caudal.apps.customers import actions
from caudal.apps.customers.fields import read_value
from caudal.apps.customers.models import Customer, CustomField
from caudal.apps.desk.bulk.subject import narrow, ordered
from caudal.apps.desk.list import exports
from caudal.apps.desk.list.columns import every_column, sorting_of
from caudal.apps.desk.tests.many import TEST
from caudal.apps.desk.views import customers as screen
from caudal.apps.staff.models import Role, User

ClientAs = Callable[..., Client]
KINDS: dict[str, tuple[list[str], list[int]]] = {
    "text": (["Ñandú", "árbol", "Zorro"], [1, 0, 2]),
    "number": (["10", "9", "-3.5"], [2, 1, 0]),
    "money": (["100", "20", "20.01"], [1, 2, 0]),
    "date": (["2026-07-01", "2025-12-31", "2026-01-15"], [1, 2, 0]),
    "yes_no": (["yes", "no", "yes"], [1, 0, 2]),
    "choice": (["Alta", "Baja", "Media"], [1, 2, 0]),
    "choices": (["Alta", "Alta; Baja", "Media"], [1, 2, 0]),
}
"""Kind -> what the first three of four customers have, and in which order they come."""


def filled(kind: str, people: list[Customer], now: datetime, **more: Any) -> CustomField:
    """Answers stand as the operator ordered them: low, middle, high."""
    answers = ["Baja", "Media", "Alta"] if kind in ("choice", "choices") else []
    field = actions.create_field(
        actor=TEST, now=now, kind=kind, name="Dato", choices=answers, **more
    )
    for customer, typed in zip(people, KINDS[kind][0], strict=False):
        values = {field: read_value(field, typed, "MX")}
        actions.set_fields(actor=TEST, now=now, customer=customer, values=values)
    return field


def codes(client: Client, monkeypatch: pytest.MonkeyPatch, **query: Any) -> list[str]:
    """Page after page of one customer each, to the end and back to the first."""
    monkeypatch.setattr(screen, "PAGE", 1)
    found, cursor = [], ""
    for _page in range(9):
        answer = client.get("/customers/", query | {"cursor": cursor}, headers={"HX-Request": "1"})
        found += re.findall(r'value="(\d+)" form="bulk"', answer.content.decode())
        cursor = answer.context["page"].next_cursor
        if not cursor:
            break
    back = client.get("/customers/", query | {"cursor": answer.context["page"].previous_cursor},
                      headers={"HX-Request": "1"})  # fmt: skip
    assert re.findall(r'value="(\d+)" form="bulk"', back.content.decode()) == found[-2:-1]
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_pages_come_in_the_order_of_the_field_and_who_has_none_comes_last(
    people: list[Customer], client_as: ClientAs, now: datetime, kind: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    filled(kind, people, now)
    at = KINDS[kind][1]
    wanted = [str(people[n].pk) for n in at]
    client = client_as("owner")
    assert codes(client, monkeypatch, sort="cf_dato") == [*wanted, str(people[3].pk)]
    turned = codes(client, monkeypatch, sort="-cf_dato")
    assert turned[-1] == str(people[3].pk)
    if kind != "yes_no":
        assert turned[:-1] == wanted[::-1]


@pytest.mark.parametrize("way", ["", "-"])
def test_files_and_bulk_acts_keep_that_order(
    people: list[Customer], client_as: ClientAs, owner: User, now: datetime, way: str
) -> None:
    filled("number", people, now)
    query = QueryDict(f"sort={way}cf_dato")
    order = [2, 1, 0] if not way else [0, 1, 2]
    names = [people[n].name for n in [*order, 3]]
    assert [row.name for row in narrow(owner, query)] == names
    answer = client_as("owner").get(f"/customers/export.json?sort={way}cf_dato")
    rows = json.loads(b"".join(answer.streaming_content))  # type: ignore[attr-defined]
    assert [row["name"] for row in rows] == names
    columns = [each for each in every_column(owner) if each.key == "name"]
    pieces = exports.csv_pieces(Customer.objects.all(), sorting_of(query, owner).order, columns)
    text = b"".join(piece for _rows, piece in pieces).decode("utf-8-sig")
    assert text.split()[1:] == " ".join(names).split()


def test_a_field_that_one_does_not_see_gives_no_order_away(
    people: list[Customer], client_as: ClientAs, now: datetime, monkeypatch: pytest.MonkeyPatch,
    user_with_role: Callable[..., User],
) -> None:  # fmt: skip
    filled("number", people, now, roles=[Role.objects.get(code="manager")])
    usual = [str(customer.pk) for customer in people]
    assert codes(client_as("owner"), monkeypatch, sort="cf_dato") == usual
    assert codes(client_as("manager"), monkeypatch, sort="cf_dato") != usual
    picked = ordered(Customer.objects.all(), QueryDict("sort=cf_dato"))
    assert [str(customer.pk) for customer in picked] == usual


def test_sorting_by_a_field_that_is_shown_costs_no_query_more(
    people: list[Customer], client_as: ClientAs, now: datetime
) -> None:
    filled("number", people, now)
    client = client_as("owner")

    def asked(**query: Any) -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(
                "/customers/", {"cols": "code,cf_dato", **query}, headers={"HX-Request": "1"}
            )
        return len(captured)

    asked()
    assert asked() == asked(sort="cf_dato") == asked(sort="-cf_dato")
