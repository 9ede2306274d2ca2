"""Answers that arrive while one looks: pings one by one, hops, traffic each second."""

import json
import time
from collections.abc import Callable, Iterator
from threading import BoundedSemaphore
from typing import NamedTuple

from django.db import connection, connections
from django.http import StreamingHttpResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from caudal.apps.network.errors import NetworkError
from caudal.apps.network.models import Router
from caudal.apps.network.tools import asking
from caudal.core.ports.access import AccessDriver, AccessError

AT_ONCE = 2
"""Watchers in one process: each keeps a thread busy, and the others must stay for the pages."""
PINGS, TRAFFIC_S = 5, 60
SAMPLE_S = 1.0
_seats = BoundedSemaphore(AT_ONCE)


class Event(NamedTuple):
    """`kind`: "add" or "put" with HTML, "sample" with JSON, "error" with text, "end"."""

    kind: str
    data: str = ""


Events = Iterator[Event]


def watched(router: Router, events: Callable[[AccessDriver], Events]) -> StreamingHttpResponse:
    """Server-sent events of one router, which end by themselves."""
    language = get_language() or ""
    if not connection.in_atomic_block:
        connections.close_all()  # nobody needs the database while the router is looked at
    return _response(_body(router, events, language))


def refused(sentence: str) -> StreamingHttpResponse:
    """Nothing to watch, and why."""
    return _response(_refusal(sentence))


def _response(body: Iterator[bytes]) -> StreamingHttpResponse:
    response = StreamingHttpResponse(body, content_type="text/event-stream")
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return response


def _body(
    router: Router, events: Callable[[AccessDriver], Events], language: str
) -> Iterator[bytes]:
    with override(language):
        if not _seats.acquire(blocking=False):
            yield from _refusal(_("Others are watching just now: try again in a minute."))
            return
        try:
            yield _written(Event("open"))
            yield from _told(router, events)
        finally:
            _seats.release()


def _told(router: Router, events: Callable[[AccessDriver], Events]) -> Iterator[bytes]:
    try:
        with asking.line_to(router) as driver:
            for event in events(driver):
                yield _written(event)
    except (AccessError, NetworkError) as error:
        yield _written(Event("error", asking.in_words(error)))
    yield _written(Event("end"))


def _refusal(sentence: str) -> Iterator[bytes]:
    yield _written(Event("error", sentence))
    yield _written(Event("end"))


def _written(event: Event) -> bytes:
    lines = "".join(f"data: {line}\n" for line in (event.data or "-").splitlines() if line.strip())
    return f"event: {event.kind}\n{lines}\n".encode()


def pings(address: str, wait: Callable[[float], None] = time.sleep) -> Callable[..., Events]:
    """Some pings, a second apart, then how many came back."""

    def events(driver: AccessDriver) -> Events:
        times: list[float] = []
        for number in range(1, PINGS + 1):
            began = time.monotonic()
            result = asking.ping_once(driver, address)
            if result.received:
                times.append(result.average_ms or 0.0)
            yield _row("network/tools/_ping.html", number=number, result=result)
            if number < PINGS:
                wait(max(0.0, SAMPLE_S - (time.monotonic() - began)))
        average = sum(times) / len(times) if times else None
        summary = {"answered": len(times), "sent": PINGS, "average": average}
        yield _row("network/tools/_ping_summary.html", **summary)

    return events


def way(address: str) -> Callable[..., Events]:
    """The hops known so far, until the end."""

    def events(driver: AccessDriver) -> Events:
        for hops in asking.trace(driver, address):
            yield Event("put", render_to_string("network/tools/_hops.html", {"hops": hops}))

    return events


def traffic(name: str, wait: Callable[[float], None] = time.sleep) -> Callable[..., Events]:
    """What one customer moves, each second, for a minute."""

    def events(driver: AccessDriver) -> Events:
        for _second in range(TRAFFIC_S):
            began = time.monotonic()
            rate = asking.flow(driver, name)
            if rate is None:
                yield Event("error", _("He has neither a session nor a queue on the router now."))
                return
            yield Event("sample", json.dumps({"up": rate.up_bps, "down": rate.down_bps}))
            wait(max(0.0, SAMPLE_S - (time.monotonic() - began)))

    return events


def _row(template: str, **names: object) -> Event:
    return Event("add", render_to_string(template, names))
