"""A small provider for the tests: `python -m tests.e2e.provider '{"router_port": 8728}'`.

What an owner types in on his first morning: company, zone with its calendar, plans, router, pool.
"""

import json
import sys
from datetime import datetime
from decimal import Decimal

import django

ANA = "ana"
PASSWORD = "una clave muy larga"
MORNING = "2027-03-03T10:00:00-06:00"
"""When it all begins: a Wednesday. Payment day 15, invoices on the 10th, cut on the 21st."""
CREATION = "2027-03-10T08:00"
CUT = "2027-03-21T09:00"
AN_HOUR_LATER = "2027-03-21T10:00"
PLAN, PRICE = "Hogar 20M", Decimal("350.00")


def found(router_port: int, morning: str = MORNING) -> None:
    """Write it all through the rooms' own actions."""
    from caudal.apps.catalog.models import Company, Plan
    from caudal.apps.clock.models import Shift
    from caudal.apps.clock.now import machine_time
    from caudal.apps.customers.models import Zone
    from caudal.apps.network.actions import save_pool, save_router
    from caudal.apps.network.models import Pool, Router
    from caudal.apps.payments.boxes import create_cash_box
    from caudal.apps.staff.actions import create_user
    from caudal.apps.staff.actor import Actor
    from caudal.apps.staff.models import Role
    from tests.e2e.installation import HOST, ROUTER_PASSWORD, ROUTER_USER

    now = datetime.fromisoformat(morning)
    Shift.objects.update_or_create(
        pk=1, defaults={"seconds": round((now - machine_time()).total_seconds())}
    )
    actor = Actor.system("test")
    create_user(
        actor=actor, now=now, username=ANA, name="Ana Dueñas", password=PASSWORD,
        role=Role.objects.get(code="owner"),
    )  # fmt: skip
    company = Company.objects.create(name="Red del Valle", email="facturas@valle.example")
    create_cash_box(actor=actor, now=now, company=company, name="Caja principal", kind="cash")
    zone = Zone.objects.create(
        name="Centro", company=company, payment_day=15, create_value=5, cut_value=5, city="Oaxaca"
    )
    Plan.objects.create(name=PLAN, price=PRICE, down_kbps=20_000, up_kbps=4_000)
    router = Router(
        name="Torre Centro", host=HOST, port=router_port, username=ROUTER_USER,
        password=ROUTER_PASSWORD,
    )  # fmt: skip
    save_router(actor=actor, now=now, router=router, zones=[zone])
    pool = Pool(router=router, name="Centro", network="10.20.0.0/24", gateway="10.20.0.1")
    save_pool(actor=actor, now=now, pool=pool)


if __name__ == "__main__":
    django.setup()
    found(**json.loads(sys.argv[1]))
