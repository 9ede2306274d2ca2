"""The settings of production, as Django itself judges them."""

import os
import subprocess
import sys

from caudal.project.checking import DEPLOYMENT
from tests.house.code import ROOT

FOR_TESTS_ONLY = "DJANGO_ALLOW_ASYNC_UNSAFE"


def test_behind_tls_the_deployment_check_has_nothing_to_say() -> None:
    checked = subprocess.run(
        [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env={
            **{name: value for name, value in os.environ.items() if name != FOR_TESTS_ONLY},
            "DJANGO_SETTINGS_MODULE": "caudal.project.settings",
            "PYTHONPATH": str(ROOT / "src"),
            **DEPLOYMENT,
        },
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert checked.returncode == 0, checked.stderr
