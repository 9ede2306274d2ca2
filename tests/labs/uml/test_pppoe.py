"""A real PPPoE session: its speed, a change while it is up, a cut with its notice, its return."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from caudal.project.steps import ROOT
from tests.labs.uml import scene

HERE = Path(__file__).parent
PROGRAMS = {
    "linux.uml": "user-mode-linux", "freeradius": "freeradius", "pppd": "ppp", "iperf3": "iperf3",
    "pppoe-server": "pppoe", "iptables-legacy": "iptables", "curl": "curl", "tc": "iproute2",
    "modprobe": "kmod",
}  # fmt: skip
WITHIN_S = 280


def lacking() -> str:
    absent = [package for program, package in PROGRAMS.items() if shutil.which(program) is None]
    if absent:
        return f"needs packages: {', '.join(absent)}"
    return "" if os.geteuid() == 0 else "needs root: the lab's kernel reads files of root"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """Everything that the lab tells; what comes several times is a list."""
    if why := lacking():
        pytest.skip(why)
    folder = tmp_path_factory.mktemp("uml")
    environment = {
        name: value for name, value in os.environ.items()
        if name not in ("DATABASE_URL", "CAUDAL_TEST_DB", "DJANGO_SETTINGS_MODULE")
    }  # fmt: skip
    environment |= {"CAUDAL_DATA": str(folder), "PYTHONPATH": f"{ROOT}/src:{ROOT}"}
    subprocess.run(
        [sys.executable, "-m", "tests.labs.uml.scene"],
        cwd=ROOT, env=environment, check=True, timeout=200,
    )  # fmt: skip
    yield _boot(folder)


def _boot(folder: Path) -> dict[str, Any]:
    run = folder / "run.sh"
    run.write_text(
        f"cp -r {folder} /run/caudal\n"
        f"export CAUDAL_DATA=/run/caudal PYTHONPATH={ROOT}/src:{ROOT} HOME=/run LANG=C.UTF-8\n"
        f"export PATH=/usr/sbin:/usr/bin:/sbin:/bin; cd {ROOT}\n"
        f"exec {sys.executable} -m tests.labs.uml.inside\n"
    )
    command = [
        "linux.uml", "mem=1024M", "rootfstype=hostfs", "rootflags=/", "ro",
        f"init={HERE}/init.sh", f"lab={run}", "con=null", "con0=fd:0,fd:1", "ssl=null", "quiet",
        f"umid=caudal{os.getpid()}",
    ]  # fmt: skip
    done = subprocess.run(
        ["timeout", str(WITHIN_S), *command],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        timeout=WITHIN_S + 10,
    )  # fmt: skip
    printed = done.stdout.decode(errors="replace")
    found: dict[str, Any] = {}
    for line in printed.splitlines():
        if line.startswith("LAB {"):
            found |= json.loads(line[4:])
    assert found.get("end"), printed[-4000:]
    return found


pytestmark = pytest.mark.timeout(600)


def test_the_session_is_real_and_has_the_plans_speed(told: dict[str, Any]) -> None:
    assert (told["dialled"], told["address"], told["page"]) == (True, scene.ADDRESS, "INTERNET")
    assert told["speeds"] == pytest.approx([2, 10], rel=0.1)


def test_another_plan_reaches_the_session_while_it_is_up(told: dict[str, Any]) -> None:
    assert told["same session"] is True
    assert told["changed speeds"] == pytest.approx([1, 5], rel=0.1)
    assert told["requests"][0] == "change"


def test_a_cut_closes_the_session_and_shows_the_notice(told: dict[str, Any]) -> None:
    assert told["closed"] is True
    assert told["reported"] == [True, True], "its end and its bytes"
    assert told["sync"] == "in_sync"
    assert (told["dialled cut"], told["page cut"]) == (True, "AVISO DE CORTE")
    assert told["left in with the notice"] is True


def test_who_pays_is_let_in_with_everything(told: dict[str, Any]) -> None:
    assert (told["closed again"], told["dialled restored"]) == (True, True)
    assert told["page restored"] == "INTERNET"
