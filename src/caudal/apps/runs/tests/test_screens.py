"""The screens of runs: plan, look, approve, follow, undo; each guarded and each opening."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from caudal.apps.catalog.actions import edit_plan
from caudal.apps.clock import now as clock
from caudal.apps.clock.jobs import Run as Job
from caudal.apps.runs import actions
from caudal.apps.runs.automatic import automatic
from caudal.apps.runs.models import Run, RunTerms
from caudal.apps.runs.tests.world import CLERK, World, a_month, at, d, executed, planned, work

As = Callable[..., Client]
JUNE = d(6, 28)


@pytest.fixture(autouse=True)
def morning(monkeypatch: pytest.MonkeyPatch) -> None:
    """The 28th of June, at nine."""
    monkeypatch.setattr(clock, "machine_time", lambda: at(JUNE, 9))


@pytest.fixture
def people(world: World) -> dict[str, Any]:
    found = a_month(world)
    world.create(d(5, 28))
    return found


def get(client: Client, name: str, *args: object, **query: str) -> str:
    response = client.get(reverse(f"runs:{name}", args=args), query)
    assert response.status_code == 200
    return response.content.decode() if not response.streaming else b"".join(response).decode()


def test_a_run_is_planned_looked_at_and_executed_from_its_page(
    client_as: As, people: dict[str, Any]
) -> None:
    owner = client_as("owner")
    answer = owner.post(reverse("runs:plan"), {"kind": "create", "on": "2026-06-28"})
    run = Run.objects.get()
    assert answer.url == reverse("runs:run", args=[run.pk])
    assert "progress" in get(owner, "run", run.pk)
    work(at(JUNE, 9))
    page = get(owner, "run", run.pk)
    assert Run.objects.get().inputs_hash in page
    assert reverse("runs:approve", args=[run.pk]) in page
    assert "12" in get(owner, "approve", run.pk)
    owner.post(reverse("runs:approve", args=[run.pk]))
    work(at(JUNE, 10))
    assert Run.objects.get().result["counts"] == {"done": 12}
    assert reverse("runs:undo", args=[run.pk]) in get(owner, "run", run.pk)


def test_rows_are_searched_narrowed_sorted_and_exported(
    client_as: As, people: dict[str, Any]
) -> None:
    owner = client_as("owner")
    run = planned("create", JUNE, at(JUNE, 9))
    name = people["own"][0].name
    assert name in get(owner, "rows", run.pk, q=name)
    assert people["new"][0].name in get(owner, "rows", run.pk, show="new", sort="-amount")
    assert people["plain"][0].name not in get(owner, "rows", run.pk, show="new")
    for show in ("acts", "changed", "gone", "exceptions", "refused", "problem", "skip"):
        get(owner, "rows", run.pk, show=show)
    lines = get(owner, "export", run.pk, "csv").splitlines()
    assert len(lines) == 13
    assert owner.get(reverse("runs:export", args=[run.pk, "xlsx"])).status_code == 200


def test_what_was_refused_is_told_in_plain_words(client_as: As, people: dict[str, Any]) -> None:
    owner = client_as("owner")
    run = planned("create", JUNE, at(JUNE, 9))
    plan = people["plain"][0].services.get().plan
    edit_plan(actor=CLERK, now=at(JUNE), plan=plan, price=Decimal("350.00"))
    executed(run, at(JUNE, 10))
    page = get(owner, "rows", run.pk, show="refused")
    assert "$300.00" in page and "$350.00" in page
    owner.post(reverse("runs:again", args=[run.pk]))
    assert Run.objects.count() == 2


def test_a_braked_run_takes_the_typed_count(client_as: As, people: dict[str, Any]) -> None:
    owner = client_as("owner")
    run = planned("create", JUNE, at(JUNE, 9))
    values = {"count": ["count", "25"], "active": ["count", "30"], "percent": ["count", "30"]}
    Run.objects.update(
        is_automatic=True,
        brakes=[{"rule": "BRAKE", "code": "too-many-cuts", "params": values}],
    )
    assert str(run).split()[0] in get(owner, "waiting")
    assert 'name="typed"' in get(owner, "approve", run.pk)
    owner.post(reverse("runs:approve", args=[run.pk]), {"typed": "7"})
    assert Run.objects.get().status == "planned"
    owner.post(reverse("runs:approve", args=[run.pk]), {"typed": "12"})
    assert Run.objects.get().status == "approved"


def test_prices_are_previewed_while_typing_and_planned(
    client_as: As, people: dict[str, Any]
) -> None:
    owner = client_as("owner")
    plan = people["plain"][0].services.get().plan
    asked = {
        "plans": [plan.pk], "style": "percent", "value": "10", "step": "5", "own": "leave",
        "on": "2026-07-01",
    }  # fmt: skip
    get(owner, "prices")
    shown = owner.post(reverse("runs:prices"), asked, headers={"HX-Request": "true"})
    assert "$330.00" in shown.content.decode()
    owner.post(reverse("runs:prices"), asked)
    work(at(JUNE, 9))
    run = Run.objects.get()
    assert (run.kind, run.status) == ("price", "planned")
    assert "$330.00" in get(owner, "rows", run.pk)
    owner.post(reverse("runs:approve", args=[run.pk]))
    main = get(owner, "run", run.pk).split("<main", 1)[1].split("</main>")[0]
    assert "hx-get" not in main
    owner.post(reverse("runs:discard", args=[run.pk]))
    run.refresh_from_db()
    assert run.status == "discarded"
    yesterday = owner.post(reverse("runs:prices"), asked | {"on": "2026-06-27"})
    assert yesterday.status_code == 200 and Run.objects.count() == 1


def test_discarding_and_undoing(client_as: As, people: dict[str, Any]) -> None:
    owner = client_as("owner")
    run = executed(planned("create", JUNE, at(JUNE, 9)), at(JUNE, 10))
    owner.post(reverse("runs:undo", args=[run.pk]))
    work(at(JUNE, 11))
    undo = Run.objects.get(kind="undo")
    get(owner, "run", undo.pk)
    get(owner, "rows", undo.pk)
    owner.post(reverse("runs:discard", args=[undo.pk]))
    undo.refresh_from_db()
    assert undo.status == "discarded"


def test_the_clocks_terms_and_the_shadow_month(client_as: As, people: dict[str, Any]) -> None:
    owner = client_as("owner")
    get(owner, "terms")
    owner.post(reverse("runs:terms"), {"creation": "approval", "cuts": "automatic", "is_shadow": 1})
    assert RunTerms.get().is_shadow and RunTerms.get().shadow_since == JUNE
    assert get(owner, "list") and get(owner, "shadow")


def test_progress_asks_for_the_whole_page_when_it_ends(client_as: As, world: World) -> None:
    owner = client_as("owner")
    run = actions.plan(actor=CLERK, now=at(JUNE), kind="create", on=JUNE)
    address = reverse("runs:progress", args=[run.pk])
    assert "HX-Refresh" not in owner.get(address).headers
    work(at(JUNE))
    assert owner.get(address).headers["HX-Refresh"] == "true"


def test_a_cashier_sees_none_of_it(client_as: As, world: World) -> None:
    cashier = client_as("cashier")
    for name in ("list", "plan", "prices", "terms", "shadow", "waiting"):
        assert cashier.get(reverse(f"runs:{name}")).status_code == 403


def test_a_run_of_the_clock_shows_what_it_invoiced(client_as: As, people: dict[str, Any]) -> None:
    owner = client_as("owner")
    automatic("create", JUNE, "America/Mexico_City", at(JUNE, 6), Job())
    page = get(owner, "run", Run.objects.get().pk)
    assert f"?run={Run.objects.get().pk}" in page
    assert "Plan 300.00" in page and reverse("runs:undo", args=[Run.objects.get().pk]) in page


def test_executing_takes_the_verb_of_what_is_done_to_each_row(
    client_as: As, people: dict[str, Any], user_with_role: Callable[..., Any]
) -> None:
    role = user_with_role("manager").role
    role.verbs = [verb for verb in role.verbs if verb not in ("billing.void", "catalog.edit")]
    role.save()
    manager = client_as("manager")
    run = executed(planned("create", JUNE, at(JUNE, 9)), at(JUNE, 10))
    manager.post(reverse("runs:undo", args=[run.pk]))
    work(at(JUNE, 11))
    undo = Run.objects.get(kind="undo")
    assert manager.post(reverse("runs:approve", args=[undo.pk])).status_code == 403
    assert manager.get(reverse("runs:prices")).status_code == 403
    assert manager.get(reverse("runs:approve", args=[run.pk])).status_code == 200


def test_who_is_left_out_is_counted_by_the_reason(client_as: As, world: World) -> None:
    world.company.unlock_value = Decimal("300.00")
    world.company.save()
    for _ in range(3):
        world.customer()
    world.create(JUNE)
    run = planned("cut", d(7, 5), at(JUNE, 9))
    assert run.totals["left_out"] == {"debt-within-threshold": 3}
    page = get(client_as("owner"), "run", run.pk)
    assert "(CUT-6)" in page and "<strong" in page
