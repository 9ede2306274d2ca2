"""Every main screen, wide and narrow, light and dark: whole, quiet, readable, by keyboard too."""

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import SIZES, People
from tests.e2e.looks import PAINT, picture, repeated_ids, violations
from tests.e2e.pictures import keep, pictured
from tests.e2e.screens import SCREENS, Screen

MOST_TABS = 150


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_a_screen_is_whole_quiet_and_readable(people: People, screen: Screen, size: str) -> None:
    person = people.at(size, signed_in=screen.signed_in)
    person.noise.clear()
    screen.open(person.page, person.goto)
    assert repeated_ids(person.page) == []
    for theme in ("light", "dark"):
        person.page.evaluate(PAINT, theme)
        picture(person.page, f"{screen.name}-{size}-{theme}")
        if (size, theme) == ("1440", "light") and screen.name in pictured():
            keep(person.page, screen.name)
        assert not person.scrolls_sideways()
        # Each theme and each width is looked at once: that is all that the rules tell apart.
        if (size, theme) in (("1440", "light"), ("390", "dark")):
            assert violations(person.page) == []
    assert person.noise == []


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_the_keyboard_reaches_what_a_screen_is_for(people: People, screen: Screen) -> None:
    person = people.at("1440", signed_in=screen.signed_in)
    screen.open(person.page, person.goto)
    expect(person.page.locator(screen.primary).first).to_be_visible()
    for _ in range(MOST_TABS):
        person.page.keyboard.press("Tab")
        if person.page.evaluate(
            "what => Boolean(document.activeElement.matches(what))", screen.primary
        ):
            return
    pytest.fail(f"{MOST_TABS} times Tab do not reach {screen.primary} of {person.page.url}")
