"""Rows become customers: each field in its place, once, and nothing is lost on the way."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection as database
from django.utils import translation

from caudal.apps.billing.models import Adjustment
from caudal.apps.catalog.models import Plan
from caudal.apps.customers import actions as customers
from caudal.apps.customers.models import Customer, Service, Zone
from caudal.apps.imports import actions
from caudal.apps.imports.advance import advance
from caudal.apps.imports.models import ImportRow, Origin
from caudal.apps.imports.options import Options
from caudal.apps.imports.results import failed_csv
from caudal.apps.imports.tests.conftest import HEAD, NOW, Provider, only, texts
from caudal.apps.ledger.models import Balance
from caudal.apps.network.models import Connection
from caudal.apps.staff.models import JournalEntry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def spanish():
    with translation.override("es"):
        yield


def test_a_row_becomes_a_customer_with_service_and_connection(provider: Provider, row) -> None:
    run = provider.take(
        f"{HEAD},Password PPPoE/HotSpot,Saldo\n"
        + row(**{"Password PPPoE/HotSpot": "clave1", "Saldo": "250.00"})
    )
    customer = Customer.objects.get()
    connection = Connection.objects.select_related("service__plan").get()
    assert (customer.name, customer.zone) == ("Eva Peña 1", provider.zone)
    assert customer.contacts.get(kind="phone").value == "+525512345601"
    assert (connection.username, connection.password) == ("eva1", "clave1")
    assert (connection.address, connection.service.plan) == ("10.20.0.10", provider.plan)
    assert Balance.objects.get(customer=customer).amount == Decimal(250)
    assert only(run).status == ImportRow.Status.DONE
    assert JournalEntry.objects.filter(verb="customer.register").exists()


def test_checking_writes_nothing(provider: Provider, row) -> None:
    run = provider.check(f"{HEAD}\n{row()}\n{row(2, **{'Plan Internet': 'Fibra 50Mb'})}")
    assert not Customer.objects.exists()
    assert not Connection.objects.exists()
    assert not Plan.objects.filter(name="Fibra 50Mb").exists()
    assert [r.plan for r in run.rows.order_by("line")] == ["new", "wrong"]


def test_the_same_file_again_changes_nothing(provider: Provider, row) -> None:
    content = f"{HEAD},Saldo\n{row(1, Saldo='100')}\n{row(2, Saldo='0')}"
    provider.take(content)
    before = JournalEntry.objects.exclude(verb__startswith="imports.").count()
    again = provider.take(content)
    assert {r.plan for r in again.rows.all()} == {"same"}
    assert JournalEntry.objects.exclude(verb__startswith="imports.").count() == before
    assert Adjustment.objects.count() == 1


def test_only_what_the_file_says_differently_is_changed(provider: Provider, row) -> None:
    provider.take(f"{HEAD}\n{row()}")
    customer = Customer.objects.get()
    customers.edit_customer(
        actor=provider.actor, now=NOW, customer=customer, data={"address": "Corregida a mano 7"}
    )
    run = provider.take(f"{HEAD}\n{row(Nombre='Eva Peña Ruiz', Ip='10.20.0.77')}")
    customer.refresh_from_db()
    assert customer.name == "Eva Peña Ruiz"
    assert customer.address == "Corregida a mano 7"  # the file says what it said before
    assert Connection.objects.get().address == "10.20.0.77"
    assert sorted(only(run).changes) == [
        ["ip_address", "10.20.0.10", "10.20.0.77"],
        ["name", "Eva Peña 1", "Eva Peña Ruiz"],
    ]


def test_card_numbers_are_dropped_before_anything_is_stored(provider: Provider, row) -> None:
    run = provider.take(f"{HEAD},Tarjeta de crédito\n{row()},4111 1111 1111 1111")
    assert "4111" not in str(only(run).cells)
    assert Customer.objects.get().name == "Eva Peña 1"


def test_rows_of_one_customer_are_his_services(provider: Provider, row) -> None:
    head = f"{HEAD},Usuario"
    provider.take(f"{head}\n{row(1, Usuario='eva@red')}\n{row(2, Usuario='eva@red')}")
    assert Customer.objects.get().services.count() == 2


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({"Ip": "10.99.0.1"}, "10.99.0.1"),
        ({"Ip": "no sé"}, "no sé"),
        ({"Nombre": "Ñ" * 201}, "200"),
        ({"Zona": "Marte"}, "Marte"),
    ],
)
def test_a_row_that_cannot_be_is_refused_in_words_and_kept(
    provider: Provider, row, cells: dict[str, str], says: str
) -> None:
    run = provider.open(f"{HEAD}\n{row(**cells)}\n{row(2)}")
    run = actions.choose(
        actor=provider.actor, now=NOW, run=run, source=run.source, mapping=run.mapping,
        options=Options.of(run.options),
    )  # fmt: skip
    if run.missing:
        run.missing = [dict(found, approved=False) for found in run.missing]
        run.save()
    advance(run, now=NOW)
    run.refresh_from_db()
    actions.approve(actor=provider.actor, now=NOW, run=run)
    run.refresh_from_db()
    advance(run, now=NOW)
    failed = run.rows.get(status="failed")
    assert says in texts(failed)
    assert Customer.objects.count() == 1
    assert json.loads(failed.cells)[1] == cells.get("Nombre", "Eva Peña 1")


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("Precio Plan", "-250", "negativ"),
        ("Fecha Instalación", "31/02/2024", "31/02/2024"),
        ("Estado", "Congelado", "Congelado"),
        ("Saldo", "mucho", "mucho"),
    ],
)
def test_cells_that_stop_a_row(provider: Provider, row, column: str, value: str, says: str) -> None:
    run = provider.take(f"{HEAD},{column}\n{row(**{column: value})}")
    assert only(run).status == ImportRow.Status.FAILED
    assert says in texts(only(run))
    assert not Customer.objects.exists()


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("Telefono", "5.51234E+09"),
        ("Coordenadas", "por la iglesia"),
        ("Mac Cpe", "no la sé"),
        ("Aviso Pantalla", "tal vez"),
    ],
)
def test_cells_that_cannot_be_read_go_to_the_notes(
    provider: Provider, row, column: str, value: str
) -> None:
    head = HEAD if column in HEAD else f"{HEAD},{column}"
    run = provider.take(f"{head}\n{row(**{column: value})}")
    assert only(run).status == ImportRow.Status.DONE
    assert value in texts(only(run))
    assert value in Customer.objects.get().notes


def test_a_name_of_200_letters_and_emoji_come_in_whole(provider: Provider, row) -> None:
    name = "Ñ" * 197 + " 🌵"
    provider.take(f"{HEAD}\n{row(Nombre=name)}")
    assert Customer.objects.get().name == name


def test_a_duplicate_phone_is_flagged_and_comes_in(provider: Provider, row) -> None:
    run = provider.check(f"{HEAD}\n{row(1)}\n{row(2, Telefono='55 1234 5601')}")
    second = run.rows.get(line=3)
    assert second.plan == ImportRow.Plan.NEW
    assert "2" in texts(second)
    provider.take(f"{HEAD}\n{row(1)}\n{row(2, Telefono='55 1234 5601')}")
    assert Customer.objects.count() == 2


@pytest.mark.parametrize("address", ["127.0.3.4", "169.254.3.4", "168.0.3.4", "100.64.3.4"])
def test_the_fake_addresses_of_cancelled_services_mean_released(
    provider: Provider, row, address: str
) -> None:
    provider.router.pools.all().delete()
    head = f"{HEAD},Estado,Fecha Cancelación"
    cells = {"Ip": address, "Estado": "Cancelado", "Fecha Cancelación": "10/03/2026"}
    provider.take(f"{head}\n{row(**cells)}")
    service = Service.objects.get()
    assert (service.state, str(service.cancelled_on)) == ("cancelled", "2026-03-10")
    held = Connection.objects.get()
    assert (held.username, held.address, held.released_at) == ("eva1", None, NOW)


def test_an_active_customer_may_have_such_an_address(provider: Provider, row) -> None:
    pools = provider.router.pools
    pools.update(network="100.64.0.0/16")
    provider.take(f"{HEAD},Estado\n{row(Ip='100.64.3.4', Estado='Activo')}")
    assert Connection.objects.live().get().address == "100.64.3.4"


@pytest.mark.parametrize(
    ("said", "debt", "state", "reason"),
    [
        ("Suspendido", "250", "suspended", "unpaid"),
        ("Suspendido", "0", "suspended", "manual"),
        ("Activo", "0", "active", None),
    ],
)
def test_states_come_over(provider: Provider, row, said, debt, state, reason) -> None:
    provider.take(f"{HEAD},Estado,Saldo\n{row(Estado=said, Saldo=debt)}")
    service = Service.objects.get()
    assert service.state == state
    assert service.suspensions.values_list("reason", flat=True).first() == reason


def test_free_customers_are_never_billed_cut_nor_told(provider: Provider, row) -> None:
    provider.take(f"{HEAD},Estado\n{row(Estado='Gratis')}")
    customer = Customer.objects.get()
    assert not (customer.is_invoiced or customer.may_be_cut or customer.may_be_notified)
    assert Service.objects.get().state == "active"


def test_what_is_older_than_the_takeover_is_not_billed_again(provider: Provider, row) -> None:
    provider.take(f"{HEAD},Fecha Instalación\n{row(**{'Fecha Instalación': '01/02/2022'})}")
    assert Service.objects.get().started_on == NOW.date()
    assert str(Customer.objects.get().registered_on) == "2022-02-01"


def test_missing_plans_and_zones_are_created_only_when_approved(provider: Provider, row) -> None:
    cells = {"Plan Internet": "Fibra 100Mb / $499", "Zona": "Las Águilas"}
    run = provider.check(f"{HEAD}\n{row(**cells)}")
    assert not Plan.objects.filter(name__startswith="Fibra").exists()
    plan = next(found for found in run.missing if found["kind"] == "plan")
    assert (plan["price"], plan["down_kbps"], plan["approved"]) == ("499.00", 100_000, True)
    actions.change_missing(
        actor=provider.actor,
        now=NOW,
        run=run,
        missing=[found | {"approved": False} for found in run.missing],
    )
    run.refresh_from_db()
    assert advance(run, now=NOW).rows.get().plan == ImportRow.Plan.WRONG
    provider.take(f"{HEAD}\n{row(**cells)}")
    assert Plan.objects.get(name=cells["Plan Internet"]).price == Decimal(499)
    assert Zone.objects.filter(name="Las Águilas").exists()


def test_failed_rows_come_back_with_the_reason_and_can_be_sent_again(provider, row) -> None:
    run = provider.take(
        f"{HEAD},Precio Plan\n{row(1, **{'Precio Plan': '-1'})}\n{row(2, **{'Precio Plan': '320'})}"
    )
    content = b"".join(failed_csv(run)).decode("utf-8-sig")
    lines = content.splitlines()
    assert len(lines) == 2
    assert lines[0].startswith(HEAD)
    assert "negativ" in lines[1]
    mended = provider.take(content.replace(",-1,", ",320,"))
    assert mended.rows.get().status == ImportRow.Status.DONE
    assert Customer.objects.count() == 2


def test_passwords_are_stored_encrypted_and_shown_nowhere(provider: Provider, row) -> None:
    cells = {"Password PPPoE/HotSpot": "secreto99"}
    run = provider.check(f"{HEAD},Password PPPoE/HotSpot\n{row(**cells)}")
    with database.cursor() as cursor:
        cursor.execute("SELECT cells, changes FROM imports_importrow")
        assert "secreto99" not in str(cursor.fetchall())
    provider.take(f"{HEAD},Password PPPoE/HotSpot\n{row(**cells)}")
    assert "secreto99" not in str(list(Origin.objects.values_list("seen", flat=True)))
    assert "secreto99" not in str(list(JournalEntry.objects.values_list("before", "after")))
    assert run.rows.get().changes


def test_cells_are_forgotten_once_imported(provider: Provider, row) -> None:
    run = provider.take(f"{HEAD}\n{row()}")
    assert only(run).cells == ""


def test_an_import_that_ended_is_not_approved_again(provider: Provider, row) -> None:
    run = provider.take(f"{HEAD}\n{row()}")
    with pytest.raises(actions.WrongMoment):
        actions.approve(actor=provider.actor, now=NOW + timedelta(days=1), run=run)
