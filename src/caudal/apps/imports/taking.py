"""What is needed to take a row in, what comes of it, and how a refusal is told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from caudal.apps.customers.models import Customer, CustomField, Service
from caudal.apps.imports.kept import Kept
from caudal.apps.imports.lookups import Lookups
from caudal.apps.imports.present import Present
from caudal.apps.imports.records import Problem
from caudal.apps.staff.actor import Actor


@dataclass(frozen=True, slots=True)
class Taking:
    """On whose behalf, when, and from which system rows are taken."""

    actor: Actor
    now: datetime
    today: date
    source: str
    lookups: Lookups
    fields: Mapping[str, CustomField] = field(default_factory=dict)
    """The operator's own ones that columns of the file fill in, by code."""
    present: Present = field(default_factory=Present)
    """What is here of what the batch of rows speaks of."""
    is_trial: bool = False
    """Somebody who is new is only looked at: refused as he would be, and not written."""


@dataclass(slots=True)
class Taken:
    """What became of a record, or would: changes are [meaning, before, after]."""

    plan: str
    changes: list[list[str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    customer: Customer | None = None
    service: Service | None = None
    kept: Kept = field(default_factory=Kept)
    """What its undo must know."""


class Refused(Exception):
    """The record cannot be taken; nothing was written."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(problem.text for problem in problems))
        self.problems = problems
