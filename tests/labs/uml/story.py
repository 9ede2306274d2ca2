"""What happens to the customer of the lab, in the product's own acts."""

from datetime import timedelta
from pathlib import Path

from caudal.apps.catalog.models import Plan
from caudal.apps.customers import actions as customers
from caudal.apps.customers.models import Service
from caudal.apps.network.models import Connection, Router
from caudal.apps.network.sync import reconcile
from caudal.apps.radius.models import Session
from caudal.apps.staff.actor import Actor
from tests.labs.uml.inside import browse, dial, speeds, tell, wait
from tests.labs.uml.scene import NOW, PLANS

CLERK = Actor.system("lab")
UP = Path("/run/sessions/ana")


def tell_story() -> None:
    service, router = Service.objects.get(), Router.objects.get()
    plan = Plan.objects.get(name="Plan 5M")
    a_pass(router, 1)
    tell("dialled", dial())
    tell("address", Session.objects.open().get().address)
    tell("speeds", speeds(*PLANS["Plan 10M"]))
    tell("page", browse())
    customers.change_plan(actor=CLERK, now=NOW, service=service, plan=plan)
    a_pass(router, 2)
    tell("same session", UP.exists() and Session.objects.count() == 1)
    tell("changed speeds", speeds(*PLANS["Plan 5M"]))
    customers.suspend(actor=CLERK, now=NOW, today=NOW.date(), service=service, reason="unpaid")
    a_pass(router, 3)
    tell("closed", wait(lambda: not UP.exists(), 10))
    closed = Session.objects.get()
    tell("reported", [closed.ended is not None, closed.down_bytes > 5_000_000])
    tell("sync", Connection.objects.get().sync)
    tell("dialled cut", dial())
    tell("page cut", browse())
    a_pass(router, 4)
    tell("left in with the notice", UP.exists())
    customers.lift(actor=CLERK, now=NOW, service=service, reason="unpaid")
    a_pass(router, 5)
    tell("closed again", wait(lambda: not UP.exists(), 10))
    tell("dialled restored", dial())
    tell("page restored", browse())
    tell("end", True)


def a_pass(router: Router, minutes: int) -> None:
    router.refresh_from_db()
    row = reconcile(router, NOW + timedelta(minutes=minutes))
    tell("pass", [row.outcome, row.error])
