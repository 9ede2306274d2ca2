"""The only processes and sockets: a script is run here, or there over SSH."""

import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from caudal.core.ports.access import AccessError, AccessFault


@dataclass(frozen=True, slots=True)
class Answer:
    """What a script printed, on both channels, and its exit code."""

    printed: str
    complaint: str
    code: int


class Shell(Protocol):
    """Runs scripts of `sh`. Raises AccessError where one could not be brought to its end."""

    def run(self, script: str) -> Answer: ...

    def facts(self) -> Mapping[str, str]:
        """What was noticed about the way in."""
        ...

    def close(self) -> None: ...


class LocalShell:
    """This machine. `within` is put before `sh`, such as `ip netns exec lab`."""

    def __init__(self, timeout_s: float, within: Sequence[str] = ()) -> None:
        self._command = [*within, "sh", "-s"]
        self._timeout_s = timeout_s

    def run(self, script: str) -> Answer:
        try:
            done = subprocess.run(
                self._command,
                input=script.encode("utf-8", "surrogateescape"),
                capture_output=True,
                timeout=self._timeout_s,
            )
        except subprocess.TimeoutExpired as error:
            raise AccessError(AccessFault.TIMED_OUT, detail=str(error)[:200]) from error
        except OSError as error:
            raise AccessError(AccessFault.UNREACHABLE, detail=str(error)) from error
        return Answer(text(done.stdout), text(done.stderr), done.returncode)

    def facts(self) -> Mapping[str, str]:
        return {}

    def close(self) -> None:
        """Nothing to let go of."""


def text(data: bytes) -> str:
    """Bytes as text; what is no UTF-8 survives the way back."""
    return data.decode("utf-8", "surrogateescape")
