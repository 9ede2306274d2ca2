"""Running the steps of a command one after the other, and telling how each ended."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Step:
    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    within: float = 600.0
    """Seconds after which it is taken for stuck and counts as failed."""


def python(*arguments: str) -> list[str]:
    return [sys.executable, *arguments]


def caudal(*arguments: str) -> list[str]:
    return python("-m", "caudal.project.cli", *arguments)


def run(step: Step, *, quiet: bool = False) -> bool:
    """Whether the step ended well. `quiet` shows its output only where it did not."""
    begun = time.monotonic()
    try:
        done = subprocess.run(
            step.command,
            cwd=ROOT,
            env={**os.environ, **step.environment},
            timeout=step.within,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if quiet else None,
            stderr=subprocess.STDOUT if quiet else None,
        )
        well, output = done.returncode == 0, done.stdout or b""
    except subprocess.TimeoutExpired as error:
        well, output = False, (error.stdout or b"") + b"\nstuck: no end in time"
    seconds = time.monotonic() - begun
    if quiet:
        if not well:
            print(output.decode(errors="replace").rstrip(), flush=True)
        print(f"{'ok' if well else 'FAILED':7}{step.name} ({seconds:.1f} s)", flush=True)
    return well
