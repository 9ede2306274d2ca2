"""A practice router on its way into the system: served, read, priced, imported, its plan agreed."""

from caudal.apps.imports import actions, first_plan
from caudal.apps.imports.advance import advance
from caudal.apps.imports.models import FirstPlan, ImportRun
from caudal.apps.imports.options import Options
from caudal.apps.imports.reading import open_router
from caudal.apps.imports.tests.conftest import NOW, TODAY, Provider
from caudal.apps.network.models import Router, SyncPass
from caudal.apps.network.sync import reconcile
from caudal.practice.routeros import PracticeRouter


def serve(provider: Provider, box: PracticeRouter, *, has_pools: bool = True) -> Provider:
    """Its router is this one from now on, without pools of its own where it is to have none."""
    provider.router.port, provider.router.password = box.port, "clave"
    provider.router.save()
    if not has_pools:
        provider.router.pools.all().delete()
    return provider


def read(provider: Provider, router: Router | None = None) -> ImportRun:
    """The rows of the router, and each of them checked."""
    options = Options(first_day=TODAY, zone=provider.zone.pk)
    asked = router or provider.router
    run = open_router(actor=provider.actor, now=NOW, router=asked, options=options)
    return choose(provider, run)


def choose(provider: Provider, run: ImportRun) -> ImportRun:
    """As it is proposed, and each row checked."""
    run = actions.choose(
        actor=provider.actor, now=NOW, run=run, source=run.source, mapping=run.mapping,
        options=Options.of(run.options),
    )  # fmt: skip
    return advance(run, now=NOW)


def priced(provider: Provider, run: ImportRun) -> ImportRun:
    """Every proposed plan gets a price, and the rows are checked again."""
    missing = [
        each | {"price": "250", "approved": True} if each["kind"] == "plan" else each
        for each in run.missing
    ]
    run = actions.change_missing(actor=provider.actor, now=NOW, run=run, missing=missing)
    return advance(run, now=NOW)


def taken(provider: Provider, run: ImportRun) -> ImportRun:
    """Its rows are imported."""
    return advance(actions.approve(actor=provider.actor, now=NOW, run=run), now=NOW)


def agree(provider: Provider, router: Router | None = None) -> SyncPass:
    """Approve the first plan, from where on the router is written; what it would write."""
    router = router or provider.router
    reconcile(router, NOW, dry_run=True)
    plan = FirstPlan.objects.get(router=router)
    shown = first_plan.proposal(plan, NOW)
    assert shown
    first_plan.approve(actor=provider.actor, now=NOW, plan=plan, digest=shown.digest)
    router.refresh_from_db()
    return shown.sync_pass
