"""A Linux router in a network namespace: real nftables, real tc."""

import re
from collections.abc import Mapping
from typing import Any

from caudal.core.access import Kind, Technology
from caudal.core.ports.access import AccessDriver, AccessError, AccessFault
from caudal.integrations.access.linux.driver import LinuxDriver
from caudal.integrations.access.linux.ruleset import Rules
from caudal.integrations.access.linux.shell import Answer, LocalShell
from caudal.integrations.access.linux.state import TABLE
from tests.rig.namespaces import Namespace, connect

_SETS = {Kind.BLOCK: "cut4", Kind.QUEUE: "active4", Kind.ARP: "bound4"}
_OTHERS = """
table inet gerencia {
  set proveedores { type ipv4_addr; elements = { 192.0.2.1, 192.0.2.2 } }
  chain reenvio { type filter hook forward priority filter; policy accept;
    ip saddr @proveedores counter accept comment "de otros"
  }
}
"""


class LinuxBox:
    """The Linux driver on a namespace with a customers' side, a WAN and somebody else's rules."""

    wrongs = ("drop", "drop-after", "cut-short", "half", "refuse")
    technologies = frozenset({Technology.SIMPLE_QUEUE, Technology.STATIC})

    def __init__(self) -> None:
        self.router, self.world = Namespace("router"), Namespace("world")
        connect(self.router, "lan", self.world, "customer")
        connect(self.router, "wan", self.world, "internet")
        self.router.sh("ip addr add 10.20.0.254/16 dev lan; ip addr add 203.0.113.1/24 dev wan")
        self.router.sh("ip route add default via 203.0.113.2")
        self.router.sh(f"nft -f - <<'END'\n{_OTHERS}\nEND\n")
        self.router.sh("tc qdisc add dev lan root handle 9: htb && tc class add dev lan"
                       " parent 9: classid 9:10 htb rate 900mbit")  # fmt: skip
        self._fault = ("", 0)

    def close(self) -> None:
        self.router.close()
        self.world.close()

    def driver(self) -> AccessDriver:
        return LinuxDriver(lambda: FaultyShell(self), Rules(notice="203.0.113.2:80"))

    def put(self, kind: Kind, key: str, attrs: Mapping[str, str], comment: str) -> None:
        """As somebody would by hand, in our own table; what it cannot hold is left out."""
        if kind not in _SETS:
            return
        self.driver().install()
        address = attrs.get("target", key)
        note = comment or (key if kind is Kind.QUEUE else "")
        said = f' comment "{note}"' if note else ""
        place = f"inet {TABLE} {_SETS[kind]}"
        self.router.sh(f"nft 'add element {place} {{ {address}{said} }}'")

    def others(self) -> Any:
        """Everything that is not ours: other tables, queues and classes, elements unmarked."""
        ruleset = self.router.sh("nft -s list ruleset")
        tables = re.findall(r"^table (?!inet caudal).*?^}", ruleset, re.M | re.S)
        mine = self.router.answer(f"nft -s list table inet {TABLE}").printed
        elements = re.findall(r'[0-9./]+(?: comment "(?!caudal)[^"]*")?(?=[ ,]*[}\n,])', mine)
        classes = self.router.sh("tc class show dev lan; tc qdisc show dev lan root")
        classes = re.sub(r"direct_packets_stat \d+", "", classes)  # they go on counting
        by_hand = [e for e in elements if e.startswith("10.9.9.")]
        return tables, sorted(by_hand), classes

    def listed(self) -> set[str]:
        rows = self.driver().read().rows
        return {row.key for row in rows if row.kind is Kind.BLOCK and row.enabled}

    def pass_time(self, seconds: int) -> None:
        """Nothing on a Linux router ages."""

    def go_wrong(self, wrong: str, nth: int) -> None:
        self._fault = (wrong, nth)

    def heal(self) -> None:
        self._fault = ("", 0)

    def fault(self) -> str:
        """What happens to the script that is about to run."""
        wrong, left = self._fault
        self._fault = (wrong, left - 1)
        return wrong if left == 1 else ""


class FaultyShell:
    """A shell in the router's namespace, on whose way things may go wrong."""

    def __init__(self, box: LinuxBox) -> None:
        self._box = box
        self._shell = LocalShell(30, box.router.within)

    def run(self, script: str) -> Answer:
        wrong = self._box.fault()
        if wrong == "drop":
            raise AccessError(AccessFault.CONNECTION_LOST)
        if wrong == "refuse":
            return Answer("", "RTNETLINK answers: No buffer space available", 2)
        if wrong == "cut-short":
            script = script[: len(script) // 2]
        if wrong == "half":  # classes are there, and then the machine goes down
            script = script.replace("$S nft -f -", "exit 9; nft -f -")
        answer = self._shell.run(script)
        if wrong == "drop-after":
            raise AccessError(AccessFault.CONNECTION_LOST)
        return answer

    def facts(self) -> Mapping[str, str]:
        return {}

    def close(self) -> None:
        self._shell.close()
