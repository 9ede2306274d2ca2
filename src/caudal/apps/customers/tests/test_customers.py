"""Customers are registered whole, found by anything, and never lost."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from caudal.apps.customers import actions
from caudal.apps.customers.contacts import as_contacts, keep_contacts, read_emails, read_phones
from caudal.apps.customers.models import Contact, Customer, OwnCalendar, Service, Zone
from caudal.apps.customers.search import matching
from caudal.apps.customers.tests.conftest import CLERK, NOW, TODAY
from caudal.apps.staff.models import JournalEntry
from caudal.core.errors import RuleError


def register(zone: Zone, phones: str = "", emails: str = "", **data: object) -> Customer:
    values = {"name": "Ana", "zone": zone, "address": "Bolívar 321", **data}
    contacts = as_contacts(read_phones(phones, "MX"), read_emails(emails))
    return actions.register_customer(actor=CLERK, now=NOW, data=values, contacts=contacts)


def edit(customer: Customer, **data: object) -> Customer:
    return actions.edit_customer(actor=CLERK, now=NOW, customer=customer, data=data)


def refused_fields(zone: Zone, **data: object) -> list[str]:
    with pytest.raises(ValidationError) as refusal:
        register(zone, **data)
    assert not Customer.objects.exists()
    return sorted(refusal.value.message_dict)


def test_codes_follow_each_other_and_step_over_typed_ones(zone: Zone) -> None:
    register(zone, code="000002")
    assert [register(zone).code, register(zone).code] == ["000001", "000003"]


def test_a_code_in_use_is_refused_beside_its_field(customer: Customer, zone: Zone) -> None:
    with pytest.raises(ValidationError) as refusal:
        register(zone, code=customer.code)
    assert list(refusal.value.message_dict) == ["code"]


def test_company_and_registration_date_follow_the_zone(zone: Zone) -> None:
    zone.timezone = "Pacific/Auckland"
    customer = register(zone)
    assert (customer.company, customer.registered_on.isoformat()) == (zone.company, "2026-07-06")


def test_a_natural_person_needs_four_of_the_name_fields(zone: Zone) -> None:
    names = {"person_kind": "natural", "name": "", "first_name": "Ana"}
    assert refused_fields(zone, **names, first_surname="Ruiz") == ["second_name"]
    customer = register(zone, **names, first_surname="Ruiz", second_surname="Peña")
    assert customer.name == "Ana Ruiz Peña"


def test_a_legal_person_goes_by_the_company_name(zone: Zone) -> None:
    assert refused_fields(zone, person_kind="legal", name="") == ["name"]
    assert register(zone, person_kind="legal", name="Transportes S.L.").name == "Transportes S.L."


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"name": "x" * 201}, "name"),
        ({"name": "   "}, "name"),
        ({"address": ""}, "address"),
        ({"latitude": Decimal(91), "longitude": Decimal(0)}, "latitude"),
        ({"latitude": Decimal(19)}, "longitude"),
        ({"document_type": "RFC", "document_number": "GODE561331GR8"}, "document_number"),
        ({"person_kind": "robot"}, "person_kind"),
    ],
)
def test_what_cannot_be_right_is_refused_beside_its_field(
    zone: Zone, data: dict[str, object], field: str
) -> None:
    assert refused_fields(zone, **data) == [field]


def test_every_wrong_field_is_told_at_once(zone: Zone) -> None:
    wrong = {"name": "", "document_type": "CURP", "document_number": "1", "latitude": Decimal(1)}
    assert refused_fields(zone, **wrong) == ["document_number", "longitude", "name"]


def test_emoji_and_two_hundred_characters_are_kept(zone: Zone) -> None:
    name = "Señora 🌵 " + "ñ" * 191
    assert Customer.objects.get(pk=register(zone, name=name).pk).name == name


def test_several_phones_in_any_format_become_one_form(zone: Zone) -> None:
    customer = register(zone, phones="55 1234 5678; +52 (55) 1234-5678, 3312345678")
    phones = customer.contacts.filter(kind=Contact.Kind.PHONE)
    assert [phone.value for phone in phones] == ["+525512345678", "+523312345678"]
    assert [phone.purpose for phone in phones] == ["main", "other"]


def test_a_phone_that_cannot_be_one_is_named_in_the_message() -> None:
    with pytest.raises(ValidationError) as refusal:
        read_phones("5512345678, 123; 🌵", "MX")
    assert ["123" in refusal.value.messages[0], "🌵" in refusal.value.messages[1]] == [True] * 2


def test_two_customers_may_share_an_email(zone: Zone) -> None:
    register(zone, emails="ana@example.com")
    register(zone, emails="ana@example.com, otra@example.com")
    assert Contact.objects.filter(value="ana@example.com").count() == 2


def test_imports_keep_a_phone_that_nobody_can_read() -> None:
    rows = keep_contacts("llamar a la tía; 5512345678", "a@b.mx", "MX")
    assert [row.value for row in rows] == ["llamar a la tía", "+525512345678", "a@b.mx"]


@pytest.mark.parametrize(
    "typed",
    [
        "jose pena",
        "PEÑA José",
        "000001",
        "55 1234-5678",
        "(55)12345678",
        "5678",
        "colonia centro",
        "gode561231gr8",
        "JOSE@example.com",
        "10.0.0.7",
        "AA-BB-CC-DD-EE-FF",
        "aabbccddeeff",
        "don pepe",
    ],
)
def test_a_customer_is_found_by_anything_that_names_him(zone: Zone, typed: str) -> None:
    customer = register(
        zone,
        phones="5512345678",
        emails="jose@example.com",
        name="José Peña Núñez",
        nickname="Don Pepe",
        address="Calle #12, Colonia Centro",
        document_type="RFC",
        document_number="GODE561231GR8",
    )
    Customer.objects.update(access_text="10.0.0.7 aa:bb:cc:dd:ee:ff jpena")
    register(zone)
    assert list(Customer.objects.filter(matching(typed))) == [customer]


def test_every_word_must_match(customer: Customer) -> None:
    assert not Customer.objects.filter(matching("peña garcía")).exists()


def test_duplicates_are_found_by_document_address_and_phone(zone: Zone) -> None:
    old = register(
        zone,
        phones="5512345678",
        address="Calle #12, Col. Centro",
        document_type="RFC",
        document_number="GODE561231GR8",
    )
    actions.archive(actor=CLERK, now=NOW, customer=old)
    found = actions.find_duplicates(
        document="gode-561231 gr8", address="CALLE 12 col centro", phone="55-1234-5678"
    )
    assert [(row.by, row.customer) for row in found] == [
        ("document", old),
        ("address", old),
        ("phone", old),
    ]
    assert not actions.find_duplicates(document="GODE561231GR8", besides=old.pk)
    assert not actions.find_duplicates(document="", address=" ", phone="no tengo")


def test_an_edit_is_journalled_with_only_what_changed(customer: Customer) -> None:
    edit(customer, name="José Peña", city="Toluca")
    entry = JournalEntry.objects.get(verb="customer.edit")
    assert entry.before == {"city": "", "name": "José Peña Núñez"}
    assert entry.after == {"city": "Toluca", "name": "José Peña"}


def test_saving_without_a_change_writes_no_journal(customer: Customer) -> None:
    edit(customer, name=customer.name)
    assert not JournalEntry.objects.filter(verb="customer.edit").exists()


def test_a_rename_reaches_the_router_and_an_address_does_not(service: Service) -> None:
    edit(service.customer, address="Otra calle 5")
    assert Service.objects.get().revision == 1
    edit(service.customer, name="Otro nombre")
    assert Service.objects.get().revision == 2


def test_contacts_are_replaced_whole_and_searched_at_once(zone: Zone) -> None:
    customer = register(zone, phones="5512345678")
    contacts = as_contacts(["+523312345678"], [])
    actions.edit_customer(actor=CLERK, now=NOW, customer=customer, data={}, contacts=contacts)
    assert [row.value for row in customer.contacts.all()] == ["+523312345678"]
    assert Customer.objects.filter(matching("3312345678")).exists()
    assert not Customer.objects.filter(matching("5512345678")).exists()
    entry = JournalEntry.objects.get(verb="customer.edit")
    assert entry.before == {"phones": "+525512345678"}


def test_a_customer_with_a_live_service_is_not_archived(service: Service) -> None:
    with pytest.raises(RuleError):
        actions.archive(actor=CLERK, now=NOW, customer=service.customer)
    actions.cancel(actor=CLERK, now=NOW, service=service, last_day=TODAY, reason="baja")
    assert actions.archive(actor=CLERK, now=NOW, customer=service.customer)
    assert not actions.archive(actor=CLERK, now=NOW, customer=service.customer)
    assert Customer.objects.get().archived_at == NOW
    assert actions.unarchive(actor=CLERK, now=NOW, customer=service.customer)


def test_a_deleted_customer_comes_back_with_another_code(customer: Customer) -> None:
    actions.archive(actor=CLERK, now=NOW, customer=customer)
    actions.change_code(actor=CLERK, now=NOW, customer=customer, code="000777")
    assert Customer.objects.filter(matching("000777")).exists()
    with pytest.raises(ValidationError):
        actions.change_code(actor=CLERK, now=NOW, customer=customer, code=" ")


def test_another_payment_day_keeps_the_distances_of_the_zone(customer: Customer) -> None:
    zone = customer.zone
    zone.payment_day, zone.create_style, zone.create_value = 1, "day", 28
    zone.cut_style, zone.cut_value = "day", 5
    own = actions.set_payment_day(actor=CLERK, now=NOW, customer=customer, payment_day=15)
    assert own is not None
    assert (own.payment_day, own.create_style, own.create_value) == (15, "before", 3)
    assert (own.cut_style, own.cut_value) == ("grace", 3)


def test_the_zones_own_day_needs_no_own_calendar(customer: Customer) -> None:
    actions.set_payment_day(actor=CLERK, now=NOW, customer=customer, payment_day=20)
    actions.set_payment_day(actor=CLERK, now=NOW, customer=customer, payment_day=5)
    assert not OwnCalendar.objects.exists()
    with pytest.raises(ValidationError):
        actions.set_payment_day(actor=CLERK, now=NOW, customer=customer, payment_day=32)


def test_notes_keep_author_and_time(customer: Customer) -> None:
    note = actions.add_note(actor=CLERK, now=NOW, customer=customer, text=" llamó, paga mañana ")
    assert (note.text, note.author_name, note.at) == ("llamó, paga mañana", "test", NOW)
    with pytest.raises(ValidationError):
        actions.add_note(actor=CLERK, now=NOW, customer=customer, text="  ")


def test_the_journal_says_that_an_antenna_has_another_password_and_not_which(zone: Zone) -> None:
    customer = register(zone, antenna_password="primera")
    edit(customer, antenna_password="segunda")
    edit(customer, antenna_password="")
    told = JournalEntry.objects.filter(customer_id=customer.pk).order_by("pk")
    kept = [(row.before.get("antenna_password"), row.after.get("antenna_password")) for row in told]
    assert kept == [(None, "•••"), ("••••", "•••"), ("••••", "")]
