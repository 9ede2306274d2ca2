"""What a provider has before its first customer: company, zones, plans, staff, routers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

from django.contrib.auth.hashers import make_password
from django.db import models, transaction

from caudal.apps.catalog.models import Company, Plan, Product, Tax, TaxMode, Technology
from caudal.apps.customers.models import CutStyle, DayStyle, Zone
from caudal.apps.network import actions as network
from caudal.apps.network.models import Pool, Router, Site
from caudal.apps.payments import actions as payments
from caudal.apps.payments.models import CashBox
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record, snapshot
from caudal.apps.staff.models import Role, User
from caudal.practice import demo

PASSWORD = "caudal-demo"
"""Of everybody in the demo; production has no demo."""

Row = TypeVar("Row", bound=models.Model)

_ZONES: dict[str, dict[str, Any]] = {
    "Centro": {
        "payment_day": 1,
        "create_style": DayStyle.DAY_OF_MONTH,
        "create_value": 28,
        "notice_style": DayStyle.DAY_OF_MONTH,
        "notice_value": 30,
        "cut_style": CutStyle.DAY_OF_MONTH,
        "cut_value": 5,
    },
    "Lomas": {
        "payment_day": 10,
        "create_style": DayStyle.DAYS_BEFORE,
        "create_value": 5,
        "notice_style": DayStyle.DAYS_BEFORE,
        "notice_value": 2,
        "cut_style": CutStyle.GRACE_DAYS,
        "cut_value": 5,
    },
    "Norte": {
        "payment_day": 15,
        "create_style": DayStyle.DAYS_BEFORE,
        "create_value": 7,
        "cut_style": CutStyle.GRACE_DAYS,
        "cut_value": 3,
    },
}
_PPPOE = {
    "Básico 5Mb": (250, 5_000, 1_000, {}),
    "Hogar 10Mb": (320, 10_000, 2_000, {}),
    "Hogar 20Mb": (
        420,
        20_000,
        4_000,
        {
            "burst_down_kbps": 30_000,
            "burst_up_kbps": 8_000,
            "burst_threshold_down_kbps": 15_000,
            "burst_threshold_up_kbps": 3_000,
            "burst_seconds": 10,
        },
    ),
    "Negocio 50Mb": (890, 50_000, 10_000, {"priority": 4}),
}
_QUEUES = {"Antena 5M": (250, 5_000, 1_000), "Antena 10M": (320, 10_000, 2_000)}
_STAFF = {
    "admin": ("Elena Vargas", "owner"),
    "gerente": ("Ramiro Solís", "manager"),
    "cajera": ("Patricia Núñez", "cashier"),
    "cobrador": ("Beto Ledesma", "collector"),
    "soporte": ("Noé Quiroz", "support"),
    "tecnico": ("Iván Peña", "technician"),
    "vendedora": ("Rosa Treviño", "seller"),
}


@dataclass(frozen=True, slots=True)
class Founder:
    """Who founds the provider and when."""

    actor: Actor
    now: datetime

    def add(self, model: type[Row], key: Mapping[str, Any], **fields: Any) -> Row:
        """The row with this key, made and journalled where it does not exist yet."""
        found = model._default_manager.filter(**key).first()
        if found is not None:
            return found
        row = model(**key, **fields)
        row.full_clean(exclude=["password"])
        row.save()
        record(self.actor, "demo.found", row, now=self.now, before={}, after=snapshot(row))
        return row


@transaction.atomic
def found(actor: Actor, now: datetime) -> Company:
    """Everything below, once; a second call changes nothing."""
    founder = Founder(actor, now)
    company = _company(founder)
    _staff(founder)
    zones = {
        name: founder.add(Zone, {"name": name}, company=company, city="Valle de Bravo", **calendar)
        for name, calendar in _ZONES.items()
    }
    _plans(founder)
    _routers(founder, zones)
    _cash_boxes(founder, company)
    return company


def _company(founder: Founder) -> Company:
    company = founder.add(
        Company,
        {"name": "Red Andina"},
        legal_name="Red Andina Telecomunicaciones S.A. de C.V.",
        tax_id="RAT180315H52",
        address="Av. Toluca #45, Centro, Valle de Bravo, México",
        phone="726 262 0145",
        email="hola@redandina.example",
        website="https://redandina.example",
        tax_mode=TaxMode.INCLUDED,
        late_fee=Decimal(30),
        reconnection_fee=Decimal(50),
        unlock_value=Decimal(0),
        footer="Pague en caja, por transferencia o con su cobrador. Gracias por su preferencia.",
    )
    tax = founder.add(Tax, {"name": "IVA"}, rate=Decimal(16))
    company.taxes.add(tax)
    for name, price in (("Instalación", 500), ("Router Wi-Fi", 750), ("Renta de equipo", 50)):
        founder.add(Product, {"name": name}, price=Decimal(price), currency=company.currency)
    return company


def _staff(founder: Founder) -> None:
    """One slow hash does for all seven, who have one password."""
    if User.objects.filter(username__in=_STAFF).count() == len(_STAFF):
        return
    password = make_password(PASSWORD)
    for username, (name, role) in _STAFF.items():
        founder.add(
            User,
            {"username": username},
            name=name,
            role=Role.objects.get(code=role),
            email=f"{username}@redandina.example",
            password=password,
            language="es",
            created_at=founder.now,
        )


def _plans(founder: Founder) -> None:
    for name, (price, down, up, more) in _PPPOE.items():
        _plan(founder, name, Technology.PPPOE, price, down, up, more)
    for name, (price, down, up) in _QUEUES.items():
        _plan(founder, name, Technology.SIMPLE_QUEUE, price, down, up, {})


def _plan(
    founder: Founder,
    name: str,
    technology: str,
    price: int,
    down_kbps: int,
    up_kbps: int,
    more: Mapping[str, Any],
) -> None:
    founder.add(
        Plan,
        {"name": name},
        technology=technology,
        price=Decimal(price),
        currency="MXN",
        down_kbps=down_kbps,
        up_kbps=up_kbps,
        description=f"Internet {name}",
        **more,
    )


def _routers(founder: Founder, zones: Mapping[str, Zone]) -> None:
    site = founder.add(
        Site, {"name": "Torre Cerro Gordo"}, latitude="19.172410", longitude="-100.121530",
        radius_m=6_000,
    )  # fmt: skip
    served = {"RB Centro": ("Centro", "Lomas"), "RB Norte": ("Norte",)}
    pools = {
        "RB Centro": (
            ("Fibra", "10.20.0.0/20", "10.20.0.1"),
            ("Antenas", "10.30.0.0/24", None),
            ("pool-pppoe", "10.20.200.0/22", None),
        ),
        "RB Norte": (("Antenas", "10.30.0.0/24", None),),
    }
    for box in demo.ROUTERS:
        if Router.objects.filter(name=box.name).exists():
            continue
        router = network.save_router(
            actor=founder.actor,
            now=founder.now,
            router=Router(
                name=box.name,
                site=site,
                host="127.0.0.1",
                port=box.port,
                username=demo.USER,
                password=demo.PASSWORD,
                lan_interface="ether2",
            ),
            zones=[zones[name] for name in served[box.name]],
        )
        for name, cidr, gateway in pools[box.name]:
            pool = Pool(router=router, name=name, network=cidr, gateway=gateway)
            network.save_pool(actor=founder.actor, now=founder.now, pool=pool)


def _cash_boxes(founder: Founder, company: Company) -> None:
    for name, kind in (
        ("Caja principal", CashBox.Kind.CASH),
        ("Cobranza en ruta", CashBox.Kind.CASH),
        ("Banco", CashBox.Kind.BANK),
    ):
        if not CashBox.objects.filter(company=company, name=name).exists():
            payments.create_cash_box(
                actor=founder.actor, now=founder.now, company=company, name=name, kind=kind
            )
