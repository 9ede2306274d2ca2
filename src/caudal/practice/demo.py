"""The practice routers and gateway of the demo ISP, their ports, and how they are started."""

import os
from dataclasses import dataclass
from pathlib import Path

USER = "admin"
PASSWORD = "practica"


@dataclass(frozen=True, slots=True)
class DemoRouter:
    """One process; `control` is the port of its small door for faults (see control.py)."""

    name: str
    port: int
    control: int
    serial: str
    secrets: int
    queues: int
    newcomers: bool = False
    """Has servers for every way of access, and the equipment of who moves in."""

    def command(self, folder: Path) -> list[str]:
        """The arguments of `python`; its memory is a file of the folder."""
        slug = self.name.lower().replace(" ", "-")
        return [
            *("-m", "caudal.practice", "--by-hand"),
            *("--port", str(self.port), "--control", str(self.control)),
            *("--identity", self.name, "--serial", self.serial),
            *("--user", USER, "--password", PASSWORD),
            *("--secrets", str(self.secrets), "--queues", str(self.queues)),
            *(("--newcomers",) if self.newcomers else ()),
            *("--state", str(folder / f"{slug}.json")),
        ]


FIRST_PORT = int(os.environ.get("CAUDAL_PRACTICE_PORT", "18728"))
"""The first of six; another one lets two demos live on one machine."""

ROUTERS = (
    DemoRouter("RB Centro", FIRST_PORT, FIRST_PORT + 1, "HGF09CENTRO", secrets=170, queues=30),
    DemoRouter(
        "RB Norte",
        FIRST_PORT + 2,
        FIRST_PORT + 3,
        "HGF09NORTE0",
        secrets=0,
        queues=50,
        newcomers=True,
    ),
)

GATEWAY_PORT = FIRST_PORT + 4
GATEWAY_TOKEN = "PRACTICE-TOKEN"
GATEWAY_KEY = "practice-key"

SNMP_PORT = FIRST_PORT + 5
SNMP_COMMUNITY = "practica"
SNMP_BOXES = {
    "127.0.0.1": "routeros",
    "127.0.1.1": "routeros",
    "127.0.2.1": "ubnt",
    "127.0.2.2": "ubnt",
    "127.0.2.11": "ubnt",
    "127.0.2.12": "ubnt",
    "127.0.3.1": "ubnt",
}
"""Address -> make; every address of 127.0.0.0/8 is this machine."""


def snmp_command() -> list[str]:
    """The arguments of `python` for the practice devices that answer SNMP."""
    boxes = [word for pair in SNMP_BOXES.items() for word in ("--box", "=".join(pair))]
    return ["-m", "caudal.practice.snmp", "--port", str(SNMP_PORT), *boxes]


def gateway_command() -> list[str]:
    """The arguments of `python` for the practice gateway; it forgets everything at its end."""
    return [
        *("-m", "caudal.practice.gateway", "--port", str(GATEWAY_PORT)),
        *("--token", GATEWAY_TOKEN, "--key", GATEWAY_KEY),
    ]
