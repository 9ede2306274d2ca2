"""What the desk does all day, in a browser: wide in Spanish, on a phone in English."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.looks import picture, violations
from tests.e2e.person import Person

WHO = [("1440", "es"), ("390", "en")]


@pytest.fixture(params=WHO, ids="-".join)
def person(
    request: pytest.FixtureRequest, people: Callable[[str, bool], Person]
) -> Iterator[Person]:
    size, language = request.param
    found: Person = people(size, True)
    found.goto("/customers/")
    found.read_in(language)
    found.noise.clear()
    yield found
    noise = [*found.noise]
    found.goto("/customers/")
    found.read_in("es")  # the language is the user's, whoever else is signed in as he
    assert noise == []


def look(person: Person, name: str) -> None:
    """A picture for people; nothing serious may be wrong with the page."""
    picture(person.page, f"flow-{name}-{person.language}")
    assert violations(person.page) == []
    assert not person.scrolls_sideways()


def open_customer(person: Person, query: str, number: int = 0) -> str:
    """Open one of the list; his name."""
    person.goto(f"/customers/?{query}")
    link = person.page.locator("#list td.who a").nth(number)
    name = link.inner_text()
    person.goto(link.get_attribute("href") or "")
    return name


def press(person: Person, text: str, inside: str = "main") -> None:
    person.submit(person.page.locator(inside).get_by_role("button", name=person.said(text)).first)
    person.settle()


def state_of(page: Page) -> Locator:
    return page.locator("main h1 .state").first


def test_a_service_is_suspended_and_restored(person: Person) -> None:
    page = person.page
    open_customer(person, "state=active&debt=no", 1)
    person.goto(page.locator("main a[href$='/suspend/']").first.get_attribute("href") or "")
    look(person, "suspend")
    page.locator("[name=note]").fill("prueba")
    press(person, "Suspend the service")
    expect(state_of(page)).to_have_text(person.said("Suspended"))
    person.goto(page.locator("main a[href$='/restore/']").first.get_attribute("href") or "")
    look(person, "restore")
    press(person, "Restore the service")
    expect(state_of(page)).to_have_text(person.said("Active"))


def test_a_debt_is_paid_and_its_receipt_can_be_read(person: Person) -> None:
    page = person.page
    name = open_customer(person, "debt=yes")
    pay = page.locator("main a[href*='/payments/customers/'][href$='/new/']").first
    person.goto(pay.get_attribute("href") or "")
    amount = page.locator("form#payment [name=amount]")
    expect(amount).not_to_have_value("")
    look(person, "payment")
    person.submit(page.locator("form#payment button.btn-primary"))
    receipt = person.pdf(page.locator("main a[href$='/receipt/letter/']").first)
    assert name.split()[0] in receipt


def test_the_list_is_exported_as_it_is_filtered(person: Person) -> None:
    page = person.page
    person.goto("/customers/?state=suspended")
    many = page.locator("#list td.who a").count()
    page.get_by_role("button", name=person.said("Export")).click()
    with page.expect_download() as saved:
        page.get_by_role("link", name="CSV", exact=True).click()
    lines = Path(saved.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == many + 1
