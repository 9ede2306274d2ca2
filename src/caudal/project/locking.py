"""`caudal lock`: the lock files, with hashes and without the name of any download host."""

import subprocess
import sys

from caudal.project.steps import ROOT

UV = [
    ".tools/bin/uv", "pip", "compile", "-q", "--universal", "--python-version", "3.11",
    "--generate-hashes", "--no-header", "--no-annotate", "--no-emit-index-url",
    "--no-emit-find-links",
]  # fmt: skip


def main() -> int:
    """Pins stay as they are unless pyproject.toml or `--upgrade`/`-P name` asks for others."""
    wanted = sys.argv[1:]
    for command in (
        [*UV, "pyproject.toml", "-o", "requirements/base.lock", *wanted],
        [*UV, "--group", "referees", "-o", "requirements/referees.lock", *wanted],
        [*UV, "pyproject.toml", "--group", "dev", "-c", "requirements/base.lock",
         "-o", "requirements/dev.lock", *wanted],
        ["npm", "install", "--package-lock-only", "--ignore-scripts", "--no-audit", "--no-fund"],
    ):  # fmt: skip
        if code := subprocess.call(command, cwd=ROOT):
            return code
    return 0
