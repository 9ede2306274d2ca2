"""`caudal demo`: a made-up provider on this machine: practice routers, panel and worker."""

import os
import sys
import urllib.error
import urllib.request
from collections.abc import Callable

from caudal.project import serving
from caudal.project.steps import ROOT, Step, caudal, run
from caudal.project.supervisor import Failed, Program, Stopped, supervised

USER = "admin"
PASSWORD = "caudal-demo"


def main() -> int:
    os.environ.update(
        CAUDAL_DEMO="1",
        CAUDAL_DATA=os.environ.get("CAUDAL_DATA", str(ROOT / "data")),
    )
    os.environ.pop("DATABASE_URL", None)
    if not run(Step("database", caudal("migrate", "-v0")), quiet=True):
        return 1
    try:
        with supervised() as supervisor:
            supervisor.start(Program("practice routers", [sys.executable, "-m", "caudal.practice"]))
            if not run(Step("made-up provider", caudal("demo_isp")), quiet=True):
                return 1
            supervisor.start(
                Program("panel", serving.panel(workers=1), ready=_answers(address() + "/healthz"))
            )
            supervisor.start(Program("worker", caudal("worker")))
            print(banner(), flush=True)
            supervisor.wait()
    except Stopped:
        print("Stopped.")
        return 0
    except Failed as error:
        print(f"{error}; everything is stopped.", file=sys.stderr)
        return 1
    return 0


def address() -> str:
    return f"http://{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"


def banner() -> str:
    return (
        f"\nCaudal runs at {address()}\n"
        f"  user      {USER}\n"
        f"  password  {PASSWORD}\n"
        "Ctrl+C stops it.\n"
    )


def _answers(url: str) -> Callable[[], bool]:
    def ask() -> bool:
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    return ask
