"""How jobs and what they did are named on the screen."""

from datetime import date, datetime
from typing import Any

from django import template

from caudal.apps.clock.models import JobRun
from caudal.apps.clock.schedule import job_named
from caudal.apps.joblog.words import result_word

register = template.Library()


@register.filter
def job_label(name: str) -> str:
    """What the screen calls the job; its own name where the code no longer knows it."""
    job = job_named(name)
    return str(job.label) if job else name


@register.filter
def slot_day(run: JobRun) -> date | None:
    """The civil date that a daily run is for; None for a frequent one."""
    return date.fromisoformat(run.slot) if run.scope else None


@register.filter
def seconds_taken(run: JobRun) -> float | None:
    """How long the run took."""
    ended: datetime | None = run.finished_at
    return (ended - run.started_at).total_seconds() if ended else None


@register.filter
def told(summary: dict[str, Any]) -> list[tuple[str, Any]]:
    """The result of a run as (what, how many), in the reader's language; what is none is left out.

    A group such as {"totals": {"MXN": "250.00"}} is told on one line.
    """
    return [(result_word(name), _value(value)) for name, value in summary.items() if value]


def _value(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return ", ".join(f"{result_word(name)} {number}" for name, number in value.items())
