"""The operator's own fields on screens: defined, asked, shown, listed, filtered and filed."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from caudal.apps.customers import actions
from caudal.apps.customers.fields import read_value, values_of
from caudal.apps.customers.models import Customer, CustomField
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.models import Role

ClientAs = Callable[..., Client]
ANY = Actor.system("test")
NEW = "/customers/new/"
KINDS = {
    "poste": ("text", "Poste 14"),
    "metros": ("number", "120.5"),
    "deposito": ("money", "300"),
    "visita": ("date", "2026-07-01"),
    "perro": ("yes_no", "sí"),
    "color": ("choice", "Verde"),
    "gustos": ("choices", "Cine; Fútbol"),
    "celular": ("phone", "55 1234 5678"),
}
ANSWERS = ["Verde", "Azul", "Cine", "Fútbol"]


@pytest.fixture
def defined(db: None, now: datetime) -> dict[str, CustomField]:
    """One field of most kinds, by code."""
    made = [
        actions.create_field(
            actor=ANY, now=now, kind=kind, name=code,
            choices=ANSWERS if kind in ("choice", "choices") else (),
        )
        for code, (kind, _typed) in KINDS.items()
    ]  # fmt: skip
    return {field.code: field for field in made}


def fill(customer: Customer, now: datetime, fields: dict[str, CustomField]) -> None:
    values = {field: read_value(field, KINDS[code][1], "MX") for code, field in fields.items()}
    actions.set_fields(actor=ANY, now=now, customer=customer, values=values)


def listed(client: Client, **query: Any) -> str:
    answer = client.get("/customers/", query, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_field_is_defined_on_its_page_and_asked_at_registration(
    client_as: ClientAs, page: dict[str, Any]
) -> None:
    owner = client_as("owner")
    sent = {"name": "Nº de poste", "kind": "number", "is_required": "on", "at_registration": "on"}
    assert owner.post("/customers/fields/new/", sent).status_code == 302
    assert "Nº de poste" in owner.get(NEW).content.decode()
    refused = owner.post(NEW, page)
    assert "cf_no_de_poste" in refused.context["form"].errors
    owner.post(NEW, page | {"cf_no_de_poste": "14"})
    customer = Customer.objects.get()
    assert list(values_of([customer.pk])[customer.pk].values()) == [14]
    assert "14" in owner.get(f"/customers/{customer.pk}/fields/").content.decode()


def test_what_is_wrong_in_the_definition_is_said_beside_its_field(client_as: ClientAs) -> None:
    owner = client_as("owner")
    answer = owner.post("/customers/fields/new/", {"name": "Color", "kind": "choice"})
    assert answer.status_code == 200
    assert "choices" in answer.context["form"].errors
    assert not CustomField.objects.exists()


def test_editing_keeps_the_kind_and_renames_answers(
    client_as: ClientAs, defined: dict[str, CustomField]
) -> None:
    owner, color = client_as("owner"), defined["color"]
    first = color.choices.get(name="Verde")
    names = {f"answer_{choice.pk}": choice.name for choice in color.choices.all()}
    sent = names | {"name": "Color de casa", "kind": "text", "choices": "Rojo\n",
                    f"answer_{first.pk}": "Verde limón"}  # fmt: skip
    assert owner.post(f"/customers/fields/{color.pk}/", sent).status_code == 302
    color.refresh_from_db()
    assert (color.name, color.kind) == ("Color de casa", "choice")
    assert set(color.choices.values_list("name", flat=True)) >= {"Verde limón", "Rojo"}


def test_only_who_may_configure_defines_fields(client_as: ClientAs) -> None:
    assert client_as("cashier").get("/customers/fields/").status_code == 403
    assert client_as("manager").get("/customers/fields/").status_code == 200


def test_the_edit_page_fills_them_in_and_saves_them(
    client_as: ClientAs, customer: Customer, defined: dict[str, CustomField], now: datetime
) -> None:
    fill(customer, now, defined)
    owner = client_as("owner")
    form = owner.get(f"/customers/{customer.pk}/edit/").context["form"]
    assert form["cf_perro"].value() == "yes"
    assert form["cf_gustos"].value() == ["Cine", "Fútbol"]
    sent = {name: form[name].value() for name in form.fields}
    sent = {name: value for name, value in sent.items() if value not in (None, False, [])}
    sent |= {
        "phones": "55 1234 5678",
        "cf_perro": "",
        "cf_gustos": ["Cine"],
        "cf_visita": "2026-08-01",
    }
    answer = owner.post(f"/customers/{customer.pk}/edit/", sent)
    assert answer.status_code == 302, answer.context["form"].errors
    values = values_of([customer.pk])[customer.pk]
    assert values[defined["gustos"].pk] == ["Cine"]
    assert defined["perro"].pk not in values
    assert values[defined["poste"].pk] == "Poste 14"


def test_every_field_is_a_column_and_stands_in_files(
    client_as: ClientAs, customer: Customer, defined: dict[str, CustomField], now: datetime
) -> None:
    fill(customer, now, defined)
    owner = client_as("owner")
    columns = ",".join(["code", *(f"cf_{code}" for code in defined)])
    shown = listed(owner, cols=columns)
    for text in ("Poste 14", "120.5", "300.00", "01/07/2026", "Verde", "Cine, Fútbol"):
        assert text in shown
    answer = owner.get("/customers/export.json")
    [row] = json.loads(b"".join(answer.streaming_content))  # type: ignore[attr-defined]
    assert (row["cf_poste"], row["cf_visita"]) == ("Poste 14", "2026-07-01")
    assert row["cf_gustos"] == "Cine; Fútbol"


def test_markup_in_a_value_is_text(client_as: ClientAs, customer: Customer, now: datetime) -> None:
    field = actions.create_field(actor=ANY, now=now, kind="text", name="Nota<b>")
    value = {field: "<script>alert(1)</script>"}
    actions.set_fields(actor=ANY, now=now, customer=customer, values=value)
    owner = client_as("owner")
    for shown in (listed(owner, cols="cf_notab,cf_nota_b"),
                  owner.get(f"/customers/{customer.pk}/fields/").content.decode(),
                  owner.get("/customers/columns/").content.decode()):  # fmt: skip
        assert "<script>alert" not in shown
        assert "Nota<b>" not in shown


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"cf_poste": "POSTE 14"}, True),
        ({"cf_poste": "15"}, False),
        ({"cf_metros__from": "120.5"}, True),
        ({"cf_metros__from": "121"}, False),
        ({"cf_metros__to": "0"}, False),
        ({"cf_deposito__from": "300", "cf_deposito__to": "300"}, True),
        ({"cf_visita__from": "2026-07-01", "cf_visita__to": "2026-07-01"}, True),
        ({"cf_visita__to": "2026-06-30"}, False),
        ({"cf_perro": "yes"}, True),
        ({"cf_perro": "no"}, False),
        ({"cf_perro": "none"}, False),
        ({"cf_color": "none"}, False),
        ({"cf_celular": "1234-5678"}, True),
        ({"cf_poste": "14", "cf_perro": "no"}, False),
        ({"cf_unknown": "x"}, True),
    ],
)
def test_filters_narrow_by_the_type_of_the_field(
    client_as: ClientAs, customer: Customer, defined: dict[str, CustomField], now: datetime,
    query: dict[str, str], found: bool,
) -> None:  # fmt: skip
    fill(customer, now, defined)
    assert (customer.code in listed(client_as("owner"), **query)) is found


def test_an_answer_narrows_and_shows_as_a_chip(
    client_as: ClientAs, customer: Customer, defined: dict[str, CustomField], now: datetime
) -> None:
    fill(customer, now, defined)
    owner, liked = client_as("owner"), defined["gustos"]
    cinema, blue = liked.choices.get(name="Cine"), liked.choices.get(name="Azul")
    shown = listed(owner, cf_gustos=cinema.pk)
    assert customer.code in shown
    assert "gustos" in shown
    assert customer.code not in listed(owner, cf_gustos=blue.pk)
    assert "cf_gustos" in owner.get("/customers/filters/").content.decode()


def test_who_does_not_see_a_field_can_neither_show_nor_ask_it(
    client_as: ClientAs, customer: Customer, now: datetime
) -> None:
    field = actions.create_field(
        actor=ANY, now=now, kind="text", name="Aval", roles=[Role.objects.get(code="manager")]
    )
    actions.set_fields(actor=ANY, now=now, customer=customer, values={field: "Juan"})
    seller, manager = client_as("seller"), client_as("manager")
    assert "Juan" in listed(manager, cols="code,cf_aval")
    assert "Juan" not in listed(seller, cols="code,cf_aval")
    assert customer.code in listed(seller, cf_aval="nobody like that")
    assert customer.code not in listed(manager, cf_aval="nobody like that")
    for address in (f"/customers/{customer.pk}/fields/", f"/customers/{customer.pk}/edit/",
                    "/customers/columns/", "/customers/filters/", NEW):  # fmt: skip
        assert "Aval" in manager.get(address).content.decode(), address
        assert "Aval" not in seller.get(address).content.decode(), address


def test_the_list_asks_as_often_whatever_the_fields(
    client_as: ClientAs, people: list[Customer], now: datetime
) -> None:
    def count(codes: list[str]) -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            listed(owner, cols=",".join(["code", *codes]))
        return len(queries)

    owner = client_as("owner")
    made = [actions.create_field(actor=ANY, now=now, kind="text", name=f"c{n}") for n in range(9)]
    for customer in people:
        actions.set_fields(actor=ANY, now=now, customer=customer, values=dict.fromkeys(made, "x"))
    count(["cf_c0"])
    assert count(["cf_c0"]) == count([f"cf_c{n}" for n in range(9)])


def test_fields_are_moved_and_archived_from_their_list(
    client_as: ClientAs, defined: dict[str, CustomField]
) -> None:
    owner, pole = client_as("owner"), defined["poste"]
    owner.post(f"/customers/fields/{pole.pk}/down/")
    assert [f.code for f in CustomField.objects.all()][:2] == ["metros", "poste"]
    rows = owner.get("/customers/fields/").context["rows"]
    assert [row.code for row in rows][:3] == ["metros", "poste", "deposito"]
    owner.post(f"/customers/fields/{pole.pk}/use/0/")
    pole.refresh_from_db()
    assert pole.archived_at is not None
    assert "cf_poste" not in owner.get("/customers/filters/").content.decode()
    owner.post(f"/customers/fields/{pole.pk}/use/1/")
    assert "cf_poste" in owner.get("/customers/filters/").content.decode()


def test_a_page_without_fields_shows_no_empty_card(client_as: ClientAs, customer: Customer) -> None:
    shown = client_as("owner").get(f"/customers/{customer.pk}/fields/").content.decode()
    assert shown.strip() == ""
