"""`caudal labs`: trials with real programs: FreeRADIUS, PPPoE in its own kernel, Linux routers.

What cannot run here is left out, and the closing lines say why.
"""

import os
import subprocess
import sys

from caudal.project.steps import ROOT, python
from caudal.project.testing import install_system_packages

FOLDER = "tests/labs"


def main() -> int:
    """On PostgreSQL, as in earnest; arguments go to pytest in the place of the folder."""
    install_system_packages()
    chosen = sys.argv[1:] or [FOLDER]
    environment = {**os.environ, "CAUDAL_TEST_DB": "postgres"}
    return subprocess.call(python("-m", "pytest", "-v", *chosen), cwd=ROOT, env=environment)
