"""Drafts of a registration and documents of a customer, as a browser sends them."""

from secrets import token_hex

from playwright.sync_api import expect

from tests.e2e.looks import look
from tests.e2e.person import Person

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
OFFER = "#draft"


def test_what_was_typed_survives_a_closed_tab_and_is_discarded(person: Person) -> None:
    page = person.page
    person.goto("/customers/new/")
    expect(page.locator(OFFER)).to_have_count(0)
    with page.expect_response(lambda answer: answer.url.endswith("/customers/new/draft/")):
        page.locator("#id_address").fill("Calle a medias 7")
    person.goto("/customers/")
    person.goto("/customers/new/")
    look(person, "draft")
    page.locator(f"{OFFER} a").click()
    expect(page.locator("#id_address")).to_have_value("Calle a medias 7")
    person.goto("/customers/new/")
    page.locator(f"{OFFER} button").click()
    expect(page.locator(OFFER)).to_have_count(0)
    expect(page.locator("#id_address")).to_have_value("")


def test_a_chosen_file_is_sent_at_once_and_listed(person: Person) -> None:
    page = person.page
    person.goto("/customers/")
    person.follow(page.locator("#list td.who a").nth(2))
    rows = page.locator("#files .files li")
    before = rows.count()
    name = f"contrato {person.language}.pdf"
    content = PDF + name.encode()
    page.locator("#files input[type=file]").first.set_input_files(
        {"name": name, "mimeType": "application/pdf", "buffer": content}
    )
    expect(rows).to_have_count(before + 1)
    expect(rows.first).to_contain_text(name)
    look(person, "files")


def test_a_note_is_written_found_and_pinned_without_leaving_the_page(person: Person) -> None:
    page = person.page
    person.goto("/customers/")
    person.follow(page.locator("#list td.who a").nth(2))
    notes, words = page.locator("#notes .note"), f"Perro bravo {token_hex(3)}"
    page.locator("#notes textarea").fill(words)
    page.locator("#notes form[method=post] button").first.click()
    notes.filter(has_text=words).locator("form button").click()
    expect(page.locator("#notes .note.is-pinned", has_text=words)).to_be_visible()
    person.settle()
    page.locator("#notes input[type=search]").fill("nadie lo dijo")
    page.locator("#notes input[type=search]").press("Enter")
    expect(notes).to_have_count(0)
