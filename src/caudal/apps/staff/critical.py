"""Grave acts before which the password may be asked again: rooms register their screens."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import Promise

READING = ("GET", "HEAD", "OPTIONS")
ASKED = "asked_password"
"""The name under which the page that asks sends the password with what was typed before."""


@dataclass(frozen=True)
class Process:
    key: str
    label: str | Promise
    views: frozenset[str]
    """Names of the addresses, e.g. "payments:delete"; reading them is never grave."""
    when: Callable[[HttpRequest], bool]


_processes: dict[str, list[Process]] = {}


def register(
    key: str,
    label: str | Promise,
    views: Iterable[str],
    when: Callable[[HttpRequest], bool] = lambda request: True,
) -> None:
    """Offer a process on the screen of security. Several rooms may add to one key."""
    _processes.setdefault(key, []).append(Process(key, label, frozenset(views), when))


def known() -> list[tuple[str, str | Promise]]:
    """(key, label) of every process, as the settings offer them."""
    return [(key, each[0].label) for key, each in _processes.items()]


def asked_by(request: HttpRequest) -> set[str]:
    """Keys of the processes that this request would do; empty for most requests."""
    match = request.resolver_match
    if match is None or request.method in READING:
        return set()
    return {
        each.key
        for several in _processes.values()
        for each in several
        if match.view_name in each.views and each.when(request)
    }
