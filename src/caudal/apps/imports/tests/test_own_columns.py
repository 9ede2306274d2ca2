"""Columns of a file that fill the operator's own fields and tags."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from caudal.apps.customers import actions as customers
from caudal.apps.customers.fields import values_of
from caudal.apps.customers.models import Customer, CustomField, FieldKind, Tag
from caudal.apps.imports.models import ImportRun
from caudal.apps.imports.tests.conftest import HEAD, NOW, Provider, only, texts

pytestmark = pytest.mark.django_db
OWN = f"{HEAD},Poste,Metros de cable,Revisado,Estado administrativo"


@pytest.fixture(autouse=True)
def fields(provider: Provider) -> dict[str, CustomField]:
    made = {
        "Poste": FieldKind.TEXT,
        "Metros de cable": FieldKind.NUMBER,
        "Revisado": FieldKind.DATE,
    }
    return {
        name: customers.create_field(actor=provider.actor, now=NOW, kind=kind, name=name)
        for name, kind in made.items()
    }


def file(row, *cells: str) -> str:
    return f"{OWN}\n{row()},{','.join(cells)}"


def held(fields: dict[str, CustomField]) -> list[object]:
    mine = values_of([Customer.objects.get().pk]).get(Customer.objects.get().pk, {})
    return [mine.get(field.pk) for field in fields.values()]


def test_columns_called_as_own_fields_are_proposed_and_fill_them(
    provider: Provider, row, fields: dict[str, CustomField]
) -> None:
    run = provider.take(file(row, "P-17", "42.5", "03/07/2026", "VIP; Moroso"))
    assert only(run).status == "done", texts(only(run))
    assert ["Poste", "", "P-17"] in only(run).changes
    assert held(fields) == ["P-17", Decimal("42.5"), date(2026, 7, 3)]
    assert {tag.name for tag in Customer.objects.get().tags.all()} == {"VIP", "Moroso"}


def test_the_preview_makes_no_tag_and_fills_nothing(provider: Provider, row) -> None:
    run = provider.check(file(row, "P-17", "42.5", "", "VIP"))
    assert only(run).plan == "new"
    assert not Tag.objects.exists() and not Customer.objects.exists()


def test_what_a_field_cannot_hold_is_told_and_goes_to_the_notes(
    provider: Provider, row, fields: dict[str, CustomField]
) -> None:
    run = provider.take(file(row, "P-17", "muchos", "ayer", ""))
    assert only(run).status == "done"
    assert "muchos" in texts(only(run)) and "ayer" in texts(only(run))
    assert held(fields) == ["P-17", None, None]
    assert Customer.objects.get().notes == "Metros de cable: muchos\nRevisado: ayer"


def test_the_next_file_changes_only_what_it_says_differently(
    provider: Provider, row, fields: dict[str, CustomField]
) -> None:
    provider.take(file(row, "P-17", "42.5", "03/07/2026", "VIP"))
    customers.set_fields(
        actor=provider.actor, now=NOW, customer=Customer.objects.get(),
        values={fields["Metros de cable"]: Decimal(50)},
    )  # fmt: skip
    run = provider.take(file(row, "P-18", "42.5", "03/07/2026", "Moroso"))
    assert sorted(only(run).changes) == [
        ["Poste", "P-17", "P-18"],
        ["admin_status", "VIP", "Moroso"],
    ]
    assert held(fields) == ["P-18", Decimal(50), date(2026, 7, 3)]


def test_own_fields_are_offered_for_a_column_with_another_name(
    provider: Provider, row, client_as
) -> None:
    run = provider.open(f"{HEAD},Ubicación física\n{row()},P-9")
    page = client_as("owner").get(reverse("imports:run", args=[run.pk])).content.decode()
    assert 'value="custom:poste"' in page
    assert ImportRun.objects.get().mapping[-1] == ""
