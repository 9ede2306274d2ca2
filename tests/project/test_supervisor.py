"""Programs that run together end together, whatever ends them."""

import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from caudal.project.steps import Step, python, run
from caudal.project.supervisor import Failed, Program, Stopped, supervised

SLEEPER = "import time; time.sleep(60)"
STUBBORN = """
import pathlib, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
pathlib.Path(sys.argv[1]).write_text(f"{child.pid}")
time.sleep(60)
"""


def alive(pid: int) -> bool:
    """A process that has ended may wait as a zombie for somebody to ask how."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def script(code: str, *arguments: str) -> list[str]:
    return [sys.executable, "-c", code, *arguments]


def test_a_signal_ends_every_program(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    note = f"import os; open({str(pids)!r}, 'a').write(f'{{os.getpid()}} '); " + SLEEPER
    with pytest.raises(Stopped), supervised() as together:
        for name in ("one", "two"):
            wanted = 1 + len(pids.read_text().split() if pids.exists() else [])
            together.start(
                Program(
                    name,
                    script(note),
                    ready=lambda n=wanted: pids.exists() and len(pids.read_text().split()) == n,
                )
            )
        threading.Timer(0.2, lambda: os.kill(os.getpid(), signal.SIGTERM)).start()
        together.wait()
    assert [pid for pid in pids.read_text().split() if alive(int(pid))] == []


def test_when_one_ends_by_itself_all_end() -> None:
    with pytest.raises(Failed, match="short ended by itself"), supervised() as together:
        together.start(Program("long", script(SLEEPER)))
        together.start(Program("short", script("raise SystemExit(3)")))
        together.wait()


@pytest.mark.timeout(60)
def test_a_program_that_is_never_ready_fails_in_time() -> None:
    with pytest.raises(Failed, match="late is not ready"), supervised() as together:
        together.start(Program("late", script(SLEEPER), ready=lambda: False), within=0.3)


def test_a_program_that_ignores_the_signal_is_killed_with_its_children(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("caudal.project.supervisor.PATIENCE", 0.5)
    child = tmp_path / "child"
    with supervised() as together:
        together.start(
            Program(
                "stubborn",
                script(STUBBORN, str(child)),
                ready=lambda: child.exists() and child.read_text() != "",
            )
        )
        assert alive(int(child.read_text()))
    deadline = time.monotonic() + 60
    while alive(int(child.read_text())) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not alive(int(child.read_text()))


def test_what_a_program_says_is_kept_in_its_log(tmp_path: Path) -> None:
    log = tmp_path / "one.log"
    with supervised() as together:
        together.start(
            Program(
                "one",
                script(f"print('hello', flush=True); {SLEEPER}"),
                log=log,
                ready=lambda: "hello" in log.read_text(),
            )
        )
    assert log.read_text() == "hello\n"


def test_a_step_tells_how_it_ended(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(Step("fine", python("-c", "pass")), quiet=True)
    assert not run(Step("broken", python("-c", "print('why'); raise SystemExit(1)")), quiet=True)
    assert not run(Step("stuck", python("-c", SLEEPER), within=0.5), quiet=True)
    said = capsys.readouterr().out
    assert "ok     fine" in said
    assert "why\nFAILED broken" in said
    assert "stuck: no end in time\nFAILED stuck" in said
