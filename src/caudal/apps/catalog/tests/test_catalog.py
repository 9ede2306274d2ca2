"""The catalog's screens and actions: what is refused, and where it is said."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from caudal.apps.catalog import actions
from caudal.apps.catalog.errors import CatalogCode, CatalogError
from caudal.apps.catalog.models import Company, Plan, Product, Series, Tax, Technology
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.models import JournalEntry
from caudal.core.errors import RuleError

pytestmark = pytest.mark.django_db
CLOCK = Actor.system("test")
Browsers = Callable[..., Client]
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40

PLAN = {
    "name": "Hogar 20",
    "technology": "pppoe",
    "price": "350",
    "currency": "MXN",
    "down_kbps": "20M",
    "up_kbps": "5M",
    "priority": "8",
}
BURST = {
    "burst_down_kbps": "40M",
    "burst_up_kbps": "10M",
    "burst_threshold_down_kbps": "15M",
    "burst_threshold_up_kbps": "4M",
    "burst_seconds": "16",
}
COMPANY = {
    "name": "Red del Valle",
    "country": "PE",
    "currency": "PEN",
    "tax_mode": "included",
    "tax_rounding": "document",
    "grouping": "service",
    "prorate_base": "actual",
    "unlock_value": "0",
    "late_fee": "0",
    "reconnection_fee": "0",
    "invoice_prefix": "F001-",
    "invoice_next": "120",
    "free_invoice_prefix": "L-",
    "free_invoice_next": "1",
    "receipt_prefix": "",
    "receipt_next": "1",
    "refund_prefix": "R-",
    "refund_next": "1",
    "debit_note_prefix": "DX-",
    "debit_note_next": "1",
    "credit_note_prefix": "CX-",
    "credit_note_next": "1",
}


def send(client: Client, name: str, given: dict[str, Any], *args: int) -> Any:
    return client.post(reverse(f"catalog:{name}", args=args), given)


def errors(answer: Any) -> dict[str, list[str]]:
    assert answer.status_code == 200, "it was saved"
    return {name: list(found) for name, found in answer.context["form"].errors.items()}


def a_plan(now: datetime, **more: Any) -> Plan:
    given = {"name": "P", "price": Decimal(100), "down_kbps": 10_000, "up_kbps": 2_000}
    return actions.create_plan(actor=CLOCK, now=now, **(given | more))


def test_a_plan_is_typed_with_letters_and_kept_in_kbps(client_as: Browsers) -> None:
    send(client_as("owner"), "new-plans", PLAN | BURST)
    plan = Plan.objects.get()
    assert (plan.down_kbps, plan.up_kbps, plan.burst_down_kbps) == (20_000, 5_000, 40_000)
    assert plan.price == Decimal("350.00")
    assert JournalEntry.objects.get(verb="plan.create").after["down_kbps"] == 20_000


def test_a_saved_plan_reads_back_in_its_form_unchanged(client_as: Browsers, now: datetime) -> None:
    client = client_as("owner")
    send(client, "new-plans", PLAN | BURST)
    plan = Plan.objects.get()
    shown = client.get(reverse("catalog:edit-plans", args=[plan.pk])).context["form"]
    again = {name: shown[name].value() for name in shown.fields if shown[name].value() is not None}
    send(client, "edit-plans", again, plan.pk)
    assert not JournalEntry.objects.filter(verb="plan.edit").exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"price": "-1"}, "price"),
        ({"price": "abc"}, "price"),
        ({"price": "10.005"}, "price"),
        ({"down_kbps": "fast"}, "down_kbps"),
        ({"up_kbps": "0"}, "up_kbps"),
        ({"name": "x" * 121}, "name"),
        (BURST | {"burst_seconds": ""}, "burst_seconds"),
        ({"burst_down_kbps": "40M"}, "burst_up_kbps"),
        (BURST | {"burst_down_kbps": "10M"}, "burst_down_kbps"),
        (BURST | {"burst_threshold_up_kbps": "6M"}, "burst_threshold_up_kbps"),
    ],
)
def test_a_bad_plan_is_refused_beside_its_field(
    client_as: Browsers, change: dict[str, str], field: str
) -> None:
    answer = send(client_as("owner"), "new-plans", PLAN | change)
    assert list(errors(answer)) == [field]
    assert not Plan.objects.exists()


def test_no_price_is_finer_than_its_currency(client_as: Browsers, now: datetime) -> None:
    answer = send(client_as("owner"), "new-plans", PLAN | {"currency": "CLP", "price": "9990.50"})
    assert list(errors(answer)) == ["price"]
    with pytest.raises(RuleError, match="amount-too-fine"):
        actions.create_product(
            actor=CLOCK, now=now, name="R", price=Decimal("4.50"), currency="CLP"
        )
    plan = a_plan(now, currency="CLP", price=Decimal(9990))
    for change in ({"price": Decimal("0.5")}, {"price": Decimal("10.50"), "currency": "CLP"}):
        with pytest.raises(RuleError, match="amount-too-fine"):
            actions.edit_plan(actor=CLOCK, now=now, plan=Plan.objects.get(pk=plan.pk), **change)
    assert Plan.objects.get().price == 9990


def test_a_finer_price_from_before_stays_until_it_is_changed(now: datetime) -> None:
    plan = a_plan(now, currency="CLP", price=Decimal(9990))
    Plan.objects.update(price=Decimal("9990.50"))
    plan.refresh_from_db()
    actions.edit_plan(actor=CLOCK, now=now, plan=plan, down_kbps=20_000)
    assert Plan.objects.get().price == Decimal("9990.50")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"price": Decimal(-1)}, CatalogCode.PRICE_NEGATIVE),
        ({"down_kbps": 0}, CatalogCode.SPEED_MISSING),
        ({"burst_seconds": 8}, CatalogCode.BURST_INCOMPLETE),
    ],
)
def test_the_action_refuses_what_the_form_refuses(
    now: datetime, change: dict[str, Any], code: CatalogCode
) -> None:
    with pytest.raises(CatalogError) as refusal:
        a_plan(now, **change)
    assert refusal.value.code == code
    assert not Plan.objects.exists() and not JournalEntry.objects.exists()


def test_the_technology_of_a_plan_stays(client_as: Browsers, now: datetime) -> None:
    plan = a_plan(now)
    send(client_as("owner"), "edit-plans", PLAN | {"technology": "simple_queue"}, plan.pk)
    plan.refresh_from_db()
    assert (plan.name, plan.technology) == ("Hogar 20", Technology.PPPOE)


def test_an_edited_plan_wakes_the_worker_and_tells_what_changed(
    now: datetime, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    plan = a_plan(now)
    with django_capture_on_commit_callbacks() as woken:
        actions.edit_plan(actor=CLOCK, now=now, plan=plan, down_kbps=30_000)
    assert len(woken) == 1
    entry = JournalEntry.objects.get(verb="plan.edit")
    assert (entry.before, entry.after) == ({"down_kbps": 10_000}, {"down_kbps": 30_000})


def test_two_plans_do_not_share_a_name(client_as: Browsers, now: datetime) -> None:
    a_plan(now, name="Hogar 20")
    assert list(errors(send(client_as("owner"), "new-plans", PLAN))) == ["name"]


def test_a_plan_out_of_use_leaves_the_list_until_it_is_asked_for(
    client_as: Browsers, now: datetime
) -> None:
    plan, client = a_plan(now), client_as("owner")
    send(client, "switch-plans", {}, plan.pk, 0)
    assert client.get(reverse("catalog:plans")).context["page"].rows == []
    assert client.get(reverse("catalog:plans"), {"all": 1}).context["page"].rows == [plan]


def test_a_company_can_number_every_document_at_once(client_as: Browsers) -> None:
    send(client_as("owner"), "new-companies", COMPANY)
    company = Company.objects.get()
    assert company.series.count() == len(Series.Kind)
    assert actions.take_number(company, Series.Kind.INVOICE) == ("F001-", 120)
    assert actions.take_number(company, Series.Kind.CREDIT_NOTE) == ("CX-", 1)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"invoice_next": "100"}, "invoice_next"),
        ({"invoice_next": "0"}, "invoice_next"),
        ({"free_invoice_prefix": "F001-"}, "free_invoice_prefix"),
        ({"currency": "ZZZ"}, "currency"),
        ({"late_fee": "-5"}, "late_fee"),
        ({"email": "nobody"}, "email"),
    ],
)
def test_a_company_that_could_not_invoice_is_refused_and_nothing_changes(
    client_as: Browsers, change: dict[str, str], field: str
) -> None:
    client = client_as("owner")
    send(client, "new-companies", COMPANY)
    company = Company.objects.get()
    answer = send(client, "edit-companies", COMPANY | {"name": "Otra"} | change, company.pk)
    assert list(errors(answer)) == [field]
    company.refresh_from_db()
    assert company.name == "Red del Valle"
    assert company.series.get(kind="invoice").next_number == 120


def test_a_new_prefix_may_begin_again_at_one(client_as: Browsers) -> None:
    client = client_as("owner")
    send(client, "new-companies", COMPANY)
    company = Company.objects.get()
    fresh = COMPANY | {"invoice_prefix": "F002-", "invoice_next": "1"}
    assert send(client, "edit-companies", fresh, company.pk).status_code == 302
    assert actions.take_number(company, Series.Kind.INVOICE) == ("F002-", 1)


def test_an_old_prefix_goes_on_where_it_was_left(client_as: Browsers) -> None:
    client = client_as("owner")
    send(client, "new-companies", COMPANY)
    company = Company.objects.get()
    actions.take_number(company, Series.Kind.INVOICE)
    fresh = COMPANY | {"invoice_prefix": "F002-", "invoice_next": "1"}
    send(client, "edit-companies", fresh, company.pk)
    again = COMPANY | {"invoice_next": "120"}
    for change in (again, fresh | {"free_invoice_prefix": "F001-", "free_invoice_next": "1"}):
        answer = send(client, "edit-companies", change, company.pk)
        assert [name.endswith("_next") for name in errors(answer)] == [True]
    send(client, "edit-companies", again | {"invoice_next": "121"}, company.pk)
    assert actions.take_number(company, Series.Kind.INVOICE) == ("F001-", 121)


def test_notes_of_debit_and_credit_do_not_share_a_prefix(client_as: Browsers) -> None:
    shared = COMPANY | {"debit_note_prefix": "N-", "credit_note_prefix": "N-"}
    answer = send(client_as("owner"), "new-companies", shared)
    assert list(errors(answer)) == ["credit_note_prefix"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("logo.png", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"),
        ("logo.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("logo.png", PNG + b"\0" * 600_000),
    ],
)
def test_a_logo_that_is_no_small_picture_is_refused(
    client_as: Browsers, name: str, content: bytes
) -> None:
    file = SimpleUploadedFile(name, content)
    assert list(errors(send(client_as("owner"), "new-companies", COMPANY | {"logo": file}))) == [
        "logo"
    ]


def test_a_logo_is_kept_shown_and_survives_an_edit_without_one(
    client_as: Browsers, tmp_path: Path, settings: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    client = client_as("owner")
    send(client, "new-companies", COMPANY | {"logo": SimpleUploadedFile("mi logo.png", PNG)})
    company = Company.objects.get()
    assert send(client, "edit-companies", COMPANY, company.pk).status_code == 302
    answer = client.get(reverse("catalog:logo", args=[company.pk]))
    assert answer["Content-Type"] == "image/png"
    assert b"".join(answer.streaming_content) == PNG


def test_a_company_keeps_its_taxes_and_the_journal_names_them(client_as: Browsers) -> None:
    client = client_as("owner")
    send(client, "new-taxes", {"name": "IGV", "rate": "18"})
    tax = Tax.objects.get()
    send(client, "new-companies", COMPANY | {"taxes": [tax.pk]})
    assert list(Company.objects.get().taxes.all()) == [tax]
    assert JournalEntry.objects.get(verb="company.taxes").after == {"taxes": ["IGV 18 %"]}


@pytest.mark.parametrize("rate", ["-1", "100.5", "x", "1.00005"])
def test_a_rate_is_between_0_and_100(client_as: Browsers, rate: str) -> None:
    answer = send(client_as("owner"), "new-taxes", {"name": "IVA", "rate": rate})
    assert list(errors(answer)) == ["rate"]


def test_products_are_sold_for_nothing_or_more(client_as: Browsers) -> None:
    client, given = client_as("owner"), {"name": "Instalación", "currency": "MXN"}
    assert list(errors(send(client, "new-products", given | {"price": "-1"}))) == ["price"]
    assert send(client, "new-products", given | {"price": "0"}).status_code == 302
    assert Product.objects.get().price == 0


def test_whoever_only_sees_the_catalog_is_offered_no_change(client_as: Browsers) -> None:
    client = client_as("cashier")
    assert "catalog/plans/new/" not in client.get(reverse("catalog:plans")).content.decode()
    assert client.get(reverse("catalog:new-plans")).status_code == 403


def test_the_list_asks_the_database_as_often_for_one_plan_as_for_fifty(
    client_as: Browsers, now: datetime, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    client = client_as("owner")
    for number in range(50):
        a_plan(now, name=f"Plan {number}")
    with django_assert_max_num_queries(3):
        client.get(reverse("catalog:plans"))


@pytest.mark.parametrize("typed", ["ñandú", "NANDU", " andú 20 "])
def test_a_plan_is_found_whatever_the_accents_and_case(
    client_as: Browsers, now: datetime, typed: str
) -> None:
    plan, client = a_plan(now, name="Plan Ñandú 20"), client_as("owner")
    a_plan(now, name="Otro")
    assert client.get(reverse("catalog:plans"), {"q": typed}).context["page"].rows == [plan]


def test_lists_sort_by_their_headings(client_as: Browsers, now: datetime) -> None:
    client = client_as("owner")
    a_plan(now, name="A", price=Decimal(300))
    a_plan(now, name="B", price=Decimal(90))
    rows = client.get(reverse("catalog:plans"), {"sort": "price"}).context["page"].rows
    assert [row.name for row in rows] == ["B", "A"]
    rows = client.get(reverse("catalog:plans"), {"sort": "-name"}).context["page"].rows
    assert [row.name for row in rows] == ["B", "A"]
