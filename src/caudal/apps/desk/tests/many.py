"""Some customers on one router, and what is done to all of them."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.test import Client

from caudal.apps.bulk import actions as bulk
from caudal.apps.bulk.acts import act_named
from caudal.apps.bulk.models import BulkAct
from caudal.apps.catalog.models import Plan
from caudal.apps.customers import actions
from caudal.apps.customers.contacts import ContactData
from caudal.apps.customers.models import Customer, Service, Zone
from caudal.apps.network import actions as network
from caudal.apps.network.models import Router
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.models import User

TEST = Actor.system("test")


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
