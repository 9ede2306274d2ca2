"""Killed anywhere, an import goes on from where it stood; no row is taken twice, none is lost."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from caudal.apps.customers.models import Customer
from caudal.apps.imports import actions
from caudal.apps.imports import advance as advancing
from caudal.apps.imports.advance import LEASE, advance, claim
from caudal.apps.imports.models import ImportRow, ImportRun
from caudal.apps.imports.options import Options
from caudal.apps.imports.tests.conftest import HEAD, NOW, Provider
from caudal.core.ports.importer import FileError


class Killed(BaseException):
    """The worker is gone."""


def approved(provider: Provider, content: str) -> ImportRun:
    return actions.approve(actor=provider.actor, now=NOW, run=provider.check(content))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("dies_at", [1, 2, 5])
def test_a_kill_in_the_middle_repeats_nothing(
    provider: Provider, row, monkeypatch: pytest.MonkeyPatch, dies_at: int
) -> None:
    run = approved(provider, "\n".join([HEAD, *(row(number) for number in range(1, 7))]))
    take = advancing.take
    taken = []

    def dying(record, values, taking):
        taken.append(values)
        result = take(record, values, taking)
        if len(taken) == dies_at:
            raise Killed  # after the customer was written, before the row was marked
        return result

    monkeypatch.setattr(advancing, "take", dying)
    with pytest.raises(Killed):
        advance(run, now=NOW)
    assert Customer.objects.count() == dies_at - 1
    assert run.rows.filter(status="done").count() == dies_at - 1
    monkeypatch.setattr(advancing, "take", take)
    run = advance(ImportRun.objects.get(pk=run.pk), now=NOW)
    assert run.status == ImportRun.Status.DONE
    assert Customer.objects.count() == 6
    assert run.rows.filter(status="done").count() == 6


@pytest.mark.django_db(transaction=True)
def test_a_kill_while_checking_leaves_no_trace(
    provider: Provider, row, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = provider.open("\n".join([HEAD, row(1), row(2)]))
    run = actions.choose(
        actor=provider.actor, now=NOW, run=run, source=run.source, mapping=run.mapping,
        options=Options.of(run.options),
    )  # fmt: skip
    take = advancing.take

    def dying(record, values, taking):
        take(record, values, taking)
        raise Killed

    monkeypatch.setattr(advancing, "take", dying)
    with pytest.raises(Killed):
        advance(run, now=NOW)
    assert not Customer.objects.exists()
    monkeypatch.setattr(advancing, "take", take)
    run = advance(ImportRun.objects.get(pk=run.pk), now=NOW)
    assert set(run.rows.values_list("plan", flat=True)) == {"new"}


@pytest.mark.django_db
def test_a_run_is_worked_on_by_one_worker_until_its_lease_ends(provider: Provider, row) -> None:
    run = approved(provider, f"{HEAD}\n{row()}")
    assert claim(NOW, "w1") == run
    assert claim(NOW, "w2") is None
    assert claim(NOW + LEASE + timedelta(seconds=1), "w2") == run


@pytest.mark.django_db
def test_rows_that_are_not_ticked_stay_out(provider: Provider, row) -> None:
    run = provider.check(f"{HEAD}\n{row(1)}\n{row(2)}")
    first = run.rows.get(line=2)
    actions.select(run=run, rows=[first.pk], selected=False)
    run = advance(actions.approve(actor=provider.actor, now=NOW, run=run), now=NOW)
    assert [r.status for r in run.rows.order_by("line")] == ["failed", "done"]


@pytest.mark.django_db
@pytest.mark.parametrize("same", ["Id Servicio", "Servicio", "Ip"])
def test_a_row_that_says_what_an_earlier_one_said_is_refused(
    provider: Provider, row, same: str
) -> None:
    usual = {"Id Servicio": "1", "Servicio": "eva1", "Ip": "10.20.0.10"}
    run = provider.take(f"{HEAD}\n{row(1)}\n{row(2, **{same: usual[same]})}")
    assert [r.status for r in run.rows.order_by("line")] == ["done", "failed"]


cells = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20
).map(lambda text: '"' + text.replace('"', '""') + '"')


@pytest.mark.django_db
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(rows=st.lists(st.lists(cells, min_size=9, max_size=9), min_size=1, max_size=5))
def test_whatever_a_file_holds_no_row_is_lost(provider: Provider, rows: list[list[str]]) -> None:
    """Rows in = imported + failed, and nothing but a refusal in words stops one."""
    content = "\n".join([HEAD, *(",".join(row) for row in rows)])
    try:
        run = provider.take(content, zone=provider.zone.pk, plan=provider.plan.pk)
    except FileError:
        return
    ended = run.rows.exclude(status=ImportRow.Status.WAITING).count()
    assert ended == run.rows.count()
    for row in run.rows.filter(status=ImportRow.Status.FAILED):
        assert row.problems and row.cells
