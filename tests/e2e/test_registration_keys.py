"""A customer with plan and service is registered without touching the mouse."""

import re
from secrets import token_hex

from playwright.sync_api import expect

from tests.e2e.person import Person


def test_enter_leads_past_what_may_be_left_out_and_ctrl_enter_saves(person: Person) -> None:
    page, name = person.page, f"Ana Teclas {token_hex(3)}"
    person.goto("/customers/new/")
    if page.viewport_size and page.viewport_size["width"] < 700:
        page.locator("[name=name]").focus()
    keys, at = page.keyboard, page.locator("*:focus")
    expect(at).to_have_attribute("name", "name")
    keys.type(name)
    keys.press("Enter")
    keys.type(f"55{int(token_hex(4), 16) % 10**8:08}")
    for stop in ("phones", "emails", "document_number", "zone"):
        expect(at).to_have_attribute("name", stop)
        keys.press("Enter") if stop != "zone" else keys.press("ArrowDown")
    expect(page.locator("[name=payment_day]")).not_to_have_value("")
    page.locator("[name=zone]").focus()
    keys.press("Enter")
    expect(at).to_have_attribute("name", "address")
    keys.type(f"Calle {name}")
    keys.press("Enter")
    expect(at).to_have_attribute("name", "plan")
    keys.press("ArrowDown")
    keys.press("Control+Enter")
    page.wait_for_url(re.compile(r"new=\d+|/customers/\d+/"))
    expect(page.locator("main")).to_contain_text(name)
