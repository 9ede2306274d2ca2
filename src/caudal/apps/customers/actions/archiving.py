"""Taking what the operator defined out of use, and into use again."""

from datetime import datetime
from typing import Any

from caudal.apps.customers.models import Cause, CustomField, Tag
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record


def set_archived(
    actor: Actor, now: datetime, row: Cause | CustomField | Tag, verb: str, at: datetime | None
) -> bool:
    """Out of use since `at`, or in use with None; False where it is so already."""
    locked: Any = type(row)._default_manager.select_for_update()
    row.refresh_from_db(from_queryset=locked)
    if (row.archived_at is None) == (at is None):
        return False
    row.archived_at = at
    row.save(update_fields=["archived_at"])
    record(actor, verb, row, now=now)
    return True
