"""The Python of the heavy referees: programs of others that judge the practice routers.

They need 350 MB, so they live apart from the product and its other tests (decision 0024).
"""

import subprocess
import sys

from caudal.project.steps import ROOT

LOCK = ROOT / "requirements/referees.lock"
HOME = ROOT / ".tools/referees"
UV = str(ROOT / ".tools/bin/uv")


def install() -> None:
    """Brings them to what the lock says, or says what is left out without them."""
    mark = HOME / "referees.lock"
    if mark.exists() and mark.read_bytes() == LOCK.read_bytes():
        return
    print("Installing the referees of the practice routers in .tools/referees ...", flush=True)
    if _synced():
        mark.write_bytes(LOCK.read_bytes())
    else:
        print(
            "Not installed (that takes a download): the tests of mktxp, napalm-ros and Ansible "
            "are left out, and the closing line counts them as skipped.",
            flush=True,
        )


def _synced() -> bool:
    python = str(HOME / "bin/python")
    made = [UV, "venv", "-q", "--allow-existing", "--python", sys.executable, str(HOME)]
    synced = [UV, "pip", "sync", "-q", "--require-hashes", "--python", python, str(LOCK)]
    try:
        return all(
            subprocess.run(command, cwd=ROOT, timeout=600, stdin=subprocess.DEVNULL).returncode == 0
            for command in (made, synced)
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
