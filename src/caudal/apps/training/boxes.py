"""The practice routers of the demo, asked through their control doors; no I/O anywhere else here.

A door answers on this machine only. A router whose program does not run is told as unreachable.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from caudal.apps.training.errors import TrainingCode, TrainingError
from caudal.practice.control import ask
from caudal.practice.demo import ROUTERS, DemoRouter
from caudal.web.speeds import format_kbps

FACTORY_SERIAL = "HGF09NUEVO"
DAY_S = 86_400

WRONGS = {
    "drop": _("The connection is lost before the command is done"),
    "drop-after": _("Done, but the connection is lost before the answer"),
    "drop-mid": _("The answer breaks off in the middle"),
    "trap": _("The router refuses, nothing done"),
    "half": _("An error with half of it done"),
    "fatal": _("The router throws us out"),
    "hang": _("No answer, ever"),
}
"""The faults of caudal.practice.routeros.faults, in words."""

COMMANDS = {
    "/": _("Any command"),
    "/ppp/secret": _("PPPoE users"),
    "/ppp/active": _("PPPoE sessions"),
    "/queue/simple": _("Simple queues"),
    "/ip/firewall/address-list": _("Address lists"),
    "/ip/dhcp-server/lease": _("DHCP leases"),
    "/ip/hotspot": _("HotSpot"),
    "/login": _("Signing in"),
}
"""Where a fault may strike: the beginning of a command, in words."""


@dataclass(frozen=True, slots=True)
class Box:
    """A practice router. `status` is empty where its program does not answer."""

    router: DemoRouter
    status: dict[str, Any] = field(default_factory=dict)

    @property
    def slug(self) -> str:
        return self.router.name.lower().replace(" ", "-")

    @property
    def answers(self) -> bool:
        return bool(self.status)

    @property
    def clock(self) -> datetime | None:
        """What time it believes it is."""
        return datetime.fromisoformat(self.status["clock"]) if self.answers else None


def boxes() -> list[Box]:
    return [_look(router) for router in ROUTERS]


def box(slug: str) -> Box:
    """Raises TrainingError for one that does not exist."""
    for router in ROUTERS:
        if Box(router).slug == slug:
            return _look(router)
    raise TrainingError(TrainingCode.NO_SUCH_ROUTER)


def customers(found: Box) -> list[dict[str, Any]]:
    """Who has equipment there, whether he browses, how fast at most, and what he sees."""
    with _told():
        rows: list[dict[str, Any]] = readable(ask(found.router.control, "customers"))
    shown = [row | {"up": _rate(row["up_bps"]), "down": _rate(row["down_bps"])} for row in rows]
    return sorted(shown, key=lambda row: (row["browses"], row["name"]))


def do(found: Box, what: str, **about: Any) -> Any:
    """One verb of the control door. Raises TrainingError."""
    with _told():
        return readable(ask(found.router.control, what, **about))


def swap(found: Box, *, empty: bool) -> None:
    """Put another box in its place: each time with a serial that nobody has seen."""
    number = sum(ord(letter) for letter in found.status["serial"]) % 97
    do(found, "swap", serial=f"{FACTORY_SERIAL}{number:02}", empty=empty)


def readable(said: Any) -> Any:
    """Routers keep bytes: names that old Winbox wrote are of the Windows code page, not UTF-8."""
    if isinstance(said, list):
        return [readable(each) for each in said]
    if isinstance(said, dict):
        return {name: readable(value) for name, value in said.items()}
    if not isinstance(said, str) or not any("\udc80" <= sign <= "\udcff" for sign in said):
        return said
    return said.encode("utf-8", "surrogateescape").decode("cp1252", "replace")


def _look(router: DemoRouter) -> Box:
    try:
        return Box(router, ask(router.control, "status"))
    except OSError:
        return Box(router)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except OSError:
        raise TrainingError(TrainingCode.NOT_RUNNING) from None
    except RuntimeError as refused:
        raise TrainingError(TrainingCode.REFUSED, text=str(refused)) from None


def _rate(bps: int) -> str:
    return format_kbps(bps // 1000) if bps else "∞"
