"""Runs a few programs together: waits until each is ready, and stops all of them when one ends."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO

PATIENCE = 20.0
"""Seconds that a program has to end after SIGTERM, before it is killed."""


class Stopped(Exception):
    """Somebody pressed Ctrl+C, or the system asked us to end."""


class Failed(Exception):
    """A program ended by itself or did not become ready."""


@dataclass
class Program:
    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    log: Path | None = None
    """Where what it says is added; None: said on our own output."""
    ready: Callable[[], bool] = lambda: True


class Supervisor:
    """Use as a context: whatever happens inside, every program that was started is stopped."""

    def __init__(self) -> None:
        self._running: list[tuple[Program, subprocess.Popen[bytes]]] = []

    def start(self, program: Program, within: float = 60.0) -> None:
        """Start it and return when it is ready. Raises Failed if it ends or takes too long."""
        # A session of its own: Ctrl+C reaches only us, and we end the programs in good order.
        with _opened(program.log) as log:
            child = subprocess.Popen(
                program.command,
                env={**os.environ, **program.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._running.append((program, child))
        end = time.monotonic() + within
        while not program.ready():
            self._check()
            if time.monotonic() > end:
                raise Failed(f"{program.name} is not ready after {within:.0f} seconds")
            time.sleep(0.1)

    def wait(self) -> None:
        """Until a program ends (Failed) or a signal comes (Stopped)."""
        while True:
            self._check()
            time.sleep(0.3)

    def pids(self, name: str) -> list[int]:
        """Of the programs of that name."""
        return [child.pid for program, child in self._running if program.name == name]

    def kill(self, name: str) -> None:
        """End the programs of that name as a power failure would; they may be started again."""
        for program, child in list(self._running):
            if program.name == name:
                _kill(child)
                self._running.remove((program, child))

    def stop(self) -> None:
        """End all, the last started first."""
        for _, child in reversed(self._running):
            if child.poll() is None:
                child.terminate()
        end = time.monotonic() + PATIENCE
        for _, child in reversed(self._running):
            try:
                child.wait(max(0.0, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                _kill(child)
        self._running.clear()

    def _check(self) -> None:
        for program, child in self._running:
            if child.poll() is not None:
                raise Failed(f"{program.name} ended by itself (code {child.returncode})")


def _opened(log: Path | None) -> contextlib.AbstractContextManager[IO[bytes] | None]:
    return contextlib.nullcontext() if log is None else log.open("ab")


def _kill(child: "subprocess.Popen[bytes]") -> None:
    """The program and all that it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


@contextlib.contextmanager
def supervised() -> Iterator[Supervisor]:
    """A supervisor during which SIGINT, SIGTERM and SIGHUP raise Stopped in the main thread."""

    def stop(signum: int, frame: FrameType | None) -> None:
        for each in signals:
            signal.signal(each, signal.SIG_IGN)
        raise Stopped

    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {each: signal.signal(each, stop) for each in signals}
    supervisor = Supervisor()
    try:
        yield supervisor
    finally:
        for each in signals:
            signal.signal(each, signal.SIG_IGN)
        supervisor.stop()
        for each, handler in before.items():
            signal.signal(each, handler)
