"""Programs written by others that judge whether a practice router behaves like a real one.

Some are packages of the tests' own Python. The heavy ones have a Python of their own, made from
requirements/referees.lock (decision 0021); where it is missing their tests are left out, loudly.
"""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
HERE = Path(__file__).parent
PYTHON = Path(os.environ.get("CAUDAL_REFEREES", ROOT / ".tools/referees")) / "bin/python"
WHY = "the referees' Python is not installed: ./caudal test installs it where it can download"

needs_referees = pytest.mark.skipif(not PYTHON.exists(), reason=WHY)


def run(program: str, *arguments: str, env: dict[str, str] | None = None) -> str:
    """What a program of the referees' Python prints; fails with its complaints."""
    ran = subprocess.run(
        [str(PYTHON.parent / program), *arguments],
        capture_output=True,
        text=True,
        timeout=300,
        env={**os.environ, "PATH": f"{PYTHON.parent}:{os.environ['PATH']}", **(env or {})},
    )
    assert ran.returncode == 0, f"{ran.stdout}\n{ran.stderr}"
    return ran.stdout
