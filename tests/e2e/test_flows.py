"""What the desk does all day, in a browser: wide in Spanish, on a phone in English."""

from datetime import date, timedelta
from pathlib import Path
from secrets import token_hex

from playwright.sync_api import expect

from tests.e2e.customers import open_customer, state_of, take
from tests.e2e.looks import look
from tests.e2e.person import Person

PAY = "main a[href*='/payments/customers/'][href$='/new/']"


def test_a_service_is_suspended_and_restored(person: Person) -> None:
    page = person.page
    open_customer(person, "state=active&debt=no", 1)
    take(person, "suspend")
    look(person, "suspend")
    page.locator("[name=note]").fill("prueba")
    person.press("Suspend the service")
    expect(state_of(page)).to_have_text(person.said("Suspended"))
    take(person, "restore")
    look(person, "restore")
    person.press("Restore the service")
    expect(state_of(page)).to_have_text(person.said("Active"))


def test_a_debt_is_paid_and_its_receipt_can_be_read(person: Person) -> None:
    page = person.page
    name = open_customer(person, "debt=yes")
    person.follow(PAY)
    amount = page.locator("form#payment [name=amount]")
    expect(amount).not_to_have_value("")
    look(person, "payment")
    person.submit(page.locator("form#payment button.btn-primary"))
    receipt = person.pdf(page.locator("main a[href$='/receipt/letter/']").first)
    assert name.split()[0] in receipt


def test_a_statement_is_narrowed_printed_and_taken_along(person: Person) -> None:
    page = person.page
    name = open_customer(person, "debt=yes", 2)
    person.follow("main a.debt-button")
    rows = page.locator("main tbody tr")
    everything = rows.count()
    assert everything > 1
    look(person, "statement")
    assert name in person.pdf(person.link("Print"))
    person.button("Export").click()
    with page.expect_download() as saved:
        page.get_by_role("link", name="CSV", exact=True).click()
    assert Path(saved.value.path()).read_text(encoding="utf-8-sig").count("\n") >= everything
    page.locator("form.filters [name=first]").fill("2000-01-01")
    page.locator("form.filters [name=last]").fill("2000-01-31")
    person.press("Show")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text(person.said("Opening balance"))


def test_a_promise_is_taken_seen_and_withdrawn(person: Person) -> None:
    page = person.page
    name = open_customer(person, "debt=yes", 1)
    take(person, "promise")
    until = page.locator("[name=until]")
    day = date.fromisoformat(until.get_attribute("min") or "") + timedelta(days=3)
    until.fill(day.isoformat())
    page.locator("[name=note]").fill("paga el viernes")
    look(person, "promise")
    person.press("Save")
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
    person.press("Open a cash session")
    expect(person.error_beside("counted")).not_to_be_empty()  # the books know of another sum
    look(person, "open-session")
    person.press("Open a cash session")
    open_customer(person, "debt=yes", 4)
    person.follow(PAY)
    page.locator("form#payment [name=amount]").fill("50")
    page.locator("form#payment [name=cash_box]").select_option(label=box)
    person.submit(page.locator("form#payment button.btn-primary"))
    person.goto("/payments/sessions/")
    person.follow("main tbody a[href]")
    person.follow("main a[href$='/close/']")
    expect(page.locator("main")).not_to_contain_text("550")
    page.locator("[name=cash]").fill("540")
    look(person, "close-session")
    person.press("Close the session")
    expect(page.locator("main .sums .text-danger")).to_contain_text("10.00")
    look(person, "closed-session")


def test_a_file_is_looked_over_and_only_what_is_right_is_taken_over(person: Person) -> None:
    page, word = person.page, f"Nueva {token_hex(3)}"
    choose_file(person, word)
    look(person, "import-open")
    person.save()
    look(person, "import-columns")
    person.press("Check the rows")
    expect(person.link("Import…")).to_be_visible()
    person.settle()
    expect(page.locator("main")).to_contain_text(word)
    look(person, "import-preview")
    person.follow(person.link("Import…"))
    look(person, "import-approve")
    person.press("Import now")
    expect(page.locator("main .alert-success, main .alert-warning")).to_be_visible()
    person.settle()
    look(person, "import-done")
    person.goto(f"/customers/?q={word.replace(' ', '+')}")
    expect(page.locator("#list td.who a")).to_have_count(2)


def test_a_file_that_is_discarded_leaves_nothing_behind(person: Person) -> None:
    page, word = person.page, f"Nadie {token_hex(3)}"
    choose_file(person, word)
    person.save()
    person.press("Discard")
    expect(page.locator("main tbody tr").first).to_contain_text(person.said("Discarded"))
    person.goto(f"/customers/?q={word.replace(' ', '+')}")
    expect(page.locator("#list td.who a")).to_have_count(0)


def choose_file(person: Person, word: str) -> None:
    """On the page of imports: two who live and pay like a neighbour, and one without a name."""
    page = person.page
    person.goto("/customers/?state=active")
    neighbour = page.locator("#list tbody tr").first
    zone, plan = (neighbour.locator(f"td.{each}").text_content() for each in ("zone", "plan"))
    rows = [f"{word} {n},Calle {n},{zone},{plan}" for n in (1, 2)]
    text = "\n".join(["nombre,direccion,zona,plan", *rows, f",,{zone},{plan}", ""])
    person.goto("/imports/file/")
    page.locator("[name=file]").set_input_files(
        {"name": "clientes.csv", "mimeType": "text/csv", "buffer": text.encode()}
    )
