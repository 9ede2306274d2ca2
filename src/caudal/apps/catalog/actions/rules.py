"""How a company reads the billing rules, and the days on which it cuts nobody."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction

from caudal.apps.catalog.models import BillingRules, Holiday
from caudal.apps.staff import journal
from caudal.apps.staff.actor import Actor


@transaction.atomic
def edit_rules(
    *,
    actor: Actor,
    now: datetime,
    rules: BillingRules,
    holidays: Iterable[tuple[date, str]] | None = None,
    **fields: Any,
) -> BillingRules:
    """Read the rules so from now on: what is on invoices stays. `holidays` None: as they are."""
    row = BillingRules.objects.select_for_update().get(pk=rules.pk)
    before = journal.snapshot(row) | _days(row)
    for name, value in fields.items():
        setattr(row, name, value)
    row.full_clean()
    row.save()
    if holidays is not None:
        row.company.holidays.all().delete()
        Holiday.objects.bulk_create(
            Holiday(company=row.company, on=on, name=name) for on, name in holidays
        )
    after = journal.snapshot(row) | _days(row)
    journal.record(actor, "company.rules", row.company, now=now, before=before, after=after)
    return row


def _days(row: BillingRules) -> dict[str, Any]:
    days = Holiday.objects.filter(company=row.pk)
    return {"holidays": [str(day) for day in days]}
