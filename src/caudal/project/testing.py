"""`caudal test`: install what the tests need where that is allowed, run them on both databases.

The last line of its output is pytest's closing line: of the first part that failed, else of the
complete suite.
"""

import os
import shutil
import subprocess
import sys
from glob import glob

from caudal.project import referees
from caudal.project.steps import Step, python, run

SYSTEM_PACKAGES = {
    "chromium": ("chromium", "the browser tests drive it"),
    "libatomic1": ("/usr/lib/*/libatomic.so.1", "the driver of the browser tests is linked to it"),
    "freeradius": ("freeradius", "the RADIUS lab runs it"),
    "freeradius-postgresql": ("/usr/lib/freeradius/rlm_sql_postgresql.so", "its way to our tables"),
    "freeradius-utils": ("radclient", "the RADIUS lab logs in with it"),
    "user-mode-linux": ("linux.uml", "the PPPoE lab boots its own kernel"),
    "ppp": ("pppd", "both ends of the PPPoE lab"),
    "pppoe": ("pppoe-server", "the access concentrator of the PPPoE lab"),
    "iproute2": ("tc", "the labs shape traffic"),
    "nftables": ("nft", "the Linux router's lab cuts with it"),
    "iptables": ("iptables-legacy", "the PPPoE lab cuts with it"),
    "iperf3": ("iperf3", "the labs measure speeds"),
    "curl": ("curl", "customers of the labs browse with it"),
    "ethtool": ("ethtool", "the labs send packets of their real size"),
    "iputils-ping": ("ping", "routers of the labs call addresses with it"),
    "kmod": ("modprobe", "the PPPoE lab loads modules of its kernel"),
}
"""Debian package -> (program or file that shows it is there, why)."""


def main() -> int:
    if sys.argv[1:]:
        return subprocess.call(python("-m", "pytest", *sys.argv[1:]))
    install_system_packages()
    referees.install()
    return 0 if all(run(step) for step in steps()) else 1


def steps() -> list[Step]:
    pytest = python("-m", "pytest")
    processes = os.environ.get("CAUDAL_TEST_PROCESSES", "2")
    # Tests of one file share what is costly to start, such as the demo.
    together = ["-n", processes, "--dist", "loadfile"]
    return [
        Step(
            "core",
            [*pytest, "-q", "tests/core", "--cov=caudal.core", "--cov-branch",
             "--cov-report=term-missing:skip-covered", "--cov-fail-under=100"],
        ),
        Step(
            "PostgreSQL",
            [*pytest, *together, "-m", "database"],
            {"CAUDAL_TEST_DB": "postgres"},
            within=2700,
        ),
        Step("everything, on SQLite", [*pytest, *together], {"CAUDAL_TEST_DB": ""}, within=2700),
    ]  # fmt: skip


def install_system_packages() -> None:
    """Says which packages it installs and why, or what is left out without them."""
    absent = [name for name, (sign, _) in SYSTEM_PACKAGES.items() if not _there(sign)]
    if not absent:
        return
    for name in absent:
        print(f"Needed from the system: {name} ({SYSTEM_PACKAGES[name][1]}).", flush=True)
    may = os.geteuid() == 0 and shutil.which("apt-get")
    if may and _apt("update") and _apt("install", "--no-install-recommends", *absent):
        print(f"Installed {', '.join(absent)}.", flush=True)
    else:
        print(
            "Not installed (that takes root and apt-get): the tests that need them are left out, "
            "and the closing line counts them as skipped.",
            flush=True,
        )


def _there(sign: str) -> bool:
    if not sign.startswith("/"):
        return shutil.which(sign) is not None
    return bool(glob(sign))


def _apt(*arguments: str) -> bool:
    done = subprocess.run(
        ["apt-get", "-qq", "-y", *arguments],
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        timeout=600,
    )
    return done.returncode == 0
