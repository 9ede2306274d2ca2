"""The API of custom fields, tags, notes and files."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from caudal.apps.customers import actions
from caudal.apps.customers.models import Attachment, Customer, CustomField, Note, Tag, Zone
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.models import Role

ClientAs = Callable[..., Client]
ANY = Actor.system("test")
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + b"\x00" * 40
JSON = "application/json"


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def pole(db: None, now: datetime) -> CustomField:
    return actions.create_field(actor=ANY, now=now, kind="number", name="Poste", is_required=True)


def test_fields_are_defined_changed_and_archived(client_as: ClientAs) -> None:
    owner, at = client_as("owner"), "/api/v1/custom-fields/"
    made = owner.post(at, {"name": "Color", "kind": "choice", "choices": ["Rojo"]}, JSON)
    assert made.status_code == 201, made.content
    row = made.json()
    assert (row["code"], row["choices"]) == ("color", ["Rojo"])
    again = owner.post(at, {"name": "COLOR", "kind": "text"}, JSON)
    assert again.status_code == 400 and "name" in again.json()
    changed = owner.patch(f"{at}{row['id']}/", {"choices": ["Azul"], "roles": ["owner"]}, JSON)
    assert changed.json()["choices"] == ["Rojo", "Azul"]
    assert client_as("seller").get(at).json()["results"] == []
    assert client_as("seller").post(at, {"name": "x", "kind": "text"}, JSON).status_code == 403
    assert owner.delete(f"{at}{row['id']}/").status_code == 204
    assert owner.get(at).json()["results"] == []


def test_a_customer_is_registered_and_changed_with_his_own_fields_and_tags(
    client_as: ClientAs, zone: Zone, pole: CustomField, now: datetime
) -> None:
    owner, at = client_as("owner"), "/api/v1/customers/"
    actions.create_tag(actor=ANY, now=now, name="VIP")
    data = {"name": "Ana", "zone": zone.pk, "address": "Calle Uno"}
    lacking = owner.post(at, data, JSON)
    assert lacking.status_code == 400 and "poste" in lacking.json()["custom_fields"]
    made = owner.post(at, data | {"custom_fields": {"poste": "14"}, "tags": ["VIP"]}, JSON)
    assert made.status_code == 201, made.content
    row = made.json()
    assert (row["custom_fields"], row["tags"]) == ({"poste": "14"}, ["VIP"])
    one = f"{at}{row['id']}/"
    wrong = owner.patch(one, {"custom_fields": {"poste": "x", "otro": 1}}, JSON)
    assert set(wrong.json()["custom_fields"]) == {"poste", "otro"}
    assert owner.patch(one, {"tags": ["Nadie"]}, JSON).status_code == 400
    changed = owner.patch(one, {"custom_fields": {"poste": 15.5}, "tags": []}, JSON).json()
    assert (changed["custom_fields"], changed["tags"]) == ({"poste": "15.5"}, [])
    assert owner.patch(one, {"name": "Ana María"}, JSON).status_code == 200
    found = owner.get(at, {"cf_poste__from": "15", "cf_poste__to": "16"}).json()["results"]
    assert [each["id"] for each in found] == [row["id"]]


def test_a_field_that_few_see_is_not_in_the_answer_nor_taken(
    client_as: ClientAs, customer: Customer, now: datetime
) -> None:
    few = [Role.objects.get(code="manager")]
    field = actions.create_field(actor=ANY, now=now, kind="text", name="Aval", roles=few)
    actions.set_fields(actor=ANY, now=now, customer=customer, values={field: "Juan"})
    at = f"/api/v1/customers/{customer.pk}/"
    assert client_as("manager").get(at).json()["custom_fields"] == {"aval": "Juan"}
    seller = client_as("seller")
    assert seller.get(at).json()["custom_fields"] == {}
    assert seller.patch(at, {"custom_fields": {"aval": "Luis"}}, JSON).status_code == 400


def test_the_list_asks_as_often_whatever_the_fields_and_tags(
    client_as: ClientAs, people: list[Customer], now: datetime
) -> None:
    owner = client_as("owner")

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert owner.get("/api/v1/customers/").status_code == 200
        return len(queries)

    field = actions.create_field(
        actor=ANY, now=now, kind="choices", name="Gusta", choices=["Cine", "Pan"]
    )
    actions.set_fields(actor=ANY, now=now, customer=people[0], values={field: ["Cine"]})
    tag = actions.create_tag(actor=ANY, now=now, name="VIP")
    actions.set_tags(actor=ANY, now=now, customer=people[0], tags=[tag])
    count()
    first = count()
    for customer in people:
        actions.set_fields(actor=ANY, now=now, customer=customer, values={field: ["Pan", "Cine"]})
        actions.set_tags(actor=ANY, now=now, customer=customer, tags=[tag])
    assert count() == first
    [row, *_rest] = owner.get("/api/v1/customers/").json()["results"]
    assert row["custom_fields"] == {"gusta": ["Cine", "Pan"]}


def test_tags_are_defined_and_taken_out_of_use(client_as: ClientAs) -> None:
    owner, at = client_as("owner"), "/api/v1/tags/"
    row = owner.post(at, {"name": "VIP", "color": "red"}, JSON).json()
    assert owner.post(at, {"name": "vip"}, JSON).status_code == 400
    assert owner.patch(f"{at}{row['id']}/", {"name": "Vip"}, JSON).json()["name"] == "Vip"
    assert owner.delete(f"{at}{row['id']}/").status_code == 204
    assert Tag.objects.get().archived_at is not None


def test_notes_are_written_and_mended_by_their_author(
    client_as: ClientAs, customer: Customer
) -> None:
    seller, at = client_as("seller"), "/api/v1/notes/"
    made = seller.post(at, {"customer": customer.pk, "text": "Llamó"}, JSON)
    assert made.status_code == 201, made.content
    one = f"{at}{made.json()['id']}/"
    assert seller.patch(one, {"text": "Llamó dos veces", "pinned": True}, JSON).status_code == 200
    assert client_as("owner").patch(one, {"text": "No"}, JSON).status_code == 400
    note = Note.objects.get()
    assert (note.text, note.pinned_at is None) == ("Llamó dos veces", False)
    assert len(seller.get(at, {"customer": customer.pk}).json()["results"]) == 1
    assert (
        client_as("cashier").post(at, {"customer": customer.pk, "text": "x"}, JSON).status_code
        == 403
    )


def test_files_are_sent_fetched_described_and_taken_away(
    client_as: ClientAs, customer: Customer
) -> None:
    owner, at = client_as("owner"), "/api/v1/attachments/"
    sent = {"customer": customer.pk, "file": SimpleUploadedFile("a.jpg", PNG), "text": "INE"}
    made = owner.post(at, sent)
    assert made.status_code == 201, made.content
    row = made.json()
    assert (row["name"], row["content_type"], row["is_shown"]) == ("a.png", "image/png", False)
    bad = owner.post(at, sent | {"file": SimpleUploadedFile("a.exe", b"MZ\x90\x00")})
    assert bad.status_code == 400
    one = f"{at}{row['id']}/"
    answer = owner.get(f"{one}content/")
    assert b"".join(answer.streaming_content) == PNG  # type: ignore[attr-defined]
    assert answer["Content-Disposition"].startswith("attachment")
    assert owner.patch(one, {"text": "INE", "is_shown": True}, JSON).json()["is_shown"] is True
    assert owner.post(f"{one}remove/", {"reason": "Vencida"}, JSON).status_code == 204
    assert owner.get(one).status_code == 404
    assert Attachment.objects.get().removed_why == "Vencida"


def test_nothing_of_somebody_elses_customers_is_there(
    client_as: ClientAs, customer: Customer, now: datetime
) -> None:
    Role.objects.filter(code="collector").update(only_own_customers=True)
    note = actions.add_note(actor=ANY, now=now, customer=customer, text="x")
    file = SimpleUploadedFile("a.png", PNG)
    row = actions.attach(actor=ANY, now=now, customer=customer, file=file)
    collector = client_as("collector")
    for address in (f"/api/v1/notes/{note.pk}/", f"/api/v1/attachments/{row.pk}/",
                    f"/api/v1/attachments/{row.pk}/content/"):  # fmt: skip
        assert collector.get(address).status_code == 404, address
    for address in ("/api/v1/notes/", "/api/v1/attachments/"):
        assert collector.get(address).json()["results"] == []
