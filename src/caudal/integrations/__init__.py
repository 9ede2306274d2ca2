"""What plugs in: one folder per integration, found by this registry and entered only here."""

import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any


@dataclass(frozen=True, slots=True)
class Manifest:
    """How an integration presents itself.

    `config` is a frozen dataclass whose fields are the settings to ask for; `secret` names those
    to be stored encrypted. `connect(config)` gives the driver. Titles are translated by screens.
    `technologies` are the ways of access that a kind of router serves; none named means all.
    """

    slug: str
    title: str
    config: type[Any]
    connect: Callable[[Any], Any]
    secret: frozenset[str] = frozenset()
    technologies: frozenset[str] = frozenset()


class UnknownIntegration(LookupError):
    """No folder of that name carries a MANIFEST."""


@cache
def manifests(family: str) -> dict[str, Manifest]:
    """Every integration of a family (`access`, `gateways`, ...) by slug."""
    package = import_module(f"{__name__}.{family}")
    found = (
        import_module(f"{package.__name__}.{module.name}").MANIFEST
        for module in pkgutil.iter_modules(package.__path__)
        if module.ispkg
    )
    return {manifest.slug: manifest for manifest in sorted(found, key=lambda m: str(m.slug))}


def manifest(family: str, slug: str) -> Manifest:
    """One integration. Raises UnknownIntegration."""
    try:
        return manifests(family)[slug]
    except KeyError:
        raise UnknownIntegration(f"{family}/{slug}") from None
