"""Updates by file over the API: from the file to what was changed."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from caudal.apps.customers.models import Customer
from caudal.apps.updates.checking import check_all
from caudal.apps.updates.models import Update

pytestmark = pytest.mark.django_db
API = "/api/v1/updates/"


def test_a_file_is_brought_checked_and_taken_over(
    people: list[Customer], client_as: Callable[..., Client]
) -> None:
    client = client_as("owner")
    lines = "".join(f"{each.code},Puebla\n" for each in people)
    file = SimpleUploadedFile("c.csv", f"code,city\n{lines}".encode())
    made: Any = client.post(f"{API}bring/", {"file": file})
    assert made.status_code == 201, made.content
    pk, mapping = made.json()["id"], made.json()["mapping"]
    assert mapping == ["code", "city"]
    wrong = _post(client, f"{API}{pk}/choose/", {"mapping": ["code", "code"]})
    assert wrong.status_code == 400
    assert _post(client, f"{API}{pk}/choose/", {"mapping": mapping}).status_code == 200
    assert _post(client, f"{API}{pk}/take_over/", {}).status_code == 400
    check_all(Update.objects.get(pk=pk))
    rows = client.get(f"{API}{pk}/rows/").json()["results"]
    assert {row["outcome"] for row in rows} == {"changed"}
    done = _post(client, f"{API}{pk}/take_over/", {"unticked": [rows[0]["id"]]})
    assert done.status_code == 200 and done.json()["status"] == "done"
    assert Customer.objects.filter(city="Puebla").count() == 3
    assert client_as("manager").get(f"{API}{pk}/").status_code == 404


def test_what_is_no_table_is_refused(client_as: Callable[..., Client]) -> None:
    file = SimpleUploadedFile("c.png", b"\x89PNG\r\n" + bytes(range(32)) * 9)
    answer = client_as("owner").post(f"{API}bring/", {"file": file})
    assert answer.status_code == 400


def _post(client: Client, url: str, data: dict[str, Any]) -> Any:
    return client.post(url, data, content_type="application/json")
