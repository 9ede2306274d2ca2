"""What people do with an import: open it, say what its columns mean, approve or discard it."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from caudal.apps.catalog.models import Company, Plan
from caudal.apps.clock import jobs
from caudal.apps.customers.fields import fields_for
from caudal.apps.customers.models import Zone
from caudal.apps.imports import load
from caudal.apps.imports.custom import days_among, propose
from caudal.apps.imports.errors import ImportCode
from caudal.apps.imports.first_plan import hold
from caudal.apps.imports.lookups import Lookups, missing
from caudal.apps.imports.models import ImportRow, ImportRun
from caudal.apps.imports.options import Options
from caudal.apps.imports.records import read_record
from caudal.apps.imports.rows import Said
from caudal.apps.imports.sheets import keep_lines
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record, snapshot
from caudal.core import cells
from caudal.core.errors import RuleError
from caudal.core.ports.importer import Field

SPEED_AND_PLACE = (
    "profile", "guaranteed_down_kbps", "guaranteed_up_kbps", "burst_down_kbps", "burst_up_kbps",
    "burst_threshold_down_kbps", "burst_threshold_up_kbps", "burst_seconds", "priority",
)  # fmt: skip
KEPT = timedelta(days=30)
"""For so long an import can be taken back."""
_DATES = (Field.STARTED_ON, Field.CANCELLED_ON, Field.REGISTERED_ON, Field.CONTRACT_EXPIRES_ON)


@transaction.atomic
def open_file(
    *,
    actor: Actor,
    now: datetime,
    content: bytes,
    filename: str,
    options: Options,
    source: str = "",
) -> ImportRun:
    """Keep every row of the file, with a proposal of what its columns mean. Nothing else yet.

    Raises core.ports.importer.FileError.
    """
    reading = load.read_file(content, source)
    header, mapping = reading.sheet.header, [meaning or "" for meaning in reading.mapping]
    run = ImportRun.objects.create(
        source=reading.source,
        filename=filename[:200],
        file_hash=hashlib.sha256(content).hexdigest(),
        encoding=reading.sheet.encoding,
        separator=reading.sheet.separator,
        header=list(header),
        mapping=propose(header, mapping, fields_for(actor.user)),
        options=options.plain(),
        created_at=now,
        created_by=actor.user,
        actor_name=actor.name,
    )
    keep_lines(
        reading.sheet.lines, lambda line, cells: ImportRow(run=run, line=line.number, cells=cells)
    )
    record(actor, "imports.open", run, now=now, after={"rows": len(reading.sheet.lines)})
    return run


@transaction.atomic
def choose(
    *,
    actor: Actor,
    now: datetime,
    run: ImportRun,
    source: str,
    mapping: Sequence[str],
    options: Options,
    month_first: bool | None = None,
    preview: bool = True,
) -> ImportRun:
    """Say what the columns mean; the worker then checks every row.

    `month_first` None: as the dates themselves tell. Without `preview` it imports them at once,
    and creates only what could be guessed whole.
    """
    run = _locked(run, ImportRun.Status.MAPPING, ImportRun.Status.REVIEW)
    run.source, run.mapping = source, [str(meaning) for meaning in mapping]
    run.options = options.plain()
    said = Said(run)
    run.options["month_first"] = _month_first(run, said) if month_first is None else month_first
    lookups = Lookups.now(Options.of(run.options))
    found = missing((read_record(row) for _line, row in said.lines()), lookups)
    run.missing = [
        row.plain() | {"approved": row.kind == "zone" or row.is_whole} | _proposed(row.name, run)
        for row in found
    ]
    _recheck(run)
    return run if preview else _approve(run, actor, now)


def _month_first(run: ImportRun, said: Said) -> bool:
    """Whether its dates can only be read so."""
    days = [name for name in (*_DATES, *days_among(run)) if name in run.mapping]
    dates = (row[day] for _line, row in said.lines() for day in days if day in row)
    return bool(days) and cells.month_first(dates)


@transaction.atomic
def change_missing(
    *, actor: Actor, now: datetime, run: ImportRun, missing: Sequence[Mapping[str, Any]]
) -> ImportRun:
    """Other prices, speeds or approvals for what would be created; the rows are checked again."""
    run = _locked(run, ImportRun.Status.REVIEW)
    run.missing = [dict(row) for row in missing]
    _recheck(run)
    return run


@transaction.atomic
def select(*, run: ImportRun, rows: Iterable[int], selected: bool) -> None:
    """Tick or untick rows of a run under review."""
    run = _locked(run, ImportRun.Status.REVIEW)
    run.rows.filter(pk__in=list(rows)).update(selected=selected)


@transaction.atomic
def approve(*, actor: Actor, now: datetime, run: ImportRun) -> ImportRun:
    """Import what is ticked: what is missing is created at once, rows by the worker."""
    return _approve(_locked(run, ImportRun.Status.REVIEW), actor, now)


def require_importable(run: ImportRun) -> None:
    """Nobody is asked to approve what would write nothing. Raises RuleError where no ticked row of
    a run under review is without errors."""
    without = (ImportRow.Plan.WRONG, ImportRow.Plan.UNCHECKED)
    is_review = run.status == ImportRun.Status.REVIEW
    if is_review and not run.rows.filter(selected=True).exclude(plan__in=without).exists():
        raise RuleError(ImportCode.NOTHING_TO_IMPORT)


@transaction.atomic
def discard(*, actor: Actor, now: datetime, run: ImportRun) -> ImportRun:
    """Forget a run that was not approved; its rows lose what they held."""
    run = _locked(run, ImportRun.Status.MAPPING, ImportRun.Status.CHECKING, ImportRun.Status.REVIEW)
    run.status, run.finished_at = ImportRun.Status.CANCELLED, now
    run.save()
    run.rows.update(cells="")
    record(actor, "imports.discard", run, now=now)
    return run


def forget(before: datetime) -> int:
    """What taking imports of that time back needs: nobody will ask for it any more."""
    old = ImportRow.objects.filter(run__finished_at__lt=before).exclude(kept="")
    return old.update(kept="")


def _approve(run: ImportRun, actor: Actor, now: datetime) -> ImportRun:
    hold(actor=actor, now=now, run=run)
    create_missing(run, actor, now)
    run.status = ImportRun.Status.APPLYING
    run.save()
    record(actor, "imports.approve", run, now=now)
    jobs.wake()
    return run


def create_missing(run: ImportRun, actor: Actor, now: datetime) -> None:
    """The approved plans and zones of the run that still do not exist."""
    lookups = Lookups.now(Options.of(run.options))
    for row in run.missing:
        if not row.get("approved"):
            continue
        if row["kind"] == "zone" and lookups.zone(row["name"]) is None:
            _create(_zone(row["name"], run), actor, now)
        if row["kind"] == "plan" and lookups.plan(row["name"]) is None:
            _create(_plan(row), actor, now)


def _proposed(name: str, run: ImportRun) -> dict[str, Any]:
    """The whole speed of a plan that a router's rows propose; its price is for a person to say."""
    return next((each | {"speed": each} for each in run.proposals if each["name"] == name), {})


def _plan(row: Mapping[str, Any]) -> Plan:
    company = Company.objects.order_by("id").first()
    proposed = row.get("speed", {})
    more = {name: proposed[name] for name in SPEED_AND_PLACE if proposed.get(name)}
    return Plan(
        **more,
        name=row["name"],
        technology=row["technology"],
        price=Decimal(row["price"] or 0),
        currency=company.currency if company else "MXN",
        down_kbps=row["down_kbps"],
        up_kbps=row["up_kbps"],
    )


def _zone(name: str, run: ImportRun) -> Zone:
    """With the calendar of the zone chosen for the import, or of the first there is."""
    model = Zone.objects.filter(pk=run.options.get("zone")).first() or Zone.objects.first()
    zone = model or Zone(company=Company.objects.order_by("id")[0])
    zone.pk, zone.name, zone._state.adding = None, name[:120], True
    return zone


def _create(row: Plan | Zone, actor: Actor, now: datetime) -> None:
    row.full_clean()
    row.save()
    record(actor, "imports.create_missing", row, now=now, before={}, after=snapshot(row))


def _recheck(run: ImportRun) -> None:
    run.status = ImportRun.Status.CHECKING
    run.save()
    run.rows.update(plan=ImportRow.Plan.UNCHECKED, changes=[], problems=[])
    jobs.wake()


def _locked(run: ImportRun, *allowed: str) -> ImportRun:
    """The run as it is now, locked. Raises WrongMoment in any other state."""
    run = ImportRun.objects.select_for_update().get(pk=run.pk)
    if run.status not in allowed:
        raise WrongMoment(run.status)
    return run


class WrongMoment(Exception):
    """The import is already past, or not yet at, the step that was asked for."""
