"""The provider of the lab, in a database of its own: one router, two plans, one customer.

`python -m tests.labs.uml.scene`; the environment says where the database is.
"""

import os
from datetime import UTC, datetime
from decimal import Decimal

NOW = datetime(2026, 7, 5, 18, 0, tzinfo=UTC)
SECRET = "secreto-del-taller"
ADDRESS = "10.20.0.10"
PLANS = {"Plan 10M": (2_000, 10_000), "Plan 5M": (1_000, 5_000)}
"""Upload and download in kbit/s."""


def build() -> None:
    from django.core.management import call_command

    from caudal.apps.catalog.models import Company, Plan
    from caudal.apps.customers import actions as customers
    from caudal.apps.customers.models import Zone
    from caudal.apps.network import actions as network
    from caudal.apps.network.models import Router
    from caudal.apps.radius import actions as radius
    from caudal.apps.staff.actor import Actor

    call_command("migrate", verbosity=0)
    clerk = Actor.system("lab")
    company = Company.objects.create(name="Río Net", country="MX", currency="MXN")
    zone = Zone.objects.create(name="Centro", company=company, payment_day=5)
    plans = [
        Plan.objects.create(name=name, price=Decimal(250), up_kbps=up, down_kbps=down)
        for name, (up, down) in PLANS.items()
    ]
    router = Router.objects.create(
        name="Concentrador", driver="radius", host="127.0.0.1", port=3799, password=SECRET
    )
    customer = customers.register_customer(
        actor=clerk, now=NOW, data={"name": "Ana Peña", "zone": zone, "address": "Calle 12"}
    )
    service = customers.add_service(
        actor=clerk, now=NOW, customer=customer, plan=plans[0], started_on=NOW.date()
    )
    network.connect(
        actor=clerk, now=NOW, service=service, router=router, technology="pppoe", username="ana",
        password="clave", address=ADDRESS,
    )  # fmt: skip
    radius.write_clients()


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "caudal.project.settings"
    import django

    django.setup()
    build()
