"""However long the file, one batch of rows is held, asks as much as any other, and is told."""

from itertools import pairwise
from weakref import WeakSet

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from caudal.apps.clock.jobs import Run
from caudal.apps.customers.models import Customer
from caudal.apps.imports import actions, jobs, rows, sheets
from caudal.apps.imports import advance as advancing
from caudal.apps.imports.models import ImportRow, ImportRun
from caudal.apps.imports.options import Options
from caudal.apps.imports.tests.conftest import HEAD, NOW, Provider

pytestmark = pytest.mark.django_db
BATCH = 5


class Killed(BaseException):
    """The worker is gone."""


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(advancing, "BATCH", BATCH)
    monkeypatch.setattr(rows, "HELD", BATCH)
    monkeypatch.setattr(sheets, "AT_ONCE", BATCH)


def chosen(provider: Provider, content: str) -> ImportRun:
    run = provider.open(content)
    return actions.choose(
        actor=provider.actor, now=NOW, run=run, source=run.source, mapping=run.mapping,
        options=Options.of(run.options),
    )  # fmt: skip


def test_no_more_rows_are_held_at_once_than_a_batch_has(
    provider: Provider, row, monkeypatch: pytest.MonkeyPatch
) -> None:
    alive: WeakSet[ImportRow] = WeakSet()
    most = 0
    init = ImportRow.__init__

    def counted(self: ImportRow, *args: object, **kwargs: object) -> None:
        nonlocal most
        init(self, *args, **kwargs)
        alive.add(self)
        most = max(most, len(alive))

    monkeypatch.setattr(ImportRow, "__init__", counted)
    monkeypatch.setattr(ImportRow, "__hash__", lambda self: id(self))
    monkeypatch.setattr(ImportRow, "__eq__", lambda self, other: self is other)
    content = "\n".join([HEAD, *(row(number) for number in range(1, 61))])
    run = advancing.advance(chosen(provider, content), now=NOW)
    run = advancing.advance(actions.approve(actor=provider.actor, now=NOW, run=run), now=NOW)
    assert Customer.objects.count() == 60
    assert BATCH <= most <= 3 * BATCH


def test_every_batch_asks_as_many_queries_as_the_one_before(provider: Provider, row) -> None:
    asked: list[int] = []
    content = "\n".join([HEAD, *(row(number) for number in range(1, 6 * BATCH + 1))])
    run = chosen(provider, content)
    with CaptureQueriesContext(connection) as queries:
        advancing.advance(run, now=NOW, told=lambda done: asked.append(len(queries)))
    batches = [after - before for before, after in pairwise(asked)]
    assert len(batches) == 5
    assert len(set(batches)) == 1


def test_typed_codes_cost_no_query_each(provider: Provider, row) -> None:
    """A preview undoes the counter: each row would look them all over again."""
    given = {"address": "Calle 1", "zone": provider.zone, "company": provider.company}
    Customer.objects.bulk_create(
        Customer(code=f"{n:06d}", name=f"Ana {n}", registered_on=NOW, created_at=NOW,
                 updated_at=NOW, **given)
        for n in range(1, 301)
    )  # fmt: skip
    with CaptureQueriesContext(connection) as queries:
        run = advancing.advance(chosen(provider, f"{HEAD}\n{row()}"), now=NOW)
    assert run.rows.get().plan == "new"
    assert len(queries) < 150


def test_the_screen_and_the_job_tell_how_far_the_check_is(
    provider: Provider, row, client_as, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner: Client = client_as("owner")
    run = chosen(provider, "\n".join([HEAD, *(row(number) for number in range(1, 21))]))
    progress = reverse("imports:progress", args=[run.pk])
    seen: list[tuple[int, int]] = []

    class Watched(Run):
        def advance(self, n: int = 1) -> None:
            super().advance(n)
            shown = owner.get(progress).context["progress"]
            seen.append((shown.done, shown.planned))

    watched = Watched()
    jobs.advance_imports(watched, NOW)
    assert seen == [(5, 20), (10, 20), (15, 20), (20, 20)]
    assert (watched.planned, watched.done) == (20, 20)


def test_lines_that_repeat_earlier_ones_are_told_across_batches_and_kills(
    provider: Provider, row
) -> None:
    lines = [row(number) for number in range(1, 12)]
    run = chosen(provider, "\n".join([HEAD, *lines, row(30, Servicio="eva1")]))

    def dies(rows: int) -> None:
        raise Killed

    with pytest.raises(Killed):
        advancing.advance(run, now=NOW, told=dies)
    advancing.advance(ImportRun.objects.get(pk=run.pk), now=NOW)
    last = run.rows.order_by("line").last()
    assert last is not None and last.plan == "wrong"
    assert ["username", "Ya lo tiene la fila 2.", True] in last.problems
    assert run.rows.filter(plan="new").count() == 11


def test_what_one_row_needs_of_another_is_known_across_batches(provider: Provider) -> None:
    """Wispro puts numbers before e-mails that two customers share (WP-45)."""
    people = [f"{n},Eva {n},e{n}@correo.example,Calle {n},Centro" for n in range(1, 9)]
    head = "ID Cliente,Nombre,E-mail,Dirección,Zona"
    content = "\n".join([head, "90,Luz,1e8@correo.example,Calle 90,Centro", *people])
    run = provider.open(content, plan=provider.plan.pk)
    run = actions.choose(
        actor=provider.actor, now=NOW, run=run, source="wispro", mapping=run.mapping,
        options=Options.of(run.options),
    )  # fmt: skip
    run = advancing.advance(run, now=NOW)
    assert ["emails", "", "e8@correo.example"] in run.rows.order_by("line")[0].changes
