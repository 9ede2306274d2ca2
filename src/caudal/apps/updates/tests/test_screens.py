"""The screens of an update, from the file to what was done."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from caudal.apps.customers.models import Customer, Tag
from caudal.apps.updates.checking import check_all
from caudal.apps.updates.models import Update
from caudal.apps.updates.tests.conftest import Desk, changes, problems

pytestmark = pytest.mark.django_db
ClientAs = Callable[..., Client]


def upload(client: Client, content: bytes) -> Update:
    file = SimpleUploadedFile("clientes.csv", content)
    answer = client.post(reverse("updates:updates"), {"file": file})
    update = Update.objects.get()
    assert answer.headers["Location"] == reverse("updates:update", args=[update.pk])
    return update


def boxes(update: Update, **more: str) -> dict[str, str]:
    mapped = {f"column_{at}": key for at, key in enumerate(update.mapping)}
    return mapped | {"known_by": update.known_by, "dates": ""} | more


def page(client: Client, name: str, update: Update, query: str = "") -> str:
    return client.get(reverse(f"updates:{name}", args=[update.pk]) + query).content.decode()


def test_a_file_goes_all_the_way(
    client_as: ClientAs,
    people: list[Customer],
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    client = client_as("owner")
    content = f"Código;Ciudad;Zona;Saldo\n{people[0].code};Puebla;;\n{people[1].code};;Sur;3\n"
    update = upload(client, content.encode("cp1252"))
    columns = page(client, "update", update)
    assert "Puebla" in columns and "Saldo" in columns
    client.post(reverse("updates:choose", args=[update.pk]), boxes(update))
    update.refresh_from_db()
    assert update.status == "checking"
    assert "hx-get" in page(client, "update", update)
    check_all(update)
    ended = client.get(reverse("updates:progress", args=[update.pk]))
    assert ended.headers["HX-Refresh"] == "true"
    with django_assert_max_num_queries(14):
        shown = page(client, "update", update)
    assert "cell-before" in shown and "Puebla" in shown
    assert "Sur" in page(client, "update", update, "?tab=wrong")
    assert b"Sur" in b"".join(
        client.get(reverse("updates:wrong", args=[update.pk])).streaming_content
    )
    assert not Customer.objects.filter(city="Puebla").exists()
    take = reverse("updates:take_over", args=[update.pk])
    assert client.get(take).status_code == 200
    answer = client.post(take, {"key": str(uuid4())})
    update.refresh_from_db()
    assert answer.headers["Location"] == reverse("bulk:act", args=[update.act_id])
    assert Customer.objects.get(city="Puebla") == people[0]
    again = client.post(take, {"key": str(uuid4())}, follow=True).content.decode()
    assert "Puebla" in again and Customer.objects.filter(city="Puebla").count() == 1


def test_rows_and_columns_are_unticked_on_the_screen(
    client_as: ClientAs, people: list[Customer]
) -> None:
    client = client_as("owner")
    lines = "".join(f"{each.code};Puebla;Pue\n" for each in people)
    update = upload(client, f"Código;Ciudad;Provincia\n{lines}".encode())
    client.post(reverse("updates:choose", args=[update.pk]), boxes(update))
    update.refresh_from_db()
    check_all(update)
    first = update.rows.order_by("line").first()
    assert first is not None
    select = reverse("updates:select", args=[update.pk])
    assert "update-unticked" in client.post(select, {"row": first.pk}).content.decode()
    client.post(select, {"all": "1", "selected": "on"})
    assert update.rows.filter(selected=True).count() == 4
    client.post(reverse("updates:leave_out", args=[update.pk]), {"column": ["city"]})
    update.refresh_from_db()
    assert update.left_out == ["province"]
    client.post(reverse("updates:again", args=[update.pk]))
    client.post(reverse("updates:discard", args=[update.pk]))
    update.refresh_from_db()
    assert update.status == "cancelled" and not update.rows.exclude(cells="").exists()


def test_a_file_without_a_key_or_without_anything_to_change_is_told(
    client_as: ClientAs, people: list[Customer]
) -> None:
    client = client_as("owner")
    update = upload(client, b"Ciudad;Provincia\nPuebla;Pue\n")
    answer = client.post(reverse("updates:choose", args=[update.pk]), boxes(update))
    assert answer.status_code == 200 and Update.objects.get().status == "mapping"
    bad = client.post(
        reverse("updates:updates"),
        {"file": SimpleUploadedFile("foto.png", b"\x89PNG\r\n" + bytes(range(32)) * 9)},
    )
    assert bad.status_code == 200 and Update.objects.count() == 1


def test_an_update_is_seen_by_who_brought_it_alone(
    client_as: ClientAs, people: list[Customer]
) -> None:
    update = upload(client_as("owner"), f"Código;Ciudad\n{people[0].code};Puebla\n".encode())
    other = client_as("manager")
    assert other.get(reverse("updates:update", args=[update.pk])).status_code == 404
    assert client_as("cashier").get(reverse("updates:updates")).status_code == 403


def test_the_file_for_editing_comes_from_the_list(
    client_as: ClientAs, people: list[Customer]
) -> None:
    client = client_as("owner")
    data = {"act": "customers.edit_file", "all": "1", "query": "", "key": str(uuid4()),
            "confirmed": "1", "seen": "4", "kind": "csv", "groups": ["network"]}  # fmt: skip
    answer = client.post(reverse("bulk:start"), data)
    file = client.get(answer.headers["Location"] + "file/")
    text = b"".join(file.streaming_content).decode()
    assert "cliente3" in text and len(text.splitlines()) == 5
    assert "Puebla" not in text


def test_the_act_of_an_update_is_offered_by_no_list(
    client_as: ClientAs, people: list[Customer]
) -> None:
    data = {"act": "customers.update", "pick": [people[0].pk], "key": str(uuid4()), "query": ""}
    assert client_as("owner").post(reverse("bulk:start"), data).status_code == 404


def test_tags_are_known_by_name_and_not_made_by_a_slip(people: list[Customer], desk: Desk) -> None:
    vip, fibre = Tag.objects.create(name="VIP"), Tag.objects.create(name="Fibra")
    people[0].tags.set([vip])
    update = desk.bring([{"code": c.code, "tags": "fibra; VIP"} for c in people[:2]])
    assert problems(update) == {} and changes(update)[2] == [["tags", "VIP", "Fibra; VIP"]]
    desk.take(update)
    assert list(people[1].tags.all()) == [fibre, vip]
    assert set(problems(desk.bring([{"code": people[0].code, "tags": "VPI"}]))) == {2}
