"""Writing the journal: one entry per act, with only the fields that changed."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Model

from caudal.apps.staff.actor import Actor
from caudal.apps.staff.models import JournalEntry

SECRET = "•••"
OLD_SECRET = "••••"
"""Stands for a secret that was changed; the present one is SECRET."""
SECRET_FIELDS = frozenset(
    {
        *("password", "portal_password", "api_password", "private_key", "digest"),
        *("community", "secret", "recovery", "antenna_password"),
    }
)


def snapshot(row: Model, fields: list[str] | None = None) -> dict[str, Any]:
    """The row's fields as plain values; secrets are masked, so they never reach the journal."""
    names = fields or [
        field.attname for field in row._meta.concrete_fields if not field.primary_key
    ]
    return {name: _shown(name, getattr(row, name)) for name in names}


def record(
    actor: Actor,
    verb: str,
    subject: Model,
    *,
    now: datetime,
    customer_id: int | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    note: str = "",
) -> JournalEntry | None:
    """Write that `actor` did `verb` to `subject`; nothing where before and after are equal."""
    old, new = before or {}, after or {}
    changed = {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}
    if before is not None and after is not None and not changed:
        return None
    return JournalEntry.objects.create(
        at=now,
        actor=actor.user,
        actor_name=actor.name,
        verb=verb,
        subject_kind=subject._meta.label_lower,
        subject_id=subject.pk,
        subject_label=str(subject)[:200],
        customer_id=customer_id,
        before={name: old[name] for name in sorted(changed & old.keys())},
        after={name: new[name] for name in sorted(changed & new.keys())},
        note=note,
    )


def _shown(name: str, value: Any) -> Any:
    return SECRET if value and name in SECRET_FIELDS else _plain(value)


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | str | list | dict):
        return value
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"  # 100 and 100.0000 are the same amount
    return str(value)
