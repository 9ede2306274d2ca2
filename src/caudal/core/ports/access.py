"""What a driver of network access must be able to do, and the one error that leaves it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol, runtime_checkable

from caudal.core.access import Access, Device, Op, Session, Snapshot


class AccessFault(StrEnum):
    """Why a router did not do as asked; stored and translated on screens."""

    UNREACHABLE = "unreachable"
    TIMED_OUT = "timed-out"
    CONNECTION_LOST = "connection-lost"
    TLS_FAILED = "tls-failed"
    LOGIN_REFUSED = "login-refused"
    NOT_PERMITTED = "not-permitted"
    PROTOCOL = "protocol"
    HOST_KEY_CHANGED = "host-key-changed"  # `detail` is the fingerprint that answered
    BAD_CONFIG = "bad-config"
    UNABLE = "unable"  # this kind of device cannot do it; `detail` says what
    TOO_LONG = "too-long"  # what was asked for is longer than the device hands over
    SSH_FAILED = "ssh-failed"  # only SSH would hand it over, and `detail` is in its way
    # of a single operation
    REFUSED = "refused"  # the router answered with an error; `detail` is its text
    GONE = "gone"  # the row to change is no longer there
    CHANGED_MEANWHILE = "changed-meanwhile"  # the row is no longer the one that was read
    SKIPPED = "skipped"  # an earlier operation of the same service failed


class AccessError(Exception):
    """The only error a driver raises. `permanent`: trying again without a person is no use.

    `detail` is the device's own text, for the journal, never for a customer.
    """

    def __init__(self, fault: AccessFault, *, permanent: bool = False, detail: str = "") -> None:
        super().__init__(f"{fault}: {detail}" if detail else str(fault))
        self.fault = fault
        self.permanent = permanent
        self.detail = detail


@dataclass(frozen=True, slots=True)
class OpResult:
    """What became of one operation. `changed` is False when the router already was as wanted.

    `whole` is all that the router said of a row of somebody else that was taken away."""

    op: Op
    ok: bool
    changed: bool = False
    fault: AccessFault | None = None
    detail: str = ""
    whole: Mapping[str, str] = field(default_factory=dict)


class AccessDriver(Protocol):
    """One router. Calls block; an instance belongs to one thread and is closed after use."""

    def probe(self) -> Device:
        """Who answers and what was noticed about it. Raises AccessError."""
        ...

    def read(self) -> Snapshot:
        """Everything of the kinds we manage, ours and others'.

        Raises AccessError when nothing could be read; a reading that broke off or met an error
        comes back with complete=False and its problems.
        """
        ...

    def apply(self, ops: Sequence[Op]) -> list[OpResult]:
        """Carry out in the given order, one result per operation in the same order.

        Applying the same operations twice is harmless. An operation that failed does not stop
        those of other services. Does not raise once the first operation was sent: operations
        that were cut short are results with a fault, and only a new reading tells the truth.
        """
        ...

    def close(self) -> None: ...


@runtime_checkable
class Sessions(Protocol):
    """Can list who is connected now."""

    def sessions(self) -> list[Session]: ...


LIFE = "life"
"""The fact of a device under which its `life` is kept."""


@runtime_checkable
class Forgetful(Protocol):
    """Holds what was written only while it runs, and can be asked cheaply whether it still does."""

    def life(self) -> str:
        """The same text as long as nothing was forgotten. Raises AccessError."""
        ...


@runtime_checkable
class Kick(Protocol):
    """Can close a live session. True if it was there."""

    def kick(self, session: Session) -> bool: ...


@dataclass(frozen=True, slots=True)
class Counter:
    """Bytes since the counter last started, from the customer's side. `name` as in Session/Row;
    of a lease its address."""

    name: str
    up_bytes: int
    down_bytes: int


@runtime_checkable
class Counters(Protocol):
    """Can tell how much each customer moved."""

    def counters(self) -> list[Counter]: ...


@dataclass(frozen=True, slots=True)
class PingResult:
    sent: int
    received: int
    average_ms: float | None = None


@runtime_checkable
class Ping(Protocol):
    """Can ping an address from the router itself."""

    def ping(self, address: str, *, count: int = 3) -> PingResult: ...


@dataclass(frozen=True, slots=True)
class Candidate:
    """An access found on a router configured by hand, with what could be guessed.

    `access.service_id` is empty; `access.name` is the row's key, which adoption needs. `online`
    tells whether it is in use now. `doubts` are codes of what a person should look at.
    """

    access: Access
    comment: str = ""
    person: str = ""
    online: bool = False
    doubts: tuple[str, ...] = ()
    extra: dict[str, str] = field(default_factory=dict)


@runtime_checkable
class ImportCandidates(Protocol):
    """Can propose customers from what the router already holds. Reads only."""

    def import_candidates(self) -> list[Candidate]: ...
