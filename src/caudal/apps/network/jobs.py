"""What the clock does for the network: keep routers up to date, forget old passes."""

import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from django.db import connection, connections
from django.utils.translation import gettext_lazy as _

from caudal.apps.clock.jobs import Run, daily, frequent, wake_in
from caudal.apps.network import alarms
from caudal.apps.network.actions import notice_plan_changes
from caudal.apps.network.errors import NetworkError
from caudal.apps.network.models import Router, SyncPass
from caudal.apps.network.sync import reconcile
from caudal.apps.network.sync.due import due_routers
from caudal.apps.network.sync.restarts import forgetful, has_forgotten, tell_anew
from caudal.apps.network.tools.jobs import back_up, forget_backups

__all__ = ["back_up", "forget_backups", "forget_passes", "reconcile_routers"]

AT_ONCE = 8
"""Routers worked on side by side; so many more are only asked whether they are there."""
PATIENCE_S = 0.5
"""One that has not answered after this waits on without keeping a place from the others."""
LOOK_S = 0.25
"""How often to look for more work while nothing ends."""
MOST_AT_ONCE = 40
"""With those that have not answered: each has a connection to the database."""
MOST_PASSES = 5
"""Of one router in one run; a router that is due for ever does not keep the run from ending."""
AWAKE = timedelta(minutes=1)
"""Workers look by themselves so often; what is due sooner is asked for."""
KEPT = timedelta(days=7)
"""Passes that wrote nothing are forgotten after this; those that wrote are the journal."""
Request = Router.Request


@frequent("network.reconcile", seconds=20, label=_("Bring routers up to date"))
def reconcile_routers(run: Run, now: datetime) -> dict[str, Any]:
    """Pass over every router that is due; those that become due meanwhile too."""
    plans = notice_plan_changes(now)
    outcomes = _Round(run, now).go()
    _look_again_in_time(now)
    return {**({"plans": plans} if plans else {}), **outcomes}


@frequent("network.alarms", seconds=60, label=_("Tell of router alarms"))
def tell_of_alarms(run: Run, now: datetime) -> dict[str, Any]:
    """Messages to the owner when a router's trouble has lasted too long, and when it ends."""
    told = alarms.tell(now)
    return {name: count for name, count in told.items() if count}


@frequent("network.restarts", seconds=60, label=_("Look for restarted routers"))
def notice_restarts(run: Run, now: datetime) -> dict[str, Any]:
    """Linux routers hold cuts and speeds while they run: one that began anew is written at once."""
    with _executor() as pool:
        asked = [(router, pool.submit(_is_new, router)) for router in forgetful()]
        anew = [router for router, answer in asked if answer.result()]
    tell_anew(anew, now)
    return {"restarted": len(anew)} if anew else {}


def _is_new(router: Router) -> bool:
    try:
        return has_forgotten(router)
    finally:
        _let_go()


def _look_again_in_time(now: datetime) -> None:
    """A retry that is due before the next minute's looks is not to wait for them."""
    soon = now + AWAKE
    retries = Router.objects.filter(is_active=True, retry_at__gt=now, retry_at__lte=soon)
    first = retries.order_by("retry_at").values_list("retry_at", flat=True).first()
    if first is not None:
        wake_in((first - now).total_seconds())


@daily("network.forget_passes", hour=4, order=80, label=_("Forget passes that changed nothing"))
def forget_passes(run: Run, today: date, zone: str, now: datetime) -> dict[str, Any]:
    old = SyncPass.objects.filter(started_at__lt=now - KEPT, operations=None)
    forgotten, _by_kind = old.exclude(outcome=SyncPass.Outcome.RUNNING).delete()
    return {"forgotten": forgotten} if forgotten else {}


class _Round:
    """One run of the job. Looks again and again for routers that are due while others are
    being worked on, so that a slow router delays nobody."""

    def __init__(self, run: Run, now: datetime) -> None:
        self.run = run
        self.now = now
        self.begun = time.monotonic()
        self.passes: Counter[int] = Counter()
        self.outcomes: Counter[str] = Counter()
        self.running: dict[Future[SyncPass | None], Router] = {}
        self.since: dict[int, float] = {}
        self.heard: set[int] = set()

    def go(self) -> dict[str, int]:
        with _executor() as pool:
            while self._submit(pool) or self.running:
                done, _waiting = wait(self.running, timeout=LOOK_S, return_when=FIRST_COMPLETED)
                for future in done:
                    self._note(self.running.pop(future), future)
                self.run.keep_alive()
        return dict(self.outcomes)

    def present(self) -> datetime:
        return self.now + timedelta(seconds=time.monotonic() - self.begun)

    def _submit(self, pool: Executor) -> int:
        room = self._room()
        if room <= 0:
            return 0
        busy = {router.pk for router in self.running.values()}
        due = [
            router
            for router in due_routers(self.present())
            if router.pk not in busy and self.passes[router.pk] < MOST_PASSES
        ]
        for router in due[:room]:
            self._begin(pool, router)
        self.run.plan(self.run.planned + len(due[:room])) if due else None
        return len(due)

    def _begin(self, pool: Executor, router: Router) -> None:
        self.passes[router.pk] += 1
        self.since[router.pk] = time.monotonic()
        self.heard.discard(router.pk)
        heard = partial(self.heard.add, router.pk)
        self.running[pool.submit(_pass, router, self.present, heard)] = router

    def _room(self) -> int:
        """How many may begin. Who has not answered yet keeps no place from those who have."""
        fresh = time.monotonic() - PATIENCE_S
        routers = [router.pk for router in self.running.values()]
        answered = sum(pk in self.heard for pk in routers)
        asked = sum(pk not in self.heard and self.since[pk] > fresh for pk in routers)
        return min(AT_ONCE - answered, AT_ONCE - asked, MOST_AT_ONCE - len(routers))

    def _note(self, router: Router, future: Future[SyncPass | None]) -> None:
        error = future.exception()
        if error is not None:
            self.run.fail(router, error)
            return
        row = future.result()
        self.outcomes[row.outcome if row else "busy"] += 1
        self.run.advance()


def _pass(
    router: Router, present: Callable[[], datetime], heard: Callable[[], None]
) -> SyncPass | None:
    """One pass in a thread of the pool; None where another worker was faster."""
    asked = _take_request(router)
    try:
        return reconcile(
            router,
            present(),
            dry_run=asked == Request.DRY_RUN,
            read_only=asked == Request.READ,
            requested_by=router.requested_by if asked else "",
            heard=heard,
        )
    except NetworkError:
        _put_back(router, asked)
        return None
    finally:
        _let_go()


def _let_go() -> None:
    """A thread's connections to the database end with its work."""
    if not connection.in_atomic_block:
        connections.close_all()


def _take_request(router: Router) -> str:
    """What a person asked for; done once, by whoever takes it first."""
    mine = Router.objects.filter(pk=router.pk, requested=router.requested)
    if router.requested and mine.update(requested=""):
        return router.requested
    return ""


def _put_back(router: Router, asked: str) -> None:
    """Somebody else has the router in hand: the request stays, unless another one came."""
    if asked:
        Router.objects.filter(pk=router.pk, requested="", is_active=True).update(requested=asked)


class _OneByOne(Executor):
    """Inside a transaction other threads do not see its rows: everything in this one."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


def _executor() -> Executor:
    if connection.in_atomic_block:
        return _OneByOne()
    return ThreadPoolExecutor(MOST_AT_ONCE, thread_name_prefix="router")
