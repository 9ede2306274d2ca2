"""Large files of localities are read by the worker; programs keep and take localities too."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from caudal.apps.clock.jobs import Run
from caudal.apps.customers.actions import localities
from caudal.apps.customers.models import Locality
from caudal.apps.desk import taking
from caudal.apps.desk.models import LocalityFile
from caudal.apps.staff.models import JournalEntry

ClientAs = Callable[..., Client]
API = "/api/v1/localities/"
JSON: dict[str, Any] = {"content_type": "application/json"}


def table(many: int) -> bytes:
    lines = ["cp;colonia;ciudad;estado"]
    lines += [f"{n:05};Colonia {n};Toluca;México" for n in range(many)]
    return "\n".join([*lines, "1;Sin ciudad;;"]).encode()


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that some rows are a large file, in several batches."""
    monkeypatch.setattr(taking, "AT_ONCE", 200)
    for module in (localities, taking):
        monkeypatch.setattr(module, "BATCH", 10)


def sent(client: Client, content: bytes, name: str = "cp.csv") -> Any:
    return client.post("/localities/file/", {"file": SimpleUploadedFile(name, content)})


def test_a_large_file_waits_for_the_worker_and_tells_how_far_it_is(
    client_as: ClientAs, now: datetime
) -> None:
    owner = client_as("owner")
    answer = sent(owner, table(25))
    file = LocalityFile.objects.get()
    assert answer.url == f"/localities/file/{file.pk}/"
    assert not Locality.objects.exists()
    assert "progress" in owner.get(answer.url).content.decode()
    assert taking.do_waiting(now, Run()) == 1
    assert Locality.objects.count() == 25
    file.refresh_from_db()
    assert (file.status, file.planned, file.done) == ("done", 25, 25)
    assert (file.new, file.known, file.unread, bytes(file.content)) == (25, 0, 1, b"")
    assert "25" in owner.get(answer.url, headers={"HX-Request": "true"}).content.decode()
    assert taking.do_waiting(now, Run()) == 0
    assert JournalEntry.objects.get(verb="locality.take").after == {"rows": 25}


def test_a_file_broken_off_goes_on_when_its_worker_is_given_up(
    client_as: ClientAs, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent(client_as("owner"), table(25))
    insert = localities._insert
    batches: list[int] = []

    def dies(batch: Any) -> int:
        batches.append(len(batch))
        if len(batches) == 2:
            raise KeyboardInterrupt
        return insert(batch)

    monkeypatch.setattr(localities, "_insert", dies)
    with pytest.raises(KeyboardInterrupt):
        taking.do_waiting(now, Run())
    assert Locality.objects.count() == 10
    assert taking.do_waiting(now, Run()) == 0
    assert taking.do_waiting(now + taking.LEASE + timedelta(seconds=1), Run()) == 1
    assert Locality.objects.count() == 25
    assert LocalityFile.objects.get().status == "done"


@pytest.mark.parametrize("content", [b"nombre;telefono\n" + b"Ana;55\n" * 40, b"\x89PNG" * 200])
def test_what_cannot_be_read_is_said_on_its_page(
    client_as: ClientAs, now: datetime, content: bytes
) -> None:
    owner = client_as("owner")
    address = sent(owner, content).url
    taking.do_waiting(now, Run())
    file = LocalityFile.objects.get()
    assert (file.status, bool(file.error)) == ("failed", True)
    assert file.error[:20] in owner.get(address).content.decode().replace("&quot;", '"')


def test_results_of_old_files_are_forgotten(client_as: ClientAs, now: datetime) -> None:
    sent(client_as("owner"), table(25))
    at = LocalityFile.objects.get().at
    assert taking.forget_old_files(at) == 0
    assert taking.forget_old_files(at + timedelta(days=1)) == 1


def test_programs_keep_localities(client_as: ClientAs) -> None:
    owner, seller = client_as("owner"), client_as("seller")
    typed = {"postal_code": "06700", "neighbourhood": "Peñón", "city": "Cuauhtémoc"}
    made = owner.post(API, typed, **JSON)
    assert made.status_code == 201
    assert owner.post(API, typed, **JSON).status_code == 400
    assert owner.post(API, {"postal_code": "1"}, **JSON).status_code == 400
    address = f"{API}{made.json()['id']}/"
    changed = owner.patch(address, {"state": "CDMX"}, **JSON).json()
    assert (changed["neighbourhood"], changed["state"]) == ("Peñón", "CDMX")
    assert [row["id"] for row in seller.get(f"{API}?q=penon cdmx").json()["results"]] == [
        made.json()["id"]
    ]
    assert seller.get(f"{API}?q=toluca").json()["results"] == []
    for answer in (seller.post(API, typed, **JSON), seller.delete(address),
                   seller.patch(address, {}, **JSON)):  # fmt: skip
        assert answer.status_code == 403
    assert owner.delete(address).status_code == 204
    assert not Locality.objects.exists()


def test_programs_leave_files_and_ask_how_far_they_are(client_as: ClientAs, now: datetime) -> None:
    owner = client_as("owner")
    left = owner.post(f"{API}take/", {"file": SimpleUploadedFile("a.csv", table(12))})
    assert (left.status_code, left.json()["status"]) == (202, "running")
    taking.do_waiting(now, Run())
    told = owner.get(f"{API}files/{left.json()['id']}/").json()
    assert (told["status"], told["new"], told["unread"]) == ("done", 12, 1)
    assert owner.get(f"{API}files/999/").status_code == 404
    seller = client_as("seller")
    assert seller.get(f"{API}files/{left.json()['id']}/").status_code == 403
    assert (
        seller.post(f"{API}take/", {"file": SimpleUploadedFile("a.csv", b"x")}).status_code == 403
    )
