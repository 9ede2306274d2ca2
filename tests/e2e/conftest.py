"""Fixtures of the browser: one for the whole run, and a clean context for each test."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex

import pytest
from django.utils import translation
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from caudal.project.steps import ROOT
from tests.e2e.demo import Demo, set_clock
from tests.e2e.installation import Installation
from tests.e2e.person import OUTPUT, SECONDS, Person
from tests.e2e.visitor import Visitor

CHROMIUM = "/usr/bin/chromium"
WIDE = {"width": 1440, "height": 900}
NARROW = {"width": 390, "height": 844}
SIZES = {"1440": WIDE, "390": NARROW}
WHO = [("1440", "es"), ("390", "en")]
"""Each flow runs at both widths and in both languages, which do not depend on one another."""


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    expect.set_options(timeout=SECONDS * 1000)
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
    database = shutil.copy(request.getfixturevalue("migrated"), folder / "caudal.sqlite3")
    set_clock(database)
    with Demo(folder) as running:
        yield running


class People:
    """Who sits at the demo: each width and language has one person, and each person one window.

    The language is the user's, so each language has a user of its own: an owner, as the other.
    """

    def __init__(self, playwright: Playwright, browser: Browser, demo: Demo) -> None:
        self.demo = demo
        self._playwright = playwright
        self._browser = browser
        self._known: dict[tuple[str, str, bool], Person] = {}

    def at(self, size: str, *, language: str = "es", signed_in: bool = True) -> Person:
        """Somebody at a screen of that width who reads that language."""
        who = (size, language, signed_in)
        if who not in self._known:
            person = self._known[who] = self.stranger(size, language)
            if signed_in:
                person.sign_in(self._user(language), self.demo.password)
        return self._known[who]

    def stranger(self, size: str, language: str) -> Person:
        """A window of its own, in which nobody is signed in; who asks for it leaves it."""
        return Person(self._browser, self.demo, SIZES[size], language=language)

    def hire(self, username: str, role: str, language: str) -> str:
        """Make a user with that role, as the owner does in the panel; his user name.

        `role` is a name that somebody gave to one, or a standard role's in the code's English.
        """
        owner = Visitor(self._playwright, self.demo.url)
        owner.sign_in(self.demo.user, self.demo.password)
        address = "/staff/users/new/"
        typed = {
            "username": username,
            "name": username.title(),
            "password": self.demo.password,
            "language": language,
            "role": owner.choice(address, "role", in_spanish(role)),
        }
        owner.fill(address, typed, form=address)
        owner.leave()
        return username

    def leave(self) -> None:
        for person in self._known.values():
            person.leave()

    def _user(self, language: str) -> str:
        if language == "es":
            return self.demo.user
        return self.hire(f"owner-{language}-{token_hex(3)}", "Owner", language)


def in_spanish(text: str) -> str:
    with translation.override("es"):
        return translation.gettext(text)


@pytest.fixture(scope="session")
def people(playwright: Playwright, browser: Browser, demo: Demo) -> Iterator[People]:
    found = People(playwright, browser, demo)
    yield found
    found.leave()


@pytest.fixture(params=WHO, ids="-".join)
def person(request: pytest.FixtureRequest, people: People) -> Iterator[Person]:
    """An owner of the demo: wide in Spanish, on a phone in English. The console stays quiet."""
    size, language = request.param
    found = people.at(size, language=language)
    found.noise.clear()
    yield found
    assert found.noise == []
