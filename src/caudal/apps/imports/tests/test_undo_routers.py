"""An import taken back, as routers see it: what it brought goes, what was there before it stays."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from caudal.apps.customers.models import Customer
from caudal.apps.imports import actions, first_plan
from caudal.apps.imports.advance import advance
from caudal.apps.imports.models import FirstPlan, ImportRun
from caudal.apps.imports.options import Options
from caudal.apps.imports.reading import open_router
from caudal.apps.imports.tests.conftest import HEAD, NOW, TODAY, Provider
from caudal.apps.imports.tests.test_undo import LATER, looked, told, undo
from caudal.apps.network.sync import reconcile
from caudal.apps.staff.models import User
from caudal.practice.routeros import PracticeRouter

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def box() -> Iterator[PracticeRouter]:
    with PracticeRouter(user="admin", password="clave") as router:
        yield router


@pytest.fixture
def served(provider: Provider, box: PracticeRouter) -> Provider:
    provider.router.port, provider.router.password = box.port, "clave"
    provider.router.save()
    return provider


def secrets(box: PracticeRouter) -> list[str]:
    return sorted(row["name"] for row in box.rows("/ppp/secret"))


def read(provider: Provider) -> ImportRun:
    """The router adopted: three secrets made by hand become customers."""
    options = Options(first_day=TODAY, zone=provider.zone.pk)
    given = {"actor": provider.actor, "now": NOW}
    run = open_router(router=provider.router, options=options, **given)
    run = actions.choose(run=run, source=run.source, mapping=run.mapping, options=options, **given)
    run = advance(run, now=NOW)
    missing = [
        each | {"price": "250", "approved": True, "down_kbps": 10_000, "up_kbps": 2_000}
        if each["kind"] == "plan" else each
        for each in run.missing
    ]  # fmt: skip
    run = advance(actions.change_missing(run=run, missing=missing, **given), now=NOW)
    run.rows.update(selected=True)
    return advance(actions.approve(run=run, **given), now=NOW)


def agree(provider: Provider) -> None:
    """The first plan is approved: from here on the router is written."""
    reconcile(provider.router, NOW, dry_run=True)
    plan = FirstPlan.objects.get(router=provider.router)
    shown = first_plan.proposal(plan, NOW)
    assert shown
    first_plan.approve(actor=provider.actor, now=NOW, plan=plan, digest=shown.digest)
    provider.router.refresh_from_db()


@pytest.fixture
def used(served: Provider, box: PracticeRouter) -> PracticeRouter:
    """A router with customers of its own."""
    box.put("/ppp/profile", name="10M", rate_limit="2M/10M")
    for n, name in enumerate(("Eva Ruiz", "Ana Paz", "Luis Sol")):
        box.put("/ppp/secret", name=name.replace(" ", "").lower(), password="x", profile="10M",
                service="pppoe", comment=name, remote_address=f"10.20.0.{40 + n}")  # fmt: skip
    return box


def test_secrets_that_an_import_brought_leave_the_router(
    served: Provider, box: PracticeRouter, row, owner: User
) -> None:
    box.put("/ppp/secret", name="ajeno", password="x", service="pppoe")
    run = served.take(f"{HEAD}\n{row(1)}\n{row(2)}")
    reconcile(served.router, NOW)
    assert secrets(box) == ["ajeno", "eva1", "eva2"]
    assert [status for status, _text in told(undo(run, owner))] == ["done", "done"]
    served.router.refresh_from_db()
    reconcile(served.router, LATER + timedelta(minutes=1))
    assert secrets(box) == ["ajeno"]


def test_a_router_that_is_only_read_is_left_with_all_it_had(
    served: Provider, used: PracticeRouter, owner: User
) -> None:
    before = used.rows("/ppp/secret")
    run = read(served)
    assert Customer.objects.count() == 3
    assert {status for status, _text in told(undo(run, owner))} == {"done"}
    assert not Customer.objects.exists()
    served.router.refresh_from_db()
    reconcile(served.router, LATER)
    assert used.rows("/ppp/secret") == before
    again = read(served)
    assert again.rows.filter(status="done").count() == 3


def test_rows_of_a_router_that_are_ours_by_now_stay(
    served: Provider, used: PracticeRouter, owner: User
) -> None:
    run = read(served)
    agree(served)
    reconcile(served.router, NOW)
    assert looked(run, owner).refused_count == 3
    assert {status for status, _text in told(undo(run, owner))} == {"refused"}
    reconcile(served.router, LATER)
    assert len(secrets(used)) == 3
