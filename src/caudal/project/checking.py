"""`caudal check`: everything that can be told without running the product."""

import sys
from pathlib import Path

from caudal.project.steps import ROOT, Step, caudal, python, run

DEPLOYMENT = {
    "DJANGO_SETTINGS_MODULE": "caudal.project.settings",
    "CAUDAL_HTTPS": "1",
    "CAUDAL_DEMO": "0",
    "CAUDAL_DEBUG": "0",
    "ALLOWED_HOSTS": "caudal.example",
}


def steps() -> list[Step]:
    return [
        Step("style (ruff check)", python("-m", "ruff", "check", "-q", ".")),
        Step("layout (ruff format)", python("-m", "ruff", "format", "--check", "-q", ".")),
        Step("walls between rooms (import-linter)", [_program("lint-imports"), "--no-cache"]),
        Step("house rules", python("-m", "pytest", "-q", "tests/house")),
        Step("types (mypy)", python("-m", "mypy")),
        Step("migrations are written", caudal("makemigrations", "--check", "--dry-run")),
        Step(
            "deployment (check --deploy)",
            # Django's own check: `caudal check` is this very command.
            python("-m", "django", "check", "--deploy", "--fail-level", "WARNING"),
            DEPLOYMENT,
        ),
        Step("texts in Spanish and English", caudal("messages", "--check")),
        Step("parity table", caudal("parity", "--check")),
        Step("templates (djade)", djade("--check")),
    ]


def main() -> int:
    failed = [step.name for step in steps() if not run(step, quiet=True)]
    print(f"{len(failed)} failed: {', '.join(failed)}" if failed else "All checks are fine.")
    return 1 if failed else 0


def djade(*options: str) -> list[str]:
    """The command that lays out every template."""
    templates = sorted((ROOT / "src").rglob("templates/**/*.html"))
    names = [str(path.relative_to(ROOT)) for path in templates]
    return [_program("djade"), "--target-version", "5.2", *options, *names]


def _program(name: str) -> str:
    """A program that a Python package brought, beside the Python that runs us."""
    return str(Path(sys.executable).parent / name)
