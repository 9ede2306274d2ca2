"""`caudal serve`: the panel in production, on every core's worth of workers."""

import os
import sys

from caudal.project.steps import Step, caudal, run


def main() -> int:
    """Refuses a database of another version: `./caudal migrate` is the operator's act."""
    ready = [
        Step("database is of this version", caudal("migrate", "--check")),
        Step("style sheets, scripts and fonts", caudal("collectstatic", "--noinput", "-v0")),
    ]
    if not all(run(step, quiet=True) for step in ready):
        print("Run ./caudal migrate first, with the same DATABASE_URL.")
        return 1
    os.execv(sys.executable, panel())


def panel(workers: int | None = None, threads: int = 4, port: int | None = None) -> list[str]:
    """The command line of the server; what is not given comes from HOST, PORT and WORKERS."""
    count = workers or int(os.environ.get("WORKERS", os.cpu_count() or 1))
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "caudal.project.wsgi:application",
        "--host", os.environ.get("HOST", "127.0.0.1"),
        "--port", str(port or os.environ.get("PORT", "8000")),
        "--workers", str(count),
        "--blocking-threads", str(threads),
        "--workers-kill-timeout", "10",
        "--respawn-failed-workers",
        "--no-ws",
        "--no-access-log",
        "--log-level", "warning",
    ]  # fmt: skip
