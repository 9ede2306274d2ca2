"""What is done to many customers at once, and taken back as one operation."""

import csv
import io
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.hashers import check_password
from django.test import Client

from caudal.apps.billing.models import Invoice
from caudal.apps.bulk import actions as bulk
from caudal.apps.bulk.acts import acts_for
from caudal.apps.bulk.doing import do_waiting
from caudal.apps.bulk.models import BulkAct
from caudal.apps.clock.jobs import Run
from caudal.apps.customers import actions
from caudal.apps.customers.models import Customer
from caudal.apps.desk.tests.many import TEST, done, ids, post, results, states, undone
from caudal.apps.ledger.verify import first_wrong
from caudal.apps.messaging import attachments
from caudal.apps.messaging.models import Delivery
from caudal.apps.staff.models import User

ClientAs = Callable[..., Client]
Users = Callable[..., User]


def test_an_edit_shows_before_and_after_and_only_then_is_done(
    people: list[Customer], client_as: ClientAs, owner: User
) -> None:
    client = client_as("owner")
    Customer.objects.filter(pk=people[0].pk).update(city="Puebla")
    data = {"pick": ids(people), "confirmed": 1, "seen": 4, "city": "Oaxaca",
            "collector": owner.pk, "may_be_cut": "no"}  # fmt: skip
    first = post(client, "edit", pick=ids(people)).content.decode()
    assert "Ver qué cambia" in first or "See what changes" in first
    page = post(client, "edit", **data).content.decode()
    assert "Puebla" in page and "Oaxaca" in page and owner.name in page
    assert not Customer.objects.filter(city="Oaxaca").exists()
    answer = post(client, "edit", looked=1, **data)
    assert answer.status_code == 302
    assert Customer.objects.filter(city="Oaxaca", collector=owner, may_be_cut=False).count() == 4


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
    for act in ("welcome", "move", "delete", "delete_on_router"):
        assert f'value="customers.{act}"' in page
    assert (
        "customers.delete"
        not in client_as("cashier").get(f"/customers/{people[0].pk}/tools/").content.decode()
    )
