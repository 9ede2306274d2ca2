"""The practice routers, configured by hand long ago, are adopted through the real import."""

from datetime import date, datetime

from caudal.apps.customers.models import Zone
from caudal.apps.imports import actions, first_plan
from caudal.apps.imports.advance import advance
from caudal.apps.imports.models import FirstPlan, ImportRow, ImportRun
from caudal.apps.imports.options import Options
from caudal.apps.imports.reading import open_router, source_of
from caudal.apps.network.models import Pool, Router
from caudal.apps.network.sync import reconcile
from caudal.apps.staff.actor import Actor
from caudal.core.ports.access import AccessError


def adopt_routers(actor: Actor, now: datetime, first_day: date) -> list[str]:
    """Take over, on every router that answers, the rows of customers we know, and write once.

    Those that nobody knows are left for a person to review. Returns the names of the routers
    that did not answer; the next call tries them.
    """
    silent = []
    for router in Router.objects.filter(driver="routeros").order_by("id"):
        if ImportRun.objects.filter(source=source_of(router), status="done").exists():
            continue
        try:
            _adopt(router, actor, now, first_day)
        except AccessError:
            silent.append(router.name)
    return silent


def _adopt(router: Router, actor: Actor, now: datetime, first_day: date) -> None:
    pool = Pool.objects.filter(router=router, name="pool-pppoe").first()
    zone = Zone.objects.filter(routers=router).order_by("id").first()
    options = Options(
        first_day=first_day, zone=zone.pk if zone else None, pool=pool.pk if pool else None
    )
    run = open_router(actor=actor, now=now, router=router, options=options)
    run = actions.choose(
        actor=actor, now=now, run=run, source=run.source, mapping=run.mapping, options=options
    )
    run = advance(run, now=now)
    known = [ImportRow.Plan.CHANGED, ImportRow.Plan.SAME]
    unknown = run.rows.exclude(plan__in=known).values_list("pk", flat=True)
    actions.select(run=run, rows=unknown, selected=False)
    run = actions.approve(actor=actor, now=now, run=run)
    advance(run, now=now)
    _write(router, actor, now)


def _write(router: Router, actor: Actor, now: datetime) -> None:
    """The owner looks at the first plan and approves it; then it is written."""
    reconcile(router, now, dry_run=True)
    plan = FirstPlan.objects.get(router=router)
    shown = first_plan.proposal(plan, now)
    if plan.is_waiting and shown is not None:
        first_plan.approve(actor=actor, now=now, plan=plan, digest=shown.digest)
        router.refresh_from_db()
    reconcile(router, now)
