"""Customers changed in a spreadsheet: brought out, brought back, looked over, and taken back."""

from secrets import token_hex

from playwright.sync_api import expect

from tests.e2e.customers import done, open_customer
from tests.e2e.looks import look
from tests.e2e.person import Person


def test_an_edited_file_is_shown_cell_by_cell_taken_over_and_taken_back(person: Person) -> None:
    page, street = person.page, f"Calle Nueva {token_hex(3)}"
    open_customer(person, "state=active", 18)
    customer = page.url
    edited = edit_file(person, customer, street)
    person.goto("/updates/")
    look(person, "update-open")
    page.locator("main [name=file]").set_input_files(
        {"name": "clientes.csv", "mimeType": "text/csv", "buffer": edited}
    )
    person.press("Continue")
    look(person, "update-columns")
    person.press("See what changes")
    expect(page.locator("#rows .cell-after")).to_contain_text(street)
    person.settle()
    look(person, "update-preview")
    person.follow(person.link("Take over…"))
    look(person, "update-take-over")
    person.press("Yes, take over")
    expect(page.locator("[data-list]")).to_contain_text(done(person, 1))
    act = page.url
    person.goto(customer)
    expect(page.locator("main")).to_contain_text(street)
    person.goto(act)
    person.follow(person.link("Take it back"))
    person.press("Take it back")
    expect(page.locator("[data-list]")).to_contain_text(done(person, 1))
    person.goto(f"{customer}edit/")
    expect(page.locator("[name=address]")).not_to_have_value(street)


def edit_file(person: Person, customer: str, street: str) -> bytes:
    """The file of the list with one customer in it, who moved to another street."""
    code = person.page.locator("main .page-pretitle").inner_text().split()[-1]
    lines = f"Código,Dirección\n{code},{street}\n"
    return lines.encode()
