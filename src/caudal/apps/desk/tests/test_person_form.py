"""What each kind of person is asked, several phones with a purpose, and who looks alike."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from caudal.apps.catalog.models import Company
from caudal.apps.clock.now import now as clock
from caudal.apps.customers import actions
from caudal.apps.customers.contacts import ContactData, as_contacts
from caudal.apps.customers.models import Customer, Zone
from caudal.apps.ledger.models import Balance
from caudal.apps.network.models import Connection
from caudal.apps.staff.actions import create_token
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.models import Role, User
from caudal.apps.staff.verbs import Verb

NEW = "/customers/new/"
OTHER_KEY = "6b1f4b2e-6a55-4d0a-9f0b-3f5f0a4b1c11"


@pytest.fixture
def owner(client_as: Callable[..., Client]) -> Client:
    return client_as("owner")


def asked(owner: Client, page: dict[str, Any], what: str) -> str:
    answer = owner.post(NEW, page | {"refresh": what}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert not Customer.objects.filter(name=page["name"], address=page["address"]).exists()
    return answer.content.decode()


def beside(owner: Client, url: str, page: dict[str, Any], field: str) -> str:
    """The errors that stand beside the field when it is left."""
    answer = owner.post(url, page | {"validate": field}, headers={"HX-Request": "true"})
    assert f'id="id_{field}_errors"' in answer.content.decode()
    return answer.content.decode()


def test_each_kind_of_person_is_asked_for_his_own_names_and_documents(
    owner: Client, page: dict[str, Any]
) -> None:
    other = asked(owner, page, "person")
    assert 'name="name"' in other and 'name="first_name"' not in other
    natural = asked(owner, page | {"person_kind": "natural"}, "person")
    assert 'name="first_surname"' in natural and 'name="name"' not in natural
    assert 'value="CURP"' in natural
    legal = asked(owner, page | {"person_kind": "legal"}, "person")
    assert 'name="contact_person"' in legal and 'value="CURP"' not in legal
    assert 'value="María Peña"' in legal and 'value="55 1234 5678"' in legal


def test_a_natural_person_is_registered_by_his_four_names(
    owner: Client, page: dict[str, Any]
) -> None:
    names = {"person_kind": "natural", "first_name": "Ana", "first_surname": "Ruiz"}
    typed = {key: value for key, value in page.items() if key != "name"} | names
    assert "second_name" in owner.post(NEW, typed).context["form"].errors
    owner.post(NEW, typed | {"second_surname": "Peña"})
    assert Customer.objects.get().name == "Ana Ruiz Peña"


def test_a_zone_of_another_country_brings_its_documents(
    owner: Client, page: dict[str, Any]
) -> None:
    lima = Company.objects.create(name="Lima Net", country="PE", currency="PEN")
    zone = Zone.objects.create(name="Lima", company=lima, payment_day=5)
    shown = asked(owner, page | {"zone": zone.pk, "shown_country": "MX"}, "zone")
    assert 'hx-swap-oob="true"' in shown and 'value="RUC"' in shown and "CURP" not in shown
    same = asked(owner, page | {"zone": zone.pk, "shown_country": "PE"}, "zone")
    assert "hx-swap-oob" not in same


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"document_type": "RFC", "document_number": "GODE561331GR8"}, True),
        ({"document_type": "RFC", "document_number": "GODE561231GR8"}, False),
        ({"document_type": "", "document_number": "BOXW310820HNERXN09"}, False),
        (
            {"person_kind": "legal", "document_type": "RFC", "document_number": "GODE561231GR8"},
            True,
        ),
        ({"document_type": "", "document_number": "nada de eso"}, True),
    ],
)
def test_a_document_is_checked_when_its_box_is_left(
    owner: Client, page: dict[str, Any], typed: dict[str, str], told: bool
) -> None:
    found = beside(owner, NEW, page | typed, "document_number")
    assert ("<div>" in found) is told


def test_phones_keep_what_each_is_for(owner: Client, page: dict[str, Any]) -> None:
    more = {
        "phones_2": "33 1234 5678",
        "phones_2_purpose": "whatsapp",
        "phones_2_label": "Su hija",
        "phones_5": "81 1234 5678",
        "phones_5_purpose": "technical",
        "emails_2": "pagos@correo.example",
        "emails_2_purpose": "billing",
    }
    owner.post(NEW, page | more)
    kept = Customer.objects.get().contacts.order_by("kind", "id")
    assert [(row.value, row.purpose, row.label) for row in kept] == [
        ("maria@correo.example", "main", ""),
        ("pagos@correo.example", "billing", ""),
        ("+525512345678", "main", ""),
        ("+523312345678", "whatsapp", "Su hija"),
        ("+528112345678", "technical", ""),
    ]


def test_a_wrong_phone_among_several_is_named_and_none_is_lost(
    owner: Client, page: dict[str, Any]
) -> None:
    typed = page | {"phones_2": "12", "phones_2_purpose": "whatsapp", "phones_2_label": "Hija"}
    answer = owner.post(NEW, typed)
    assert "12" in answer.context["form"].errors["phones"][0]
    html = answer.content.decode()
    assert 'name="phones_2" value="12"' in html and 'value="Hija"' in html
    assert '<option value="whatsapp" selected>' in html


def test_a_needed_field_left_empty_is_told_beside_it(owner: Client, page: dict[str, Any]) -> None:
    for field in ("name", "phones", "address", "zone", "plan", "payment_day"):
        assert "<div>" in beside(owner, NEW, page | {field: ""}, field), field


def edit_page(owner: Client, customer: Customer) -> dict[str, Any]:
    """What a browser sends back of the edit page when nothing is changed."""
    form = owner.get(f"/customers/{customer.pk}/edit/").context["form"]
    typed: dict[str, Any] = {}
    for name in form.fields:
        value = form[name].value()
        if name in ("phones", "emails"):
            for at, row in enumerate(value, 1):
                key = name if at == 1 else f"{name}_{at}"
                typed |= {
                    key: row.value,
                    f"{key}_purpose": row.purpose,
                    f"{key}_label": row.label,
                }
        elif value not in (None, False, [], ""):
            typed[name] = "on" if value is True else str(getattr(value, "pk", value))
    return typed


def test_saving_the_edit_page_as_it_was_changes_nothing(
    owner: Client, customer: Customer, now: datetime
) -> None:
    contacts = [
        ContactData("phone", "llamar a la tía", "other"),
        ContactData("phone", "+525512345678", "main"),
        ContactData("phone", "+523312345678", "whatsapp", "Su hija"),
    ]
    act = {"actor": Actor.system("test"), "now": now, "customer": customer}
    actions.edit_customer(**act, data={"document_number": "a medias"}, contacts=contacts)
    before = list(customer.contacts.order_by("id").values_list("value", "purpose", "label"))
    typed = edit_page(owner, customer)
    assert owner.post(f"/customers/{customer.pk}/edit/", typed).status_code == 302
    assert list(customer.contacts.order_by("id").values_list("value", "purpose", "label")) == before
    changed = typed | {"phones_2_purpose": "billing", "emails": "nuevo@correo.example"}
    owner.post(f"/customers/{customer.pk}/edit/", changed)
    kept = list(customer.contacts.order_by("id").values_list("value", "purpose"))
    assert len(kept) == 4 and ("nuevo@correo.example", "main") in kept


def test_name_parts_that_are_not_shown_stay(owner: Client, customer: Customer) -> None:
    Customer.objects.update(first_name="José", first_surname="Peña")
    customer.refresh_from_db()
    typed = edit_page(owner, customer)
    typed = {name: value for name, value in typed.items() if "first_" not in name}
    typed |= {"city": "Toluca", "phones": "5512345678"}
    owner.post(f"/customers/{customer.pk}/edit/", typed)
    customer.refresh_from_db()
    assert (customer.city, customer.first_name) == ("Toluca", "José")


def test_the_tab_with_the_mistake_is_the_one_that_opens(owner: Client, customer: Customer) -> None:
    typed = edit_page(owner, customer) | {"phones": "5512345678", "payment_day": "40"}
    answer = owner.post(f"/customers/{customer.pk}/edit/", typed)
    assert answer.context["opened"] == "billing"


def test_the_edit_page_tells_of_others_alike_and_not_of_himself(
    owner: Client, customer: Customer, zone: Zone, now: datetime
) -> None:
    typed = edit_page(owner, customer) | {"refresh": "duplicates"}
    url = f"/customers/{customer.pk}/edit/"
    assert "José" not in owner.post(url, typed).content.decode()
    data = {"name": "Su vecina", "zone": zone, "address": "calle 12 colonia centro"}
    actions.register_customer(actor=Actor.system("test"), now=now, data=data)
    assert "Su vecina" in owner.post(url, typed).content.decode()


@pytest.fixture
def debtor(customer: Customer, now: datetime) -> Customer:
    """José with a phone, a debt and an address that others may type again."""
    actor = Actor.system("test")
    contacts = as_contacts(["+525599999999"], [])
    actions.edit_customer(actor=actor, now=now, customer=customer, data={}, contacts=contacts)
    Balance.objects.create(
        customer=customer, company=customer.company, currency="MXN", amount=Decimal(480)
    )
    return customer


@pytest.mark.parametrize(
    "typed", [{"phones_2": "55 9999 9999"}, {"address": "CALLE 12, colonia centro"}]
)
def test_who_looks_alike_is_shown_with_his_debt_while_one_types(
    owner: Client, page: dict[str, Any], debtor: Customer, typed: dict[str, str]
) -> None:
    shown = asked(owner, {**page, "address": "Otra calle 5", **typed}, "duplicates")
    assert f"/customers/{debtor.pk}/" in shown and "480" in shown


def test_debts_are_for_those_who_may_see_bills(
    client_as: Callable[..., Client], page: dict[str, Any], debtor: Customer
) -> None:
    seller = client_as("seller")
    role = Role.objects.get(code="seller")
    role.verbs = [verb for verb in role.verbs if verb != "billing.see"]
    role.save()
    shown = asked(seller, page | {"phones": "5599999999"}, "duplicates")
    assert "José" in shown and "480" not in shown


def test_customers_of_others_are_counted_and_not_named(
    client_as: Callable[..., Client], page: dict[str, Any], debtor: Customer
) -> None:
    collector = client_as("collector")
    role = Role.objects.get(code="collector")
    role.verbs = [*role.verbs, "customers.register"]
    role.save()
    shown = asked(collector, page | {"phones": "5599999999"}, "duplicates")
    assert "José" not in shown and "480" not in shown
    assert 'data-alike="1"' in shown


def test_equipment_of_somebody_else_is_told_by_its_mac(
    owner: Client, page: dict[str, Any], people: list[Customer]
) -> None:
    old = people[0]
    Connection.objects.filter(service__customer=old).update(mac="AA:BB:CC:00:00:01")
    shown = asked(owner, page | {"mac": "aabb.cc00.0001"}, "duplicates")
    assert f"/customers/{old.pk}/" in shown
    assert owner.post(NEW, page | {"mac": "aabb.cc00.0001"}).status_code == 200
    assert Customer.objects.count() == len(people)


def test_the_api_takes_and_gives_contacts_with_what_they_are_for(
    zone: Zone, user_with_role: Callable[..., User]
) -> None:
    user = user_with_role("owner")
    verbs = [Verb.SEE_CUSTOMERS, Verb.REGISTER_CUSTOMERS, Verb.EDIT_CUSTOMERS]
    actor = Actor.person(user)
    _row, text = create_token(actor=actor, now=clock(), user=user, name="x", verbs=verbs)
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {text}")
    typed = {
        "name": "Ana",
        "zone": zone.pk,
        "address": "Bolívar 321",
        "legal_address": "Bilbao 445",
        "legal_postal_code": "06700",
        "document_number": "gode561231gr8",
        "contacts": [
            {"kind": "phone", "value": "55 1234 5678", "purpose": "main"},
            {"kind": "phone", "value": "33 1234 5678", "purpose": "whatsapp", "label": "Hija"},
            {"kind": "email", "value": "pagos@correo.example", "purpose": "billing"},
        ],
    }
    kept = client.post("/api/v1/customers/", typed, format="json").json()
    assert (kept["legal_postal_code"], kept["document_type"]) == ("06700", "RFC")
    assert {"kind": "phone", "value": "+523312345678", "purpose": "whatsapp", "label": "Hija"} in (
        kept["contacts"]
    )
    where = f"/api/v1/customers/{kept['id']}/"
    changed = client.patch(where, {"phones": ["81 1234 5678"]}, format="json").json()
    assert [(row["value"], row["purpose"]) for row in changed["contacts"]] == [
        ("pagos@correo.example", "billing"),
        ("+528112345678", "main"),
    ]
    wrong = client.patch(where, {"contacts": [{"kind": "phone", "value": "12"}]}, format="json")
    assert (wrong.status_code, list(wrong.json())) == (400, ["contacts"])
