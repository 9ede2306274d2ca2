"""Is FreeRADIUS at work? What each router that may ask was last heard of."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from caudal.apps.radius.models import Client, Policy
from caudal.apps.radius.models.heard import SILENCES


class Sign(StrEnum):
    """How a router that may ask stands."""

    NEVER = "never"  # nothing was ever heard of it
    SILENT = "silent"  # it had sessions, and misses its reports
    IDLE = "idle"  # it has asked before; nobody is connected
    AT_WORK = "at-work"


@dataclass(frozen=True, slots=True)
class Heard:
    """One router that may ask, and when it last did."""

    client: Client
    sign: Sign

    @property
    def asked_at(self) -> datetime | None:
        return _moment(self.client.asked)

    @property
    def reported_at(self) -> datetime | None:
        return _moment(self.client.heard)


def heard_of(clients: Iterable[Client], policy: Policy, at: datetime) -> list[Heard]:
    """`at` is the machine's time."""
    return [Heard(client, _sign(client, policy, int(at.timestamp()))) for client in clients]


def is_down(found: Iterable[Heard]) -> bool:
    """All that should report are silent: then it is FreeRADIUS itself, or its way to us."""
    due = [each for each in found if each.sign in (Sign.SILENT, Sign.AT_WORK)]
    return bool(due) and all(each.sign is Sign.SILENT for each in due)


def _sign(client: Client, policy: Policy, at: int) -> Sign:
    if client.asked is None and client.heard is None:
        return Sign.NEVER
    missed = client.heard is not None and client.heard < at - SILENCES * policy.interim_s
    if client.busy:
        return Sign.SILENT if missed else Sign.AT_WORK
    return Sign.IDLE


def _moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
