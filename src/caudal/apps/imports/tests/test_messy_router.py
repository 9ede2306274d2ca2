"""A thousand queues made by hand over years: proposed, reviewed, imported, planned."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.test import Client

from caudal.apps.catalog.models import Plan
from caudal.apps.clock.now import now
from caudal.apps.customers.models import Customer, Service
from caudal.apps.imports import first_plan
from caudal.apps.imports.models import FirstPlan, ImportRow, ImportRun
from caudal.apps.imports.options import Options
from caudal.apps.imports.reading import open_router
from caudal.apps.imports.tests.adopting import agree, priced, read, serve, taken
from caudal.apps.imports.tests.conftest import HEAD, NOW, TODAY, Provider
from caudal.apps.network.models import Connection, Router
from caudal.apps.network.sync import reconcile
from caudal.core.adoption import DOUBTFUL
from caudal.core.errors import RuleError
from caudal.practice.routeros import PracticeRouter
from caudal.practice.routeros.presets import messy_queues

pytestmark = pytest.mark.django_db(transaction=True)
QUEUES = "/queue/simple"


@pytest.fixture
def box() -> Iterator[PracticeRouter]:
    with PracticeRouter(user="admin", password="clave") as router:
        messy_queues(router, 60)
        yield router


@pytest.fixture
def served(provider: Provider, box: PracticeRouter) -> Provider:
    return serve(provider, box, has_pools=False)


def imported(provider: Provider) -> ImportRun:
    return taken(provider, priced(provider, read(provider)))


def comments(box: PracticeRouter) -> list[str]:
    return [row.get("comment", "") for row in box.rows(QUEUES)]


def test_a_thousand_queues_are_read_in_one_go_and_nothing_is_written(
    provider: Provider,
) -> None:
    with PracticeRouter(user="admin", password="clave") as box:
        messy_queues(box, 1000)
        serve(provider, box)
        before = box.rows(QUEUES)
        options = Options(first_day=TODAY, zone=provider.zone.pk)
        run = open_router(actor=provider.actor, now=NOW, router=provider.router, options=options)
        assert box.rows(QUEUES) == before
        assert not [command for command in box.faults.log if command.endswith(("add", "set"))]
    found = run.rows.count()
    assert found > 990
    sure = run.rows.filter(confidence__gte=60).count()
    left_out = run.rows.filter(selected=False).count()
    assert sure > 0.75 * found
    assert 20 < left_out < 0.15 * found
    assert not run.rows.filter(selected=True, confidence__lt=DOUBTFUL).exists()


def test_names_phones_and_plans_are_proposed_with_their_reasons(
    served: Provider, box: PracticeRouter
) -> None:
    box.put(QUEUES, name="q-9001", target="10.77.0.9", max_limit="2M/10M",
            comment="EVA PEÑA RUIZ 10M 5512345678")  # fmt: skip
    run = read(served)
    row = run.rows.get(label="Eva Peña Ruiz")
    assert row.confidence and row.confidence >= 90
    assert {"full-name", "phone", "speed-agrees"} <= set(row.reasons)
    plans = {each["name"]: each for each in run.proposals}
    assert plans["10M/2M"]["technology"] == "simple_queue"
    assert plans["10M/2M"]["rows"] > 5
    bursts = [each for each in run.proposals if each["burst_down_kbps"]]
    assert bursts


def test_networks_and_equipment_of_the_provider_are_left_out(
    served: Provider, box: PracticeRouter
) -> None:
    run = read(served)
    rows = {row.label: row for row in run.rows.all()}
    wide = [row for row in rows.values() if "wide-address" in row.reasons]
    own = [row for row in rows.values() if "infrastructure" in row.reasons]
    assert wide and own
    assert not any(row.selected for row in [*wide, *own])


def test_plans_are_created_with_their_whole_speed_at_the_price_a_person_gives(
    served: Provider, box: PracticeRouter
) -> None:
    run = read(served)
    assert not any(each["approved"] for each in run.missing if each["kind"] == "plan")
    assert run.rows.filter(plan=ImportRow.Plan.NEW).count() == 0
    run = priced(served, run)
    assert run.rows.filter(plan=ImportRow.Plan.NEW).count() > 30
    taken(served, run)
    burst = Plan.objects.exclude(burst_down_kbps=None).get()
    assert (burst.price, burst.technology, burst.burst_seconds) == (250, "simple_queue", 10)


def test_until_the_first_plan_is_approved_the_router_is_only_read(
    served: Provider, box: PracticeRouter
) -> None:
    before = box.rows(QUEUES)
    imported(served)
    assert Customer.objects.count() > 30
    served.router.refresh_from_db()
    assert served.router.is_frozen
    reconcile(served.router, NOW)
    reconcile(served.router, NOW + timedelta(minutes=20))
    assert box.rows(QUEUES) == before


def test_the_approved_plan_marks_our_rows_and_changes_nothing_else(
    served: Provider, box: PracticeRouter
) -> None:
    imported(served)
    plan = FirstPlan.objects.get(router=served.router)
    assert first_plan.proposal(plan, NOW) is None
    limits = {row["target"]: row["max-limit"] for row in box.rows(QUEUES)}
    assert agree(served).cuts == 0
    reconcile(served.router, NOW)
    assert {row["target"]: row["max-limit"] for row in box.rows(QUEUES)} == limits
    ours = [text for text in comments(box) if text.startswith("caudal:")]
    assert len(ours) == Connection.objects.live().count() > 30
    assert any(not text.startswith("caudal:") for text in comments(box))
    reconcile(served.router, NOW + timedelta(minutes=20))
    drift = Connection.objects.filter(sync=Connection.Sync.DRIFT)
    assert not drift.exists()


def test_a_plan_that_is_old_or_not_the_one_seen_is_not_approved(
    served: Provider, box: PracticeRouter
) -> None:
    imported(served)
    plan = FirstPlan.objects.get(router=served.router)
    reconcile(served.router, NOW, dry_run=True)
    shown = first_plan.proposal(plan, NOW)
    assert shown
    late = NOW + timedelta(hours=1)
    for moment, digest in ((NOW, "otro"), (late, shown.digest)):
        with pytest.raises(RuleError):
            first_plan.approve(actor=served.actor, now=moment, plan=plan, digest=digest)
    Service.objects.filter(connection__router=served.router).update(
        changed_at=NOW + timedelta(minutes=1)
    )
    with pytest.raises(RuleError):
        first_plan.approve(
            actor=served.actor, now=NOW + timedelta(minutes=2), plan=plan, digest=shown.digest
        )
    assert Router.objects.get(pk=served.router.pk).is_frozen


def test_a_router_in_use_is_not_frozen_by_another_import(
    served: Provider, box: PracticeRouter
) -> None:
    Router.objects.filter(pk=served.router.pk).update(owned_rows=5)
    served.router.refresh_from_db()
    imported(served)
    assert not Router.objects.get(pk=served.router.pk).is_frozen
    assert not FirstPlan.objects.exists()


# -- the screens


@pytest.fixture
def client(client_as: Callable[..., Client]) -> Client:
    return client_as("owner")


def test_a_row_is_edited_and_checked_again_at_once(served: Provider, client: Client) -> None:
    run = priced(served, read(served))
    row = run.rows.filter(plan=ImportRow.Plan.NEW).order_by("line")[0]
    page = client.get(f"/imports/rows/{row.pk}/").content.decode()
    assert row.label in page
    said = {"name": "Rosa Díaz", "phones": "5511112222", "address": "Calle 7",
            "plan": run.proposals[0]["name"], "notes": "", "match": ""}  # fmt: skip
    answer = client.post(f"/imports/rows/{row.pk}/", said)
    assert answer.status_code == 302
    row.refresh_from_db()
    assert (row.label, row.plan, row.selected) == ("Rosa Díaz", ImportRow.Plan.NEW, True)
    assert not Customer.objects.exists()


def test_a_row_is_given_to_a_customer_who_exists(
    served: Provider, client: Client, row: Callable[..., str]
) -> None:
    served.plan.technology = "simple_queue"
    served.plan.save()
    served.take(f"{HEAD}\n{row(Nombre='Zulema Quiroga', Router='', Servicio='', Ip='')}")
    service = Service.objects.get(customer__name="Zulema Quiroga")
    run = priced(served, read(served))
    mine, other = run.rows.filter(plan=ImportRow.Plan.NEW).order_by("line")[:2]
    offers = client.get(f"/imports/rows/{mine.pk}/services/?q=zulema").content.decode()
    assert f'value="{service.pk}"' in offers
    said = {"name": mine.label, "plan": "", "match": service.pk}
    assert client.post(f"/imports/rows/{mine.pk}/", said).status_code == 302
    mine.refresh_from_db()
    assert (mine.plan, mine.match) == (ImportRow.Plan.CHANGED, service), mine.problems
    again = client.post(f"/imports/rows/{other.pk}/", said)
    assert again.status_code == 200  # that service has its row
    customers = Customer.objects.count()
    run.rows.exclude(pk=mine.pk).update(selected=False)
    taken(served, run)
    assert Customer.objects.count() == customers
    assert Connection.objects.get(service=service).adopt


def test_the_first_plan_is_made_seen_and_approved_on_its_page(
    served: Provider, box: PracticeRouter, client: Client
) -> None:
    imported(served)
    address = f"/imports/routers/{served.router.pk}/plan/"
    assert client.get(address).status_code == 200
    assert client.get(f"{address}note/").status_code == 200
    client.post(f"{address}ask/")
    served.router.refresh_from_db()
    assert served.router.requested == Router.Request.DRY_RUN
    Router.objects.update(requested="")
    Service.objects.update(changed_at=now())
    reconcile(served.router, now(), dry_run=True)
    page = client.get(address).content.decode()
    digest = page.split('name="digest" value="')[1].split('"')[0]
    assert client.post(f"{address}approve/", {"digest": digest}).status_code == 302
    assert not Router.objects.get(pk=served.router.pk).is_frozen
    assert not FirstPlan.objects.get().is_waiting


def test_who_may_only_look_approves_nothing(
    served: Provider, client_as: Callable[..., Client]
) -> None:
    imported(served)
    address = f"/imports/routers/{served.router.pk}/plan/"
    support = client_as("support")
    assert support.get(address).status_code == 200
    assert support.post(f"{address}approve/", {"digest": "x"}).status_code == 403
    assert client_as("cashier").get(address).status_code == 403
