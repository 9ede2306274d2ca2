"""The concentrator's ear for Disconnect and CoA requests: it acts on its real sessions."""

import os
import signal
import subprocess
from pathlib import Path
from typing import Any

from pyrad.packet import CoARequest

from tests.rig.radius import Live, Nas


class Concentrator(Nas):
    """Sessions are the files that ip-up leaves: device, process, address."""

    def __init__(self, secret: str) -> None:
        self.kinds: list[str] = []
        super().__init__(port=3799, secret=secret)

    def _obey(self, packet: Any, changes: bool) -> int:
        self.kinds.append("change" if packet.code == CoARequest else "disconnect")
        found = self._session(packet)
        if found is None:
            return 503
        device, process = found.session_id.split()
        if changes:
            _shape(device, packet["Mikrotik-Rate-Limit"][0].split()[0])
        else:
            os.kill(int(process), signal.SIGHUP)
        return 0

    def _session(self, packet: Any) -> Live | None:
        path = Path("/run/sessions") / packet["User-Name"][0]
        if not path.exists():
            return None
        device, process, address = path.read_text().split()
        if packet["Framed-IP-Address"][0] != address:
            return None
        return Live(path.name, f"{device} {process}", address)


def _shape(device: str, rate: str) -> None:
    up, down = (each.replace("k", "kbit").replace("M", "mbit") for each in rate.split("/"))
    police = f"action police rate {up} burst 64k conform-exceed drop"
    for command in (
        f"tc class change dev {device} parent 1: classid 1:10 htb rate {down}",
        f"tc filter del dev {device} parent ffff: pref 1",
        f"tc filter add dev {device} parent ffff: protocol all pref 1 matchall {police}",
    ):
        subprocess.run(command.split(), check=True)
