"""New customers by file over the API: from the table to who came in, as on the screens."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from caudal.apps.catalog.models import Plan
from caudal.apps.clock.now import now
from caudal.apps.customers.models import Customer, Zone
from caudal.apps.imports.advance import advance
from caudal.apps.imports.models import ImportRun
from caudal.apps.imports.tests.conftest import HEAD, Provider

pytestmark = pytest.mark.django_db
API = "/api/v1/imports/"


@pytest.fixture
def client(client_as: Callable[..., Client]) -> Client:
    return client_as("owner")


def bring(client: Client, content: str, **more: Any) -> Any:
    file = SimpleUploadedFile("clientes.csv", content.encode())
    return client.post(f"{API}bring/", {"file": file, **more})


def post(client: Client, where: str, data: dict[str, Any] | None = None) -> Any:
    return client.post(f"{API}{where}/", data or {}, content_type="application/json")


def checked(pk: int) -> ImportRun:
    return advance(ImportRun.objects.get(pk=pk), now=now())


def test_a_file_is_brought_checked_mended_and_taken_in(
    provider: Provider, row: Callable[..., str], client: Client
) -> None:
    other = row(3, **{"Plan Internet": "Fibra 50Mb", "Zona": "Norte"})
    made = bring(client, f"{HEAD}\n{row(1)}\n{row(2, Ip='nada')}\n{other}\n{row(4)}")
    assert made.status_code == 201, made.content
    told = made.json()
    pk = told["id"]
    assert (told["source"], told["mapping"][1], told["status"]) == ("wisphub", "name", "mapping")
    assert post(client, f"{pk}/choose", {"mapping": told["mapping"]}).json()["status"] == "checking"
    checked(pk)
    rows = client.get("/api/v1/import-rows/", {"run": pk}).json()["results"]
    plans = {row["line"]: row["plan"] for row in rows}
    assert plans == {2: "new", 3: "wrong", 4: "wrong", 5: "new"}
    assert [row["problems"][0][0] for row in rows if row["line"] == 3] == ["ip_address"]

    plan = {"kind": "plan", "name": "Fibra 50Mb", "approved": True}
    assert post(client, f"{pk}/missing", {"missing": [plan]}).status_code == 400, "no price"
    plan |= {"price": "499.00", "down_kbps": 50_000, "up_kbps": 5_000, "technology": "pppoe"}
    assert post(client, f"{pk}/missing", {"missing": [plan]}).status_code == 200
    checked(pk)
    fourth = next(row["id"] for row in rows if row["line"] == 5)
    assert post(client, f"{pk}/tick", {"rows": [fourth], "selected": False}).status_code == 200
    assert post(client, f"{pk}/approve").json()["status"] == "applying"
    checked(pk)
    done = client.get(f"{API}{pk}/").json()
    assert (done["status"], done["rows"]["done"], done["rows"]["failed"]) == ("done", 2, 2)
    assert set(Customer.objects.values_list("name", flat=True)) == {"Eva Peña 1", "Eva Peña 3"}
    assert Plan.objects.get(name="Fibra 50Mb").price == 499
    assert Zone.objects.filter(name="Norte").exists()
    late = post(client, f"{pk}/discard")
    assert (late.status_code, late.json()["code"]) == (400, "wrong-moment")


def test_stand_ins_are_given_with_the_file(provider: Provider, client: Client) -> None:
    options = {"zone": provider.zone.pk, "plan": provider.plan.pk, "router": provider.router.pk,
               "first_day": "2026-07-01", "debts": "false"}  # fmt: skip
    pk = bring(client, "Nombre,Usuario,IP\nEva,eva1,10.20.0.9\n", **options).json()["id"]
    run = ImportRun.objects.get(pk=pk)
    assert run.options["zone"] == provider.zone.pk and run.options["debts"] is False
    post(client, f"{pk}/choose", {"mapping": ["name", "username", "ip_address"]})
    assert checked(pk).rows.get().plan == "new"


def test_nonsense_is_refused_with_its_reason(
    provider: Provider, row: Callable[..., str], client: Client
) -> None:
    picture = SimpleUploadedFile("c.png", b"\x89PNG\r\n" + bytes(range(32)) * 9)
    assert client.post(f"{API}bring/", {"file": picture}).json()["code"] == "not-a-table"
    assert bring(client, f"{HEAD}\n{row()}", source="nobody").status_code == 400
    pk = bring(client, f"{HEAD}\n{row()}").json()["id"]
    for mapping in (["name"], ["name"] * 9, ["nothing"] + [""] * 8):
        assert post(client, f"{pk}/choose", {"mapping": mapping}).status_code == 400, mapping
    unknown = {"missing": [{"kind": "plan", "name": "Nada"}]}
    assert post(client, f"{pk}/missing", unknown).status_code == 400
    assert post(client, f"{pk}/approve").json()["code"] == "wrong-moment"
    assert post(client, f"{pk}/discard").json()["status"] == "cancelled"
    assert not Customer.objects.exists()


def test_only_who_may_import_does(
    provider: Provider, row: Callable[..., str], client_as: Callable[..., Client]
) -> None:
    cashier = client_as("cashier")
    assert bring(cashier, f"{HEAD}\n{row()}").status_code == 403
    pk = bring(client_as("owner"), f"{HEAD}\n{row()}").json()["id"]
    for verb in ("choose", "missing", "tick", "approve", "discard"):
        assert post(cashier, f"{pk}/{verb}").status_code == 403
    assert ImportRun.objects.get().status == "mapping"
