"""Who is limited to branches is offered, and may name, only what belongs to them or to all."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from caudal.apps.bulk.models import BulkAct
from caudal.apps.customers.models import Customer, Zone
from caudal.apps.desk.tests.many import TEST
from caudal.apps.monitoring.models import Device
from caudal.apps.network.models import AddressBlock, Connection, Pool, Router, Site
from caudal.apps.payments.actions import create_cash_box
from caudal.apps.payments.models import CashBox, Refund
from caudal.apps.runs import actions as runs
from caudal.apps.runs.models import Run, RunRow
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.models import Branch, Role, User
from caudal.apps.staff.verbs import Verb
from caudal.apps.updates.actions import open_update
from caudal.apps.updates.checking import check_all
from caudal.apps.updates.models import Update
from caudal.core.errors import RuleError

pytestmark = pytest.mark.django_db
BULK = "/api/v1/bulk-acts/"


@pytest.fixture
def able(beto: User) -> User:
    """Who may do everything, in the branch of the centre."""
    Role.objects.filter(pk=beto.role_id).update(verbs=[verb.value for verb in Verb])
    return User.objects.select_related("role").get(pk=beto.pk)


@pytest.fixture
def client(able: User) -> Client:
    client = Client()
    client.force_login(able, backend="caudal.apps.staff.backends.RoleBackend")
    return client


def named(page: Any) -> tuple[bool, bool]:
    """Whether a page names the router of the centre, and that of the north."""
    text = page.content.decode()
    return "RB Centro" in text, "RB Norte" in text or ">Norte<" in text


def test_a_move_offers_and_takes_the_places_of_the_branch(
    both: list[Customer], client: Client, north: Router
) -> None:
    held = Connection.objects.get(service__customer=both[0])
    address = reverse("network:move", args=[held.pk])
    assert named(client.get(address)) == (True, False)
    sent = {"router": north.pk, "zone": north.zones.get().pk, "technology": "pppoe"}
    page = client.post(address, sent)
    assert page.status_code == 200 and set(page.context["form"].errors) >= {"router", "zone"}
    held.refresh_from_db()
    assert held.router.name == "RB Centro"


def test_a_customer_is_not_edited_into_a_zone_of_another_branch(
    both: list[Customer], client: Client, north: Router
) -> None:
    form = client.get(reverse("desk:edit", args=[both[0].pk])).context["form"]
    assert [zone.name for zone in form.fields["zone"].queryset] == ["Centro"]
    sent = {"zone": north.zones.get().pk}
    address = f"/api/v1/customers/{both[0].pk}/"
    answer = client.patch(address, sent, content_type="application/json")
    assert answer.status_code == 400 and "zone" in answer.json()


def test_nobody_is_registered_or_served_elsewhere_over_the_api(
    both: list[Customer], client: Client, north: Router
) -> None:
    made = {"name": "Eva", "address": "Calle 9", "zone": north.zones.get().pk}
    answer = client.post("/api/v1/customers/", made, content_type="application/json")
    assert answer.status_code == 400 and Customer.objects.count() == 2
    wanted = {"customer": both[0].pk, "plan": both[0].services.get().plan_id, "router": north.pk}
    answer = client.post("/api/v1/services/", wanted, content_type="application/json")
    assert answer.status_code == 400 and both[0].services.count() == 1


def test_a_move_of_many_offers_and_takes_the_places_of_the_branch(
    both: list[Customer], client: Client, north: Router
) -> None:
    page = client.post("/bulk/", {"act": "customers.move", "pick": [both[0].pk]})
    assert named(page) == (True, False)
    zone = north.zones.get()
    options = {"zone": zone.pk, "router": north.pk, "pool": Pool.objects.get(router=north).pk}
    sent = {"act": "customers.move", "rows": {"ids": [both[0].pk]}, "options": options, "count": 1}
    answer = client.post(BULK, sent, content_type="application/json")
    assert set(answer.json()["options"]) == {"zone", "router", "pool"}
    assert not BulkAct.objects.exists()


def test_a_file_names_no_zone_or_router_of_another_branch(
    both: list[Customer], able: User, now: datetime
) -> None:
    text = f"code,zone,router\n{both[0].code},Norte,RB Norte\n"
    update = open_update(user=able, now=now, filename="c.csv", content=text.encode())
    check_all(update)
    row = Update.objects.get(pk=update.pk).rows.get()
    assert row.outcome == "wrong" and "Norte" in str(row.problems)


def test_money_is_not_given_back_out_of_a_box_of_another_branch(
    both: list[Customer], able: User, client: Client, norte: Branch, now: datetime
) -> None:
    box = create_cash_box(
        actor=TEST, now=now, company=both[0].company, name="Del norte", kind="cash", branch=norte
    )
    CashBox.objects.filter(pk=box.pk).update(branch=None)
    sent = {"customer": both[0].pk, "amount": "10.00", "method": "cash", "cash_box": box.pk}
    paid = client.post("/api/v1/payments/", {**sent, "external_id": "1"},
                       content_type="application/json")  # fmt: skip
    assert paid.status_code == 201
    CashBox.objects.filter(pk=box.pk).update(branch=norte)
    back = {**sent, "reason": "x", "external_id": "2"}
    answer = client.post("/api/v1/refunds/", back, content_type="application/json")
    assert answer.json()["code"] == "cash-box-not-usable" and not Refund.objects.exists()
    page = client.get(reverse("payments:refund-credit", args=[both[0].pk]))
    assert "Del norte" not in page.content.decode()


def planned(customers: list[Customer], now: datetime) -> Run:
    run = Run.objects.create(
        kind=Run.Kind.CUT, on=now.date(), status=Run.Status.PLANNED, requested_at=now,
        totals={"rows": len(customers)}, time_zone=str(len(customers)),
    )  # fmt: skip
    for customer in customers:
        RunRow.objects.create(
            run=run, key=customer.code, customer=customer, action="cut", currency="MXN", amount=0
        )
    RunRow.objects.create(run=run, key="plan", action="skip", currency="MXN", amount=0)
    return run


def test_a_run_of_other_branches_is_not_executed_by_who_sees_one(
    both: list[Customer], able: User, now: datetime
) -> None:
    whole, mine = planned(both, now), planned(both[:1], now)
    by: dict[str, Any] = {"actor": Actor.person(able), "now": now, "today": whole.on}
    with pytest.raises(RuleError, match="run-of-others"):
        runs.approve(run=whole, **by)
    assert runs.approve(run=mine, **by).status == Run.Status.APPROVED
    owner = {**by, "actor": TEST}
    assert runs.approve(run=whole, **owner).status == Run.Status.APPROVED


def test_a_run_is_planned_of_zones_that_he_sees(both: list[Customer], client: Client) -> None:
    form = client.get(reverse("runs:plan")).context["form"]
    assert [zone.name for zone in form.fields["zones"].queryset] == ["Centro"]
    sent = {"kind": "create", "on": "2026-08-01", "zones": [both[1].zone_id]}
    answer = client.post("/api/v1/runs/", sent, content_type="application/json")
    assert answer.status_code == 400 and not Run.objects.exists()


@pytest.fixture
def places(both: list[Customer], router: Router, north: Router) -> None:
    """A tower, a device and a block of each branch, and of nobody."""
    branches = (("Centro", router), ("Norte", north), ("Nadie", None))
    for at, (name, served) in enumerate(branches):
        site = Site.objects.create(name=f"Torre {name}", latitude=1, longitude=1)
        if served is not None:
            Router.objects.filter(pk=served.pk).update(site=site)
        Device.objects.create(name=f"Antena {name}", address="192.0.2.7", site=site)
        kinds: tuple[dict[str, Any], ...] = ({"router": served}, {"site": site})
        for n, place in enumerate(kinds):
            network = f"10.{at}.{n}.0/24"
            AddressBlock.objects.create(name=f"Bloque {name} {n}", network=network, **place)


SCREENS = ("/network/sites/", "/network/addresses/", "/monitoring/", "/api/v1/address-blocks/",
           "/api/v1/devices/", "/network/zones/", "/monitoring/map.json")  # fmt: skip


@pytest.mark.parametrize("address", SCREENS)
def test_places_of_the_network_are_those_of_the_branch_and_of_nobody(
    places: None, client: Client, client_as: Callable[..., Client], address: str
) -> None:
    words = ("Centro", "Nadie", "Norte")
    mine, everything = (
        [word for word in words if f"{word}" in browser.get(address).content.decode()]
        for browser in (client, client_as("owner"))
    )
    assert "Norte" in everything and "Norte" not in mine and "Centro" in mine


def test_a_place_of_another_branch_is_nowhere(places: None, client: Client) -> None:
    site, device = Site.objects.get(name="Torre Norte"), Device.objects.get(name="Antena Norte")
    block = AddressBlock.objects.get(name="Bloque Norte 1")
    for name, pk in (
        ("network:site", site.pk), ("monitoring:site", site.pk), ("monitoring:device", device.pk),
        ("network:block", block.pk), ("network:zone", Zone.objects.get(name="Norte").pk),
    ):  # fmt: skip
        assert client.get(reverse(name, args=[pk])).status_code == 404, name


def test_what_a_device_leads_to_stays_when_he_saves_it(
    places: None, client: Client, router: Router
) -> None:
    hidden = Device.objects.get(name="Antena Norte")
    device = Device.objects.get(name="Antena Centro")
    Device.objects.filter(pk=device.pk).update(parent=hidden)
    form = client.get(reverse("monitoring:edit_device", args=[device.pk])).context["form"]
    assert hidden in form.fields["parent"].queryset
    assert not form.fields["site"].queryset.filter(name="Torre Norte").exists()


def test_payments_are_narrowed_by_branch_where_there_are_any(
    both: list[Customer], norte: Branch, client_as: Callable[..., Client], now: datetime
) -> None:
    create_cash_box(actor=TEST, now=now, company=both[0].company, name="Caja", kind="cash")
    owner, box = client_as("owner"), CashBox.objects.get(name="Caja")
    for customer in both:
        sent = {"customer": customer.pk, "amount": "10.00", "method": "cash",
                "cash_box": box.pk, "external_id": str(customer.pk)}  # fmt: skip
        owner.post("/api/v1/payments/", sent, content_type="application/json")
    page = owner.get("/payments/", {"branch": norte.pk}).content.decode()
    assert "Cliente 2" in page and "Cliente 1" not in page
    assert "branch" in owner.get("/payments/").context["form"].fields
    Zone.objects.update(branch=None)
    Branch.objects.all().delete()
    assert "branch" not in owner.get("/payments/").context["form"].fields
