"""A practice router configured by hand is read, reviewed and adopted; others' rows stay."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from caudal.apps.customers import actions as customers
from caudal.apps.customers.models import Customer, SuspensionReason
from caudal.apps.imports import actions
from caudal.apps.imports.models import ImportRow, ImportRun
from caudal.apps.imports.tests.adopting import agree, read, serve, taken
from caudal.apps.imports.tests.conftest import HEAD, NOW, Provider
from caudal.apps.network.models import Connection
from caudal.apps.network.sync import reconcile
from caudal.core.ports.access import AccessError
from caudal.practice.routeros import PracticeRouter

pytestmark = pytest.mark.django_db(transaction=True)

COMMENT = "Eva Peña Ruiz - 55 1234 5678"


@pytest.fixture
def box() -> Iterator[PracticeRouter]:
    """In use for years: a secret, a cut one, a queue with accents, and things of the office."""
    with PracticeRouter(user="admin", password="clave") as router:
        router.put("/ip/address", address="10.20.0.1/24", interface="ether2")
        router.put("/ppp/profile", name="Hogar 10M", rate_limit="2M/10M")
        for name, address, comment in (
            ("eva", "10.20.0.10", COMMENT),
            ("luis", "10.20.0.11", "Luis Gómez"),
            ("nadie", "10.20.0.12", "Nora Díaz Ríos 55 8765 4321"),
        ):
            router.put(
                "/ppp/secret", name=name, password=f"{name}99", service="pppoe",
                profile="Hogar 10M", remote_address=address, comment=comment,
            )  # fmt: skip
        router.put("/ip/firewall/address-list", list="morosos", address="10.20.0.11")
        router.put("/queue/simple", name="Ñandú S.A.", target="10.20.0.40", max_limit="2M/10M")
        router.put("/ppp/secret", name="vpn-oficina", password="x1", service="l2tp")
        router.put("/queue/simple", name="Gerencia", target="192.168.88.0/24", max_limit="0/0")
        yield router


@pytest.fixture
def served(provider: Provider, box: PracticeRouter) -> Provider:
    return serve(provider, box)


def adopted(provider: Provider) -> ImportRun:
    run = taken(provider, read(provider))
    agree(provider)
    return run


def everything(box: PracticeRouter) -> list[list[dict[str, str]]]:
    return [
        box.rows(path)
        for path in ("/ppp/secret", "/ppp/profile", "/queue/simple", "/ip/firewall/address-list")
    ]


def test_nothing_on_the_router_changes_before_the_approval(
    served: Provider, box: PracticeRouter
) -> None:
    before = everything(box)
    run = read(served)
    assert run.status == ImportRun.Status.REVIEW
    assert {row.label for row in run.rows.all()} >= {"Eva Peña Ruiz", "Nora Díaz Ríos"}
    assert everything(box) == before
    assert not Customer.objects.exists()


def test_customers_of_the_router_come_in_with_what_it_knows(
    served: Provider, box: PracticeRouter
) -> None:
    adopted(served)
    eva = Connection.objects.select_related("service__customer", "service__plan").get(
        username="eva"
    )
    assert eva.service.customer.name == "Eva Peña Ruiz"
    assert eva.service.customer.contacts.get().value == "+525512345678"
    assert (eva.password, eva.address, eva.service.plan) == ("eva99", "10.20.0.10", served.plan)
    assert Connection.objects.get(username="luis").service.state == "suspended"


def test_adopted_rows_get_our_mark_and_others_stay(served: Provider, box: PracticeRouter) -> None:
    strangers = [row for row in box.rows("/ppp/secret") if row["name"] == "vpn-oficina"]
    adopted(served)
    reconcile(served.router, NOW)
    marks = {row["name"]: row.get("comment", "") for row in box.rows("/ppp/secret")}
    assert all(marks[name].startswith("caudal:") for name in ("eva", "luis", "nadie"))
    assert [row for row in box.rows("/ppp/secret") if row["name"] == "vpn-oficina"] == strangers
    assert {row["name"] for row in box.rows("/queue/simple") if row["dynamic"] == "false"} >= {
        "Gerencia"
    }
    again = read(served)
    assert not again.rows.filter(label="Eva Peña Ruiz").exists()


def test_the_cut_made_by_hand_is_lifted_when_the_customer_pays(
    served: Provider, box: PracticeRouter
) -> None:
    adopted(served)
    reconcile(served.router, NOW)
    service = Connection.objects.get(username="luis").service
    customers.lift(actor=served.actor, now=NOW, service=service, reason=SuspensionReason.MANUAL)
    reconcile(served.router, NOW + timedelta(minutes=5))
    listed = {row["address"] for row in box.rows("/ip/firewall/address-list")}
    assert "10.20.0.11" not in listed


def test_who_came_from_a_file_is_found_by_his_user(
    served: Provider, box: PracticeRouter, row
) -> None:
    mine = {"Nombre": "Eva Ruiz", "Servicio": "eva", "Ip": "10.20.0.10"}
    secret = {"Password PPPoE/HotSpot": "eva99"}
    served.take(f"{HEAD},Password PPPoE/HotSpot\n{row(**mine, **secret)}")
    run = adopted(served)
    adopted_row = run.rows.get(label="Eva Peña Ruiz")
    assert adopted_row.customer == Customer.objects.get(name="Eva Ruiz")
    assert Customer.objects.filter(name__startswith="Eva").count() == 1
    outcome = reconcile(served.router, NOW)
    assert outcome.failed == 0
    assert Connection.objects.get(username="eva").sync == Connection.Sync.IN_SYNC


def test_a_queue_with_accents_is_found_by_its_address_and_renamed(
    served: Provider, box: PracticeRouter, row
) -> None:
    served.plan.technology = "simple_queue"
    served.plan.save()
    served.take(f"{HEAD}\n{row(Nombre='Ñandú', Servicio='Nandu', Ip='10.20.0.40')}")
    run = read(served)
    keep = run.rows.filter(plan=ImportRow.Plan.CHANGED)
    assert keep.count() == 1
    others = run.rows.exclude(pk__in=keep).values_list("pk", flat=True)
    actions.select(run=run, rows=others, selected=False)
    taken(served, run)
    agree(served)
    reconcile(served.router, NOW)
    queues = {row["name"] for row in box.rows("/queue/simple")}
    assert "Nandu" in queues and "Ñandú S.A." not in queues


def test_only_ticked_rows_are_adopted(served: Provider, box: PracticeRouter) -> None:
    run = read(served)
    nora = run.rows.get(label="Nora Díaz Ríos")
    actions.select(run=run, rows=[nora.pk], selected=False)
    taken(served, run)
    agree(served)
    reconcile(served.router, NOW)
    secret = next(row for row in box.rows("/ppp/secret") if row["name"] == "nadie")
    assert secret["comment"] == "Nora Díaz Ríos 55 8765 4321"


def test_a_router_that_is_off_says_so_and_leaves_no_run(
    served: Provider, box: PracticeRouter
) -> None:
    box.power_off()
    with pytest.raises(AccessError):
        read(served)
    assert not ImportRun.objects.exists()
