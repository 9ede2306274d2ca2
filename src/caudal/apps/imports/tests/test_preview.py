"""The preview says what taking over does, whether a row is written for it or not."""

import csv
import io
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from caudal.apps.customers.models import Customer, Service
from caudal.apps.imports import actions
from caudal.apps.imports.advance import advance
from caudal.apps.imports.models import ImportRun
from caudal.apps.imports.present import Present
from caudal.apps.imports.tests.conftest import HEAD, NOW, Provider
from caudal.apps.staff.models import JournalEntry

pytestmark = pytest.mark.django_db
UGLY: dict[str, list[str]] = {
    "Nombre": ["Eva Peña", "", "Ñ" * 201, "🌵 Vivero", " Luis\u00a0Paz "],
    "Telefono": ["5512345601", "5.51234E+09", "55 1234 5601; 5598765432", "no tiene"],
    "Dirección": ["Calle 1", "", "x" * 300],
    "Zona": ["Centro", "CENTRO ", "Las Águilas", ""],
    "Plan Internet": ["Hogar 10Mb", "Fibra 50Mb / $499", "Nada"],
    "Router": ["RB Centro", "Otro", ""],
    "Servicio": ["eva", "ñandú", "x" * 90, ""],
    "Ip": ["10.20.0.77", "10.20.0.5", "10.99.0.1", "no sé", "", "127.0.0.9"],
    "Estado": ["Activo", "Suspendido", "Cancelado", "Gratis", "Congelado", ""],
    "Saldo": ["0", "250.00", "-30,50", "1.234567", "mucho"],
    "Fecha Cancelación": ["10/03/2026", "31/02/2026", ""],
    "Cedula": ["GODE561231GR8", "12345", ""],
    "Mac Cpe": ["AA-BB-CC-00-11-22", "no la sé", ""],
    "Codigo": ["A-1", "B-2", ""],
}
CELLS = st.fixed_dictionaries({name: st.sampled_from(cells) for name, cells in UGLY.items()})


def file(rows: list[dict[str, str]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, ["Id Servicio", *UGLY])
    writer.writeheader()
    for number, row in enumerate(rows, start=100):
        writer.writerow({"Id Servicio": str(number), **row})
    return text.getvalue()


def said(run: ImportRun) -> list[tuple[Any, ...]]:
    rows = run.rows.order_by("line")
    return [(row.label, row.key, row.plan, row.changes, row.problems) for row in rows]


@pytest.fixture
def somebody(provider: Provider, row) -> Provider:
    """One customer is here already, and nothing is remembered of where he came from."""
    provider.take(f"{HEAD},Codigo\n{row(1, Ip='10.20.0.5', Servicio='eva', Codigo='B-2')}")
    return provider


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(CELLS, min_size=1, max_size=8))
def test_who_is_only_tried_is_told_the_same_as_if_he_was_written(
    somebody: Provider, rows: list[dict[str, str]]
) -> None:
    tried = somebody.check(file(rows))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Present, "is_new", lambda *_: False)
        written = somebody.check(file(rows))
    assert said(tried) == said(written)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(cells=CELLS)
def test_what_the_preview_says_of_a_row_is_what_taking_it_over_does(
    somebody: Provider, cells: dict[str, str]
) -> None:
    with transaction.atomic():
        _approve_and_compare(somebody, cells)
        transaction.set_rollback(True)


def _approve_and_compare(provider: Provider, cells: dict[str, str]) -> None:
    run = provider.check(file([cells]))
    [before] = said(run)
    people, services = Customer.objects.count(), Service.objects.count()
    run = advance(actions.approve(actor=provider.actor, now=NOW, run=run), now=NOW)
    assert said(run) == [before]
    row = run.rows.get()
    assert row.status == ("failed" if row.plan == "wrong" else "done")
    added = 1 if row.plan == "new" else 0
    assert (Customer.objects.count(), Service.objects.count()) == (people + added, services + added)


def test_the_preview_of_new_customers_writes_nothing_for_them(provider: Provider, row) -> None:
    """Not even to undo it: sequences would go on, and each row would cost fifty statements."""
    before = JournalEntry.objects.count()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("caudal.apps.customers.actions.register_customer", None)
        run = provider.check("\n".join([HEAD, *(row(n) for n in range(1, 6))]))
    assert {each.plan for each in run.rows.all()} == {"new"}
    assert JournalEntry.objects.count() == before + 1, "the opening of the file alone"
