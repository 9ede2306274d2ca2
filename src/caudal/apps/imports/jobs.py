"""What the clock does for imports."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from caudal.apps.clock.jobs import Run, frequent
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
