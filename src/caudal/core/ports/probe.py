"""What monitoring asks of the outside world: does a host answer, and what do its counters say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class ProbeFault(StrEnum):
    """Why something could not be asked; stored and translated on screens."""

    NO_ANSWER = "no-answer"
    UNKNOWN_NAME = "unknown-name"
    REFUSED = "refused"  # the device answers and says no
    NOT_PERMITTED = "not-permitted"  # this machine may not send pings
    FAILED = "failed"


class ProbeError(Exception):
    """Nothing at all could be asked: the fault is this machine's, no device is to blame."""

    def __init__(self, fault: ProbeFault, detail: str = "") -> None:
        super().__init__(f"{fault}: {detail}" if detail else str(fault))
        self.fault = fault
        self.detail = detail


@dataclass(frozen=True, slots=True)
class PingTarget:
    key: int
    host: str
    count: int = 3
    timeout_s: float = 1.0


@dataclass(frozen=True, slots=True)
class Echo:
    """How many of the pings of one target came back, and how long they took on average."""

    key: int
    sent: int
    received: int
    latency_ms: float | None = None
    fault: ProbeFault | None = None

    @property
    def loss(self) -> float:
        """0 to 100 percent."""
        return 100.0 * (self.sent - self.received) / self.sent if self.sent else 100.0


@dataclass(frozen=True, slots=True)
class SnmpTarget:
    """`scalars` are whole object identifiers, `columns` the beginnings of those to walk."""

    key: int
    host: str
    community: str = field(repr=False)
    port: int = 161
    version: str = "2c"
    scalars: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    timeout_s: float = 2.0


@dataclass(frozen=True, slots=True)
class Reading:
    """Whole numbers by object identifier, and for a column all of its rows; what is not there is
    left out."""

    key: int
    scalars: Mapping[str, int] = field(default_factory=dict)
    columns: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    fault: ProbeFault | None = None


class Pinger(Protocol):
    def ping(self, targets: Sequence[PingTarget]) -> list[Echo]:
        """Ask all of them side by side; one echo each. Raises ProbeError."""
        ...


class SnmpReader(Protocol):
    def read(self, targets: Sequence[SnmpTarget]) -> list[Reading]:
        """Ask all of them side by side; one reading each. Raises ProbeError."""
        ...
