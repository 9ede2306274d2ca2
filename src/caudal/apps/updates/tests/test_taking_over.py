"""What an edited file changes when it is taken over, and what of it comes back."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from caudal.apps.bulk.doing import do_waiting
from caudal.apps.catalog.models import Plan
from caudal.apps.clock.jobs import Run
from caudal.apps.customers import actions as customers
from caudal.apps.customers.models import Customer, CustomField, Service
from caudal.apps.desk.tests.many import TEST, person, results
from caudal.apps.network.models import Connection, Router
from caudal.apps.staff.models import JournalEntry, Role, User
from caudal.apps.updates import actions
from caudal.apps.updates.models import UpdateRow
from caudal.apps.updates.tests.conftest import Desk, changes, problems, written
from caudal.core.errors import RuleError

pytestmark = pytest.mark.django_db


def service_of(customer: Customer) -> Service:
    return Service.objects.select_related("plan", "connection__router").get(customer=customer)


def test_changed_cells_alone_are_taken_over_and_come_back(
    people: list[Customer], desk: Desk, now: datetime
) -> None:
    CustomField.objects.create(code="torre", name="Torre", kind="text")
    rows = desk.exported()
    rows[0] |= {
        "Nombre": "Ana Nueva", "Teléfonos": "55 8765 4321", "Se le factura": "No",
        "Día de pago": "12", "Latitud": "19,4", "Longitud": "-99.1", "Torre": "B",
    }  # fmt: skip
    update = desk.bring(rows)
    assert problems(update) == {}
    assert {key for key, _b, _a in changes(update)[2]} == {
        "name", "phones", "is_invoiced", "payment_day", "latitude", "longitude", "custom:torre"
    }  # fmt: skip
    act = desk.take(update)
    assert results(act) == ["done"]
    customer = Customer.objects.get(pk=people[0].pk)
    assert (customer.name, customer.is_invoiced, customer.own_calendar.payment_day) == (
        "Ana Nueva", False, 12
    )  # fmt: skip
    assert customer.contacts.get(kind="phone").value == "+525587654321"
    assert customer.contacts.filter(kind="email").exists()
    assert "ana nueva" in customer.search_text
    assert JournalEntry.objects.filter(verb="customer.edit", customer_id=customer.pk).exists()
    assert not UpdateRow.objects.exclude(cells="").filter(outcome="done").exists()

    back = desk.undo(act, now + timedelta(minutes=5))
    assert results(back) == ["done"]
    customer.refresh_from_db()
    assert (customer.name, customer.is_invoiced, customer.latitude) == ("Cliente 0", True, None)
    assert not customer.contacts.filter(kind="phone").exists()
    assert changes(desk.bring(desk.exported())) == {}


def test_a_migration_to_another_zone_router_and_technology_by_file_and_back(
    people: list[Customer], desk: Desk, north: Router, now: datetime
) -> None:
    Plan.objects.create(
        name="Colas 5Mb", price=150, down_kbps=5_000, up_kbps=1_000, technology="simple_queue"
    )
    before = [(row.router_id, row.technology, row.address) for row in _connections()]
    rows = desk.exported()
    for row in rows:
        row |= {"Zona": "norte", "Router": "RB Norte", "Plan": "Colas 5Mb"}
    update = desk.bring(rows)
    assert problems(update) == {}
    said = {key: (b, a) for key, b, a in changes(update)[2]}
    assert said["zone"] == ("Centro", "Norte")
    assert said["price"] == ("250.00", "150.00")
    assert said["technology"][0] == "PPPoE"
    act = desk.take(update)
    assert results(act) == ["done"] * 4
    moved = _connections()
    assert {row.router_id for row in moved} == {north.pk}
    assert {row.technology for row in moved} == {"simple_queue"}
    assert [row.address for row in moved][:4] == [
        "10.20.0.10", "10.20.0.11", "10.20.0.12", "10.20.0.13"
    ]  # fmt: skip
    assert set(Service.objects.values_list("plan__name", flat=True)) == {"Colas 5Mb"}
    desk.undo(act, now + timedelta(minutes=5))
    assert [(row.router_id, row.technology, row.address) for row in _connections()] == before
    assert set(Customer.objects.values_list("zone__name", flat=True)) == {"Centro"}
    assert set(Service.objects.values_list("plan__name", flat=True)) == {"Básico 10Mb"}


def test_states_change_through_their_actions_and_come_back(
    people: list[Customer], desk: Desk, now: datetime
) -> None:
    customers.suspend(actor=TEST, now=now, today=now.date(), service=service_of(people[1]),
                      reason="abuse")  # fmt: skip
    rows = desk.exported()
    for row, state in zip(rows, ("Suspendido", "activo", "CANCELADO", "Activo"), strict=True):
        row["Estado del servicio"] = state
    update = desk.bring(rows)
    assert problems(update) == {} and set(changes(update)) == {2, 3, 4}
    act = desk.take(update)
    assert _states() == ["suspended", "active", "cancelled", "active"]
    assert service_of(people[2]).cancelled_on == now.date()
    assert service_of(people[2]).connection.released_at is not None
    desk.undo(act, now + timedelta(minutes=5))
    assert _states() == ["active", "suspended", "active", "active"]
    assert service_of(people[1]).suspensions.get(closed_at=None).reason == "abuse"
    assert service_of(people[2]).connection.released_at is None


def test_only_ticked_rows_and_columns_are_taken_over(people: list[Customer], desk: Desk) -> None:
    rows = [{"code": c.code, "city": "Puebla", "province": "Pue"} for c in people]
    update = desk.bring(rows)
    first = update.rows.order_by("line").first()
    assert first is not None
    actions.select(update=update, rows=[first.pk], selected=False)
    actions.leave_out(update=update, keys=["province"])
    act = desk.take(update)
    assert len(results(act)) == 3
    assert list(Customer.objects.order_by("pk").values_list("city", "state")) == [
        ("", ""), ("Puebla", ""), ("Puebla", ""), ("Puebla", "")
    ]  # fmt: skip


def test_who_changed_since_he_was_shown_is_left_and_said(
    people: list[Customer], desk: Desk
) -> None:
    update = desk.bring([{"code": c.code, "city": "Puebla"} for c in people])
    Customer.objects.filter(pk=people[1].pk).update(city="Mérida")
    act = desk.take(update)
    assert sorted(results(act)) == ["done", "done", "done", "refused"]
    assert Customer.objects.get(pk=people[1].pk).city == "Mérida"


def test_the_undo_leaves_what_somebody_changed_since(
    people: list[Customer], desk: Desk, now: datetime
) -> None:
    update = desk.bring([{"code": c.code, "city": "Puebla", "province": "Pue"} for c in people])
    act = desk.take(update)
    Customer.objects.filter(pk=people[0].pk).update(city="Mérida", state="Yuc")
    Customer.objects.filter(pk=people[1].pk).update(city="Mérida")
    back = desk.undo(act, now + timedelta(minutes=5))
    assert sorted(results(back)) == ["done", "done", "done", "refused"]
    rows = list(Customer.objects.order_by("pk").values_list("city", "state"))
    assert rows == [("Mérida", "Yuc"), ("Mérida", ""), ("", ""), ("", "")]
    told = back.rows.get(subject_id=people[1].pk).result
    assert "Ciudad" in told or "City" in told


def test_errors_are_told_per_row_and_nothing_of_the_row_is_taken(
    people: list[Customer], desk: Desk, zone: object
) -> None:
    rows = [
        {"code": people[0].code, "zone": "Sur", "latitude": "95", "price": "-1"},
        {"code": "999", "zone": "", "latitude": "", "price": ""},
        {"code": people[1].code, "zone": "#N/D", "latitude": "", "price": "doce"},
        {"code": people[2].code, "zone": "", "latitude": "", "price": "300"},
        {"code": people[2].code, "zone": "", "latitude": "", "price": "301"},
        {"code": "", "zone": "x", "latitude": "", "price": ""},
    ]
    update = desk.bring(rows)
    told = problems(update)
    assert set(told) == {2, 3, 4, 6, 7}
    assert "Sur" in told[2] and "999" in told[3] and "#N/D" in told[4] and "doce" in told[4]
    assert "5" in told[6]
    assert changes(update) == {5: [["price", "250.00", "300.00"]]}


def test_what_somebody_else_has_is_refused_before(people: list[Customer], desk: Desk) -> None:
    Customer.objects.filter(pk=people[3].pk).update(rfid_card="C-9")
    rows = [
        {"code": people[0].code, "ip_address": "10.20.0.11", "username": "", "rfid_card": ""},
        {"code": people[1].code, "ip_address": "", "username": "cliente3", "rfid_card": ""},
        {"code": people[2].code, "ip_address": "10.20.0.99", "username": "", "rfid_card": "C-9"},
    ]
    told = problems(desk.bring(rows))
    assert "Cliente 1" in told[2] and "Cliente 3" in told[3] and "C-9" in told[4]
    again = [{"code": people[n].code, "ip_address": "10.20.0.99"} for n in (0, 1)]
    assert set(problems(desk.bring(again))) == {3}


def test_several_services_need_their_number_and_one_customer_one_opinion(
    people: list[Customer], desk: Desk, plan: Plan, now: datetime
) -> None:
    customers.add_service(actor=TEST, now=now, customer=people[0], plan=plan, started_on=now.date())
    code = people[0].code
    assert set(problems(desk.bring([{"code": code, "price": "300"}]))) == {2}
    rows = [
        {"code": code, "service_number": "1", "price": "300", "city": "Puebla"},
        {"code": code, "service_number": "2", "price": "400", "city": ""},
        {"code": code, "service_number": "3", "price": "400", "city": ""},
    ]
    update = desk.bring(rows)
    assert set(problems(update)) == {4}
    desk.take(update)
    prices = Service.objects.filter(customer=people[0]).order_by("number")
    assert [str(row.price) for row in prices] == ["300.0000", "400.0000"]
    rows[0]["city"], rows[1]["city"] = "Mérida", "Oaxaca"
    assert set(problems(desk.bring(rows[:2]))) == {3}


def test_customers_are_known_by_user_or_document_too(people: list[Customer], desk: Desk) -> None:
    Customer.objects.filter(pk=people[2].pk).update(document_key="ABC123")
    update = desk.bring([{"Usuario PPPoE": "cliente1", "Ciudad": "Puebla"}])
    assert update.known_by == "username" and set(changes(update)) == {2}
    assert update.rows.get().customer == people[1]
    update = desk.bring([{"document_number": "ABC-123", "Ciudad": "Puebla"}])
    assert update.rows.get().customer == people[2]


def test_keys_are_found_as_spreadsheets_and_people_write_them(
    people: list[Customer], desk: Desk
) -> None:
    Connection.objects.filter(service__customer=people[0]).update(mac="AA:BB:CC:00:11:22")
    update = desk.bring([{"mac": "aabb.cc00.1122", "city": "Puebla"}])
    assert update.rows.get().customer == people[0]
    rows = [{"ip_address": text, "city": "Puebla"} for text in ("10.20.0.11/32", "nada", "")]
    update = desk.bring(rows, known_by="ip_address")
    assert update.rows.get(line=2).customer == people[1]
    assert set(problems(update)) == {3, 4} and "nada" in problems(update)[3]
    whole = f"{int(people[2].code)}.0"
    update = desk.bring([{"code": whole, "city": "Puebla"}])
    assert update.rows.get().customer == people[2]


def test_each_column_takes_its_verb_and_others_customers_are_nobody(
    people: list[Customer], user_with_role: Callable[..., User], now: datetime
) -> None:
    role = Role.objects.get(code="collector")
    role.verbs = [*role.verbs, "customers.edit"]
    role.only_own_customers = True
    role.save()
    collector = Desk(user_with_role("collector"), now)
    Customer.objects.filter(pk=people[0].pk).update(collector=collector.user)
    rows = [{"code": c.code, "city": "Puebla", "plan": "", "state": ""} for c in people[:2]]
    update = collector.bring(rows)
    assert set(problems(update)) == {3} and set(changes(update)) == {2}
    rows[0] |= {"state": "suspendido", "price": "9"}
    told = problems(collector.bring(rows[:1]))
    assert set(told) == {2}


def test_two_orders_of_one_file_are_one_and_a_lost_plan_is_told(
    people: list[Customer], desk: Desk
) -> None:
    update = desk.bring([{"code": people[0].code, "city": "Puebla"}])
    desk.take(update)
    with pytest.raises(RuleError):
        desk.take(update)


def test_many_are_done_in_the_background_with_a_result_each(
    people: list[Customer], desk: Desk, zone: object, plan: Plan, router: Router, now: datetime
) -> None:
    for n in range(10, 25):
        person(n, people[0].zone, plan, router, now)
    codes = Customer.objects.values_list("code", flat=True)
    update = desk.bring([{"code": code, "city": "Puebla"} for code in codes])
    act = desk.take(update)
    assert act.status == "queued" and not Customer.objects.filter(city="Puebla").exists()
    do_waiting(Run(), now + timedelta(minutes=1))
    assert Customer.objects.filter(city="Puebla").count() == 19
    assert results(act) == ["done"] * 19


def test_checking_takes_the_same_queries_for_many_rows_as_for_few(
    people: list[Customer], desk: Desk, plan: Plan, router: Router, now: datetime,
    django_assert_num_queries: Callable[..., object],
) -> None:  # fmt: skip
    for n in range(10, 40):
        person(n, people[0].zone, plan, router, now)
    few = _queries_of(desk, 2)
    assert _queries_of(desk, 34) == few


def _queries_of(desk: Desk, many: int) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from caudal.apps.updates.checking import check_all

    rows = desk.exported()[:many]
    for number, row in enumerate(rows):
        row |= {"Ciudad": "Puebla", "Dirección IP": f"10.20.0.{100 + number}", "Precio": "9"}
    update = desk.open(written(rows))
    update = actions.choose_columns(update=update, mapping=update.mapping, known_by=update.known_by)
    with CaptureQueriesContext(connection) as captured:
        check_all(update)
    assert update.rows.filter(outcome="changed").count() == many
    return len(captured)


def _connections() -> list[Connection]:
    return list(Connection.objects.order_by("pk"))


def _states() -> list[str]:
    return list(Service.objects.order_by("pk").values_list("state", flat=True))
