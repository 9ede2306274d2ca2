"""Any text in any column of a table: the row comes in, or is told what stops it; none crashes."""

import csv
import io
import json

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from caudal.apps.imports import actions
from caudal.apps.imports.advance import advance
from caudal.apps.imports.models import ImportRow
from caudal.apps.imports.options import Options
from caudal.apps.imports.tests.conftest import NOW, Provider
from caudal.core.ports.importer import Field

pytestmark = pytest.mark.django_db
USUAL = {
    Field.SERVICE_KEY: "77", Field.NAME: "Eva Peña", Field.ADDRESS: "Calle 1",
    Field.ZONE: "Centro", Field.PLAN: "Hogar 10Mb", Field.ROUTER: "RB Centro",
    Field.USERNAME: "eva", Field.IP_ADDRESS: "10.20.0.9",
}  # fmt: skip
SIGNS = st.characters(exclude_categories=["Cs", "Cc"])
CELLS = st.one_of(
    st.text(SIGNS, max_size=30),
    st.text(SIGNS, min_size=230, max_size=300),
    st.decimals(allow_nan=False, allow_infinity=False).map(str),
    st.integers().map(str),
    st.dates().map(str),
    st.ip_addresses().map(str),
    st.sampled_from(["=1+1", "9999999999999", "0", "-1", "١٢٣", "#N/A", "1e400", "∞", "½", "²"]),
)


MEANINGS = [field for field in Field if field is not Field.SPEED]


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(meaning=st.sampled_from(MEANINGS), cell=CELLS)
def test_any_cell_comes_in_or_is_refused_in_words(
    provider: Provider, meaning: Field, cell: str
) -> None:
    with transaction.atomic():
        _take(provider, USUAL | {meaning: cell})
        transaction.set_rollback(True)


@pytest.mark.parametrize("cell", ["x" * 300, "9999999999.99"])
def test_what_no_column_holds_is_refused_in_every_one(provider: Provider, cell: str) -> None:
    for meaning in MEANINGS:
        with transaction.atomic():
            _take(provider, USUAL | {meaning: cell})
            transaction.set_rollback(True)


def _take(provider: Provider, cells: dict[Field, str]) -> None:
    text = io.StringIO()
    csv.writer(text).writerows([[str(meaning) for meaning in cells], list(cells.values())])
    run = provider.open(text.getvalue().encode("utf-8", "replace"))
    if len(run.header) != len(cells):
        return  # an empty column has gone
    mapping = [str(meaning) for meaning in cells]
    run = actions.choose(
        actor=provider.actor, now=NOW, run=run, source="generic", mapping=mapping,
        options=Options.of(run.options),
    )  # fmt: skip
    run = advance(run, now=NOW)
    before = _said(run.rows.get())
    run = advance(actions.approve(actor=provider.actor, now=NOW, run=run), now=NOW)
    after = run.rows.get()
    assert after.status == ("failed" if after.plan == ImportRow.Plan.WRONG else "done")
    assert _said(after) == before


def _said(row: ImportRow) -> str:
    return json.dumps([row.plan, row.label, row.changes, row.problems])
