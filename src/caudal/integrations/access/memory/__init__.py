"""A router that lives in memory: the simplest driver, for tests of rooms and dry training."""

from dataclasses import dataclass

from caudal.integrations import Manifest
from caudal.integrations.access.memory.driver import (
    MemoryDriver,
    MemoryRouter,
    forget_all,
    router_named,
)


@dataclass(frozen=True, slots=True)
class Config:
    """`name` picks the router in memory; the same name is the same router in one process."""

    name: str = "memory"


def connect(config: Config) -> MemoryDriver:
    """A driver on the router of that name, made on first use."""
    return MemoryDriver(router_named(config.name))


MANIFEST = Manifest("memory", "Memory", Config, connect)

__all__ = [
    "MANIFEST",
    "Config",
    "MemoryDriver",
    "MemoryRouter",
    "connect",
    "forget_all",
    "router_named",
]
