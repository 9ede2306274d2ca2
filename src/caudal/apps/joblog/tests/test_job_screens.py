"""The job log shows what ran, lets people run it again, and moves the demo's clock."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from caudal.apps.clock import schedule
from caudal.apps.clock.jobs import Run, daily, frequent, run_due
from caudal.apps.clock.models import JobRun, Shift, Start
from caudal.apps.clock.now import machine_time, now
from caudal.apps.clock.upcoming import has_worker, upcoming
from caudal.apps.staff.models import JournalEntry

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 7, 5, 18, 0, tzinfo=UTC)
ClientAs = Callable[..., Client]


@pytest.fixture(autouse=True)
def two_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "autodiscover_modules", lambda *names: None)
    monkeypatch.setattr(schedule, "_jobs", {})
    monkeypatch.setattr(schedule, "_zone_sources", [])

    @daily("a.bill", hour=6, label="Crear facturas de prueba")
    def bill(run: Run, today: date, zone: str, now: datetime) -> dict[str, Any]:
        run.plan(2)
        run.advance()
        run.fail("Cliente 7", "sin calendario")
        return {"created": 1}

    @frequent("a.send", seconds=60, label="Enviar de prueba")
    def send(run: Run, now: datetime) -> dict[str, Any]:
        return {}


def text(response: Any) -> str:
    assert response.status_code == 200
    return str(response.content.decode())


def test_the_list_shows_runs_with_result_and_failures(client_as: ClientAs) -> None:
    run_due(NOON, "one")
    shown = text(client_as("owner").get("/jobs/"))
    assert "Crear facturas de prueba" in shown
    assert "05/07/2026" in shown
    assert "<strong>1</strong>" in shown


def test_the_list_is_filtered_by_job_and_state(client_as: ClientAs) -> None:
    run_due(NOON, "one")
    client = client_as("owner")
    by_job = text(client.get("/jobs/?job=a.send", headers={"HX-Request": "true"}))
    assert "Enviar de prueba" in by_job and "Crear facturas de prueba" not in by_job
    failed = text(client.get("/jobs/?status=failed", headers={"HX-Request": "true"}))
    assert "Enviar de prueba" not in failed


def test_the_page_of_a_run_tells_what_went_wrong(client_as: ClientAs) -> None:
    run_due(NOON, "one")
    row = JobRun.objects.get(job="a.bill")
    assert "Cliente 7: sin calendario" in text(client_as("owner").get(f"/jobs/{row.pk}/"))


def test_a_run_is_run_again_on_request(client_as: ClientAs) -> None:
    run_due(NOON, "one")
    run_due(NOON + timedelta(days=2), "one")
    row = JobRun.objects.get(job="a.bill", slot="2026-07-05")
    assert client_as("owner").post(f"/jobs/{row.pk}/again/").status_code == 302
    assert Start.objects.get().since == date(2026, 7, 5)
    run_due(NOON + timedelta(days=2), "two", machine=lambda: machine_time() + timedelta(seconds=1))
    row.refresh_from_db()
    assert (row.status, row.worker, row.tries) == ("done", "two", 1)
    assert JournalEntry.objects.get().verb == "jobs.run_again"


def test_a_run_that_has_not_ended_is_not_run_again(client_as: ClientAs) -> None:
    row = JobRun.objects.create(
        job="a.bill", scope="America/Lima", slot="2026-07-05", worker="w", started_at=NOON
    )
    client_as("owner").post(f"/jobs/{row.pk}/again/")
    row.refresh_from_db()
    assert row.status == "running"


def test_the_demo_clock_goes_forward_by_a_step_or_to_an_instant(
    client_as: ClientAs, settings: Any
) -> None:
    settings.DEMO = True
    client, before = client_as("owner"), now()
    client.post("/jobs/clock/", {"step": "week"})
    assert timedelta(days=7) <= now() - before < timedelta(days=7, minutes=1)
    target = (now() + timedelta(days=30)).replace(second=0, microsecond=0)
    local = target.astimezone(schedule.zone_named(settings.TIME_ZONE))
    client.post("/jobs/clock/", {"to": local.strftime("%Y-%m-%dT%H:%M")})
    assert abs(now() - target) < timedelta(minutes=1)
    assert JournalEntry.objects.filter(verb="jobs.move_clock").count() == 2


@pytest.mark.parametrize("to", ["2020-01-01T00:00", "2099-01-01T00:00", "31/02", ""])
def test_the_demo_clock_does_not_go_back_nor_too_far_nor_nowhere(
    client_as: ClientAs, settings: Any, to: str
) -> None:
    settings.DEMO = True
    response = client_as("owner").post("/jobs/clock/", {"to": to}, follow=True)
    assert not Shift.objects.exists()
    assert "notice-error" in text(response)


def test_the_real_clock_is_never_moved(client_as: ClientAs) -> None:
    client_as("owner").post("/jobs/clock/", {"step": "day"})
    assert not Shift.objects.exists()


def test_who_may_only_look_moves_and_repeats_nothing(client_as: ClientAs, settings: Any) -> None:
    settings.DEMO = True
    run_due(NOON, "one")
    client = client_as("cashier")
    assert client.get("/jobs/").status_code == 403
    assert client.post("/jobs/clock/", {"step": "day"}).status_code == 403
    assert client.post(f"/jobs/{JobRun.objects.all()[0].pk}/again/").status_code == 403


def test_what_is_due_next_is_listed_by_time(settings: Any) -> None:
    settings.TIME_ZONE = "America/Mexico_City"
    run_due(NOON, "one")
    dues = [(due.job, due.at) for due in upcoming(NOON)]
    assert dues == [
        ("a.send", NOON + timedelta(seconds=60)),
        ("a.bill", datetime(2026, 7, 6, 12, 0, tzinfo=UTC)),
    ]


def test_the_list_of_what_is_next_refreshes_by_itself(client_as: ClientAs) -> None:
    assert "Enviar de prueba" in text(client_as("owner").get("/jobs/upcoming/"))


def test_the_list_asks_again_for_the_page_and_filters_it_shows(client_as: ClientAs) -> None:
    shown = text(client_as("owner").get("/jobs/?status=done", headers={"HX-Request": "true"}))
    assert 'hx-get="/jobs/?status=done" hx-trigger="every 3s"' in shown


def test_a_missing_worker_is_noticed() -> None:
    assert not has_worker(NOON)
    run_due(NOON, "one")
    assert has_worker(NOON + timedelta(minutes=4))
    assert not has_worker(NOON + timedelta(minutes=6))
