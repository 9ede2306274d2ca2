"""A small town: customers, a Linux router and an internet, each in a namespace of its own."""

import json
import subprocess
import sys
import time
from itertools import count
from pathlib import Path

from caudal.core.access import Access, Diff, diff, wanted
from caudal.core.ports.access import AccessDriver, OpResult
from caudal.integrations.access.linux.driver import LinuxDriver
from caudal.integrations.access.linux.ruleset import Rules
from caudal.integrations.access.linux.shell import LocalShell
from tests.rig.namespaces import Namespace, connect

SERVER = "203.0.113.2"
NOTICE = "203.0.113.3"
NOTICE_PORT = 8080
_SERVERS = Path(__file__).with_name("servers.py")


class Town:
    """`router` between `internet` and customers; 10.50.n.10 is the n-th customer's address."""

    def __init__(self, customers: int = 2) -> None:
        self.router, self.internet = Namespace("router"), Namespace("internet")
        self.customers = {n: Namespace(f"customer{n}") for n in range(1, customers + 1)}
        self._running: list[subprocess.Popen[bytes]] = []
        self._lay_cables()
        self._running.append(self.internet.start(sys.executable, str(_SERVERS), NOTICE))
        self._ports = count(5201)
        self._wait_for(80, 81, NOTICE_PORT)

    def close(self) -> None:
        for program in self._running:
            program.kill()
            program.wait()
        for space in (self.router, self.internet, *self.customers.values()):
            space.close()

    def driver(self, **settings: object) -> AccessDriver:
        rules = {"notice": f"{NOTICE}:{NOTICE_PORT}", **settings}
        shell = LocalShell(120, self.router.within)
        return LinuxDriver(lambda: shell, Rules(**rules))  # type: ignore[arg-type]

    def address(self, number: int) -> str:
        return f"10.50.{number}.10"

    def megabits(self, number: int, *, near: float, down: bool = True) -> float:
        """What iperf3 measures at the receiver, without the first moment.

        A busy machine is slower than its shaper, never faster: of some tries the best counts,
        and none more is made once one comes near what is asked for.
        """
        found = 0.0
        for _try in range(5):
            found = max(found, self._measured(number, "-R" if down else ""))
            if found > 0.93 * near:
                break
        return found

    def _measured(self, number: int, way: str) -> float:
        command = f"iperf3 -c {SERVER} -p {self._measuring()} {way} -t 4 -O 1 -J"
        found = json.loads(self.customers[number].sh(command))
        return float(found["end"]["sum_received"]["bits_per_second"]) / 1e6

    def download(self, number: int, seconds: int) -> "subprocess.Popen[str]":
        """A download that goes on while other things happen; its report is printed."""
        command = f"iperf3 -c {SERVER} -p {self._measuring()} -R -t {seconds} --forceflush -f m"
        return subprocess.Popen(
            [*self.customers[number].within, *command.split()], stdout=subprocess.PIPE, text=True
        )

    def _measuring(self) -> int:
        """The port of a new iperf3: one that lost its client to a cut would stay busy."""
        port = next(self._ports)
        self._running.append(self.internet.start("iperf3", "-s", "-p", str(port)))
        self._wait_for(port)
        return port

    def get(self, number: int, url: str, wait_s: int = 20) -> str:
        """The page that a customer sees, empty where he sees none."""
        return self.customers[number].answer(f"curl -s -m {wait_s} {url}").printed

    def asks_dns(self, number: int) -> bool:
        """Does a datagram to port 53 come back?"""
        asking = (
            "import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.settimeout(20);"
            f" s.sendto(b'?', ('{SERVER}', 53)); print(s.recv(9))"
        )
        return self.customers[number].answer(f'{sys.executable} -c "{asking}"').code == 0

    def seconds_until_refused(self, number: int, port: int) -> float:
        began = time.monotonic()
        answer = self.customers[number].answer(f"curl -s -m 30 http://{SERVER}:{port}/")
        assert answer.code == 7, f"curl said {answer.code}: not refused"
        return time.monotonic() - began

    def _lay_cables(self) -> None:
        for number, customer in self.customers.items():
            connect(self.router, f"lan{number}", customer, "eth0")
            self.router.sh(f"ip addr add 10.50.{number}.1/24 dev lan{number}")
            customer.sh(f"ip addr add {self.address(number)}/24 dev eth0")
            customer.sh(f"ip route add default via 10.50.{number}.1")
        connect(self.router, "wan", self.internet, "eth0")
        self.router.sh("ip addr add 203.0.113.1/24 dev wan; ip route add default via 203.0.113.254")
        self.router.sh("sysctl -qw net.ipv4.ip_forward=1")
        for address in (SERVER, NOTICE):
            self.internet.sh(f"ip addr add {address}/24 dev eth0")
        self.internet.sh("ip route add 10.50.0.0/16 via 203.0.113.1")

    def _wait_for(self, *ports: int) -> None:
        for _attempt in range(600):
            listening = self.internet.sh("ss -Hltn")
            if all(f":{port} " in listening for port in ports):
                return
            time.sleep(0.1)
        raise AssertionError("the servers of the internet did not start")


def a_pass(driver: AccessDriver, services: list[Access]) -> tuple[Diff, list[OpResult]]:
    """One reconciliation: read, compare, apply."""
    plan = diff(wanted(services, owner="lab"), driver.read())
    return plan, driver.apply(plan.ops)
