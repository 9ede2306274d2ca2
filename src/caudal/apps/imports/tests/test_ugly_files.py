"""Ugly but real tables of customers: each row comes in right, or is told what stops it, where."""

import pytest
from django.utils import translation

from caudal.apps.customers.models import Contact, Customer, Service
from caudal.apps.imports import actions
from caudal.apps.imports.advance import advance
from caudal.apps.imports.models import ImportRow, Origin
from caudal.apps.imports.options import Options
from caudal.apps.imports.tests.conftest import HEAD, NOW, Provider, only, texts

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def spanish():
    with translation.override("es"):
        yield


@pytest.mark.parametrize(
    "total", ["TOTAL", "Total general", "Totales:", "Total: 350.00", "Subtotal"]
)
def test_sums_below_the_table_are_no_customer(provider: Provider, row, total: str) -> None:
    run = provider.take(f"{HEAD},Saldo\n{row(Saldo='250')}\n{total},,,,,,,,,250")
    last = run.rows.get(line=3)
    assert last.status == ImportRow.Status.FAILED and total in texts(last)
    assert Customer.objects.count() == 1


def test_a_customer_called_total_something_is_one(provider: Provider, row) -> None:
    provider.take(f"{HEAD}\n{row(Nombre='Totalplay Centro')}")
    assert Customer.objects.get().name == "Totalplay Centro"


@pytest.mark.parametrize("cell", ["#N/A", "#¡REF!", "#VALUE!", "Err:502"])
def test_what_a_failed_formula_left_is_told_at_its_cell(provider: Provider, row, cell: str) -> None:
    run = provider.check(f"{HEAD}\n{row(Telefono=cell)}")
    assert only(run).plan == ImportRow.Plan.WRONG
    assert ["phones", cell in texts(only(run)), True] in [
        [name, cell in text, stops] for name, text, stops in only(run).problems
    ]


def test_one_code_on_two_lines_is_one_customer_with_two_services(provider: Provider, row) -> None:
    head = f"{HEAD},Codigo"
    same = {"Nombre": "Eva Peña", "Codigo": "A-1"}
    run = provider.take(f"{head}\n{row(1, **same)}\n{row(2, **same)}")
    assert set(run.rows.values_list("plan", "status")) == {("new", "done")}
    assert Customer.objects.get().code == "A-1"
    assert Service.objects.count() == 2
    again = provider.check(f"{head}\n{row(1, **same)}\n{row(2, **same)}")
    assert {each.plan for each in again.rows.all()} == {"same"}


def test_one_code_under_two_names_stops_the_second(provider: Provider, row) -> None:
    run = provider.check(
        f"{HEAD},Codigo\n{row(1, Codigo='A-1')}\n{row(2, Codigo='A-1')}\n{row(3, Codigo='A-2')}"
    )
    assert [each.plan for each in run.rows.order_by("line")] == ["new", "wrong", "new"]
    assert "2" in texts(run.rows.get(line=3))


def test_two_columns_of_phones_and_a_very_long_mail_come_in(provider: Provider, row) -> None:
    head = f"{HEAD},Telefono,Email"
    mail = f"{'x' * 300}@correo.example"
    provider.take(f"{head}\n{row(1)},5587654321,{mail}")
    phones = Contact.objects.filter(kind="phone").values_list("value", flat=True)
    assert set(phones) == {"+525512345601", "+525587654321"}
    assert len(Contact.objects.get(kind="email").value) == 254


def test_dates_that_can_be_read_both_ways_are_read_as_a_person_says(
    provider: Provider, row
) -> None:
    date = {"Fecha Registro": "03/04/2025", "Router": "", "Servicio": "", "Ip": ""}
    content = f"{HEAD},Fecha Registro\n{row(**date)}"
    for month_first, day in ((None, "2025-04-03"), (True, "2025-03-04")):
        run = provider.open(content)
        run = actions.choose(
            actor=provider.actor, now=NOW, run=run, source=run.source, mapping=run.mapping,
            options=Options.of(run.options), month_first=month_first,
        )  # fmt: skip
        run = actions.approve(actor=provider.actor, now=NOW, run=advance(run, now=NOW))
        advance(run, now=NOW)
        assert str(Customer.objects.get().registered_on) == day
        Origin.objects.all().delete()
        Service.objects.all().delete()
        Customer.objects.all().delete()


def test_a_document_with_spaces_is_the_same_document(provider: Provider, row) -> None:
    provider.take(f"{HEAD},Cedula\n{row(Cedula='GODE 561231 GR8')}")
    assert Customer.objects.get().document_key == "GODE561231GR8"


def test_cells_that_look_like_formulas_go_out_harmless_and_come_back(
    provider: Provider, row
) -> None:
    from caudal.apps.imports.results import failed_csv

    run = provider.take(f"{HEAD}\n{row(Nombre='=1+1', Ip='nada')}")
    content = b"".join(failed_csv(run)).decode("utf-8-sig")
    assert "'=1+1" in content
    mended = provider.take(content.replace("nada", "10.20.0.9"))
    assert only(mended).status == "done" and Customer.objects.get().name == "=1+1"
