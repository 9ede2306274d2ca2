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


def test_a_file_in_which_every_row_is_wrong_is_not_offered_for_import(
    owner: Client, provider: Provider, row
) -> None:
    run = provider.check(
        f"{HEAD}\n{row(1, Ip='no')}\n{row(2, Zona='Marte')}\n{row(3, Ip='10.99.0.1')}"
    )
    run.rows.exclude(plan="wrong").update(plan="wrong")
    page = owner.get(reverse("imports:run", args=[run.pk])).content.decode()
    approve = reverse("imports:approve", args=[run.pk])
    assert approve not in page
    assert reverse("imports:failed", args=[run.pk]) in page
    assert "alert-warning" in page
    assert owner.get(approve).status_code == 302
    owner.post(approve)
    run.refresh_from_db()
    assert run.status == ImportRun.Status.REVIEW
    failed = b"".join(owner.get(reverse("imports:failed", args=[run.pk]))).decode()
    assert "Eva Peña 1" in failed and "no" in failed


def test_columns_of_a_file_under_review_can_be_chosen_anew(
    owner: Client, provider: Provider, row
) -> None:
    run = provider.check(f"{HEAD}\n{row(1)}")
    address = reverse("imports:columns", args=[run.pk])
    assert "Id Servicio" in owner.get(address).content.decode()
    owner.post(address, columns(run) | {"column_3": ""})
    run.refresh_from_db()
    assert (run.status, run.mapping[3]) == (ImportRun.Status.CHECKING, "")
    assert owner.get(address).status_code == 302  # it is being checked


def test_who_ticks_rows_of_an_import_that_has_moved_on_sees_it_anew(
    owner: Client, provider: Provider, row
) -> None:
    run = provider.take(f"{HEAD}\n{row(1)}")
    address = reverse("imports:select", args=[run.pk])
    answer = owner.post(address, {"row": run.rows.get().pk})
    assert answer.headers["HX-Refresh"] == "true"


def test_an_import_is_taken_back_from_its_page(owner: Client, provider: Provider, row) -> None:
    run = provider.take(f"{HEAD}\n{row(1)}\n{row(2)}")
    page = reverse("imports:run", args=[run.pk])
    assert "importrows.undo" in owner.get(page).content.decode()
    start = {"act": "importrows.undo", "all": "1", "query": f"run={run.pk}"}
    first = owner.post(reverse("bulk:start"), start)
    shown = first.content.decode()
    assert "Eva Peña 1" in shown and Customer.objects.count() == 2
    context = first.context
    confirm = start | {
        "confirmed": "1", "looked": "1", "key": str(context["key"]), "seen": "2", "typed": "2",
    }  # fmt: skip
    done = owner.post(reverse("bulk:start"), confirm)
    assert done.status_code == 302
    assert not Customer.objects.exists()
    assert "Eva Peña 1" in owner.get(done.headers["Location"]).content.decode()
    after = owner.get(page).content.decode()
    assert "importrows.undo" not in after


def test_an_import_is_taken_back_over_the_api(owner: Client, provider: Provider, row) -> None:
    run = provider.take(f"{HEAD}\n{row(1)}")
    asked = {"act": "importrows.undo", "rows": {"all": True, "query": f"run={run.pk}"}}
    json = {"content_type": "application/json"}
    seen = owner.post("/api/v1/bulk-acts/preview/", asked, **json).json()
    assert (seen["count"], seen["refused_count"]) == (1, 0)
    made = owner.post("/api/v1/bulk-acts/", asked | {"count": 1, "confirm": "1"}, **json)
    assert made.status_code == 201, made.json()
    assert made.json()["done"] == 1
    assert not Customer.objects.exists()
    told = owner.get(f"/api/v1/imports/{run.pk}/").json()
    assert told["rows"]["undone"] == 1


def test_who_may_not_import_takes_no_import_back(
    client_as: Callable[[str], Client], provider: Provider, row
) -> None:
    run = provider.take(f"{HEAD}\n{row(1)}")
    start = {"act": "importrows.undo", "all": "1", "query": f"run={run.pk}"}
    assert client_as("cashier").post(reverse("bulk:start"), start).status_code == 403
