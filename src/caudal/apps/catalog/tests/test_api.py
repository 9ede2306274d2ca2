"""Plans, products, taxes, companies and their rules over the API."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from caudal.apps.catalog.models import Company, Plan, Product, Tax
from caudal.apps.staff.models import JournalEntry

pytestmark = pytest.mark.django_db
Browsers = Callable[..., Client]
JSON = "application/json"
AT = "/api/v1/"
PLAN = {
    "name": "Hogar Ñandú 20", "technology": "pppoe", "price": "350.00", "currency": "MXN",
    "down_kbps": 20480, "up_kbps": 5120,
}  # fmt: skip
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


def test_a_plan_is_made_changed_and_taken_out_of_use(client_as: Browsers) -> None:
    owner = client_as("owner")
    made = owner.post(f"{AT}plans/", PLAN, JSON)
    assert made.status_code == 201, made.content
    one = f"{AT}plans/{made.json()['id']}/"
    changed = owner.patch(one, {"price": "399.90", "up_kbps": 10240}, JSON)
    assert (changed.json()["price"], changed.json()["up_kbps"]) == ("399.90", 10240)
    entry = JournalEntry.objects.get(verb="plan.edit")
    assert Decimal(entry.before["price"]) == 350 and Decimal(entry.after["price"]) == Decimal(
        "399.9"
    )
    assert owner.patch(one, {"is_active": False}, JSON).json()["is_active"] is False
    assert owner.get(f"{AT}plans/").json()["results"] == []
    found = owner.get(f"{AT}plans/", {"all": "1", "q": "ñandu"}).json()["results"]
    assert [each["name"] for each in found] == [PLAN["name"]]


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"price": "-1"}, "price"),
        ({"price": "1_000"}, "price"),
        ({"price": "1.999"}, "price"),
        ({"currency": "XXX"}, "currency"),
        ({"currency": "CLP", "price": "10.50"}, "detail"),
        ({"down_kbps": 0}, "down_kbps"),
        ({"name": ""}, "name"),
        ({"burst_down_kbps": 1}, "detail"),
        ({"guaranteed_up_kbps": 99999}, "detail"),
        ({"priority": 9}, "priority"),
    ],
)
def test_what_the_form_refuses_the_api_refuses(
    client_as: Browsers, wrong: dict[str, Any], where: str
) -> None:
    answer = client_as("owner").post(f"{AT}plans/", PLAN | wrong, JSON)
    assert answer.status_code == 400 and where in answer.json(), answer.content
    assert not Plan.objects.exists()


def test_the_technology_of_a_plan_stays(client_as: Browsers) -> None:
    owner = client_as("owner")
    one = f"{AT}plans/{owner.post(f'{AT}plans/', PLAN, JSON).json()['id']}/"
    answer = owner.patch(one, {"technology": "dhcp"}, JSON)
    assert (answer.status_code, answer.json()["code"]) == (400, "technology-stays")
    assert owner.patch(one, {"technology": "pppoe", "name": "Otro"}, JSON).status_code == 200


def test_who_only_sees_the_catalog_writes_nothing(client_as: Browsers) -> None:
    cashier = client_as("cashier")
    for name in ("plans", "products", "taxes", "companies"):
        assert cashier.get(f"{AT}{name}/").status_code == 200
        assert cashier.post(f"{AT}{name}/", {}, JSON).status_code == 403
    assert Client().get(f"{AT}plans/").status_code in (401, 403)


def test_products_are_listed_in_the_order_asked_for(client_as: Browsers) -> None:
    owner = client_as("owner")
    for name, price in (("Antena", "900"), ("Cable", "15.50"), ("Router", "450")):
        row = {"name": name, "price": price, "currency": "MXN"}
        assert owner.post(f"{AT}products/", row, JSON).status_code == 201
    found = owner.get(f"{AT}products/", {"ordering": "-price", "size": 2}).json()
    assert [each["name"] for each in found["results"]] == ["Antena", "Router"]
    rest = owner.get(found["next"]).json()["results"]
    assert [each["name"] for each in rest] == ["Cable"]
    assert Product.objects.count() == 3


def test_a_company_with_its_taxes_and_numbers(
    client_as: Browsers, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    owner = client_as("owner")
    tax = owner.post(f"{AT}taxes/", {"name": "IGV", "rate": "18"}, JSON).json()["id"]
    sent = {
        "name": "Red del Valle", "country": "PE", "currency": "PEN", "tax_mode": "included",
        "taxes": [tax], "series": [{"kind": "invoice", "prefix": "F001-", "next_number": 120}],
    }  # fmt: skip
    made = owner.post(f"{AT}companies/", sent, JSON)
    assert made.status_code == 201, made.content
    numbers = {each["kind"]: each for each in made.json()["series"]}
    assert numbers["invoice"]["next_number"] == 120 and "receipt" in numbers
    one = f"{AT}companies/{made.json()['id']}/"
    back = {"series": [{"kind": "invoice", "prefix": "F001-", "next_number": 5}]}
    assert owner.patch(one, back, JSON).json()["code"] == "number-goes-back"
    changed = owner.patch(one, {"phone": "+51 1 555 0101"}, JSON).json()
    assert changed["taxes"] == [tax] and changed["series"] == made.json()["series"]
    assert owner.patch(one, {"country": "ZZ"}, JSON).status_code == 400
    assert owner.patch(one, {"late_fee": "-3"}, JSON).status_code == 400
    assert Company.objects.get().taxes.get() == Tax.objects.get()


def test_a_logo_is_sent_as_a_file_and_must_be_a_picture(
    client_as: Browsers, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    owner = client_as("owner")
    sent = {"name": "Uno", "country": "MX", "currency": "MXN"}
    made = owner.post(f"{AT}companies/", sent | {"logo": SimpleUploadedFile("a.png", PNG)})
    assert made.status_code == 201, made.content
    assert owner.get(made.json()["logo"]).status_code == 200
    evil = SimpleUploadedFile("a.png", b"<svg onload=alert(1)>")
    answer = owner.post(f"{AT}companies/", sent | {"name": "Dos", "logo": evil})
    assert answer.json()["code"] == "logo-not-a-picture"


def test_the_rules_of_a_company_are_read_and_changed(client_as: Browsers) -> None:
    company = Company.objects.create(name="Red del Valle")
    owner, at = client_as("owner"), f"{AT}companies/{company.pk}/rules/"
    assert owner.get(at).json()["grace_counting"] == "after"
    sent = {
        "grace_counting": "on", "no_cut_weekdays": [4, 5], "late_fee_percent": "2.5",
        "holidays": [{"on": "2026-12-25", "name": "Navidad"}, {"on": "2026-12-25", "name": "N"}],
    }  # fmt: skip
    changed = owner.patch(at, sent, JSON)
    assert changed.status_code == 200, changed.content
    assert changed.json()["no_cut_weekdays"] == [4, 5]
    assert changed.json()["holidays"] == [{"on": "2026-12-25", "name": "N"}]
    assert owner.patch(at, {"cut_clamp": "same-day"}, JSON).json()["holidays"] != []
    for wrong in ({"notice_from_day": 20}, {"no_cut_weekdays": [7]}, {"late_fee_percent": "101"}):
        assert owner.patch(at, wrong, JSON).status_code == 400, wrong
    assert client_as("cashier").patch(at, {}, JSON).status_code == 403


def test_a_list_costs_as_many_queries_however_many_rows(client_as: Browsers) -> None:
    owner = client_as("owner")
    for name in ("plans", "companies"):
        counts = []
        for many in (1, 6):
            for n in range(many):
                if name == "plans":
                    Plan.objects.create(**PLAN | {"name": f"Plan {many} {n}"})
                else:
                    Company.objects.create(name=f"Red {many} {n}")
            with CaptureQueriesContext(connection) as asked:
                assert owner.get(f"{AT}{name}/").status_code == 200
            counts.append(len(asked))
        assert counts[0] == counts[1] <= 8, (name, counts)
