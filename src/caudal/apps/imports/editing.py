"""What a person changes in a row of a router before it is imported."""

import json
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from caudal.apps.customers.models import Service, ServiceState
from caudal.apps.imports.actions import WrongMoment
from caudal.apps.imports.errors import ImportCode
from caudal.apps.imports.models import ImportRow, ImportRun
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record
from caudal.core.errors import RuleError
from caudal.core.ports.importer import Field
from caudal.core.text import fold

EDITABLE = (Field.NAME, Field.PHONES, Field.ADDRESS, Field.PLAN, Field.NOTES)
"""What a router only hints at. How the customer is connected is as it is."""


@transaction.atomic
def edit_row(
    *,
    actor: Actor,
    now: datetime,
    row: ImportRow,
    said: Mapping[Field, str],
    match: Service | None = None,
) -> ImportRow:
    """Other words for the row, and the service it belongs to; it is ticked, and to be checked.

    Raises RuleError, and WrongMoment outside the review.
    """
    run = ImportRun.objects.select_for_update().get(pk=row.run_id)
    if run.kind != ImportRun.Kind.ROUTER:
        raise RuleError(ImportCode.ROW_IS_OF_A_FILE)
    if run.status != ImportRun.Status.REVIEW:
        raise WrongMoment(run.status)
    if match and run.rows.filter(match=match).exclude(pk=row.pk).exists():
        raise RuleError(ImportCode.MATCHED_ALREADY, field="match")
    cells = json.loads(row.cells)
    places = {meaning: run.header.index(meaning) for meaning in EDITABLE if meaning in run.header}
    before = {str(meaning): cells[place] for meaning, place in places.items()}
    for meaning, place in places.items():
        cells[place] = said.get(meaning, cells[place])
    after = {str(meaning): cells[place] for meaning, place in places.items()}
    record(
        actor,
        "imports.edit_row",
        run,
        now=now,
        before=before | {"match": str(row.match or "")},
        after=after | {"match": str(match or "")},
    )
    row.cells, row.match, row.selected = json.dumps(cells, ensure_ascii=False), match, True
    row.plan, row.changes, row.problems = ImportRow.Plan.UNCHECKED, [], []
    row.save()
    return row


def said_by(row: ImportRow) -> dict[Field, str]:
    """What the row says of EDITABLE."""
    cells = json.loads(row.cells or "[]")
    header = row.run.header
    return {
        meaning: cells[header.index(meaning)]
        for meaning in EDITABLE
        if meaning in header and header.index(meaning) < len(cells)
    }


def matchable(run: ImportRun, words: str) -> QuerySet[Service]:
    """Services that a row of the run's router may be: on that router, or on none."""
    free = Q(connection=None) | Q(connection__released_at__isnull=False)
    here = Q(connection__router=run.router_id)
    found = Service.objects.exclude(state=ServiceState.CANCELLED).filter(free | here)
    for word in fold(words).split():
        found = found.filter(customer__search_text__contains=word)
    return found.select_related("customer", "plan").order_by("customer__name", "pk")
