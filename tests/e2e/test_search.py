"""The search everywhere, the keys and the help, by mouse, keyboard and thumb."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import People
from tests.e2e.looks import look, repeated_ids
from tests.e2e.person import Person


@pytest.fixture(autouse=True)
def at_the_list(person: Person) -> None:
    person.goto("/customers/")


def test_a_customer_is_found_and_opened_without_a_mouse(person: Person) -> None:
    page = person.page
    name = page.locator("#list td.who a").nth(3).inner_text()
    page.keyboard.press("Control+k")
    box = page.get_by_role("combobox", name=person.said("Search everything"))
    expect(box).to_be_focused()
    word = name.split()[0]
    with page.expect_response(lambda answer: asked_for(answer.url) == word):
        box.press_sequentially(word)
    expect(page.locator("#palette.htmx-request")).to_have_count(0)
    expect(page.get_by_role("option").nth(1)).to_contain_text(word)
    first = page.get_by_role("option").first
    expect(first).to_have_attribute("aria-selected", "true")
    look(person, "palette")
    box.press("ArrowDown")
    expect(first).to_have_attribute("aria-selected", "false")
    box.press("ArrowUp")
    expect(first).to_have_attribute("aria-selected", "true")
    box.fill(name)
    expect(first).to_contain_text(name)
    box.press("Enter")
    page.wait_for_url(re.compile(r"/customers/\d+/$"))
    expect(page.locator("main h1")).to_contain_text(name)
    person.goto("/customers/")
    page.locator("[data-palette]").click()
    expect(page.get_by_role("group", name=person.said("Recent"))).to_contain_text(name)
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()


def test_a_fast_hand_opens_what_it_typed_and_not_what_stood_there(person: Person) -> None:
    page = person.page
    page.locator("[data-palette]").click()
    expect(page.get_by_role("option").first).to_be_visible()
    page.locator("#find").fill(person.said("Roles"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/staff/roles/")


def test_nothing_found_says_what_to_do(person: Person) -> None:
    page = person.page
    page.locator("[data-palette]").click()
    page.locator("#find").fill("zzqqzz")
    expect(page.locator(".find-none a").first).to_be_visible()
    expect(page.locator("#find-status")).to_have_text(person.said("No results"))
    look(person, "palette-nothing")
    page.locator("[data-palette-close]").click()


def test_keys_lead_through_lists_and_never_while_typing(person: Person) -> None:
    page = person.page
    page.locator("body").press("j")
    page.keyboard.press("j")
    second = page.locator("#list td.who a").nth(1)
    expect(second).to_be_focused()
    page.keyboard.press("k")
    expect(page.locator("#list td.who a").first).to_be_focused()
    page.locator("#q").press("g")
    page.locator("#q").press("f")
    assert page.locator("#q").input_value() == "gf"
    person.goto("/customers/")
    page.locator("body").press("g")
    page.keyboard.press("f")
    page.wait_for_url("**/billing/invoices/")
    page.locator("body").press("n")
    page.wait_for_url("**/customers/new/")


def test_a_question_mark_shows_the_keys_and_each_switches_them_off(person: Person) -> None:
    page = person.page
    page.locator("body").press("?")
    dialog = page.get_by_role("dialog", name=person.said("Keyboard shortcuts"))
    expect(dialog.locator("kbd").first).to_be_visible()
    look(person, "keys")
    person.submit(dialog.get_by_role("button", name=person.said("Switch single keys off")))
    assert page.url.endswith("/customers/")
    page.locator("body").press("?")
    expect(dialog).to_be_hidden()
    page.locator(".person").click()
    page.locator("[data-keys-open]").click()
    person.submit(dialog.get_by_role("button", name=person.said("Switch single keys on")))
    page.locator("body").press("/")
    expect(page.locator("#find")).to_be_focused()
    page.keyboard.press("Escape")


@pytest.mark.parametrize("screen", ["/payments/desk/", "/search/?q=caja"])
def test_the_search_opens_over_a_page_that_searches_too(person: Person, screen: str) -> None:
    page = person.page
    person.goto(screen)
    before = page.locator("main").inner_text()
    page.locator("main h1").click()  # out of the page's own box
    page.keyboard.press("Control+k")
    page.locator("#find").fill(person.said("Roles"))
    first = page.locator("#palette [role=option]").first
    expect(first).to_contain_text(person.said("Roles"))
    chosen = re.compile(r"^find-\w+-1$")
    expect(page.locator("#find")).to_have_attribute("aria-activedescendant", chosen)
    assert repeated_ids(page) == []
    look(person, f"palette-over-{screen.strip('/').partition('/')[0]}")
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()
    assert page.locator("main").inner_text() == before


def test_the_menu_of_a_phone_keeps_the_focus_and_gives_it_back(
    people: People, person: Person
) -> None:
    on_phone = people.at("390", language=person.language)
    on_phone.goto("/customers/")
    page = on_phone.page
    page.locator(".footbar [data-menu-open]").click()
    inside = "document.getElementById('sidebar').contains(document.activeElement)"
    assert page.evaluate(inside)
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    behind = ".page-wrapper, .footbar"
    assert not page.evaluate(f"Boolean(document.activeElement.closest('{behind}'))")
    page.keyboard.press("Escape")
    expect(page.locator(".footbar [data-menu-open]")).to_be_focused()


def test_help_opens_the_place_of_the_screen(person: Person) -> None:
    page = person.page
    person.goto("/payments/cheques/")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name=person.said("Help on this screen")).click()
    manual = opened.value
    expect(manual.locator("h2#cheques")).to_be_in_viewport()
    manual.locator("[name=q][type=search]").fill("cerrar caja")
    manual.keyboard.press("Enter")
    expect(manual.locator("main a[href*='abrir-y-cerrar']").first).to_be_visible()
    manual.close()


def asked_for(url: str) -> str:
    """What the search at this address looks for."""
    return parse_qs(urlsplit(url).query).get("q", [""])[0]
