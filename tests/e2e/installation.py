"""A complete installation in a folder of its own: database, practice router, panel, workers, mail.

Nothing of it is simulated but the router, which speaks its real protocol on a real socket in a
process of its own. Rows are read with plain SQL, the router with librouteros: by other people's
code than that under test.
"""

import contextlib
import json
import os
import socket
import sqlite3
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import librouteros
import psycopg
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Mailbox

from caudal.practice.control import ask
from caudal.project import serving
from caudal.project.steps import ROOT, caudal, python
from caudal.project.supervisor import Failed, Program, Supervisor

Found = TypeVar("Found")

HOST = "127.0.0.1"
SECONDS = 120
"""How long workers may take on two very busy cores; who is quick waits no longer."""
ROUTER_USER, ROUTER_PASSWORD = "caudal", "s3cr3t-de-prueba"


class TookTooLong(AssertionError):
    """What was waited for did not come; says what the programs wrote last."""


class Installation:
    """Use as a context manager: whatever happens inside, every process is stopped."""

    def __init__(
        self, folder: Path, *, database_url: str = "", workers: int = 1, by_hand: bool = False
    ) -> None:
        self.folder = folder
        self.is_postgres = bool(database_url)
        self.database_url = database_url or f"sqlite:///{folder / 'caudal.sqlite3'}"
        self.port, self.router_port, self.control_port = free_ports(3)
        self.url = f"http://{HOST}:{self.port}"
        self.workers = [f"worker {number}" for number in range(1, workers + 1)]
        self.by_hand = by_hand
        self.mails = folder / "mails"
        self._supervisor = Supervisor()
        self._postman = Controller(Mailbox(str(self.mails)), hostname=HOST, port=free_ports(1)[0],
                                    ready_timeout=60)  # fmt: skip

    # -- processes

    def __enter__(self) -> "Installation":
        try:
            self._postman.start()
            self.migrate()
            self._start_router()
            self._start("panel", serving.panel(workers=1, port=self.port), self._panel_answers)
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        self._supervisor.stop()
        with contextlib.suppress(AssertionError):  # it was never started
            self._postman.stop()

    @property
    def environment(self) -> dict[str, str]:
        return {
            "DJANGO_SETTINGS_MODULE": "caudal.project.settings",
            "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
            "CAUDAL_DATA": str(self.folder),
            "CAUDAL_DEMO": "1",
            "CAUDAL_TIME_ZONE": "America/Mexico_City",
            "DATABASE_URL": self.database_url,
            "HUEY_URL": self.database_url if self.is_postgres else "",
            "EMAIL_URL": f"smtp://{HOST}:{self._postman.port}",
            "API_RATE": "100000/min",
        }

    def run(self, *command: str, check: bool = True) -> "subprocess.CompletedProcess[str]":
        """A command inside the installation, to its end. Fails with what it said."""
        done = subprocess.run(
            command,
            cwd=ROOT,
            env={**os.environ, **self.environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=600,
        )
        assert not check or done.returncode == 0, f"{command}:\n{done.stdout}"
        return done

    def migrate(self) -> None:
        """Nothing to do where the file was copied from one that is migrated."""
        if self.is_postgres or not (self.folder / "caudal.sqlite3").exists():
            self.run(*caudal("migrate", "-v0"))

    def start_workers(self) -> None:
        for name in self.workers:
            self.start_worker(name)

    def start_worker(self, name: str) -> None:
        periodic = [] if name == self.workers[0] else ["--no-periodic"]
        self._start(name, caudal("worker", *periodic))

    def run_caudal(self, *command: str) -> "subprocess.CompletedProcess[str]":
        """`./caudal COMMAND`, to its end, well or badly."""
        return self.run(*caudal(*command), check=False)

    def worker_pid(self, name: str) -> int:
        return self._supervisor.pids(name)[0]

    def kill_worker(self, name: str) -> None:
        """As a power failure would: no signal that it could answer."""
        self._supervisor.kill(name)

    def _start(
        self, name: str, command: list[str], ready: Callable[[], bool] = lambda: True
    ) -> None:
        log = self.folder / f"{name.replace(' ', '-')}.log"
        try:
            self._supervisor.start(Program(name, command, self.environment, log, ready))
        except Failed as error:
            raise AssertionError(f"{error}\n{self.tails()}") from None

    def _start_router(self) -> None:
        command = python(
            "-m", "caudal.practice",
            "--port", str(self.router_port), "--control", str(self.control_port),
            "--user", ROUTER_USER, "--password", ROUTER_PASSWORD,
            *(["--by-hand"] if self.by_hand else []),
        )  # fmt: skip
        self._start("router", command, lambda: _listens(self.control_port))

    def _panel_answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    # -- waiting

    def wait_until(self, condition: Callable[[], Found], what: str) -> Found:
        """What `condition` gives as soon as it is true; its exceptions mean: not yet."""
        end = time.monotonic() + SECONDS
        last: Exception | None = None
        while True:
            try:
                if found := condition():
                    return found
                last = None
            except Exception as error:
                last = error
            if time.monotonic() > end:
                raise TookTooLong(f"{what}: not within {SECONDS} s ({last!r})\n{self.tails()}")
            time.sleep(0.1)

    def tails(self) -> str:
        """What each program wrote last, and the last rows of the job log."""
        logs = sorted(self.folder.glob("*.log"))
        said = [f"--- {log.name}\n{log.read_text()[-3000:]}" for log in logs]
        runs = self.rows(
            "SELECT job, slot, status, worker, tries, lease_until, summary, error"
            " FROM clock_jobrun ORDER BY id DESC LIMIT 15"
        )
        return "\n".join([*said, "--- job log", *map(str, runs)])

    # -- rows, by plain SQL

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Rows of the database; `%s` stands for a value."""
        if self.is_postgres:
            with psycopg.connect(self.database_url) as connection:
                return connection.execute(sql, values).fetchall()  # type: ignore[arg-type]
        path = self.database_url.removeprefix("sqlite:///")
        with contextlib.closing(sqlite3.connect(path, timeout=20)) as connection:
            return connection.execute(sql.replace("%s", "?"), values).fetchall()

    def write(self, sql: str, *values: Any) -> None:
        """For the machinery's own columns only: no test writes what a room should."""
        with psycopg.connect(self.database_url) as connection:
            connection.execute(sql, values)  # type: ignore[arg-type]

    def value(self, sql: str, *values: Any) -> Any:
        """The first column of the first row, None where there is none."""
        found = self.rows(sql, *values)
        return found[0][0] if found else None

    # -- the router: by its door for practice, and by a third party's client

    def router(self, do: str, **about: Any) -> Any:
        """`power_off`, `power_on`, `go_wrong`, `plug` ...: see caudal.practice.control."""
        return ask(self.control_port, do, **about)

    def secrets(self) -> dict[str, dict[str, Any]]:
        return {row["name"]: row for row in self.read("/ppp/secret")}

    def profiles(self) -> dict[str, dict[str, Any]]:
        return {row["name"]: row for row in self.read("/ppp/profile")}

    def active(self) -> dict[str, str]:
        """Address by user of open sessions."""
        return {row["name"]: row["address"] for row in self.read("/ppp/active")}

    def address_list(self, name: str = "morosos") -> set[str]:
        rows = self.read("/ip/firewall/address-list")
        return {row["address"] for row in rows if row["list"] == name}

    def read(self, menu: str) -> list[dict[str, Any]]:
        with self.api() as api:
            return list(api.path(*menu.strip("/").split("/")))

    @contextlib.contextmanager
    def api(self) -> Iterator[Any]:
        api = librouteros.connect(
            HOST, ROUTER_USER, ROUTER_PASSWORD, port=self.router_port, encoding="utf-8", timeout=30
        )
        try:
            yield api
        finally:
            api.close()

    # -- the provider that lives in it

    def found(self, **about: Any) -> None:
        """Company, zone, plans, router and pool (see tests.e2e.provider); on the router, by
        hand, the rule that makes a cut work.
        """
        rule = {"chain": "forward", "action": "drop", "src-address-list": "morosos"}
        self.router("put", path="/ip/firewall/filter", values=rule)
        about |= {"router_port": self.router_port}
        self.run(*python("-m", "tests.e2e.provider", json.dumps(about)))


def free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        taken = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in taken:
            each.bind((HOST, 0))
        return [int(each.getsockname()[1]) for each in taken]


def _listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection((HOST, port), 1):
        return True
    return False
