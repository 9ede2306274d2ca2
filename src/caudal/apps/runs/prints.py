"""What a draft says in a form that compares, its fingerprint, and what differs between two."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from django.db.models import Model

from caudal.apps.billing.drafts import Draft
from caudal.apps.dunning.cuts import Judged
from caudal.core.records import Reason

Facts = dict[str, Any]
Change = dict[str, Any]
"""{"code", "before", "after"}, or {"code": "reason", "reason": a plain reason}."""

UNSAID = frozenset({"customer", "trace", "taxation"})
"""Who it is for is the row itself; traces explain amounts that are compared anyway."""

DATES = ("emission", "notice", "due", "cut")


def facts_of_draft(draft: Draft) -> Facts:
    """Everything that the invoice will say; raises RuleError where it cannot be written."""
    taxed = draft.taxed
    said: Facts = _plain(draft)
    said["tax_mode"] = str(draft.taxation.mode)
    said["net"], said["tax"], said["total"] = map(amount, (taxed.net, taxed.tax, taxed.total))
    said["taxes"] = _plain(taxed.rows)
    return said


def facts_of_cut(judged: Judged) -> Facts:
    return {
        "service": judged.service.pk,
        "total": amount(judged.debt),
        "invoices": [
            [invoice.label, amount(invoice.remaining), _plain(invoice.due), _plain(invoice.cut)]
            for invoice in judged.invoices
        ],
        "reasons": [reason.to_plain() for reason in judged.decision.reasons],
    }


def fingerprint(facts: Facts) -> str:
    """SHA-256 of the canonical form."""
    text = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def amount(value: Decimal) -> str:
    """100, 100.0 and 100.0000 are the same amount."""
    return f"{value.normalize():f}"


def changes(before: Facts, after: Facts) -> list[Change]:
    """What differs, the amount first; never empty for facts whose fingerprints differ."""
    found = [
        change(name, before.get(name), after.get(name))
        for name in ("total", *DATES)
        if before.get(name) != after.get(name)
    ]
    found += _changed_lines(before.get("lines", []), after.get("lines", []))
    found += _changed_debts(before.get("invoices", []), after.get("invoices", []))
    if _days(before) != _days(after):
        found.append(change("days", _days(before), _days(after)))
    return found or [change("other")]


def change(code: str, before: Any = None, after: Any = None) -> Change:
    return {"code": code, "before": before, "after": after}


def because(reason: Reason) -> Change:
    return {"code": "reason", "reason": reason.to_plain()}


def _changed_lines(
    before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]
) -> list[Change]:
    old, new = (
        [[line["description"], line["amount"]] for line in side] for side in (before, after)
    )
    gone = [line for line in old if line not in new]
    come = [line for line in new if line not in old]
    return [change("line-gone", line) for line in gone] + [
        change("line-new", None, line) for line in come
    ]


def _changed_debts(before: Sequence[list[Any]], after: Sequence[list[Any]]) -> list[Change]:
    old, new = ({row[0]: row[1] for row in side} for side in (before, after))
    return [
        change("owes", [label, old.get(label)], [label, new.get(label)])
        for label in sorted(old.keys() | new.keys())
        if old.get(label) != new.get(label)
    ]


def spans(facts: Facts) -> list[tuple[int, str, str]]:
    """(service, first day, last day) of what a stored draft takes."""
    return [
        (service, charged["days"]["first"], charged["days"]["last"])
        for service, charged in facts.get("periods") or []
    ]


def _days(facts: Facts) -> list[str] | None:
    """The first and the last day that it takes."""
    found = spans(facts)
    if not found:
        return None
    return [min(first for _service, first, _last in found),
            max(last for _service, _first, last in found)]  # fmt: skip


def _plain(value: Any) -> Any:
    """Values as JSON keeps them: amounts as text, dates as ISO, rows by their key."""
    if isinstance(value, Enum):
        return str(value.value)
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Decimal):
        return amount(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Model):
        return value.pk
    if is_dataclass(value):
        return {
            field.name: _plain(getattr(value, field.name))
            for field in fields(value)
            if field.name not in UNSAID
        }
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value]
