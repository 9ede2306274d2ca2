"""The customers list as people use it all day, wide and narrow: found, chosen, done, taken back."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.customers import NAMES, done
from tests.e2e.looks import look
from tests.e2e.person import Person

ROWS = "#list tbody tr"


@pytest.fixture(autouse=True)
def at_the_list(person: Person) -> None:
    person.goto("/customers/")


def names(page: Page) -> list[str]:
    return page.locator(NAMES).all_inner_texts()


def shown(page: Page, act: Callable[[], None]) -> None:
    """Do something that changes the list, and wait until it has changed."""
    with page.expect_response(lambda answer: "/customers/?" in answer.url):
        act()
    expect(page.locator(".htmx-request")).to_have_count(0)


def test_typing_finds_and_a_chip_gives_everybody_back(person: Person) -> None:
    page = person.page
    many = names(page)
    wanted = page.locator("#list td.code").nth(3).inner_text()
    shown(page, lambda: page.locator("#q").press_sequentially(wanted))
    expect(page).to_have_url(re.compile(f"q={wanted}"))
    expect(page.locator(ROWS)).to_have_count(1)
    page.locator(".chips a.chip").click()
    expect(page.locator(NAMES)).to_have_text(many)


def test_filters_stand_in_tabs_combine_and_are_cleared(person: Person) -> None:
    page = person.page
    person.button("Filters").click()
    person.tab("Service").click()
    shown(page, lambda: page.locator("[name=state]").select_option("active"))
    person.tab("Billing").click()
    shown(page, lambda: page.locator("[name=debt]").select_option("yes"))
    expect(page.locator(".chips a.chip")).to_have_count(2)
    look(person, "customers-filters")
    person.follow(person.link("Clear"))
    expect(page.locator(".chips a.chip")).to_have_count(0)


def test_columns_are_chosen_and_ordered_and_a_view_is_named(person: Person) -> None:
    page = person.page
    person.button("Columns").click()
    side = page.locator("#side")
    expect(side.locator("[data-columns] li").first).to_be_visible()
    side.locator("[name=columns][value=phones]").check()
    side.locator("[data-columns] [data-column-down]").first.click()
    look(person, "customers-columns")
    person.press("Save", "#side")
    expect(page.locator(f"#list td[data-label={person.said('Phones')!r}]").first).to_be_attached()
    person.button("Views").click()
    page.locator("#view-name").fill("Para llamar")
    person.press("Keep")
    person.button("Views").click()
    expect(page.locator(".saved-view a", has_text="Para llamar")).to_be_visible()
    look(person, "customers-views")
    person.submit(page.locator(".saved-view button"))
    person.button("Columns").click()
    person.press("The usual ones", "#side")


def test_the_list_is_exported_and_printed_as_it_is_filtered(person: Person) -> None:
    page = person.page
    person.goto("/customers/?state=suspended")
    found = names(page)
    person.button("Export").click()
    assert found[0] in person.pdf(person.link("Printable list"))
    with page.expect_download() as saved:
        page.get_by_role("link", name="CSV", exact=True).click()
    lines = Path(saved.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == len(found) + 1


def test_the_tools_of_any_row_fit_the_screen_and_are_that_rows(person: Person) -> None:
    page = person.page
    person.goto("/customers/?state=active")
    for row in (page.locator(ROWS).nth(5), page.locator(ROWS).last):
        tools = f"{person.said('Tools')}: {row.locator('td.code').inner_text()}"
        page.get_by_role("button", name=tools).click()
        menu = row.locator(".dropdown-menu")
        for tool in ("Register payment", "Archive"):
            menu.get_by_role("link", name=person.said(tool), exact=True).click(trial=True)
    look(person, "customers-tools")
    name = row.locator("td.who a").inner_text()
    person.follow(menu.get_by_role("link", name=person.said("Rename")))
    expect(page.locator("main .page-pretitle")).to_contain_text(name, ignore_case=True)


def test_who_turns_the_page_by_keyboard_goes_on_in_the_list(person: Person) -> None:
    page = person.page
    first = names(page)[0]
    page.locator("#list a[rel=next]").focus()
    shown(page, lambda: page.keyboard.press("Enter"))
    assert first not in names(page)
    expect(page.locator("#list")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.getElementById('list').contains(document.activeElement)")


def test_a_row_opens_its_details_in_tabs(person: Person) -> None:
    page = person.page
    open_side(page)
    side = page.locator("#side")
    person.settle()
    for tab in ("Map", "Devices", "Journal"):
        person.tab(tab).click()
        expect(side.locator(".tab-pane.active [data-panel] > *").first).to_be_visible()
        person.settle()
    person.tab("Devices").click()
    look(person, "customers-side")
    person.button("Close", "#side").click()
    expect(side).to_be_hidden()
    open_side(page)
    person.settle()
    side.evaluate("side => document.activeElement.blur()")
    page.keyboard.press("Escape")
    expect(side).to_be_hidden()


def test_chosen_ones_are_suspended_in_bulk_and_brought_back(person: Person) -> None:
    page = person.page
    person.goto("/customers/?state=active")
    chosen = names(page)[:2]
    for at in (0, 1):
        page.locator("#list input[name=pick]").nth(at).check()
    look(person, "customers-chosen")
    do_with_them(person, "Suspend")
    expect(page.locator("main")).to_contain_text("2")
    look(person, "bulk-start")
    person.press("Suspend")
    expect(page.locator("[data-list]")).to_contain_text(done(person, 2))
    look(person, "bulk-act")
    act = page.url
    assert not {*chosen} & {*active(person)}
    person.goto(act)
    person.follow(person.link("Take it back"))
    look(person, "bulk-undo")
    person.press("Take it back")
    expect(page.locator("[data-list]")).to_contain_text(done(person, 2))
    assert active(person)[:2] == chosen


def test_an_edit_of_many_shows_before_and_after(person: Person) -> None:
    page = person.page
    page.locator("[data-bulk-page]").check()
    do_with_them(person, "Edit in bulk")
    page.locator("details", has_text=person.said("Where they live")).locator("summary").click()
    page.locator("[name=city]").fill("San Pedro")
    person.press("See what changes")
    expect(page.locator(".bulk-preview .cell-after").first).to_have_text("San Pedro")
    look(person, "bulk-preview")


def test_deleting_wants_the_typed_word(person: Person) -> None:
    page = person.page
    page.locator("#list input[name=pick]").first.check()
    do_with_them(person, "Delete from the system and from the router")
    page.locator("[name=reason]").fill("duplicado")
    person.button("Delete from the system and from the router", "main").click()
    assert "/bulk/" in page.url and page.locator("#typed-count").is_visible()
    look(person, "bulk-delete")


def test_pasted_codes_choose_customers(person: Person) -> None:
    page = person.page
    codes = page.locator("#list td.code").all_inner_texts()[:3]
    person.goto("/customers/codes/")
    page.locator("#codes").fill("\n".join([*codes, "NADIE-9"]))
    look(person, "customers-codes")
    person.press("Send a message")
    expect(page.locator("main")).to_contain_text("NADIE-9")
    expect(page.locator("main")).to_contain_text("3")


def active(person: Person) -> list[str]:
    """The names on the first page of those who have service."""
    person.goto("/customers/?state=active")
    return names(person.page)


def do_with_them(person: Person, act: str) -> None:
    """Choose an act for the customers who are ticked."""
    person.button("Do with them").click()
    person.press(act, "#bulk .dropdown-menu")


def open_side(page: Page) -> None:
    """A click beside the words of the first row."""
    page.locator(ROWS).first.locator("td.code").click()
    expect(page.locator("#side [role=tab]").first).to_be_visible()
