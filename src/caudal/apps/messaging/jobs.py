"""What the clock does for messaging."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from caudal.apps.clock.jobs import Run, frequent
from caudal.apps.messaging.deliver import deliver


@frequent("messaging.deliver", seconds=60, label=_("Send messages"))
def send_messages(run: Run, now: datetime) -> dict[str, Any]:
    """Send what waits in the outbox; the summary is empty when there was nothing to do."""
    worker = run.row.worker if run.row else "command"
    tally = deliver(now, worker, told=run.advance)
    return {name: count for name, count in tally.summary().items() if count}
