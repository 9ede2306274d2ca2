"""A real SNMP agent on loopback that tells what our own recordings say."""

import os
import pwd
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from caudal.core.ports.probe import SnmpTarget
from caudal.integrations.probes.snmp import Config, connect

RECORDINGS = Path(__file__).parent / "recordings"
WAIT_S = 120.0


@contextmanager
def agent(folder: Path) -> Iterator[int]:
    """The port of an agent whose communities are the names of the recordings; `folder` is its."""
    port = _free_port()
    program = Path(sys.executable).parent / "snmpsim-command-responder"
    who = pwd.getpwuid(os.getuid()).pw_name
    command = [
        str(program),
        f"--data-dir={RECORDINGS}",
        f"--cache-dir={folder}",
        f"--agent-udpv4-endpoint=127.0.0.1:{port}",
        f"--process-user={who}",
        f"--process-group={who}",
    ]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, cwd=folder, stdout=quiet, stderr=quiet)
    try:
        _wait(process, port)
        yield port
    finally:
        process.terminate()
        process.wait(60)


def _wait(process: "subprocess.Popen[bytes]", port: int) -> None:
    reader = connect(Config())
    asked = SnmpTarget(
        1, "127.0.0.1", "airos8", port, scalars=("1.3.6.1.2.1.1.3.0",), timeout_s=0.3
    )
    limit = time.monotonic() + WAIT_S
    while time.monotonic() < limit:
        assert process.poll() is None, "the agent has ended"
        if reader.read([asked])[0].fault is None:
            return
    raise AssertionError("the agent does not answer")


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
