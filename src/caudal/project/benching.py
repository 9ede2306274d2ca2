"""`caudal bench`: the measurements, in a program of their own."""

import subprocess
import sys

from caudal.project.steps import ROOT, python


def main() -> int:
    return subprocess.call(python("-m", "bench", *sys.argv[1:]), cwd=ROOT)
