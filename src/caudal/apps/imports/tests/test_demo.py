"""The made-up provider: its file and its routers fit together, and it is founded once."""

import csv
import io
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pypdf import PdfReader

from caudal.apps.billing.models import Invoice
from caudal.apps.clock import now as clock
from caudal.apps.clock.now import today
from caudal.apps.customers.actions import register_customer
from caudal.apps.customers.models import Attachment, Customer, Note, Service, Zone
from caudal.apps.imports.demo import takeover
from caudal.apps.imports.demo.founding import found
from caudal.apps.imports.demo.papers import write_about_people
from caudal.apps.imports.models import ImportRow
from caudal.apps.network.models import Connection, Router
from caudal.apps.payments.models import Payment
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.models import Role, User
from caudal.apps.treasury.reads import (
    bank_money_waiting,
    gateway_money_waiting,
    reports_waiting,
)
from caudal.practice.demo import ROUTERS
from caudal.practice.routeros import PracticeRouter, configure_by_hand


def rows() -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(takeover.FILE.read_text("utf-8-sig"))))


def test_the_file_has_300_customers_some_gone_some_free_some_in_debt() -> None:
    found = rows()
    assert len(found) == 300
    assert {row["Estado"] for row in found} >= {"Activo", "Suspendido", "Cancelado", "Gratis"}
    assert any("ñ" in row["Apellidos"] for row in found)
    assert any(row["Ip"].startswith("127.") for row in found if row["Estado"] == "Cancelado")


@pytest.mark.parametrize("box", ROUTERS, ids=lambda box: box.name)
def test_the_practice_routers_hold_the_customers_of_the_file(box) -> None:
    router = PracticeRouter()
    configure_by_hand(router, secrets=box.secrets, queues=box.queues)
    secrets = {row["name"]: row["password"] for row in router.rows("/ppp/secret")}
    queues = {row["target"].removesuffix("/32") for row in router.rows("/queue/simple")}
    mine = [
        row for row in rows() if row["Router"] == box.name and row["Estado"] not in ("Cancelado",)
    ]
    there = [
        row
        for row in mine
        if secrets.get(row["Servicio"]) == row["Password PPPoE/HotSpot"] or row["Ip"] in queues
    ]
    assert len(there) > len(mine) * 0.85


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> int:
    """The demo with every eighth of its customers: quick, and of every kind."""
    lines = takeover.FILE.read_text("utf-8-sig").splitlines()
    chosen = [lines[0], *lines[1::8], lines[-1]]
    path = tmp_path / "clientes.csv"
    path.write_text("\n".join(chosen), "utf-8")
    monkeypatch.setattr(takeover, "FILE", path)
    return len(chosen) - 1


def _counts() -> list[int]:
    kept = (Customer, Service, Connection, Invoice, Payment, ImportRow, Attachment)
    return [model.objects.count() for model in kept]


@pytest.mark.parametrize(
    "at",
    [
        "2027-01-01T03:00+00:00",  # in Mexico it is still the day and year before
        "2027-03-01T12:00-06:00",  # the shortest month has just gone by
        "2028-02-29T23:59-06:00",
    ],
)
@pytest.mark.django_db(transaction=True)
def test_the_provider_is_founded_imported_and_billed_once(
    settings, few: int, free_ports: None, tmp_path: Path, monkeypatch, at: str
) -> None:
    settings.DEMO, settings.MEDIA_ROOT = True, tmp_path
    monkeypatch.setattr(clock, "machine_time", lambda: datetime.fromisoformat(at))
    call_command("demo_isp")
    seen = _counts()
    assert seen[0] > few * 0.8 and seen[3] > seen[0] and seen[4] > seen[0] / 2
    assert Service.objects.filter(state="suspended").exists()
    assert ImportRow.objects.filter(status="failed").exists()
    assert bank_money_waiting().exists() and reports_waiting().exists()
    assert gateway_money_waiting().get().external_id == "6999"
    assert User.objects.get(username="admin").check_password("caudal-demo")
    assert set(Role.objects.filter(users__isnull=False)) == set(Role.objects.all())
    assert Invoice.objects.order_by("emission").last().emission <= today()
    call_command("demo_isp")
    assert _counts() == seen


@pytest.mark.django_db
def test_something_is_written_about_some_of_its_people(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    actor, day = Actor.system("demo"), date(2026, 7, 5)
    found(actor, datetime(2026, 7, 5, 18, tzinfo=UTC))
    zone = Zone.objects.get(name="Centro")
    for n in range(40):
        data = {"name": f"Cliente {n}", "zone": zone, "address": f"Calle {n}"}
        register_customer(actor=actor, now=datetime(2026, 7, 5, 18, tzinfo=UTC), data=data)
    write_about_people(actor, day, datetime(2026, 7, 5, 18, tzinfo=UTC))
    told = Customer.objects.filter(field_values__isnull=False).distinct()
    assert 5 < told.count() < 40
    assert Customer.objects.filter(tags__isnull=False).exists()
    assert Note.objects.filter(pinned_at__isnull=False).count() == 1
    kinds = set(Attachment.objects.values_list("content_type", flat=True))
    assert kinds == {"image/png", "application/pdf"}
    proof = Attachment.objects.filter(content_type="application/pdf").first()
    with proof.file.open("rb") as file:
        assert proof.customer.code in PdfReader(file).pages[0].extract_text()
    write_about_people(actor, day, datetime(2026, 7, 5, 18, tzinfo=UTC))
    assert Attachment.objects.count() == 9


@pytest.fixture
def free_ports(monkeypatch: pytest.MonkeyPatch) -> None:
    """Routers of the demo that nobody has started: the provider is founded all the same."""
    save = Router.save

    def elsewhere(self: Router, *args: object, **kwargs: object) -> None:
        self.port = 1
        save(self, *args, **kwargs)

    monkeypatch.setattr(Router, "save", elsewhere)


@pytest.mark.django_db
def test_production_is_never_filled_with_made_up_people(settings) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError):
        call_command("demo_isp")
    assert not Customer.objects.exists()
