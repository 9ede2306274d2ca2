"""The customers list and the customer's page: search, filters, acts and who may do them."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from pypdf import PdfReader

from caudal.apps.catalog.models import Company
from caudal.apps.customers.models import Customer, Service
from caudal.apps.network.models import Connection, Router
from caudal.apps.staff.models import User
from tests.rig.queries import queries_of

ClientAs = Callable[..., Client]
Register = Callable[..., Customer]


@pytest.fixture
def owner(client_as: ClientAs) -> Client:
    return client_as("owner")


@pytest.fixture
def register(owner: Client, page: dict[str, Any]) -> Register:
    """A function: one more customer, registered through the page."""
    count = 0

    def make(name: str, **fields: Any) -> Customer:
        nonlocal count
        count += 1
        own = {
            "form_key": str(uuid4()),
            "name": name,
            "phones": f"55 1234 {5000 + count}",
            "address": f"Calle {count}",
            "ip_address": f"10.20.0.{20 + count}",
            "username": f"cliente{count}",
        }
        owner.get(owner.post("/customers/new/", {**page, **own, **fields})["Location"])
        return Customer.objects.get(name=name)

    return make


def shown(client: Client, query: str = "") -> str:
    answer = client.get(f"/customers/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_list_finds_customers_by_whatever_names_them(owner: Client, register: Register) -> None:
    jose, ana = register("José Núñez", address="Calle Uno"), register("Ana López")
    for words in ("nunez", "jose nuñez", jose.code, "55 1234 5001", "calle uno", "10.20.0.21"):
        found = owner.get("/customers/", {"q": words, "list": "1"}, headers={"HX-Request": "true"})
        assert "José Núñez" in found.content.decode(), words
        assert ana.name not in found.content.decode(), words


def test_a_search_that_finds_one_goes_straight_to_him(owner: Client, register: Register) -> None:
    jose = register("José Núñez")
    register("Ana López")
    assert owner.get("/customers/", {"q": "nunez"})["Location"] == f"/customers/{jose.pk}/"


def test_filters_add_up_and_can_be_taken_away_one_by_one(
    owner: Client, register: Register, router: Router
) -> None:
    jose, ana = register("José Núñez"), register("Ana López")
    service = ana.services.get()
    owner.post(f"/services/{service.pk}/suspend/", {"reason": "manual", "note": "viaje"})
    page = shown(owner, f"?state=suspended&router={router.pk}")
    assert ana.name in page
    assert jose.name not in page
    assert page.count('class="chip"') == 2
    assert f"?router={router.pk}" in page
    assert "José Núñez" in shown(owner, "?state=nonsense&zone=999999x")


def test_the_list_asks_as_often_for_many_as_for_few(owner: Client, register: Register) -> None:
    def queries() -> int:
        return queries_of(lambda: shown(owner))

    for n in range(3):
        register(f"Cliente {n}")
    shown(owner)
    few = queries()
    for n in range(3, 30):
        register(f"Cliente {n}")
    assert queries() == few <= 8


def test_the_filtered_list_is_exported_without_formulas(
    owner: Client, register: Register, client_as: ClientAs
) -> None:
    register("=cmd|calc", extra_1="x")
    register("Ana López")
    answer = owner.get("/customers/export.csv", {"q": "cmd"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert "Ana López" not in text
    assert ",=cmd" not in text
    assert "cmd|calc" in text
    book = owner.get("/customers/export.xlsx")
    assert b"".join(book).startswith(b"PK")
    assert client_as("cashier").get("/customers/export.csv").status_code == 403


def test_the_page_shows_state_dates_and_panels(owner: Client, register: Register) -> None:
    jose = register("José Núñez")
    page = owner.get(f"/customers/{jose.pk}/").content.decode()
    for part in ("José Núñez", jose.code, "hx-get"):
        assert part in page
    for panel in ("summary", "services", "history", "notes"):
        assert owner.get(f"/customers/{jose.pk}/{panel}/").status_code == 200


def test_an_edit_is_saved_and_a_bad_one_says_where(owner: Client, register: Register) -> None:
    jose = register("José Núñez")
    where = f"/customers/{jose.pk}/edit/"
    form = owner.get(where).context["form"]
    typed = {name: form[name].value() for name in form.fields}
    typed = {
        name: "" if value is None else value for name, value in typed.items() if value is not False
    }
    typed |= {kind: typed[kind][0].value for kind in ("phones", "emails")}
    wrong = owner.post(where, typed | {"phones": "1"})
    assert "phones" in wrong.context["form"].errors
    assert owner.post(where, typed | {"name": "José Núñez Ávila"}).status_code == 302
    jose.refresh_from_db()
    assert (jose.name, jose.contacts.filter(kind="phone").count()) == ("José Núñez Ávila", 1)


def test_a_person_suspends_and_restores_with_a_reason(owner: Client, register: Register) -> None:
    service = register("José Núñez").services.get()
    owner.post(f"/services/{service.pk}/suspend/", {"reason": "hold", "note": "de viaje"})
    service.refresh_from_db()
    assert service.state == "suspended"
    owner.post(f"/services/{service.pk}/restore/", {"reasons": ["hold"], "note": ""})
    service.refresh_from_db()
    assert service.state == "active"


def test_cancelling_frees_the_address_and_returning_gives_it_back(
    owner: Client, register: Register
) -> None:
    service = register("José Núñez").services.get()
    Service.objects.filter(pk=service.pk).update(started_on=date(2026, 1, 1))
    late = {"last_day": "2199-01-01", "reason": "se muda"}
    assert "last_day" in owner.post(f"/services/{service.pk}/cancel/", late).context["form"].errors
    owner.post(f"/services/{service.pk}/cancel/", {"last_day": "2026-07-04", "reason": "se muda"})
    service.refresh_from_db()
    held = Connection.objects.get(service=service)
    assert (service.state, held.released_at is None) == ("cancelled", False)
    owner.post(f"/services/{service.pk}/reactivate/", {"started_on": "2026-08-01"})
    service.refresh_from_db()
    held.refresh_from_db()
    assert (service.state, held.released_at, held.address) == ("active", None, "10.20.0.21")


def test_archiving_asks_for_the_typed_word_and_hides_without_losing(
    owner: Client, register: Register
) -> None:
    jose = register("José Núñez")
    where = f"/customers/{jose.pk}/archive/"
    owner.post(where, {"reason": "duplicado", "typed": "otra cosa"})
    jose.refresh_from_db()
    assert jose.archived_at is None
    word = owner.get(where).context["word"]
    owner.post(where, {"reason": "duplicado", "typed": word})
    jose.refresh_from_db()
    assert jose.archived_at is not None
    shown(owner)  # the message that says so
    assert "José Núñez" not in shown(owner)
    assert "José Núñez" in shown(owner, "?archived=yes")
    owner.post(f"/customers/{jose.pk}/unarchive/")
    assert "José Núñez" in shown(owner)


def test_a_collector_sees_only_his_customers_everywhere(
    owner: Client, register: Register, client_as: ClientAs, user_with_role: Callable[..., Any]
) -> None:
    jose, ana = register("José Núñez"), register("Ana López")
    collector = client_as("collector")
    Customer.objects.filter(pk=ana.pk).update(collector=user_with_role("collector"))
    page = shown(collector)
    assert ana.name in page
    assert jose.name not in page
    assert collector.get(f"/customers/{jose.pk}/").status_code == 404
    assert collector.get(f"/customers/{jose.pk}/summary/").status_code == 404


def test_the_cashier_cuts_nobody(client_as: ClientAs, register: Register) -> None:
    service = register("José Núñez").services.get()
    cashier = client_as("cashier")
    answer = cashier.post(f"/services/{service.pk}/suspend/", {"reason": "manual"})
    assert answer.status_code == 403


def test_an_empty_list_says_what_to_do_next(owner: Client, zone: object) -> None:
    assert "/customers/new/" in shown(owner)
    assert shown(owner, "?q=nadie+asi")


def test_a_customer_may_have_his_own_grouping_of_invoices(
    customer: Customer, client_as: Callable[..., Client]
) -> None:
    owner = client_as("owner")
    address = f"/customers/{customer.pk}/edit/"
    form = owner.get(address).context["form"]
    given = {name: form[name].value() for name in form.fields}
    given = {name: "" if value is None else value for name, value in given.items()}
    given = {name: value for name, value in given.items() if value is not False}
    answer = owner.post(address, given | {"grouping": "customer", "phones": "55 1234 5678"})
    assert answer.status_code == 302, answer.context["form"].errors
    customer.refresh_from_db()
    assert customer.grouping == "customer"


def test_the_list_is_printed_from_a_template(
    owner: Client, customer: Customer, service: Service
) -> None:
    """IC-28: a printable list whose format, logo and content the company chooses."""
    content = owner.get("/customers/export.pdf", {"q": "peña"}).content
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    assert "José Peña" in text and customer.code in text and "Básico" in text
    none = owner.get("/customers/export.pdf", {"q": "nobody"}).content
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(none)).pages)
    assert "José Peña" not in text


def test_the_printed_list_is_in_the_language_of_whoever_prints_it(
    owner: Client, customer: Customer
) -> None:
    Company.objects.update(tax_id="XAXX010101000")
    for language, label in (("es", "Identificación fiscal"), ("en", "Tax number")):
        User.objects.update(language=language)
        content = owner.get("/customers/export.pdf").content
        text = " ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
        assert label in text and "XAXX010101000" in text
