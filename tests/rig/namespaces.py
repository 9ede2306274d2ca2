"""Network namespaces of this machine's kernel: routers and customers that are real."""

import os
import shutil
import subprocess
from functools import cache
from itertools import count

from caudal.integrations.access.linux.shell import Answer, LocalShell

_NUMBER = count(1)
_PROGRAMS = ("ip", "tc", "nft", "nsenter")


@cache
def lacking(*programs: str) -> str:
    """Why namespaces, or these programs in them, cannot be had here; empty where they can."""
    if os.geteuid() != 0:
        return "needs root for network namespaces, nftables and tc"
    absent = [name for name in (*_PROGRAMS, *programs) if shutil.which(name) is None]
    if absent:
        return (
            f"needs {', '.join(absent)} (packages iproute2, nftables, iperf3, curl, iputils-ping)"
        )
    mine = f"caudal-try-{os.getpid()}"  # several processes may ask at once
    tried = subprocess.run(["ip", "netns", "add", mine], capture_output=True)
    subprocess.run(["ip", "netns", "del", mine], capture_output=True)
    return "" if tried.returncode == 0 else "the kernel lets nobody make network namespaces"


class Namespace:
    """One network namespace, gone when closed."""

    def __init__(self, role: str) -> None:
        self.name = f"caudal-{os.getpid()}-{next(_NUMBER)}-{role}"
        subprocess.run(["ip", "netns", "add", self.name], check=True)
        self.sh("ip link set lo up")

    @property
    def within(self) -> tuple[str, ...]:
        """What to put before a command; `ip netns exec` mounts /sys anew, which no chroot lets."""
        return ("nsenter", f"--net=/run/netns/{self.name}")

    def sh(self, script: str, timeout_s: float = 60) -> str:
        """What the script printed; fails the test where it fails."""
        answer = self.answer(script, timeout_s)
        assert answer.code == 0, answer.complaint
        return answer.printed

    def answer(self, script: str, timeout_s: float = 60) -> Answer:
        return LocalShell(timeout_s, self.within).run(script)

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        """A program that goes on running; the caller ends it."""
        return subprocess.Popen(
            [*self.within, *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def close(self) -> None:
        subprocess.run(["ip", "netns", "del", self.name], check=True)


def connect(one: Namespace, device: str, two: Namespace, far: str) -> None:
    """A cable: `device` in one, `far` in two, both up, every packet of its real size."""
    subprocess.run(
        ["ip", "link", "add", device, "netns", one.name, "type", "veth",
         "peer", "name", far, "netns", two.name],
        check=True,
    )  # fmt: skip
    for space, name in ((one, device), (two, far)):
        space.sh(f"ip link set {name} up")
        space.answer(f"ethtool -K {name} tso off gso off gro off")
