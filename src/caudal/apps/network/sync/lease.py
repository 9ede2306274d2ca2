"""The lease on a router: one connection to it at a time, however many workers there are."""

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db.models import Q

from caudal.apps.clock.now import machine_time
from caudal.apps.network.errors import NetworkCode, NetworkError
from caudal.apps.network.models import Router

LENGTH = timedelta(seconds=90)
"""Longer than any single step between two renewals; a dead worker's router waits so long."""


class LeaseLost(Exception):
    """Another worker has taken the router over: stop at once, write nothing."""


class Lease:
    """`present()` is `now` plus the time that has passed since; leases go by the machine's time."""

    def __init__(self, router: Router, now: datetime, machine: Callable[[], datetime]) -> None:
        self.router = router
        self.token = secrets.token_hex(8)
        self._now = now
        self._machine = machine
        self._begun = time.monotonic()

    def present(self) -> datetime:
        return self._now + timedelta(seconds=time.monotonic() - self._begun)

    def machine_time(self) -> datetime:
        """What this computer's own clock says, also while the demo's is elsewhere."""
        return self._machine()

    def take(self) -> bool:
        at = self._machine()
        free = Q(lease_until=None) | Q(lease_until__lte=at)
        rows = Router.objects.filter(free, pk=self.router.pk)
        return bool(rows.update(lease_until=at + LENGTH, lease_by=self.token))

    def renew(self) -> None:
        """Raises LeaseLost."""
        rows = Router.objects.filter(pk=self.router.pk, lease_by=self.token)
        if not rows.update(lease_until=self._machine() + LENGTH):
            raise LeaseLost(str(self.router))

    def give_back(self) -> None:
        rows = Router.objects.filter(pk=self.router.pk, lease_by=self.token)
        rows.update(lease_until=None, lease_by="")


@contextmanager
def leased(
    router: Router, now: datetime, machine: Callable[[], datetime] = machine_time
) -> Iterator[Lease]:
    """Hold the router. Raises NetworkError(ROUTER_BUSY) while somebody else does."""
    lease = Lease(router, now, machine)
    if not lease.take():
        raise NetworkError(NetworkCode.ROUTER_BUSY)
    try:
        yield lease
    finally:
        lease.give_back()
