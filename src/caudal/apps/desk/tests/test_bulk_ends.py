"""Many suspended, cancelled, deleted and moved at once: routers and money follow, and back too."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from caudal.apps.billing.models import Invoice
from caudal.apps.bulk.models import BulkAct
from caudal.apps.catalog.models import Plan
from caudal.apps.customers import actions
from caudal.apps.customers.models import Customer, Service
from caudal.apps.desk.tests.many import TEST, done, ids, person, post, results, states, undone
from caudal.apps.ledger.verify import first_wrong
from caudal.apps.network.models import Connection, Router
from caudal.apps.staff.models import User

ClientAs = Callable[..., Client]
Users = Callable[..., User]


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
