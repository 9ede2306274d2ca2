"""The API of runs: plan, read the rows, and execute the very plan that was read."""

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from caudal.apps.clock import now as clock
from caudal.apps.runs.models import Run
from caudal.apps.runs.tests.world import World, at, d, work

JUNE = d(6, 28)


@pytest.fixture(autouse=True)
def morning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "machine_time", lambda: at(JUNE, 9))


@pytest.fixture
def api(user_with_role: Callable[..., object]) -> Callable[[str], APIClient]:
    def made(role: str) -> APIClient:
        client = APIClient()
        client.force_authenticate(user_with_role(role))
        return client

    return made


def test_a_run_is_planned_read_and_executed(world: World, api: Callable[[str], APIClient]) -> None:
    for _ in range(3):
        world.customer()
    client = api("owner")
    made = client.post("/api/v1/runs/", {"kind": "create", "on": "2026-06-28"}, "json").json()
    assert made["status"] == "planning"
    work(at(JUNE, 9))
    address = f"/api/v1/runs/{made['id']}/"
    plan = client.get(address).json()
    rows = client.get(f"{address}rows/", {"compared": "new"}).json()["results"]
    assert [row["amount"] for row in rows] == ["300.00"] * 3
    assert rows[0]["why"]
    wrong = client.post(f"{address}execute/", {"inputs_hash": "0" * 64}, "json")
    assert (wrong.status_code, wrong.json()["code"]) == (400, "run-hash-differs")
    done = client.post(f"{address}execute/", {"inputs_hash": plan["inputs_hash"]}, "json")
    assert done.json()["status"] == "approved"
    work(at(JUNE, 9))
    assert Run.objects.get().result["counts"] == {"done": 3}
    assert client.post(f"{address}discard/").status_code == 400


def test_who_may_not_run_billing_reads_no_runs(
    world: World, api: Callable[[str], APIClient]
) -> None:
    assert api("cashier").get("/api/v1/runs/").status_code == 403
