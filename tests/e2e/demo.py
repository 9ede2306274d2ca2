"""The demo ISP, started as its users do, in a folder and on ports of its own."""

import os
import sqlite3
import urllib.error
import urllib.request
from contextlib import closing
from datetime import datetime
from pathlib import Path

from caudal.apps.clock.now import machine_time
from caudal.project.demo import PASSWORD, USER
from caudal.project.steps import ROOT, caudal
from caudal.project.supervisor import Failed, Program, Supervisor
from tests.e2e.installation import HOST, free_ports

WITHIN_S = 600.0
"""Founding the provider with its months of history, on two very busy cores."""
MORNING = "2027-04-21T10:00:00-06:00"
"""When everybody comes to look: what there is to see and to do depends on the day of the month."""


class Demo:
    """Use as a context manager: `./caudal demo`, until the block ends."""

    user, password = USER, PASSWORD

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port, practice = free_ports(1)[0], _six_in_a_row()
        self.url = f"http://{HOST}:{self.port}"
        self.environment = {
            "DJANGO_SETTINGS_MODULE": "caudal.project.settings",
            "PYTHONPATH": str(ROOT / "src"),
            "CAUDAL_DATA": str(folder),
            "CAUDAL_TIME_ZONE": "America/Mexico_City",
            "CAUDAL_PRACTICE_PORT": str(practice),
            "HOST": HOST,
            "PORT": str(self.port),
        }
        self._supervisor = Supervisor()

    @classmethod
    def at(cls, url: str) -> "Demo":
        """One that somebody else has started, and that is left as it is."""
        found = cls.__new__(cls)
        found.url = url
        return found

    def __enter__(self) -> "Demo":
        log = self.folder / "demo.log"
        program = Program("the demo", caudal("demo"), self.environment, log, self._answers)
        try:
            self._supervisor.start(program, within=WITHIN_S)
        except Failed as error:
            self.__exit__()
            raise AssertionError(f"{error}\n{log.read_text()[-4000:]}") from None
        return self

    def __exit__(self, *_: object) -> None:
        self._supervisor.stop()

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False


def set_clock(database: Path) -> None:
    """Let it be MORNING in a demo that is not founded yet, whatever the day is here."""
    ahead = datetime.fromisoformat(MORNING) - machine_time()
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(
            "INSERT OR REPLACE INTO clock_shift (id, seconds) VALUES (1, ?)",
            [round(ahead.total_seconds())],
        )


def _six_in_a_row() -> int:
    """The first of six ports that no other process picks, below those that the system gives."""
    return 20_000 + os.getpid() % 2_000 * 6
