"""What the clock does for imports."""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from caudal.apps.clock.jobs import Run, daily, frequent
from caudal.apps.imports.actions import KEPT, forget
from caudal.apps.imports.advance import advance, claim, waiting


@frequent("imports.advance", seconds=60, label=_("Check and import rows"))
def advance_imports(run: Run, now: datetime) -> dict[str, Any]:
    """Do what every import waits for."""
    worker = run.row.worker if run.row else "command"
    done = 0
    while (found := claim(now, worker)) is not None:
        run.plan(run.done + waiting(found))
        advance(found, now=now, told=run.advance)
        done += 1
    return {"imports": done} if done else {}


@daily("imports.forget", hour=3, order=82, label=_("Forget what undoing old imports needs"))
def forget_imports(run: Run, today: date, zone: str, now: datetime) -> dict[str, Any]:
    gone = forget(now - KEPT)
    return {"forgotten": gone} if gone else {}
