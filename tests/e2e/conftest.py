"""Fixtures of the browser: one for the whole run, and a clean context for each test."""

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from caudal.project.steps import ROOT
from tests.e2e.demo import Demo
from tests.e2e.installation import Installation
from tests.e2e.person import OUTPUT, Person

CHROMIUM = "/usr/bin/chromium"
WIDE = {"width": 1440, "height": 900}
NARROW = {"width": 390, "height": 844}
SIZES = {"1440": WIDE, "390": NARROW}


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.skip("chromium is not installed: apt-get install chromium libatomic1")
    launched = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
    yield launched
    launched.close()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with every table, to be copied: migrating is the slowest part of a start.

    It is kept until some code of the rooms changes, for the next run and for the process beside.
    """
    kept = OUTPUT / f"migrated-{_code()}.sqlite3"
    if not kept.exists():
        folder = tmp_path_factory.mktemp("migrated")
        Installation(folder).migrate()
        OUTPUT.mkdir(parents=True, exist_ok=True)
        for old in set(OUTPUT.glob("migrated-*.sqlite3")) - {kept}:
            old.unlink(missing_ok=True)
        whole = shutil.copy(folder / "caudal.sqlite3", kept.with_suffix(f".{os.getpid()}"))
        Path(whole).rename(kept)
    return kept


def _code() -> str:
    """What the rooms' code is: migrations read more of it than themselves."""
    digest = hashlib.sha256()
    for path in sorted((ROOT / "src" / "caudal").rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


@pytest.fixture
def installation(tmp_path: Path, migrated: Path) -> Iterator[Installation]:
    """A provider of its own for one test, on SQLite, with one worker."""
    shutil.copy(migrated, tmp_path / "caudal.sqlite3")
    with Installation(tmp_path) as running:
        running.found()
        running.start_workers()
        yield running
        print(running.tails())  # pytest shows it where the test failed


@pytest.fixture(scope="session")
def demo(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Demo]:
    """Started for this run; or the one at CAUDAL_DEMO_URL, for who tries one screen many times."""
    if running := os.environ.get("CAUDAL_DEMO_URL"):
        yield Demo.at(running)
        return
    folder = tmp_path_factory.mktemp("demo")
    shutil.copy(request.getfixturevalue("migrated"), folder / "caudal.sqlite3")
    with Demo(folder) as running:
        yield running


@pytest.fixture(scope="session")
def people(browser: Browser, demo: Demo) -> Iterator[Callable[[str, bool], Person]]:
    """A function: somebody at a screen of that width, signed in or not."""
    known: dict[tuple[str, bool], Person] = {}

    def at(size: str, signed_in: bool) -> Person:
        if (size, signed_in) not in known:
            person = known[size, signed_in] = Person(browser, demo, SIZES[size])
            if signed_in:
                person.sign_in(demo.user, demo.password)
        return known[size, signed_in]

    yield at
    for person in known.values():
        person.leave()
