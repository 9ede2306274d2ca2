"""What the clock does about the books: it proves them every night, and when somebody asks."""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from caudal.apps.clock.jobs import Run, daily, frequent
from caudal.apps.ledger.proving import prove_requested, request_verification
from caudal.apps.staff.actor import Actor


@daily("ledger.verify", hour=4, label=_("Prove the books"))
def verify_every_night(run: Run, today: date, zone: str, now: datetime) -> dict[str, Any]:
    """Several clocks of one night ask for one proof."""
    request_verification(actor=Actor.system("clock"), now=now)
    return {}


@frequent("ledger.verify_requested", seconds=60, label=_("Prove the books when asked"))
def verify_when_asked(run: Run, now: datetime) -> dict[str, Any]:
    done = prove_requested(run, now)
    return {"proofs": done} if done else {}
