"""Fields that the operator defines: read as their kind, kept typed, told to who may know."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from caudal.apps.customers import actions
from caudal.apps.customers.fields import (
    by_code,
    fields_for,
    link_of,
    read_new,
    read_value,
    say,
    values_of,
)
from caudal.apps.customers.models import Customer, CustomField, FieldKind, FieldValue, Zone
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.models import JournalEntry, Role

ANY = Actor.system("test")


@pytest.fixture
def customer(zone: Zone, now: datetime) -> Customer:
    data = {"name": "Ana López", "zone": zone, "address": "Calle Uno"}
    return actions.register_customer(actor=ANY, now=now, data=data)


def define(now: datetime, kind: str, name: str = "Dato", **more: Any) -> CustomField:
    listed = {"choices": ["Sí", "No sé", "Más tarde"]} if "choice" in kind else {}
    return actions.create_field(actor=ANY, now=now, kind=kind, name=name, **(listed | more))


def fill(now: datetime, customer: Customer, field: CustomField, typed: Any) -> Any:
    value = read_value(field, typed, "MX")
    actions.set_fields(actor=ANY, now=now, customer=customer, values={field: value})
    return values_of([customer.pk]).get(customer.pk, {}).get(field.pk)


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("text", "  Poste   14 ", "Poste 14"),
        ("long_text", "uno\ndos", "uno\ndos"),
        ("number", "12.5", Decimal("12.5")),
        ("number", "0,25", Decimal("0.25")),
        ("number", "1.2345", Decimal("1.2345")),
        ("number", "0,1255", Decimal("0.1255")),
        ("number", "0.125", Decimal("0.125")),
        ("number", "1.234", Decimal(1234)),
        ("number", 7, Decimal(7)),
        ("number", "-3", Decimal(-3)),
        ("money", "$ 1,234.50", Decimal("1234.50")),
        ("money", "1.234,50", Decimal("1234.50")),
        ("date", "31/12/2025", date(2025, 12, 31)),
        ("date", "2025-12-31", date(2025, 12, 31)),
        ("yes_no", "Sí", True),
        ("yes_no", "no", False),
        ("yes_no", False, False),
        ("choice", "MAS TARDE", "Más tarde"),
        ("choices", "si; no sé", ["Sí", "No sé"]),
        ("choices", ["No sé", "Sí", "Sí"], ["Sí", "No sé"]),
        ("link", "caudal.example/a", "https://caudal.example/a"),
        ("phone", "55 1234 5678", "+525512345678"),
        ("email", "a@b.example", "a@b.example"),
        ("text", "   ", None),
        ("choices", "", None),
    ],
)
def test_each_kind_comes_back_as_its_type(
    customer: Customer, now: datetime, kind: str, typed: Any, kept: Any
) -> None:
    found = fill(now, customer, define(now, kind), typed)
    assert found == kept
    assert type(found) is type(kept)


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("text", "x" * 201),
        ("text", ["a"]),
        ("number", "doce"),
        ("number", True),
        ("number", "99999999999"),
        ("number", "0.00001"),
        ("number", "0,00001"),
        ("number", float("nan")),
        ("number", {}),
        ("money", Decimal("1.005")),
        ("date", "31/02/2025"),
        ("date", 12),
        ("yes_no", "quizás"),
        ("choice", "Nunca"),
        ("choice", ["Sí"]),
        ("choices", ["Sí", "Nunca"]),
        ("choices", 5),
        ("link", "javascript:alert(1)"),
        ("link", "no es una página"),
        ("phone", "123"),
        ("email", "a@"),
    ],
)
def test_what_is_not_of_the_kind_is_refused(db: None, now: datetime, kind: str, typed: Any) -> None:
    field = define(now, kind)
    with pytest.raises(ValidationError):
        read_value(field, typed, "MX")


def test_an_answer_taken_out_of_the_list_stays_with_who_has_it(
    customer: Customer, now: datetime
) -> None:
    field = define(now, "choice")
    fill(now, customer, field, "No sé")
    gone = field.choices.get(name="No sé")
    actions.edit_field(
        actor=ANY, now=now, field=field, names={gone.pk: ""}, choices=["Otra"], name="Dato"
    )
    assert values_of([customer.pk])[customer.pk][field.pk] == "No sé"
    kept = field.choices.filter(archived_at=None).values_list("name", flat=True)
    assert list(kept) == ["Sí", "Más tarde", "Otra"]


def test_a_renamed_answer_is_renamed_for_who_has_it(customer: Customer, now: datetime) -> None:
    field = define(now, "choices")
    fill(now, customer, field, ["Sí", "Más tarde"])
    late = field.choices.get(name="Más tarde")
    actions.edit_field(actor=ANY, now=now, field=field, names={late.pk: "Luego"})
    assert values_of([customer.pk])[customer.pk][field.pk] == ["Sí", "Luego"]


def test_a_field_without_a_list_takes_no_answers(db: None, now: datetime) -> None:
    assert not define(now, "text", choices=["Uno", "Dos"]).choices.exists()


def test_a_list_needs_answers_and_no_two_alike(db: None, now: datetime) -> None:
    with pytest.raises(ValidationError):
        define(now, "choice", choices=[" ", ""])
    field = define(now, "choice")
    late = field.choices.get(name="Más tarde")
    with pytest.raises(ValidationError):
        actions.edit_field(actor=ANY, now=now, field=field, names={late.pk: "SI"})
    assert CustomField.objects.count() == 1


def test_two_fields_are_not_called_alike_and_codes_stay(db: None, now: datetime) -> None:
    field = define(now, "text", "Nº de poste")
    assert field.code == "no_de_poste"
    with pytest.raises(ValidationError):
        define(now, "text", "nº  DE Poste")
    actions.edit_field(actor=ANY, now=now, field=field, name="Poste")
    assert define(now, "text", "No de poste").code == "no_de_poste_2"
    field.refresh_from_db()
    assert (field.name, field.code) == ("Poste", "no_de_poste")


def test_the_journal_says_what_changed_and_nothing_else(customer: Customer, now: datetime) -> None:
    pole, colour = define(now, "text", "Poste"), define(now, "text", "Color")
    fill(now, customer, colour, "Verde")
    fill(now, customer, pole, "14")
    fill(now, customer, pole, "15")
    last = JournalEntry.objects.filter(verb="customer.set_fields").latest("id")
    assert (last.customer_id, last.before, last.after) == (
        customer.pk, {"Poste": "14"}, {"Poste": "15"}
    )  # fmt: skip
    before = JournalEntry.objects.count()
    fill(now, customer, pole, "15")
    assert JournalEntry.objects.count() == before


def test_the_journal_keeps_the_secret_of_a_field_that_few_see(
    customer: Customer, now: datetime
) -> None:
    few = [Role.objects.get(code="manager")]
    field = define(now, "text", "Aval", roles=few)
    for typed in ("Juan", "Luis", ""):
        fill(now, customer, field, typed)
    told = JournalEntry.objects.filter(verb="customer.set_fields").order_by("id")
    assert [set(entry.before) | set(entry.after) for entry in told] == [{"Aval"}] * 3
    assert "Juan" not in str([(entry.before, entry.after) for entry in told])


def test_who_may_not_see_a_field_is_not_told_of_it(user_with_role: Any, now: datetime) -> None:
    define(now, "text", "Poste")
    hidden = define(now, "text", "Aval", roles=[Role.objects.get(code="manager")])
    archived = define(now, "text", "Viejo")
    actions.archive_field(actor=ANY, now=now, field=archived)
    assert [f.name for f in fields_for(user_with_role("cashier"))] == ["Poste"]
    assert [f.name for f in fields_for(user_with_role("manager"))] == ["Poste", "Aval"]
    assert hidden not in fields_for(None)


def test_an_archived_field_comes_back_with_its_values(customer: Customer, now: datetime) -> None:
    field = define(now, "text")
    fill(now, customer, field, "14")
    assert actions.archive_field(actor=ANY, now=now, field=field)
    assert not actions.archive_field(actor=ANY, now=now, field=field)
    assert actions.unarchive_field(actor=ANY, now=now, field=field)
    assert values_of([customer.pk])[customer.pk] == {field.pk: "14"}


def test_fields_stand_in_the_order_they_are_moved_to(db: None, now: datetime) -> None:
    a, b, c = (define(now, "text", name) for name in "abc")
    actions.move_field(actor=ANY, now=now, field=c, steps=-1)
    assert [f.name for f in fields_for(None)] == ["a", "c", "b"]
    actions.move_field(actor=ANY, now=now, field=a, steps=-1)
    assert [f.name for f in fields_for(None)] == ["a", "c", "b"]
    del b


def test_the_database_keeps_one_value_of_one_type(customer: Customer, now: datetime) -> None:
    field = define(now, "text")
    fill(now, customer, field, "14")
    for wrong in ({"text": "15"}, {"number": Decimal(1), "day": now.date()}, {}):
        with pytest.raises(IntegrityError), transaction.atomic():
            FieldValue.objects.create(customer=customer, field=field, **wrong)


def test_programs_give_fields_by_code_and_hear_of_every_mistake(
    customer: Customer, now: datetime
) -> None:
    pole = define(now, "number", "Poste", is_required=True)
    many = define(now, "choices", "Gusta")
    read = read_new([pole, many], {"poste": "12"}, "MX", whole=True)
    assert read == {pole: Decimal(12)}
    with pytest.raises(ValidationError) as refused:
        read_new([pole, many], {"gusta": ["Nunca"], "otro": 1}, "MX", whole=True)
    assert set(refused.value.message_dict) == {"gusta", "otro", "poste"}
    assert read_new([pole, many], {"gusta": None}, "MX", whole=False) == {many: None}
    assert by_code([pole, many], {pole.pk: Decimal("12.5000")}) == {"poste": "12.5", "gusta": None}


def test_values_are_said_in_words(db: None) -> None:
    assert say("money", Decimal("1234.5")) == "1,234.50"
    assert say("number", Decimal("12.5000")) == "12.5"
    assert say("yes_no", False) == "No"
    assert say("phone", "+525512345678", "MX") == "55 1234 5678"
    assert say("choices", ["a", "b"]) == "a, b"
    assert say("text", None) == ""
    assert link_of("phone", "+525512345678") == "tel:+525512345678"
    assert link_of("text", "https://x.example") == ""


def test_every_kind_can_be_read(db: None, now: datetime) -> None:
    for kind in FieldKind:
        assert read_value(define(now, kind, f"Campo {kind}"), None, "MX") is None
