"""Phones and e-mails as people type them, each with what it is for."""

import pytest
from django.core.exceptions import ValidationError

from caudal.apps.customers import actions
from caudal.apps.customers.contacts import (
    ContactData,
    as_contacts,
    read_phone,
    read_rows,
    show_phone,
)
from caudal.apps.customers.models import Contact, Customer
from caudal.apps.customers.tests.conftest import CLERK, NOW
from caudal.apps.staff.models import JournalEntry

PHONE, EMAIL = Contact.Kind.PHONE, Contact.Kind.EMAIL


def stored(customer: Customer) -> list[tuple[str, str, str]]:
    rows = customer.contacts.order_by("id")
    return [(row.value, row.purpose, row.label) for row in rows]


def edit(customer: Customer, *rows: ContactData) -> None:
    actions.edit_customer(actor=CLERK, now=NOW, customer=customer, data={}, contacts=rows)


@pytest.mark.parametrize(
    ("country", "typed", "kept"),
    [
        ("MX", "5512345678", "+525512345678"),
        ("MX", "+52 1 55 1234 5678", "+525512345678"),
        ("MX", "52 1 55 1234 5678", "+525512345678"),
        ("MX", "044 55 1234 5678", "+525512345678"),
        ("MX", "01 (55) 1234-5678", "+525512345678"),
        ("MX", "+1 305 555 1234", "+13055551234"),
        ("AR", "011 15 4567-8901", "+5491145678901"),
        ("AR", "11 4567-8901", "+541145678901"),
        ("CL", "9 8765 4321", "+56987654321"),
        ("CO", "300 123 4567", "+573001234567"),
        ("PE", "987654321", "+51987654321"),
        ("EC", "0991234567", "+593991234567"),
        ("ES", "612 34 56 78", "+34612345678"),
        ("VE", "0412-1234567", "+584121234567"),
    ],
)
def test_a_phone_is_kept_in_one_form_however_it_is_typed(
    country: str, typed: str, kept: str
) -> None:
    assert read_phone(typed, country) == kept
    assert read_phone(show_phone(kept, country), country) == kept


@pytest.mark.parametrize(("country", "typed"), [("MX", "12345678"), ("AR", "4567-8901")])
def test_a_phone_without_its_area_code_is_refused(country: str, typed: str) -> None:
    with pytest.raises(ValidationError):
        read_phone(typed, country)


def test_each_box_keeps_what_it_is_for_and_may_hold_several() -> None:
    typed = [
        ContactData(PHONE, "55 1234 5678; 33 1234 5678", "main"),
        ContactData(PHONE, "81 1234 5678 ext. 12", "technical", "Beto"),
        ContactData(PHONE, "5512345678", "whatsapp"),
    ]
    found = read_rows(PHONE, typed, "MX")
    assert [(row.value, row.purpose, row.label) for row in found] == [
        ("+525512345678", "main", ""),
        ("+523312345678", "main", ""),
        ("+528112345678", "technical", "Beto ext. 12"),
    ]


def test_every_wrong_box_is_named() -> None:
    typed = [ContactData(PHONE, "123"), ContactData(PHONE, "🌵")]
    with pytest.raises(ValidationError) as refusal:
        read_rows(PHONE, typed, "MX")
    assert ["123" in refusal.value.messages[0], "🌵" in refusal.value.messages[1]] == [True] * 2


def test_one_is_the_main_one_of_its_kind(customer: Customer) -> None:
    edit(
        customer,
        ContactData(PHONE, "+525512345678", "whatsapp"),
        ContactData(PHONE, "+523312345678", "main"),
        ContactData(PHONE, "+528112345678", "main"),
        ContactData(EMAIL, "a@example.com"),
        ContactData(EMAIL, "b@example.com"),
    )
    assert [purpose for _value, purpose, _label in stored(customer)] == [
        "whatsapp",
        "main",
        "other",
        "main",
        "other",
    ]


def test_a_list_without_purposes_leaves_those_that_are_known(customer: Customer) -> None:
    edit(
        customer,
        ContactData(PHONE, "+525512345678", "main"),
        ContactData(PHONE, "+523312345678", "whatsapp", "su hija"),
    )
    edit(customer, *as_contacts(["+525512345678", "+523312345678"], []))
    assert stored(customer)[1] == ("+523312345678", "whatsapp", "su hija")


def test_the_journal_tells_what_a_phone_is_for(customer: Customer) -> None:
    edit(customer, ContactData(PHONE, "+525512345678", "main"))
    edit(customer, ContactData(PHONE, "+525512345678", "whatsapp", "su hija"))
    entry = JournalEntry.objects.filter(verb="customer.edit").latest("id")
    assert entry.before == {"phones": "+525512345678"}
    assert entry.after == {"phones": "+525512345678 (WhatsApp, su hija)"}
