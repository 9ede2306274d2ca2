"""Fixtures of the browser: one for the whole run, and a clean context for each test."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.e2e.installation import Installation

CHROMIUM = "/usr/bin/chromium"
WIDE = {"width": 1440, "height": 900}
NARROW = {"width": 390, "height": 844}


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
    """An SQLite file with every table, to be copied: migrating is the slowest part of a start."""
    folder = tmp_path_factory.mktemp("migrated")
    Installation(folder).migrate()
    return folder / "caudal.sqlite3"


@pytest.fixture
def installation(tmp_path: Path, migrated: Path) -> Iterator[Installation]:
    """A provider of its own for one test, on SQLite, with one worker."""
    shutil.copy(migrated, tmp_path)
    with Installation(tmp_path) as running:
        running.found()
        running.start_workers()
        yield running
        print(running.tails())  # pytest shows it where the test failed
