"""Adoption over the API: the same readings, checks, rights and first plan as on the screens."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from caudal.apps.clock.now import now
from caudal.apps.customers.models import Customer, Service
from caudal.apps.imports.advance import advance
from caudal.apps.imports.models import FirstPlan, ImportRun
from caudal.apps.imports.tests.adopting import serve
from caudal.apps.imports.tests.conftest import Provider
from caudal.apps.network.models import Router
from caudal.apps.network.sync import reconcile
from caudal.practice.routeros import PracticeRouter

pytestmark = pytest.mark.django_db(transaction=True)
JSON = "application/json"


@pytest.fixture
def box() -> Iterator[PracticeRouter]:
    with PracticeRouter(user="admin", password="clave") as router:
        for number, name in enumerate(("ANA RUIZ 10M", "LUIS PAZ 10M", "Torre norte")):
            router.put("/queue/simple", name=f"q{number}", target=f"10.20.0.{30 + number}",
                       max_limit="2M/10M", comment=name)  # fmt: skip
        yield router


@pytest.fixture
def served(provider: Provider, box: PracticeRouter) -> Provider:
    serve(provider, box)
    provider.plan.technology = "simple_queue"
    provider.plan.save()
    return provider


@pytest.fixture
def client(client_as: Callable[..., Client]) -> Client:
    return client_as("owner")


def adopt(client: Client, provider: Provider) -> ImportRun:
    sent = {"router": provider.router.pk, "zone": provider.zone.pk}
    answer = client.post("/api/v1/imports/adopt/", sent, content_type=JSON)
    assert answer.status_code == 201, answer.json()
    return advance(ImportRun.objects.get(pk=answer.json()["id"]), now=now())


def test_a_router_is_adopted_from_its_reading_to_its_first_plan(
    served: Provider, client: Client
) -> None:
    run = adopt(client, served)
    told = client.get(f"/api/v1/imports/{run.pk}/").json()
    assert (told["status"], told["rows"]["total"], told["rows"]["new"]) == ("review", 3, 3)
    rows = client.get(f"/api/v1/import-rows/?run={run.pk}").json()["results"]
    by_name = {row["label"]: row for row in rows}
    assert by_name["Ana Ruiz"]["confidence"] > by_name["Torre Norte"]["confidence"]
    assert by_name["Torre Norte"]["selected"] is False
    assert client.post(f"/api/v1/imports/{run.pk}/approve/").status_code == 200
    run.refresh_from_db()
    advance(run, now=now())
    assert set(Customer.objects.values_list("name", flat=True)) == {"Ana Ruiz", "Luis Paz"}
    where = f"/api/v1/first-plans/{served.router.pk}/"
    assert client.get(where).json()["digest"] == ""
    Service.objects.update(changed_at=now())
    served.router.refresh_from_db()
    reconcile(served.router, now(), dry_run=True)
    plan = client.get(where).json()
    assert plan["changes"] == 2
    wrong = client.post(f"{where}approve/", {"digest": "otro"}, content_type=JSON)
    assert (wrong.status_code, wrong.json()["code"]) == (400, "plan-changed")
    done = client.post(f"{where}approve/", {"digest": plan["digest"]}, content_type=JSON)
    assert done.status_code == 200
    assert not Router.objects.get(pk=served.router.pk).is_frozen


def test_a_row_is_changed_and_only_what_was_given(served: Provider, client: Client) -> None:
    run = adopt(client, served)
    row = run.rows.get(label="Ana Ruiz")
    where = f"/api/v1/import-rows/{row.pk}/"
    told = client.patch(where, {"phones": "5512345678"}, content_type=JSON).json()
    assert (told["label"], told["plan"]) == ("Ana Ruiz", "new")
    run.status = ImportRun.Status.DONE
    run.save()
    late = client.patch(where, {"name": "Otra"}, content_type=JSON)
    assert (late.status_code, late.json()["code"]) == (400, "wrong-moment")


def test_a_router_that_is_off_says_so(
    served: Provider, box: PracticeRouter, client: Client
) -> None:
    box.power_off()
    sent = {"router": served.router.pk, "zone": served.zone.pk}
    answer = client.post("/api/v1/imports/adopt/", sent, content_type=JSON)
    assert (answer.status_code, answer.json()["code"]) == (400, "unreachable")
    assert not ImportRun.objects.exists()


def test_rights_are_those_of_the_screens(
    served: Provider, client_as: Callable[..., Client]
) -> None:
    cashier = client_as("cashier")
    for where in ("imports/", "import-rows/", "first-plans/"):
        assert cashier.get(f"/api/v1/{where}").status_code == 403
    FirstPlan.objects.create(router=served.router, held_at=now())
    support = client_as("support")
    where = f"/api/v1/first-plans/{served.router.pk}/"
    assert support.get(where).status_code == 200
    assert support.post(f"{where}approve/", {"digest": "x"}, content_type=JSON).status_code == 403
