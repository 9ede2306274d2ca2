"""What is done to many customers at once, and taken back as one: routers, money and rows follow."""

import csv
import io
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.hashers import check_password
from django.test import Client

from caudal.apps.billing.models import Invoice
from caudal.apps.bulk import actions as bulk
from caudal.apps.bulk.acts import act_named, acts_for
from caudal.apps.bulk.doing import do_waiting
from caudal.apps.bulk.models import BulkAct
from caudal.apps.catalog.models import Plan
from caudal.apps.clock.jobs import Run
from caudal.apps.customers import actions
from caudal.apps.customers.contacts import ContactData
from caudal.apps.customers.models import AdminStatus, Customer, Service, Zone
from caudal.apps.ledger.verify import first_wrong
from caudal.apps.messaging import attachments
from caudal.apps.messaging.models import Delivery
from caudal.apps.network import actions as network
from caudal.apps.network.models import Connection, Pool, Router
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.models import User

ClientAs = Callable[..., Client]
Users = Callable[..., User]
TEST = Actor.system("test")


@pytest.fixture
def people(zone: Zone, plan: Plan, router: Router, now: datetime) -> list[Customer]:
    """Four customers with one active PPPoE service each, on one router."""
    return [person(n, zone, plan, router, now) for n in range(4)]


def person(n: int, zone: Zone, plan: Plan, router: Router, now: datetime) -> Customer:
    customer = actions.register_customer(
        actor=TEST, now=now, data={"name": f"Cliente {n}", "zone": zone, "address": f"Calle {n}"},
        contacts=[ContactData("email", f"c{n}@x.example")],
    )  # fmt: skip
    started = now.date() - timedelta(days=90)
    service = actions.add_service(
        actor=TEST, now=now, customer=customer, plan=plan, started_on=started
    )
    network.connect(actor=TEST, now=now, service=service, router=router, technology="pppoe",
                    username=f"cliente{n}", address=f"10.20.0.{10 + n}")  # fmt: skip
    return customer


@pytest.fixture
def owner(user_with_role: Users) -> User:
    return user_with_role("owner")


def ids(people: list[Customer]) -> list[int]:
    return [customer.pk for customer in people]


def done(owner: User, act: str, people: list[Customer], now: datetime, **options: Any) -> BulkAct:
    known = act_named(f"customers.{act}")
    assert known is not None
    asked = bulk.ask(user=owner, now=now, key=uuid4(), act=known, ids=ids(people), options=options)
    return asked


def undone(owner: User, act: BulkAct, now: datetime) -> BulkAct:
    return bulk.undo(user=owner, now=now + timedelta(minutes=5), key=uuid4(), bulk=act)


def results(act: BulkAct) -> list[str]:
    return list(act.rows.values_list("status", flat=True))


def states() -> list[str]:
    return list(Service.objects.order_by("pk").values_list("state", flat=True))


def post(client: Client, act: str, **data: Any) -> Any:
    sent = {"act": f"customers.{act}", "key": str(uuid4()), "query": "", **data}
    return client.post("/bulk/", sent)


def test_suspending_is_taken_back_without_touching_other_reasons(
    people: list[Customer], owner: User, now: datetime
) -> None:
    held = people[0].services.get()
    today = now.date()
    actions.suspend(actor=TEST, now=now, today=today, service=held, reason="unpaid")
    act = done(owner, "suspend", people, now, reason="abuse", note="spam")
    assert results(act) == ["done"] * 4 and set(states()) == {"suspended"}
    lifted = people[1].services.get()
    actions.lift(actor=TEST, now=now, service=lifted, reason="abuse")
    back = undone(owner, act, now)
    assert results(back) == ["done", "done", "refused", "done"]  # the newest first
    assert states() == ["suspended", "active", "active", "active"]
    assert list(held.suspensions.filter(closed_at=None).values_list("reason", flat=True)) == [
        "unpaid"
    ]
    revisions = Service.objects.values_list("revision", flat=True)
    assert min(revisions) >= 3  # routers are told of both


def test_who_cannot_be_suspended_says_why(
    people: list[Customer], owner: User, now: datetime
) -> None:
    first = done(owner, "suspend", people[:1], now, reason="manual")
    again = done(owner, "suspend", people, now, reason="manual")
    assert results(first) == ["done"]
    assert results(again) == ["refused", "done", "done", "done"]
    assert again.rows.get(position=1).result


def test_activating_closes_every_reason_and_its_undo_opens_the_same(
    people: list[Customer], owner: User, now: datetime
) -> None:
    service = people[0].services.get()
    for reason in ("unpaid", "manual"):
        actions.suspend(
            actor=TEST, now=now, today=now.date(), service=service, reason=reason, note=reason,
            automatic=reason == "unpaid",
        )  # fmt: skip
    act = done(owner, "activate", people, now, promise="keep")
    assert results(act) == ["done", "refused", "refused", "refused"]
    assert set(states()) == {"active"}
    undone(owner, act, now)
    rows = service.suspensions.filter(closed_at=None).order_by("reason")
    assert list(rows.values_list("reason", "note", "is_automatic")) == [
        ("manual", "manual", False), ("unpaid", "unpaid", True),
    ]  # fmt: skip


def test_cancelling_frees_addresses_and_its_undo_gives_them_back(
    people: list[Customer], owner: User, now: datetime
) -> None:
    service = people[1].services.get()
    actions.suspend(actor=TEST, now=now, today=now.date(), service=service, reason="abuse")
    act = done(owner, "cancel", people, now, reason="se mudaron", address="free")
    assert set(states()) == {"cancelled"}
    assert not Connection.objects.filter(released_at=None).exists()
    assert set(Service.objects.values_list("cancel_reason", flat=True)) == {"se mudaron"}
    # Somebody takes the address of the third meanwhile.
    taken = people[3].services.get()
    Connection.objects.filter(service=people[2].services.get()).update(address="10.20.0.99")
    back = undone(owner, act, now)
    assert results(back) == ["done"] * 4
    assert states() == ["active", "suspended", "active", "active"]
    assert Connection.objects.filter(released_at=None).count() == 4
    assert Connection.objects.get(service=taken).address == "10.20.0.13"
    assert first_wrong() is None


def test_cancelled_customers_may_keep_their_address_on_the_router(
    people: list[Customer], owner: User, now: datetime
) -> None:
    done(owner, "cancel", people[:1], now, reason="x", address="keep")
    assert people[0].services.get().state == "cancelled"
    assert Connection.objects.get(service__customer=people[0]).released_at is None


def test_a_cancellation_for_a_day_to_come_is_dropped_by_its_undo(
    people: list[Customer], owner: User, now: datetime
) -> None:
    last_day = (now.date() + timedelta(days=10)).isoformat()
    act = done(owner, "cancel", people[:2], now, reason="x", last_day=last_day)
    assert states() == ["active"] * 4
    assert list(people[0].services.get().changes.values_list("status", flat=True)) == ["scheduled"]
    undone(owner, act, now)
    assert list(people[0].services.get().changes.values_list("status", flat=True)) == ["dropped"]


def test_pending_invoices_are_voided_with_the_cancellation_where_asked(
    people: list[Customer], owner: User, now: datetime
) -> None:
    done(owner, "invoice", people[:1], now, kind="days")
    invoice = Invoice.objects.get()
    act = done(owner, "cancel", people[:1], now, reason="x", void_pending=True)
    invoice.refresh_from_db()
    assert invoice.state == "void"
    assert act.rows.get().before["voided"] == [invoice.pk]
    assert first_wrong() is None


def test_only_who_left_is_archived(people: list[Customer], owner: User, now: datetime) -> None:
    done(owner, "cancel", people[:2], now, reason="x")
    act = done(owner, "archive", people, now)
    assert results(act) == ["done", "done", "refused", "refused"]
    undone(owner, act, now)
    assert not Customer.objects.exclude(archived_at=None).exists()


@pytest.mark.parametrize(("act", "released"), [("delete", False), ("delete_on_router", True)])
def test_deleting_archives_with_or_without_the_router(
    people: list[Customer], owner: User, now: datetime, act: str, released: bool
) -> None:
    deleted = done(owner, act, people, now, reason="duplicados")
    assert Customer.objects.filter(archived_at=None).count() == 0
    assert Customer.objects.count() == 4
    gone = Connection.objects.exclude(released_at=None).count()
    assert gone == (4 if released else 0)
    undone(owner, deleted, now)
    assert Customer.objects.filter(archived_at=None).count() == 4
    assert states() == ["active"] * 4
    addresses = Connection.objects.order_by("pk").values_list("address", "released_at")
    assert list(addresses) == [(f"10.20.0.{10 + n}", None) for n in range(4)]


def test_deleting_asks_for_the_word_that_people_know(
    people: list[Customer], client_as: ClientAs
) -> None:
    client, data = client_as("owner"), {"confirmed": 1, "reason": "x"}
    for typed in ("", "4", "borrar"):
        answer = post(client, "delete_on_router", pick=ids(people), typed=typed, **data)
        assert answer.status_code == 200
    assert Customer.objects.filter(archived_at=None).count() == 4
    answer = post(client, "delete_on_router", pick=ids(people), typed="eliminar_clientes", **data)
    assert answer.status_code == 302
    assert Customer.objects.filter(archived_at=None).count() == 0


def test_an_edit_shows_before_and_after_and_only_then_is_done(
    people: list[Customer], client_as: ClientAs, owner: User
) -> None:
    client, status = client_as("owner"), AdminStatus.objects.create(name="VIP")
    Customer.objects.filter(pk=people[0].pk).update(city="Puebla")
    data = {"pick": ids(people), "confirmed": 1, "seen": 4, "city": "Oaxaca",
            "admin_status": status.pk, "may_be_cut": "no"}  # fmt: skip
    page = post(client, "edit", **data).content.decode()
    assert "Puebla" in page and "Oaxaca" in page and "VIP" in page
    assert not Customer.objects.filter(city="Oaxaca").exists()
    answer = post(client, "edit", looked=1, **data)
    assert answer.status_code == 302
    assert (
        Customer.objects.filter(city="Oaxaca", admin_status=status, may_be_cut=False).count() == 4
    )


def test_the_undo_of_an_edit_leaves_what_was_changed_since(
    people: list[Customer], owner: User, now: datetime
) -> None:
    Customer.objects.filter(pk=people[0].pk).update(city="Puebla")
    act = done(owner, "edit", people, now, city="Oaxaca", collector=owner.pk, clear=["extra_1"])
    assert Customer.objects.filter(city="Oaxaca", collector=owner).count() == 4
    Customer.objects.filter(pk=people[1].pk).update(city="Mérida")
    undone(owner, act, now)
    cities = Customer.objects.order_by("pk").values_list("city", "collector")
    assert list(cities) == [("Puebla", None), ("Mérida", None), ("", None), ("", None)]


def test_an_edit_of_nothing_is_refused(people: list[Customer], client_as: ClientAs) -> None:
    answer = post(client_as("owner"), "edit", pick=ids(people), confirmed=1)
    assert answer.context["form"].errors
    assert not BulkAct.objects.exists()


def test_messages_wait_in_the_outbox_and_are_withdrawn(
    people: list[Customer], owner: User, now: datetime
) -> None:
    Customer.objects.filter(pk=people[3].pk).update(may_be_notified=False)
    act = done(
        owner, "message", people, now, subject="Hola {{ customer.name }}", body="{{ balance }}"
    )
    assert results(act) == ["done", "done", "done", "refused"]
    assert set(Delivery.objects.values_list("subject", flat=True)) == {
        f"Hola Cliente {n}" for n in range(3)
    }
    Delivery.objects.filter(to="c0@x.example").update(status="sent")
    back = undone(owner, act, now)
    assert sorted(results(back)) == ["done", "done", "refused"]


def test_the_welcome_message_goes_to_who_has_a_service(
    people: list[Customer], owner: User, now: datetime
) -> None:
    done(owner, "cancel", people[:1], now, reason="x")
    act = done(owner, "welcome", people[:2], now)
    assert results(act) == ["refused", "done"]
    assert Delivery.objects.get().occasion == "welcome"


def test_portal_passwords_are_made_for_those_who_have_none(
    people: list[Customer], owner: User, now: datetime, client_as: ClientAs
) -> None:
    actions.set_portal_password(actor=TEST, now=now, customer=people[0], password="suya")
    act = done(owner, "portal_password", people[:2], now)
    assert results(act) == ["refused", "done"]
    row = act.rows.get(status="done")
    people[1].refresh_from_db()
    assert row.secret and check_password(row.secret, people[1].portal_password)
    assert row.secret in client_as("owner").get(f"/bulk/{act.pk}/").content.decode()
    assert row.secret not in client_as("manager").get(f"/bulk/{act.pk}/").content.decode()
    undone(owner, act, now)
    people[1].refresh_from_db()
    assert people[1].portal_password == ""
    BulkAct.objects.filter(pk=act.pk).update(finished_at=now)
    bulk.forget_files(now + timedelta(days=31))
    row.refresh_from_db()
    assert row.secret == ""


def test_invoices_are_issued_and_voided_where_nobody_paid(
    people: list[Customer], owner: User, now: datetime
) -> None:
    act = done(owner, "invoice", people, now, kind="free", description="Visita", price="100.00")
    assert Invoice.objects.filter(kind="free", total=100).count() == 4
    undone(owner, act, now)
    assert set(Invoice.objects.values_list("state", flat=True)) == {"void"}
    assert first_wrong() is None


def test_all_of_the_filter_and_pasted_codes_choose_the_right_ones(
    people: list[Customer], client_as: ClientAs
) -> None:
    client, data = client_as("owner"), {"confirmed": 1, "reason": "manual", "note": ""}
    Customer.objects.filter(pk=people[0].pk).update(city="Puebla")
    assert post(client, "suspend", all=1, **data | {"query": "city=pue"}).status_code == 302
    assert states() == ["suspended", "active", "active", "active"]
    codes = f"{people[1].code}; {int(people[2].code)}\n999999"
    page = post(client, "suspend", codes=codes)
    assert page.context["count"] == 2 and page.context["unknown"] == ["999999"]
    assert post(client, "suspend", codes=codes, **data).status_code == 302
    assert states() == ["suspended", "suspended", "suspended", "active"]


def test_who_arrived_since_one_looked_is_not_done_by_surprise(
    people: list[Customer], client_as: ClientAs
) -> None:
    data = {"confirmed": 1, "reason": "manual", "note": "", "all": 1, "seen": 3}
    answer = post(client_as("owner"), "suspend", **data)
    assert answer.status_code == 200 and answer.context["form"].errors
    assert states() == ["active"] * 4


def test_many_are_left_to_the_worker_with_progress(
    people: list[Customer], owner: User, now: datetime, monkeypatch: pytest.MonkeyPatch,
    client_as: ClientAs,
) -> None:  # fmt: skip
    monkeypatch.setattr(bulk, "AT_ONCE", 1)
    act = done(owner, "suspend", people, now, reason="manual")
    assert states() == ["active"] * 4
    page = client_as("owner").get(f"/bulk/{act.pk}/").content.decode()
    assert 'hx-trigger="every 2s"' in page
    run = Run()
    do_waiting(run, now)
    assert (run.planned, run.done) == (4, 4) and set(states()) == {"suspended"}
    page = client_as("owner").get(f"/bulk/{act.pk}/").content.decode()
    assert f"/bulk/{act.pk}/undo/" in page and "every 2s" not in page


def test_an_act_is_taken_back_once_and_only_when_it_is_done(
    people: list[Customer], owner: User, now: datetime, client_as: ClientAs
) -> None:
    act = done(owner, "suspend", people, now, reason="manual")
    client, key = client_as("owner"), str(uuid4())
    page = client.get(f"/bulk/{act.pk}/undo/")
    assert page.context["count"] == 4
    for _ in range(2):  # a double click
        assert client.post(f"/bulk/{act.pk}/undo/", {"key": key}).status_code == 302
    assert BulkAct.objects.filter(undoes=act).count() == 1
    again = client.post(f"/bulk/{act.pk}/undo/", {"key": str(uuid4())})
    assert again.status_code == 200 and again.context["form"].errors
    assert states() == ["active"] * 4


def test_who_may_not_suspend_may_not_take_it_back(
    people: list[Customer], owner: User, now: datetime, client_as: ClientAs
) -> None:
    act = done(owner, "suspend", people, now, reason="manual")
    support = client_as("support")  # sees the journal, restores, and does not suspend
    assert support.get(f"/bulk/{act.pk}/").status_code == 200
    assert support.post(f"/bulk/{act.pk}/undo/", {"key": str(uuid4())}).status_code == 403
    assert client_as("cashier").get(f"/bulk/{act.pk}/").status_code == 404


def test_a_collector_reaches_only_his_own(
    people: list[Customer], client_as: ClientAs, user_with_role: Users
) -> None:
    collector = user_with_role("collector")
    Customer.objects.filter(pk=people[2].pk).update(collector=collector)
    role = collector.role
    role.verbs = [*role.verbs, "services.suspend"]
    role.save()
    data = {"confirmed": 1, "reason": "manual", "note": ""}
    post(client_as("collector"), "suspend", pick=ids(people), **data)
    post(client_as("collector"), "suspend", all=1, **data)
    assert states() == ["active", "active", "suspended", "active"]


@pytest.mark.parametrize("kind", ["csv", "json", "xlsx"])
def test_the_chosen_ones_come_as_a_file_and_by_mail(
    people: list[Customer], client_as: ClientAs, owner: User, kind: str, now: datetime
) -> None:
    User.objects.filter(pk=owner.pk).update(email="ana@isp.example")
    client = client_as("owner")
    data = {"confirmed": 1, "kind": kind, "mail": "on", "pick": ids(people[:3])}
    answer = post(client, "export", **data)
    act = BulkAct.objects.get()
    assert answer["Location"] == f"/bulk/{act.pk}/"
    assert (act.total, act.progress, act.status) == (3, 3, "done")
    content = b"".join(client.get(f"/bulk/{act.pk}/file/").streaming_content)
    if kind == "csv":
        rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
        assert len(rows) == 3
    elif kind == "json":
        assert [row["name"] for row in json.loads(content)] == [f"Cliente {n}" for n in range(3)]
    else:
        assert content.startswith(b"PK")
    delivery = Delivery.objects.get()
    assert (delivery.to, delivery.attachment) == ("ana@isp.example", f"bulk-file:{act.pk}")
    (document,) = attachments.make(delivery.attachment)
    assert (document.content, document.filename) == (content, f"clientes.{kind}")


def test_everybody_sees_only_acts_that_he_may_do(user_with_role: Users) -> None:
    def keys(role: str) -> set[str]:
        return {act.key for act in acts_for(user_with_role(role), "customers")}

    assert "customers.delete" in keys("owner")
    assert keys("cashier") == set()
    assert {"customers.suspend", "customers.cancel"}.isdisjoint(keys("support"))


@pytest.fixture
def north(zone: Zone, router: Router) -> Router:
    """Another zone on a router of its own, whose pool holds the same addresses in part."""
    other = Zone.objects.create(name="Norte", company=zone.company, payment_day=20)
    served = Router.objects.create(name="RB Norte", driver="memory", host="192.0.2.2")
    served.zones.add(other)
    Pool.objects.create(router=served, name="Norte", network="10.20.0.0/28", gateway="10.20.0.1")
    return served


def test_moving_changes_zone_router_and_address_and_comes_back(
    people: list[Customer], owner: User, now: datetime, north: Router, router: Router
) -> None:
    zone = north.zones.get()
    taken = person(9, zone, Plan.objects.get(), north, now)
    Connection.objects.filter(service__customer=taken).update(address="10.20.0.10")
    act = done(owner, "move", people, now, zone=zone.pk, keep_address=True)
    assert results(act) == ["done"] * 4
    rows = Connection.objects.filter(service__customer__in=people).order_by("pk")
    assert {row.router for row in rows} == {north}
    assert {row.sync for row in rows} == {"pending"}
    addresses = [row.address for row in rows]
    assert addresses[1:] == ["10.20.0.11", "10.20.0.12", "10.20.0.13"]
    assert addresses[0] not in {None, "10.20.0.10"}  # somebody there has his
    assert set(Customer.objects.values_list("zone__name", flat=True)) == {"Norte"}
    router.refresh_from_db()
    assert router.dirty_since is not None  # the old one is cleaned
    undone(owner, act, now)
    rows = Connection.objects.filter(service__customer__in=people).order_by("pk")
    assert [(row.router, row.address) for row in rows] == [
        (router, f"10.20.0.{10 + n}") for n in range(4)
    ]
    assert {customer.zone.name for customer in Customer.objects.filter(pk__in=ids(people))} == {
        "Centro"
    }


def test_who_does_not_fit_is_listed_before_and_left_out(
    people: list[Customer], client_as: ClientAs, north: Router,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(
        "caudal.apps.desk.bulk.moving.served_by", lambda router: frozenset({"pppoe"})
    )
    Connection.objects.filter(service__customer=people[3]).update(technology="simple_queue")
    zone = north.zones.get()
    client, data = client_as("owner"), {"pick": ids(people), "confirmed": 1, "zone": zone.pk}
    page = post(client, "move", **data)
    preview = page.context["preview"]
    assert preview.refused_count == 1 and preview.refused[0].label == "Cliente 3"
    assert len(preview.rows) == 3
    assert set(Customer.objects.values_list("zone__name", flat=True)) == {"Centro"}
    post(client, "move", looked=1, **data)
    act = BulkAct.objects.get()
    assert results(act) == ["done", "done", "done", "refused"]
    assert Customer.objects.get(pk=people[3].pk).zone.name == "Centro"


def test_a_pool_of_another_router_is_refused_in_the_form(
    people: list[Customer], client_as: ClientAs, north: Router, router: Router
) -> None:
    data = {"pick": ids(people), "confirmed": 1, "zone": north.zones.get().pk,
            "router": north.pk, "pool": router.pools.get().pk}  # fmt: skip
    page = post(client_as("owner"), "move", **data)
    assert page.context["form"].errors["router"]


def test_the_panel_beside_the_list_has_a_tab_of_each_room(
    people: list[Customer], client_as: ClientAs
) -> None:
    client, pk = client_as("owner"), people[0].pk
    page = client.get(f"/customers/{pk}/side/").content.decode()
    assert page.count('role="tab"') == 6
    for name in ("services", "place", "devices"):
        assert client.get(f"/customers/{pk}/{name}/").status_code == 200
    assert "<svg" in client.get(f"/customers/{pk}/devices/").content.decode()
    assert (
        client_as("cashier").get(f"/customers/{pk}/side/").content.decode().count('role="tab"') < 6
    )


def test_the_menu_of_a_row_offers_what_is_done_to_one(
    people: list[Customer], client_as: ClientAs
) -> None:
    page = client_as("owner").get(f"/customers/{people[0].pk}/tools/").content.decode()
    for act in ("welcome", "portal_password", "move", "delete", "delete_on_router"):
        assert f'value="customers.{act}"' in page
    assert (
        "customers.delete"
        not in client_as("cashier").get(f"/customers/{people[0].pk}/tools/").content.decode()
    )
