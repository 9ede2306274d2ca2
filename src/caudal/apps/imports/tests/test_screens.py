"""The screens of imports, from the file to the rows that failed."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from caudal.apps.customers.models import Customer
from caudal.apps.imports.advance import advance
from caudal.apps.imports.models import ImportRun
from caudal.apps.imports.tests.conftest import HEAD, NOW, Provider

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(client_as: Callable[[str], Client]) -> Client:
    return client_as("owner")


def upload(client: Client, content: bytes, **fields: str):
    data = {"file": SimpleUploadedFile("clientes.csv", content), "first_day": "2026-07-05"}
    return client.post(reverse("imports:file"), data | fields)


def columns(run: ImportRun) -> dict[str, str]:
    boxes = {f"column_{place}": meaning for place, meaning in enumerate(run.mapping)}
    return {"source": run.source} | boxes


def test_a_file_goes_all_the_way(owner: Client, provider: Provider, row) -> None:
    content = (
        f"{HEAD},Precio Plan\n{row(1, **{'Precio Plan': '320'})}\n{row(2, **{'Precio Plan': '-1'})}"
    )
    answer = upload(owner, content.encode("cp1252"))
    run = ImportRun.objects.get()
    page = reverse("imports:run", args=[run.pk])
    assert answer.headers["Location"] == page
    assert "Eva Peña 1" in owner.get(page).content.decode()

    owner.post(reverse("imports:columns", args=[run.pk]), columns(run))
    run.refresh_from_db()
    assert run.status == ImportRun.Status.CHECKING
    assert "hx-get" in owner.get(page).content.decode()
    advance(run, now=NOW)
    ended = owner.get(reverse("imports:progress", args=[run.pk]))
    assert ended.headers["HX-Refresh"] == "true"
    shown = owner.get(page).content.decode()
    assert "Eva Peña 2" in shown and not Customer.objects.exists()

    approve = reverse("imports:approve", args=[run.pk])
    assert owner.get(approve).status_code == 200
    assert not Customer.objects.exists()
    owner.post(approve)
    run.refresh_from_db()
    advance(run, now=NOW)
    assert Customer.objects.get().name == "Eva Peña 1"
    failed = owner.get(reverse("imports:failed", args=[run.pk]))
    assert "Eva Peña 2" in b"".join(failed).decode()


def test_rows_are_unticked_one_by_one(owner: Client, provider: Provider, row) -> None:
    run = provider.check(f"{HEAD}\n{row(1)}\n{row(2)}")
    first = run.rows.get(line=2)
    owner.post(reverse("imports:select", args=[run.pk]), {"row": first.pk})
    assert list(run.rows.filter(selected=True).values_list("line", flat=True)) == [3]
    owner.post(reverse("imports:select", args=[run.pk]), {"all": "new", "selected": "on"})
    assert run.rows.filter(selected=True).count() == 2


def test_two_columns_cannot_mean_the_same(owner: Client, provider: Provider, row) -> None:
    run = provider.open(f"{HEAD}\n{row()}")
    said = columns(run) | {"column_3": "name"}
    answer = owner.post(reverse("imports:columns", args=[run.pk]), said)
    assert answer.status_code == 200
    run.refresh_from_db()
    assert run.status == ImportRun.Status.MAPPING


def test_a_missing_plan_needs_its_speed(owner: Client, provider: Provider, row) -> None:
    run = provider.check(f"{HEAD}\n{row(**{'Plan Internet': 'Residencial'})}")
    form = {"missing-0-approved": "on", "missing-0-price": "300", "missing-0-technology": "pppoe"}
    answer = owner.post(reverse("imports:missing", args=[run.pk]), form)
    assert answer.status_code == 200
    full = form | {"missing-0-down_kbps": "10M", "missing-0-up_kbps": "2M"}
    owner.post(reverse("imports:missing", args=[run.pk]), full)
    run.refresh_from_db()
    advance(run, now=NOW)
    assert run.rows.get().plan == "new"


def test_a_discarded_file_leaves_nothing(owner: Client, provider: Provider, row) -> None:
    run = provider.check(f"{HEAD}\n{row()}")
    owner.post(reverse("imports:discard", args=[run.pk]))
    run.refresh_from_db()
    assert run.status == ImportRun.Status.CANCELLED
    assert run.rows.get().cells == ""


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", bytes(range(256)) * 9])
def test_what_is_no_table_is_told_beside_the_field(owner: Client, content: bytes) -> None:
    answer = upload(owner, content)
    assert answer.status_code == 200
    assert answer.context["form"].errors["file"]
    assert not ImportRun.objects.exists()


def test_a_router_that_does_not_answer_is_told_beside_the_field(
    owner: Client, provider: Provider
) -> None:
    provider.router.port = 1
    provider.router.save()
    data = {
        "router": provider.router.pk, "zone": provider.zone.pk, "first_day": "2026-07-05",
    }  # fmt: skip
    answer = owner.post(reverse("imports:router"), data)
    assert answer.context["form"].errors["router"]


@pytest.mark.parametrize("role", ["cashier", "collector", "support", "technician", "seller"])
def test_only_those_who_run_the_place_import(client_as: Callable[[str], Client], role: str) -> None:
    client = client_as(role)
    for name in ("imports:runs", "imports:file", "imports:router"):
        assert client.get(reverse(name)).status_code == 403
