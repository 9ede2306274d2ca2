"""Have routers worked on at once, because a person decided something about them."""

from datetime import datetime

from django.db.models import QuerySet

from caudal.apps.clock import jobs
from caudal.apps.network.models import Router


def hurry(routers: QuerySet[Router], now: datetime) -> None:
    """Mark them, and wake a worker; one that does not answer keeps its pause."""
    routers.filter(dirty_since=None).update(dirty_since=now)
    routers.filter(failing_since=None).update(retry_at=None)
    jobs.wake()
