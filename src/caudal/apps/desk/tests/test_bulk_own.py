"""The operator's own fields of many customers changed at once, and put back."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from caudal.apps.bulk.models import BulkAct
from caudal.apps.customers import actions
from caudal.apps.customers.fields import read_value, values_of
from caudal.apps.customers.models import Customer, CustomField
from caudal.apps.desk.tests.many import TEST, done, ids, post, results, undone
from caudal.apps.staff.models import Role, User

ClientAs = Callable[..., Client]
TYPED: dict[str, Any] = {
    "text": "Poste 14", "number": "1.125", "money": "1,250.50", "date": "2026-08-01",
    "yes_no": "no", "choice": "Alta", "choices": ["Alta", "Baja"], "phone": "55 1234 5678",
}  # fmt: skip


@pytest.fixture
def fields(db: None, now: datetime) -> dict[str, CustomField]:
    return {
        kind: actions.create_field(
            actor=TEST, now=now, kind=kind, name=f"Campo {kind}",
            choices=["Baja", "Alta"] if kind in ("choice", "choices") else (),
        )
        for kind in TYPED
    }  # fmt: skip


def held(customer: Customer) -> dict[int, Any]:
    return values_of([customer.pk]).get(customer.pk, {})


def give(customer: Customer, field: CustomField, typed: Any, now: datetime) -> None:
    values = {field: read_value(field, typed, "MX")}
    actions.set_fields(actor=TEST, now=now, customer=customer, values=values)


def test_every_kind_is_shown_written_and_put_back(
    people: list[Customer], client_as: ClientAs, owner: User, now: datetime,
    fields: dict[str, CustomField],
) -> None:  # fmt: skip
    give(people[0], fields["text"], "Poste 9", now)
    give(people[0], fields["choices"], "Baja", now)
    client, before = client_as("owner"), [held(customer) for customer in people]
    sent = {f"cf_campo_{kind}": value for kind, value in TYPED.items()}
    data: dict[str, Any] = {"pick": ids(people), "confirmed": 1, "seen": 4, **sent}
    page = post(client, "edit", **data)
    for told in ("Poste 9", "Poste 14", "1.125", "1,250.50", "01/08/2026", "Baja, Alta"):
        assert told in page.content.decode(), told
    assert [held(customer) for customer in people] == before
    assert post(client, "edit", looked=1, **data).status_code == 302
    wanted = {
        fields[kind].pk: read_value(fields[kind], TYPED[kind], "MX")
        for kind in TYPED
    } | {fields["choices"].pk: ["Baja", "Alta"]}  # fmt: skip
    assert [held(customer) for customer in people] == [wanted] * 4
    fields["choice"].choices.filter(name="Alta").update(name="Altísima")
    undone(owner, BulkAct.objects.get(), now)
    assert [held(customer) for customer in people] == before


def test_emptying_leaves_what_was_filled_in_since(
    people: list[Customer], owner: User, now: datetime, fields: dict[str, CustomField]
) -> None:
    for customer in people[:2]:
        give(customer, fields["number"], "5", now)
    act = done(owner, "edit", people, now, clear=["cf_campo_number"])
    assert results(act) == ["done", "done", "refused", "refused"]
    assert held(people[0]) == {}
    give(people[1], fields["number"], "7", now)
    assert sorted(results(undone(owner, act, now))) == ["done", "refused"]
    number = fields["number"].pk
    assert (held(people[0]), held(people[1])) == ({number: 5}, {number: 7})


def test_what_is_wrong_is_said_beside_the_field(
    people: list[Customer], client_as: ClientAs, fields: dict[str, CustomField]
) -> None:
    answer = post(client_as("owner"), "edit", pick=ids(people), confirmed=1, seen=4,
                  cf_campo_number="mucho")  # fmt: skip
    assert list(answer.context["form"].errors) == ["cf_campo_number"]
    assert not BulkAct.objects.exists()


def test_a_field_that_one_does_not_see_is_not_changed(
    people: list[Customer], client_as: ClientAs, now: datetime
) -> None:
    roles = [Role.objects.get(code="manager")]
    field = actions.create_field(actor=TEST, now=now, kind="text", name="Aval", roles=roles)
    data = {"pick": ids(people), "confirmed": 1, "seen": 4, "looked": 1, "cf_aval": "Juan"}
    owner = client_as("owner")
    assert post(owner, "edit", **data).context["form"].errors
    assert "Aval" not in post(owner, "edit", pick=ids(people)).content.decode()
    assert not field.values.exists()
    assert post(client_as("manager"), "edit", **data).status_code == 302
    assert field.values.count() == 4


def test_a_required_field_cannot_be_emptied(
    people: list[Customer], client_as: ClientAs, now: datetime
) -> None:
    actions.create_field(actor=TEST, now=now, kind="text", name="Poste", is_required=True)
    form = post(client_as("owner"), "edit", pick=ids(people)).context["form"]
    assert "cf_poste" in form.fields
    assert "cf_poste" not in dict(form.fields["clear"].choices)
    assert not form.fields["cf_poste"].required


def test_the_api_offers_and_takes_them(
    people: list[Customer], client_as: ClientAs, fields: dict[str, CustomField]
) -> None:
    client = client_as("owner")
    [known] = [
        each
        for each in client.get("/api/v1/bulk-acts/known/?subject=customers").json()
        if each["act"] == "customers.edit"
    ]
    assert {f"cf_campo_{kind}" for kind in TYPED} <= {each["name"] for each in known["options"]}
    sent = {"act": "customers.edit", "rows": {"ids": ids(people)}, "count": 4,
            "options": {"cf_campo_choices": ["Alta"], "cf_campo_number": "2"}}  # fmt: skip
    answer = client.post("/api/v1/bulk-acts/", sent, content_type="application/json")
    assert answer.status_code == 201, answer.content
    assert list(held(people[3]).values()) in ([["Alta"], 2], [2, ["Alta"]])
