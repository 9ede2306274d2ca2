"""Opening the driver of a router: the one place where rows become an integration's settings."""

import dataclasses
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

from caudal.apps.network.models import Router
from caudal.apps.network.sync.settings import settings_of
from caudal.core.access import Device
from caudal.core.ports.access import AccessDriver, Candidate, ImportCandidates
from caudal.integrations import manifest, manifests

TRY_S = 2.0
"""How long the test on the form waits for each answer: a person is looking."""

_offered: dict[str, Callable[[Router], dict[str, Any]]] = {}


def offer(driver: str, settings: Callable[[Router], dict[str, Any]]) -> None:
    """A room above knows settings of a kind of router that its row does not hold."""
    _offered[driver] = settings


def kinds() -> list[tuple[str, str]]:
    """Kinds of router that can be chosen: slug and title."""
    found = manifests("access").values()
    return [(each.slug, each.title) for each in found if each.slug != "memory"]


def served(driver: str) -> frozenset[str]:
    """The technologies that a kind of router gives; none named means all."""
    return manifest("access", driver).technologies


@contextmanager
def opened(router: Router, timeout_s: float | None = None) -> Iterator[AccessDriver]:
    """The router's driver, closed afterwards. Raises AccessError."""
    found = manifest("access", router.driver)
    values: dict[str, Any] = {
        "name": router.name,
        "host": router.host,
        "port": router.port,
        "tls": router.tls,
        "user": router.username,
        "password": router.password,
        "block_list": router.blocked_list,
    }
    values |= settings_of(router)
    if router.driver in _offered:
        values |= _offered[router.driver](router)
    if timeout_s is not None:
        values["timeout_s"] = timeout_s
    asked = {field.name for field in dataclasses.fields(found.config)}
    config = found.config(**{name: value for name, value in values.items() if name in asked})
    with closing(found.connect(config)) as driver:
        yield driver


def try_router(router: Router) -> Device:
    """Who answers under what was typed into the form; stores nothing. Raises AccessError."""
    with opened(router, TRY_S) as driver:
        return driver.probe()


def candidates(router: Router) -> list[Candidate]:
    """What the router holds that is not marked as ours, as possible customers. Reads only.

    Raises AccessError; a kind of router that cannot tell has none.
    """
    with opened(router) as driver:
        return driver.import_candidates() if isinstance(driver, ImportCandidates) else []
