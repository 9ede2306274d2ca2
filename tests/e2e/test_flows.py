"""What the desk does all day, in a browser: wide in Spanish, on a phone in English."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
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


def test_a_promise_is_taken_seen_and_withdrawn(person: Person) -> None:
    page = person.page
    name = open_customer(person, "debt=yes", 1)
    person.goto(page.locator("main a[href$='/promise/']").first.get_attribute("href") or "")
    until = page.locator("[name=until]")
    day = date.fromisoformat(until.get_attribute("min") or "") + timedelta(days=3)
    until.fill(day.isoformat())
    page.locator("[name=note]").fill("paga el viernes")
    look(person, "promise")
    press(person, "Save")
    withdraw = page.locator("form[action$='/promise/withdraw/'] button")
    expect(withdraw).to_be_visible()
    customer = page.url
    person.goto("/dunning/promises/")
    expect(page.locator("main")).to_contain_text(name)
    look(person, "promises")
    person.goto(customer)
    page.once("dialog", lambda asked: asked.accept())
    person.submit(withdraw)
    person.settle()
    expect(withdraw).to_have_count(0)


def test_a_drawer_is_opened_paid_into_and_closed_blind(person: Person) -> None:
    page = person.page
    person.goto("/payments/sessions/new/")
    box = page.locator("[name=box] option").last.inner_text()
    page.locator("[name=box]").select_option(label=box)
    page.locator("[name=counted]").fill("500")
    look(person, "open-session")
    press(person, "Open")
    open_customer(person, "debt=yes", 4)
    pay = page.locator("main a[href*='/payments/customers/'][href$='/new/']").first
    person.goto(pay.get_attribute("href") or "")
    page.locator("form#payment [name=amount]").fill("50")
    page.locator("form#payment [name=cash_box]").select_option(label=box)
    person.submit(page.locator("form#payment button.btn-primary"))
    person.goto("/payments/sessions/")
    person.goto(page.locator("main tbody a[href]").first.get_attribute("href") or "")
    person.goto(page.locator("main a[href$='/close/']").get_attribute("href") or "")
    expect(page.locator("main")).not_to_contain_text("550")
    page.locator("[name=cash]").fill("540")
    look(person, "close-session")
    press(person, "Close the session")
    expect(page.locator("main .sums .text-danger")).to_contain_text("10.00")
    look(person, "closed-session")


def test_a_file_is_previewed_before_anything_is_taken_over(person: Person) -> None:
    page = person.page
    person.goto("/imports/file/")
    zone = page.locator("[name=zone] option").nth(1).inner_text()
    page.locator("[name=file]").set_input_files(
        {"name": "clientes.csv", "mimeType": "text/csv", "buffer": _file(person, zone)}
    )
    look(person, "import-open")
    person.submit(page.locator("main form button.btn-primary").first)
    look(person, "import-columns")
    person.submit(page.get_by_role("button", name=person.said("Check the rows")))
    approve = page.locator("main a[href$='/approve/']")
    expect(approve).to_be_visible(timeout=60_000)
    person.settle()
    expect(page.locator("main")).to_contain_text(f"Nueva {person.language}")
    look(person, "import-preview")
    person.goto(approve.get_attribute("href") or "")
    look(person, "import-approve")
    page.go_back()
    person.settle()
    press(person, "Discard")
    expect(approve).to_have_count(0)


def _file(person: Person, zone: str) -> bytes:
    """Two who can be taken over, and one without a name."""
    rows = [f"Nueva {person.language} {n},Calle {n},{zone}" for n in (1, 2)]
    return "\n".join(["nombre,direccion,zona", *rows, f",,{zone}", ""]).encode()
