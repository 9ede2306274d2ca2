"""`caudal import`: shows first, writes only with --yes."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from caudal.apps.customers.models import Customer
from caudal.apps.imports.tests.conftest import HEAD, Provider
from caudal.practice.routeros import PracticeRouter, configure_by_hand

pytestmark = pytest.mark.django_db


def run(*words: str) -> str:
    out = StringIO()
    call_command("import", *words, stdout=out)
    return out.getvalue()


@pytest.fixture
def file(tmp_path: Path, row) -> Path:
    path = tmp_path / "clientes.csv"
    path.write_text(f"{HEAD}\n{row(1)}\n{row(2, Ip='10.99.0.1')}", encoding="cp1252")
    return path


def test_without_yes_nothing_is_written(provider: Provider, file: Path) -> None:
    shown = run("customers", str(file))
    assert "wisphub" in shown and "10.99.0.1" in shown
    assert not Customer.objects.exists()


def test_with_yes_what_is_fine_comes_in_and_the_rest_is_kept(
    provider: Provider, file: Path, tmp_path: Path
) -> None:
    failed = tmp_path / "errores.csv"
    run("customers", str(file), "--yes", "--failed", str(failed))
    assert Customer.objects.get().name == "Eva Peña 1"
    assert "Eva Peña 2" in failed.read_text("utf-8-sig")


def test_columns_can_be_given_another_meaning(provider: Provider, file: Path) -> None:
    run("customers", str(file), "--map", "Dirección=notes", "--map", "Telefono=", "--yes")
    customer = Customer.objects.get()
    assert customer.notes == "Calle 1"
    assert not customer.contacts.exists()


@pytest.mark.parametrize(
    "words",
    [
        ["customers", "/nowhere.csv"],
        ["customers", "{file}", "--zone", "Marte"],
        ["customers", "{file}", "--map", "Nadie=name"],
        ["customers", "{file}", "--map", "Nombre=nonsense"],
        ["router", "Nadie"],
    ],
)
def test_mistakes_are_told(provider: Provider, file: Path, words: list[str]) -> None:
    with pytest.raises(CommandError):
        run(*(word.replace("{file}", str(file)) for word in words))


@pytest.mark.django_db(transaction=True)
def test_a_router_is_adopted_from_the_command_line(provider: Provider) -> None:
    with PracticeRouter(user="admin", password="practica") as box:
        configure_by_hand(box, secrets=12, queues=0)
        provider.router.port, provider.router.password = box.port, "practica"
        provider.router.save()
        shown = run("router", "RB Centro", "--zone", "Centro")
        assert "Plan Básico 5M" in shown
        assert not Customer.objects.exists()
