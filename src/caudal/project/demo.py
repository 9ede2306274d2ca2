"""`caudal demo`: a made-up provider here: practice routers and gateway, panel, worker."""

import os
import socket
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from caudal.practice.demo import GATEWAY_PORT, ROUTERS, gateway_command, snmp_command
from caudal.project import serving
from caudal.project.steps import ROOT, Step, caudal, python, run
from caudal.project.supervisor import Failed, Program, Stopped, Supervisor, supervised

USER = "admin"
PASSWORD = "caudal-demo"


def main() -> int:
    """Everything lives in the data folder; the second start finds it there."""
    data = Path(os.environ.setdefault("CAUDAL_DATA", str(ROOT / "data"))).resolve()
    data.mkdir(parents=True, exist_ok=True)
    os.environ["CAUDAL_DEMO"] = "1"
    os.environ.pop("DATABASE_URL", None)
    try:
        with supervised() as supervisor:
            start(supervisor, data)
            print(banner(), flush=True)
            supervisor.wait()
    except Stopped:
        print("Stopped.")
        return 0
    except Failed as error:
        print(f"{error}. Everything is stopped; {data}/*.log may say more.", file=sys.stderr)
        return 1
    return 0


def start(supervisor: Supervisor, data: Path) -> None:
    """All of the demo, each part when what it needs is ready."""
    for router in ROUTERS:
        log = data / f"{router.name.lower().replace(' ', '-')}.log"
        supervisor.start(
            Program(router.name, python(*router.command(data)), log=log, ready=_open(router.port))
        )
    supervisor.start(
        Program(
            "The practice gateway",
            python(*gateway_command()),
            log=data / "gateway.log",
            ready=_open(GATEWAY_PORT),
        )
    )
    supervisor.start(
        Program("The practice devices", python(*snmp_command()), log=data / "devices.log")
    )
    _do("Database", "migrate", "-v0")
    _do("Made-up provider", "demo_isp")
    supervisor.start(
        Program("The worker", caudal("worker"), log=data / "worker.log"),
    )
    supervisor.start(
        Program(
            "The panel",
            serving.panel(workers=1),
            log=data / "panel.log",
            ready=_answers(f"{address()}/healthz"),
        )
    )


def address() -> str:
    return f"http://{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"


def banner() -> str:
    return (
        f"\nCaudal runs at {address()}\n"
        f"  user      {USER}\n"
        f"  password  {PASSWORD}\n"
        "Ctrl+C stops it.\n"
    )


def _do(name: str, *arguments: str) -> None:
    if not run(Step(name, caudal(*arguments)), quiet=True):
        raise Failed(f"{name} failed")


def _open(port: int) -> Callable[[], bool]:
    def ask() -> bool:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return True
        except OSError:
            return False

    return ask


def _answers(url: str) -> Callable[[], bool]:
    def ask() -> bool:
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    return ask
