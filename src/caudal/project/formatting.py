"""`caudal format`: lay out code and templates as `caudal check` wants them."""

from caudal.project.checking import djade
from caudal.project.steps import Step, python, run


def main() -> int:
    fixed = run(Step("", python("-m", "ruff", "check", "--fix", "-q", ".")))
    run(Step("", python("-m", "ruff", "format", "-q", ".")))
    run(Step("", djade()))
    return 0 if fixed else 1
