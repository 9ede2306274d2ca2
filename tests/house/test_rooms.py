"""Rooms enter each other by what they show: models, actions, reads, errors, and named modules."""

import ast
from collections.abc import Iterator

from tests.house import code

EVERYWHERE = {"models", "actions", "reads", "errors"}
NAMED: dict[str, set[str]] = {
    "bulk": {"acts"},
    "clock": {"now", "jobs", "run", "schedule", "upcoming"},
    "staff": {
        "access",
        "actor",
        "acts",
        "branches",
        "critical",
        "journal",
        "scope",
        "tokens",
        "verbs",
    },
    "catalog": {"numbers"},
    "customers": {
        "calendars",
        "causes",
        "contacts",
        "documents",
        "duplicates",
        "fields",
        "filters",
        "followers",
        "search",
        "thumbnails",
    },
    "ledger": {"balances", "verify"},
    "billing": {
        "adjustments",
        "batches",
        "calendars",
        "documents",
        "drafts",
        "emissions",
        "first_invoice",
        "notices",
        "why",
        "writing",
    },
    "desk": {"bulk", "filters", "glance"},
    "dunning": {"cuts", "notices", "upcoming", "why"},
    "imports": {"load", "plain", "sent", "sheets", "words"},
    "network": {"alarms", "credentials", "sync", "ways", "words"},
    "payments": {"documents"},
    "monitoring": {"words"},
    "documents": {"columns", "printing", "sheets", "styles", "verification"},
    "messaging": {"attachments", "occasions", "render"},
}
"""What a room shows beyond the usual, on purpose. A new name here is a decision, not a way out."""


def test_rooms_enter_each_other_only_by_the_doors_they_show() -> None:
    through_walls = [
        f"{source.at(node)} {room}.{module}"
        for source in code.product()
        if source.room
        for node, room, module in _entered(source)
        if room != source.room and module not in EVERYWHERE | NAMED.get(room, set())
    ]
    assert through_walls == []


def test_no_named_door_is_left_over() -> None:
    unused = [
        f"{room}.{module}"
        for room, modules in NAMED.items()
        for module in sorted(modules)
        if not any(
            (code.PACKAGE / "apps" / room / name).exists() for name in (f"{module}.py", module)
        )
    ]
    assert unused == []


def _entered(source: code.Source) -> Iterator[tuple[ast.AST, str, str]]:
    """(node, room, module) of every import from a room."""
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.ImportFrom) or not node.module:
            continue
        parts = node.module.split(".")
        if parts[:2] != ["caudal", "apps"] or len(parts) < 3:
            continue
        if len(parts) > 3:
            yield node, parts[2], parts[3]
        else:
            for alias in node.names:
                yield node, parts[2], alias.name
