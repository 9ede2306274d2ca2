"""A small provider with one router, and the registration page filled in."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import uuid4

import pytest

from caudal.apps.catalog.models import Company, Plan
from caudal.apps.customers import actions
from caudal.apps.customers.models import Customer, Service, Zone
from caudal.apps.desk.tests.many import person
from caudal.apps.network.models import Pool, Router
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.models import Branch, User


@pytest.fixture
def zone(db: None) -> Zone:
    company = Company.objects.create(name="Río Net", country="MX", currency="MXN")
    return Zone.objects.create(name="Centro", company=company, payment_day=5)


@pytest.fixture
def plan(db: None) -> Plan:
    return Plan.objects.create(name="Básico 10Mb", price=250, down_kbps=10_000, up_kbps=2_000)


@pytest.fixture
def router(zone: Zone) -> Router:
    router = Router.objects.create(name="RB Centro", driver="memory", host="192.0.2.1")
    router.zones.add(zone)
    Pool.objects.create(router=router, name="Clientes", network="10.20.0.0/24")
    return router


@pytest.fixture
def customer(zone: Zone, now: datetime) -> Customer:
    """José, registered without the desk."""
    data = {"name": "José Peña Núñez", "zone": zone, "address": "Calle #12, Colonia Centro"}
    return actions.register_customer(actor=Actor.system("test"), now=now, data=data)


@pytest.fixture
def service(customer: Customer, plan: Plan, now: datetime) -> Service:
    return actions.add_service(
        actor=Actor.system("test"), now=now, customer=customer, plan=plan, started_on=now.date()
    )


@pytest.fixture
def page(zone: Zone, plan: Plan, router: Router) -> dict[str, Any]:
    """What a browser posts for a new customer, all of it right."""
    return {
        "form_key": str(uuid4()),
        "person_kind": "other",
        "name": "María Peña",
        "phones": "55 1234 5678",
        "emails": "maria@correo.example",
        "address": "Calle #12, Colonia Centro",
        "zone": zone.pk,
        "plan": plan.pk,
        "payment_day": 5,
        "registered_on": date(2026, 7, 5).isoformat(),
        "first_invoice": "none",
        "service_state": "active",
        "router": router.pk,
        "ip_address": "10.20.0.9",
        "username": "maria.pena",
        "password": "clave",
        "is_invoiced": "on",
        "may_be_cut": "on",
        "may_be_notified": "on",
    }


@pytest.fixture
def people(zone: Zone, plan: Plan, router: Router, now: datetime) -> list[Customer]:
    """Four customers with one active PPPoE service each, on one router."""
    return [person(n, zone, plan, router, now) for n in range(4)]


@pytest.fixture
def owner(user_with_role: Callable[..., User]) -> User:
    return user_with_role("owner")


@pytest.fixture
def north(zone: Zone, router: Router) -> Router:
    """Another zone on a router of its own, whose pool holds the same addresses in part."""
    other = Zone.objects.create(name="Norte", company=zone.company, payment_day=20)
    served = Router.objects.create(name="RB Norte", driver="memory", host="192.0.2.2")
    served.zones.add(other)
    Pool.objects.create(router=served, name="Norte", network="10.20.0.0/28", gateway="10.20.0.1")
    return served


@pytest.fixture
def centro(zone: Zone) -> Branch:
    branch = Branch.objects.create(name="Sucursal Centro")
    Zone.objects.filter(pk=zone.pk).update(branch=branch)
    return branch


@pytest.fixture
def norte(north: Router) -> Branch:
    branch = Branch.objects.create(name="Sucursal Norte")
    north.zones.update(branch=branch)
    return branch


@pytest.fixture
def both(
    zone: Zone,
    plan: Plan,
    router: Router,
    north: Router,
    centro: Branch,
    norte: Branch,
    now: datetime,
) -> list[Customer]:
    """Cliente 1 of the centre, Cliente 2 of the north."""
    zones = (Zone.objects.get(pk=zone.pk), north.zones.get())
    return [
        person(n, place, plan, served, now)
        for n, place, served in ((1, zones[0], router), (2, zones[1], north))
    ]  # fmt: skip


@pytest.fixture
def beto(user_with_role: Callable[..., User], centro: Branch) -> User:
    user = user_with_role("manager", "beto")
    User.objects.filter(pk=user.pk).update(branch_ids=[centro.pk])
    return User.objects.select_related("role").get(pk=user.pk)
