"""New customers of the demo on every way of access, and a router that asks by RADIUS."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from caudal.apps.catalog.models import Plan, Technology
from caudal.apps.customers import actions as customers
from caudal.apps.customers.models import Customer, Zone
from caudal.apps.network import actions as network
from caudal.apps.network.models import Pool, Router
from caudal.apps.staff.actor import Actor
from caudal.practice.demo import PASSWORD
from caudal.practice.newcomers import LEASES, NEWCOMERS, Newcomer

ROUTER, ASKING, ZONE = "RB Norte", "RB Sur", "Norte"
_PLANS = {
    Technology.DHCP: ("Casa 15Mb", 380, 15_000, 3_000),
    Technology.HOTSPOT: ("Plaza 5Mb", 290, 5_000, 2_000),
    Technology.PCQ: ("Cerro 10Mb", 300, 10_000, 2_000),
    Technology.STATIC: ("Empresa 30Mb", 1_250, 30_000, 10_000),
}
_POOLS = (("Hogares", "10.40.0.0/24", "10.40.0.1"), ("Cerro", "10.31.0.0/24", "10.31.0.1"))
_BY_RADIUS = (
    Newcomer("Paloma Vega Ortiz", "pppoe", "paloma.vega", "brisa541"),
    Newcomer("Rubén Salas Prieto", "pppoe", "ruben.salas", "cerro208"),
    Newcomer("Taller Los Pinos", "pppoe", "lospinos", "tornillo9"),
)


@dataclass(frozen=True, slots=True)
class _Move:
    """Who signs people up, when, and from which day they are given service."""

    actor: Actor
    now: datetime
    day: date
    zone: Zone

    def in_(self, one: Newcomer, plan: Plan, router: Router, **how: Any) -> None:
        """Once for each."""
        if Customer.objects.filter(name=one.person).exists():
            return
        data = {"name": one.person, "zone": self.zone, "address": "Camino al Cerro s/n"}
        customer = customers.register_customer(actor=self.actor, now=self.now, data=data)
        service = customers.add_service(
            actor=self.actor, now=self.now, customer=customer, plan=plan, started_on=self.day
        )
        network.connect(
            actor=self.actor, now=self.now, service=service, router=router, technology=one.way,
            username=one.user, password=one.password, address=one.address or None, mac=one.mac,
            **how,
        )  # fmt: skip


@transaction.atomic
def let_people_move_in(actor: Actor, now: datetime, day: date) -> None:
    """A second call changes nothing."""
    zone = Zone.objects.get(name=ZONE)
    moving = _Move(actor, now, day, zone)
    router = Router.objects.get(name=ROUTER)
    for name, cidr, gateway in _POOLS:
        if not Pool.objects.filter(router=router, name=name).exists():
            pool = Pool(router=router, name=name, network=cidr, gateway=gateway)
            network.save_pool(actor=actor, now=now, pool=pool)
    for one in NEWCOMERS:
        server = {"server": LEASES} if one.way == Technology.DHCP else {}
        bound = {"bind_mac": True} if one.way == Technology.PCQ else {}
        moving.in_(one, _plan(one.way), router, **server, **bound)
    _by_radius(moving)


def _plan(way: str) -> Plan:
    name, price, down, up = _PLANS[Technology(way)]
    values = {"technology": way, "price": Decimal(price), "currency": "MXN",
              "down_kbps": down, "up_kbps": up, "description": f"Internet {name}"}  # fmt: skip
    return Plan.objects.get_or_create(name=name, defaults=values)[0]


def _by_radius(moving: _Move) -> None:
    """Whom FreeRADIUS would answer, as soon as somebody runs it beside the demo."""
    router = Router.objects.filter(name=ASKING).first() or network.save_router(
        actor=moving.actor,
        now=moving.now,
        router=Router(name=ASKING, driver="radius", host="127.0.0.1", port=3799, password=PASSWORD),
        zones=[moving.zone],
    )
    plan = Plan.objects.get(name="Hogar 10Mb")
    for one in _BY_RADIUS:
        moving.in_(one, plan, router)
