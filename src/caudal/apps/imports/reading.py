"""A living router read into rows for review: whose each access is, how sure, on which plan."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction

from caudal.apps.catalog.models import Plan
from caudal.apps.clock import jobs
from caudal.apps.imports.models import ImportRow, ImportRun
from caudal.apps.imports.options import Options
from caudal.apps.network.models import Router
from caudal.apps.network.sync import candidates, profile_of
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record as write_journal
from caudal.core.access import Speed
from caudal.core.access import Technology as Way
from caudal.core.adoption import (
    DOUBTFUL,
    Guess,
    PlanGuess,
    guess,
    plan_key,
    propose_plans,
)
from caudal.core.ports.importer import Field, Values
from caudal.core.text import ascii_fold, key

HEADER = [
    Field.SERVICE_KEY, Field.NAME, Field.USERNAME, Field.PASSWORD, Field.IP_ADDRESS,
    Field.LOCAL_ADDRESS, Field.PREFIX, Field.MAC, Field.SERVER, Field.INTERFACE, Field.PLAN,
    Field.STATE, Field.ROUTER, Field.PHONES, Field.ADDRESS, Field.NOTES,
]  # fmt: skip
NAMED = frozenset({Way.SIMPLE_QUEUE, Way.STATIC})
"""Ways whose rows have a name that nobody signs in with: it may be written in plain letters."""
NAMELESS = frozenset({Way.DHCP, Way.PCQ})

Names = Mapping[tuple[str, Speed, str], str]
"""By technology, speed and profile."""


def source_of(router: Router) -> str:
    """Under which its rows are remembered; a file of another system has another name."""
    return f"router-{router.pk}"


def open_router(*, actor: Actor, now: datetime, router: Router, options: Options) -> ImportRun:
    """Read the router and keep what it holds that is not ours, for review. Writes nothing on it.

    Raises core.ports.access.AccessError.
    """
    guesses = guess(candidates(router))
    proposals = propose_plans(guesses)
    names = _names(proposals)
    run = ImportRun(
        kind=ImportRun.Kind.ROUTER,
        source=source_of(router),
        router=router,
        filename=router.name,
        header=[str(meaning) for meaning in HEADER],
        mapping=[str(meaning) for meaning in HEADER],
        options=options.plain(),
        proposals=[_plain(each, names) for each in proposals],
        status=ImportRun.Status.MAPPING,
        created_at=now,
        created_by=actor.user,
        actor_name=actor.name,
    )
    return _keep(actor, now, run, [_row(each, router, names) for each in guesses])


@transaction.atomic
def _keep(actor: Actor, now: datetime, run: ImportRun, rows: Sequence[ImportRow]) -> ImportRun:
    run.save()
    for number, row in enumerate(rows, 1):
        row.run, row.line = run, number
    ImportRow.objects.bulk_create(rows, batch_size=500)
    write_journal(actor, "imports.open_router", run, now=now, after={"rows": len(rows)})
    jobs.wake()
    return run


def _row(one: Guess, router: Router, names: Names) -> ImportRow:
    access = one.candidate.access
    values: Values = {
        Field.SERVICE_KEY: f"{access.kind}:{access.name}",
        Field.NAME: one.person or access.label or access.name,
        Field.USERNAME: _username(access.kind, access.name),
        Field.PASSWORD: access.password,
        Field.IP_ADDRESS: access.address,
        Field.LOCAL_ADDRESS: access.local_address,
        Field.PREFIX: access.prefix,
        Field.MAC: access.mac,
        Field.SERVER: access.server,
        Field.INTERFACE: access.interface,
        Field.PLAN: names.get(plan_key(access), ""),
        Field.STATE: "suspendido" if access.suspended else "activo",
        Field.ROUTER: router.name,
        Field.PHONES: one.phone,
        Field.ADDRESS: "",
        Field.NOTES: one.candidate.comment,
    }
    cells = [values[meaning] for meaning in HEADER]
    return ImportRow(
        cells=json.dumps(cells, ensure_ascii=False),
        confidence=one.confidence,
        reasons=[str(reason) for reason in one.reasons],
        selected=one.confidence >= DOUBTFUL,
    )


def _username(way: Way, name: str) -> str:
    """Leases and addresses on lists have none; the name of a queue is written anew where routers
    would not take it."""
    if way in NAMELESS:
        return ""
    return ascii_fold(name) if way in NAMED else name


def _names(proposals: Sequence[PlanGuess]) -> Names:
    """What the plan of each speed is called: as the one that has it already, or as proposed."""
    plans = list(Plan.objects.all())
    return {each.key: _known(each, plans) or each.name for each in proposals}


def _known(proposed: PlanGuess, plans: Sequence[Plan]) -> str:
    """A plan of this technology and speed, best the one of that profile and name; else none.

    One that names a profile of its own is not the plan of rows with another one.
    """
    alike = [
        plan
        for plan in plans
        if plan.technology == proposed.technology
        and speed_of(plan) == _whole(proposed.speed)
        and (not proposed.profile or not plan.profile or plan.profile == proposed.profile)
    ]
    same = [plan for plan in alike if profile_of(plan) == proposed.profile] or alike
    named = [plan for plan in same if key(plan.name) == key(proposed.name)]
    return (named or same)[0].name if same else ""


def _plain(proposed: PlanGuess, names: Names) -> dict[str, Any]:
    told = {
        "name": names[proposed.key],
        "technology": proposed.technology,
        "rows": proposed.rows,
        "profile": proposed.profile,
    }
    return told | _whole(proposed.speed)


def _whole(speed: Speed) -> dict[str, int]:
    """A speed in the words of a plan, kbit/s."""
    bits = asdict(speed)
    return {
        "down_kbps": bits["down_bps"] // 1000,
        "up_kbps": bits["up_bps"] // 1000,
        "burst_down_kbps": bits["burst_down_bps"] // 1000,
        "burst_up_kbps": bits["burst_up_bps"] // 1000,
        "burst_threshold_down_kbps": bits["threshold_down_bps"] // 1000,
        "burst_threshold_up_kbps": bits["threshold_up_bps"] // 1000,
        "burst_seconds": bits["burst_seconds"],
        "guaranteed_down_kbps": bits["guaranteed_down_bps"] // 1000,
        "guaranteed_up_kbps": bits["guaranteed_up_bps"] // 1000,
        "priority": bits["priority"],
    }


def speed_of(plan: Plan) -> dict[str, int]:
    """As `_whole`, of a plan that exists."""
    names = _whole(Speed())
    return {name: getattr(plan, name) or 0 for name in names}
