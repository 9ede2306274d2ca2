"""Every main screen, wide and narrow, light and dark: whole, quiet, readable, by keyboard too."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from caudal.project.steps import ROOT
from tests.e2e.conftest import NARROW, WIDE
from tests.e2e.demo import Demo
from tests.e2e.person import OUTPUT, Person
from tests.e2e.screens import SCREENS, Screen

AXE = (ROOT / "node_modules/axe-core/axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
MOST_TABS = 150
SIZES = {"1440": WIDE, "390": NARROW}


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with Demo(tmp_path_factory.mktemp("demo")) as running:
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


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_a_screen_is_whole_quiet_and_readable(
    people: Callable[[str, bool], Person], screen: Screen, size: str
) -> None:
    person = people(size, screen.signed_in)
    person.noise.clear()
    screen.open(person.page, person.goto)
    for theme in ("light", "dark"):
        person.page.evaluate("theme => { document.documentElement.dataset.bsTheme = theme }", theme)
        picture(person.page, f"{screen.name}-{size}-{theme}")
        assert not person.scrolls_sideways()
        # Each theme and each width is looked at once: that is all that the rules tell apart.
        if (size, theme) in (("1440", "light"), ("390", "dark")):
            assert violations(person.page) == []
    assert person.noise == []


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_the_keyboard_reaches_what_a_screen_is_for(
    people: Callable[[str, bool], Person], screen: Screen
) -> None:
    person = people("1440", screen.signed_in)
    screen.open(person.page, person.goto)
    expect(person.page.locator(screen.primary).first).to_be_visible()
    for _ in range(MOST_TABS):
        person.page.keyboard.press("Tab")
        if person.page.evaluate(
            "what => Boolean(document.activeElement.matches(what))", screen.primary
        ):
            return
    pytest.fail(f"{MOST_TABS} times Tab do not reach {screen.primary} of {person.page.url}")


def picture(page: Page, name: str) -> Path:
    """Kept for people to look at; nothing compares it."""
    path = OUTPUT / f"{name}.png"
    page.screenshot(path=path, full_page=True, animations="disabled")
    return path


def violations(page: Page) -> list[str]:
    """What axe-core finds serious or critical, one line each."""
    page.evaluate(AXE)
    options = json.dumps({"runOnly": RULES, "resultTypes": ["violations"]})
    found = page.evaluate(f"axe.run(document, {options})")["violations"]
    return [
        f"{one['id']} ({one['impact']}): {node['target']} {node['html'][:150]}"
        f" {node['failureSummary'][:200]}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"][:5]
    ]
