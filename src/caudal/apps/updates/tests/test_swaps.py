"""Two customers exchange what only one may have: on the preview, when taken over, and back."""

from datetime import datetime, timedelta

import pytest

from caudal.apps.bulk.models import BulkAct
from caudal.apps.catalog.models import Plan
from caudal.apps.customers import actions as customers
from caudal.apps.customers.models import Customer
from caudal.apps.desk.tests.many import TEST, person, results
from caudal.apps.network import actions as network
from caudal.apps.network.models import AddressUse, Connection, Router
from caudal.apps.network.sync import reconcile
from caudal.apps.staff.models import JournalEntry
from caudal.apps.updates import actions
from caudal.apps.updates.tests.conftest import Desk, changes, problems
from caudal.practice.routeros import PracticeRouter

pytestmark = pytest.mark.django_db


def held() -> list[tuple[str, str]]:
    rows = Connection.objects.live().order_by("service__customer_id", "pk")
    return [(row.username, row.address or "") for row in rows]


BEFORE = [(f"cliente{n}", f"10.20.0.{10 + n}") for n in range(4)]


def swap(people: list[Customer], desk: Desk, column: str, *values: str) -> BulkAct:
    rows = zip(people, values, strict=False)
    update = desk.bring([{"code": each.code, column: value} for each, value in rows])
    assert problems(update) == {}
    assert len(changes(update)) == len(values)
    act = desk.take(update)
    assert set(results(act)) == {"done"}, list(act.rows.values_list("result", flat=True))
    return act


def test_two_customers_swap_their_addresses_and_swap_them_back(
    people: list[Customer], desk: Desk, now: datetime
) -> None:
    act = swap(people, desk, "ip_address", "10.20.0.11", "10.20.0.10")
    assert held() == [("cliente0", "10.20.0.11"), ("cliente1", "10.20.0.10"), *BEFORE[2:]]
    entries = JournalEntry.objects.filter(verb="connection.edit").order_by("pk")
    told = [(each.before["address"], each.after["address"]) for each in entries]
    assert told == [("10.20.0.10", "10.20.0.11"), ("10.20.0.11", "10.20.0.10")]
    assert not any("username" in each.before for each in entries)
    uses = AddressUse.objects.filter(until=None).order_by("connection_id")
    assert [use.address for use in uses][:2] == ["10.20.0.11", "10.20.0.10"]
    people[0].refresh_from_db()
    assert "10.20.0.11" in people[0].access_text
    back = desk.undo(act, now + timedelta(minutes=5))
    assert set(results(back)) == {"done"}
    assert held() == BEFORE


def test_users_go_round_among_three_and_one_moves_on(
    people: list[Customer], desk: Desk, now: datetime
) -> None:
    act = swap(people, desk, "username", "cliente1", "cliente2", "cliente0")
    assert [user for user, _address in held()] == ["cliente1", "cliente2", "cliente0", "cliente3"]
    desk.undo(act, now + timedelta(minutes=5))
    act = swap(people, desk, "ip_address", "10.20.0.11", "10.20.0.12", "10.20.0.13", "10.20.0.99")
    assert [address for _user, address in held()] == [
        "10.20.0.11", "10.20.0.12", "10.20.0.13", "10.20.0.99"
    ]  # fmt: skip
    desk.undo(act, now + timedelta(minutes=5))
    assert held() == BEFORE


def test_codes_cards_and_portal_users_are_swapped_too(
    people: list[Customer], desk: Desk, now: datetime
) -> None:
    ana, beto = people[:2]
    Customer.objects.filter(pk=ana.pk).update(rfid_card="C-1", portal_user="ana")
    Customer.objects.filter(pk=beto.pk).update(rfid_card="C-2", portal_user="beto")
    rows = [
        {"code": ana.code, "new_code": beto.code, "rfid_card": "C-2", "portal_user": "beto"},
        {"code": beto.code, "new_code": ana.code, "rfid_card": "C-1", "portal_user": "ana"},
    ]
    act = desk.took(rows)
    names = ("code", "rfid_card", "portal_user")
    now_held = list(Customer.objects.order_by("pk").values_list(*names)[:2])
    assert now_held == [(beto.code, "C-2", "beto"), (ana.code, "C-1", "ana")]
    assert ana.code in Customer.objects.get(pk=beto.pk).search_text
    desk.undo(act, now + timedelta(minutes=5))
    now_held = list(Customer.objects.order_by("pk").values_list(*names)[:2])
    assert now_held == [(ana.code, "C-1", "ana"), (beto.code, "C-2", "beto")]


def test_a_code_is_changed_by_who_is_known_by_something_else(
    people: list[Customer], desk: Desk, now: datetime
) -> None:
    rows = [{"username": "cliente0", "code": "A-7"}, {"username": "cliente1", "code": ""},
            {"username": "cliente2", "code": people[3].code}]  # fmt: skip
    update = desk.bring(rows, known_by="username")
    assert changes(update) == {2: [["code", people[0].code, "A-7"]]}
    assert set(problems(update)) == {4} and "Cliente 3" in problems(update)[4]
    revision = people[0].services.get().revision
    act = desk.take(update)
    customer = Customer.objects.get(pk=people[0].pk)
    assert customer.code == "A-7"
    assert customer.services.get().revision > revision, "it stands in the comment on the router"
    desk.undo(act, now + timedelta(minutes=5))
    customer.refresh_from_db()
    assert customer.code == people[0].code


def test_who_relies_on_a_row_that_is_refused_is_refused_too(
    people: list[Customer], desk: Desk
) -> None:
    rows = [
        {"code": people[0].code, "ip_address": "10.20.0.11", "price": ""},
        {"code": people[1].code, "ip_address": "10.20.0.12", "price": ""},
        {"code": people[2].code, "ip_address": "10.20.0.77", "price": "doce"},
        {"code": people[3].code, "ip_address": "10.20.0.78", "price": ""},
    ]
    update = desk.bring(rows)
    assert set(problems(update)) == {2, 3, 4}
    assert "Cliente 1" in problems(update)[2] and "Cliente 2" in problems(update)[3]
    assert update.differing == {"ip_address": 1}


def test_half_a_swap_is_refused_and_nothing_of_it_is_done(
    people: list[Customer], desk: Desk
) -> None:
    rows = [
        {"code": people[0].code, "ip_address": "10.20.0.11", "city": "Puebla"},
        {"code": people[1].code, "ip_address": "10.20.0.10", "city": "Puebla"},
    ]
    update = desk.bring(rows)
    first = update.rows.order_by("line")[0]
    actions.select(update=update, rows=[first.pk], selected=False)
    assert results(desk.take(update)) == ["refused"]
    assert held() == BEFORE
    update = desk.bring(rows)
    Customer.objects.filter(pk=people[1].pk).update(city="Mérida")
    act = desk.take(update)
    assert results(act) == ["refused", "refused"]
    assert "Cliente 1" in act.rows.get(subject_id=people[0].pk).result
    assert held() == BEFORE
    assert Customer.objects.get(pk=people[0].pk).city == ""


def test_an_address_of_who_is_cancelled_in_the_same_file_can_be_had(
    people: list[Customer], desk: Desk, now: datetime
) -> None:
    rows = [
        {"code": people[0].code, "ip_address": "10.20.0.11", "state": ""},
        {"code": people[1].code, "ip_address": "", "state": "Cancelado"},
    ]
    act = desk.took(rows)
    assert results(act) == ["done", "done"]
    gone = Connection.objects.get(service__customer=people[1])
    assert gone.released_at == now and gone.address == "10.20.0.11"
    assert Connection.objects.get(service__customer=people[0]).address == "10.20.0.11"


def test_services_of_one_customer_swap_between_themselves(
    people: list[Customer], desk: Desk, plan: Plan, router: Router, now: datetime
) -> None:
    second = customers.add_service(
        actor=TEST, now=now, customer=people[0], plan=plan, started_on=now.date()
    )
    network.connect(actor=TEST, now=now, service=second, router=router, technology="pppoe",
                    username="otro", address="10.20.0.90")  # fmt: skip
    rows = [
        {"code": people[0].code, "service_number": "1", "ip_address": "10.20.0.90"},
        {"code": people[0].code, "service_number": "2", "ip_address": "10.20.0.10"},
    ]
    act = desk.took(rows)
    assert [address for _user, address in held()][:2] == ["10.20.0.90", "10.20.0.10"]
    desk.undo(act, now + timedelta(minutes=5))
    assert [address for _user, address in held()][:2] == ["10.20.0.10", "10.20.0.90"]


def test_the_undo_leaves_a_swap_that_somebody_changed_since(
    people: list[Customer], desk: Desk, now: datetime
) -> None:
    act = swap(people, desk, "ip_address", "10.20.0.11", "10.20.0.10")
    second = Connection.objects.get(service__customer=people[1])
    network.edit_connection(actor=TEST, now=now, connection=second, address="10.20.0.50")
    desk.undo(act, now + timedelta(minutes=5))
    assert held()[:2] == [("cliente0", "10.20.0.10"), ("cliente1", "10.20.0.50")]


def test_checking_swaps_takes_the_same_queries_however_many(
    people: list[Customer], desk: Desk, plan: Plan, router: Router, now: datetime
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for n in range(10, 30):
        person(n, people[0].zone, plan, router, now)
    asked = []
    for many in (2, 20):
        rows = list(Connection.objects.select_related("service__customer").order_by("pk")[:many])
        turned = [*rows[1:], rows[0]]
        file = [
            {"code": row.service.customer.code, "ip_address": str(other.address)}
            for row, other in zip(rows, turned, strict=True)
        ]
        with CaptureQueriesContext(connection) as captured:
            update = desk.bring(file)
        assert len(changes(update)) == many
        asked.append(len(captured))
    assert asked[0] == asked[1]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("technology", ["pppoe", "simple_queue", "dhcp"])
def test_routers_follow_a_swap_and_cut_nobody_but_whom_they_should(
    people: list[Customer], desk: Desk, router: Router, now: datetime, technology: str
) -> None:
    with PracticeRouter(user="admin", password="clave") as box:
        Router.objects.filter(pk=router.pk).update(
            driver="routeros", host="127.0.0.1", port=box.port, username="admin"
        )
        router.refresh_from_db()
        router.password = "clave"
        router.save()
        Plan.objects.update(technology=technology)
        Connection.objects.update(technology=technology)
        for at, row in enumerate(Connection.objects.order_by("pk")):
            network.edit_connection(
                actor=TEST, now=now, connection=row, mac=f"AA:BB:CC:00:00:{at:02}"
            )
        service = people[0].services.get()
        customers.suspend(actor=TEST, now=now, today=now.date(), service=service, reason="unpaid")
        settled = reconcile(router, now)
        assert settled.outcome in ("applied", "in_sync"), settled.findings
        swap(people, desk, "ip_address", "10.20.0.11", "10.20.0.10")
        later = now + timedelta(minutes=1)
        router.refresh_from_db()
        reconcile(router, later)
        assert set(Connection.objects.values_list("sync", flat=True)) == {"in_sync"}
        again = reconcile(router, later + timedelta(minutes=1))
        assert again.planned == 0, again.findings
        cut = {
            row["address"]
            for row in box.rows("/ip/firewall/address-list")
            if row.get("disabled", "false") != "true"
        }
        if technology != "pppoe":
            assert cut & {f"10.20.0.{n}" for n in range(10, 14)} == {"10.20.0.11"}
