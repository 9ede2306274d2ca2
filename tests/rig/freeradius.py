"""A FreeRADIUS of our own, on the database of the test, with the product's configuration."""

import re
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from django.db import connection

from caudal.apps.radius import configuration

SECRET = "practica"
ROLE, PASSWORD = "caudal_radius", "de-freeradius"
_PROGRAMS = ("freeradius", "radclient")
_LINE = re.compile(r"^\s+([\w-]+) = (.*)$")


def lacking() -> str:
    """Why FreeRADIUS cannot be run here; empty where it can."""
    absent = [name for name in _PROGRAMS if shutil.which(name) is None]
    return f"needs {', '.join(absent)} (packages freeradius, freeradius-utils)" if absent else ""


class FreeRadius:
    """Started on free ports of 127.0.0.1; `close` ends it."""

    def __init__(self, threads: int = 32) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="caudal-radius-"))
        self.auth_port, self.acct_port = _free_ports(2)
        self.on_postgres = connection.vendor == "postgresql"
        choices = configuration.Choices(
            database=connection.settings_dict,
            folder=self.folder / "raddb",
            state=self.folder / "state",
            listen="127.0.0.1",
            auth_port=self.auth_port,
            acct_port=self.acct_port,
            threads=threads,
            role=ROLE if self.on_postgres else "",
            password=PASSWORD,
            lifetime=1,
        )
        configuration.write(choices)
        if self.on_postgres:
            with connection.cursor() as cursor:
                cursor.execute(configuration.grants(choices))
        self.command = ["freeradius", "-d", str(choices.folder)]
        self._program: subprocess.Popen[bytes] | None = None

    def check(self) -> subprocess.CompletedProcess[str]:
        """What `freeradius -XC` says of the configuration."""
        return subprocess.run([*self.command, "-XC"], capture_output=True, text=True, timeout=120)

    def start(self) -> "FreeRadius":
        with open(self.folder / "out", "wb") as out:
            self._program = subprocess.Popen([*self.command, "-f"], stdout=out, stderr=out)
        ends = time.monotonic() + 120
        while "Ready to process requests" not in self.log():
            assert self._program.poll() is None, self.log() + (self.folder / "out").read_text()
            assert time.monotonic() < ends, self.log()
            time.sleep(0.05)
        return self

    def close(self) -> None:
        if self._program:
            self._program.terminate()
            self._program.wait(120)
        shutil.rmtree(self.folder, ignore_errors=True)

    def log(self) -> str:
        path = self.folder / "state" / "radius.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def login(self, username: str, **attributes: Any) -> dict[str, str]:
        """The reply's attributes; `code` is Access-Accept, Access-Reject or empty.

        Names have underscores: User_Password, CHAP_Password ...
        """
        return self.ask("auth", {"User_Name": username, **attributes})

    def report(self, kind: str, username: str, **attributes: Any) -> dict[str, str]:
        """One accounting request."""
        return self.ask("acct", {"Acct_Status_Type": kind, "User_Name": username, **attributes})

    def ask(self, what: str, attributes: dict[str, Any], secret: str = SECRET) -> dict[str, str]:
        lines = (
            f"{name.replace('_', '-')} = {_value(value)}" for name, value in attributes.items()
        )
        port = self.auth_port if what == "auth" else self.acct_port
        done = subprocess.run(
            ["radclient", "-x", "-r", "1", "-t", "10", f"127.0.0.1:{port}", what, secret],
            input=", ".join(lines), capture_output=True, text=True, timeout=60,
        )  # fmt: skip
        return _reply(done.stdout)

    def many(self, what: str, requests: list[str], at_once: int) -> str:
        """Send every request, so many at a time; radclient's summary."""
        path = self.folder / "requests"
        path.write_text("\n\n".join(requests) + "\n")
        port = self.auth_port if what == "auth" else self.acct_port
        done = subprocess.run(
            ["radclient", "-q", "-s", "-p", str(at_once), "-r", "3", "-t", "5",
             "-f", str(path), f"127.0.0.1:{port}", what, SECRET],
            capture_output=True, text=True, timeout=300,
        )  # fmt: skip
        return done.stdout


def _value(value: Any) -> str:
    if isinstance(value, bytes):
        return f"0x{value.hex()}"
    return f'"{value}"' if isinstance(value, str) else str(value)


def _reply(printed: str) -> dict[str, str]:
    received = printed.partition("\nReceived ")[2]
    found = {"code": received.partition(" ")[0]}
    for line in received.splitlines()[1:]:
        if match := _LINE.match(line):
            found[match[1]] = match[2].strip('"')
    return found


def _free_ports(count: int) -> list[int]:
    opened = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(count)]
    for each in opened:
        each.bind(("127.0.0.1", 0))
    ports = [int(each.getsockname()[1]) for each in opened]
    for each in opened:
        each.close()
    return ports
