"""A customer's data as the desk keeps them: in tabs, by tool, in fields and tags of its own."""

from secrets import token_hex

from playwright.sync_api import expect

from tests.e2e.customers import open_customer, take
from tests.e2e.looks import look
from tests.e2e.person import Person


def test_all_tabs_are_saved_together_and_a_wrong_one_is_opened(person: Person) -> None:
    page = person.page
    name = open_customer(person, "state=active", 6)
    take(person, "edit")
    kept = page.locator("[name=city]").input_value()
    page.locator("[name=emails]").first.fill("nadie@@correo")
    person.tab("Location").click()
    page.locator("[name=city]").fill("San Pedro")
    look(person, "edit-place")
    person.tab("Administration").click()
    look(person, "edit-office")
    person.save()
    expect(page.locator("#form-errors")).to_be_visible()
    expect(page.locator("#tab-person [name=emails]").first).to_be_visible()
    expect(person.error_beside("emails")).not_to_be_empty()
    look(person, "edit-refused")
    page.locator("[name=emails]").first.fill("vecina@correo.example")
    person.save()
    expect(page.locator("main h1")).to_contain_text(name)
    expect(page.locator("#content")).to_contain_text("San Pedro")
    take(person, "edit")
    person.tab("Location").click()
    page.locator("[name=city]").fill(kept)
    person.save()


def test_a_customer_gets_another_name_and_another_code(person: Person) -> None:
    page, word = person.page, token_hex(3)
    open_customer(person, "state=active", 8)
    take(person, "rename")
    look(person, "rename")
    for box in page.locator("main [name=name], main [name=first_name]").all():
        box.fill(f"Nombre {word}")
    person.save()
    expect(page.locator("main h1")).to_contain_text(f"Nombre {word}")
    take(person, "code")
    look(person, "code")
    page.locator("main [name=code]").fill(f"C{word}")
    person.save()
    expect(page.locator("main .page-pretitle")).to_contain_text(f"C{word}", ignore_case=True)
    person.goto(f"/customers/?q=C{word}")
    expect(page.locator("main h1")).to_contain_text(f"Nombre {word}")


def test_user_and_password_are_changed_for_the_service_and_for_the_portal(person: Person) -> None:
    page, word = person.page, token_hex(3)
    open_customer(person, "state=active&technology=pppoe", 10)
    customer = page.url
    person.follow("main a[href*='/network/connections/'][href$='/edit/']")
    look(person, "connection")
    page.locator("main [name=username]").fill(f"usuario.{word}")
    page.locator("main [name=password]").fill(f"clave-{word}")
    person.save()
    person.goto(customer)
    expect(page.locator("main")).to_contain_text(f"usuario.{word}")
    take(person, "portal-password")
    look(person, "portal-password")
    person.save()
    shown = page.locator("main code")
    expect(shown).to_be_visible()
    secret = shown.inner_text()
    look(person, "portal-password-shown")
    person.goto(customer)
    assert len(secret) >= 8 and secret not in page.content()


def test_a_field_of_ones_own_is_defined_filled_in_and_found(person: Person) -> None:
    page, word = person.page, f"Poste {token_hex(3)}"
    person.goto("/customers/fields/")
    person.follow(person.link("New field"))
    page.locator("main [name=name]").fill(word)
    look(person, "new-field")
    person.save()
    look(person, "fields")
    name = open_customer(person, "state=active", 11)
    take(person, "edit")
    person.tab("More fields").click()
    page.get_by_label(word).fill("P-77")
    look(person, "edit-own-fields")
    person.save()
    expect(page.locator("main dl.facts", has_text=word)).to_contain_text("P-77")
    person.goto("/customers/")
    person.button("Filters").click()
    person.tab("Custom fields").click()
    with page.expect_response(lambda answer: "/customers/?" in answer.url):
        page.get_by_label(word).fill("P-77")
        page.get_by_label(word).blur()
    expect(page.locator("#list td.who a")).to_have_text([name])
    person.goto("/customers/fields/")
    page.once("dialog", lambda asked: asked.accept())
    archive = person.said("Archive %(field)s") % {"field": word}
    page.get_by_role("button", name=archive).click()
    person.settle()
    expect(page.locator("main table")).not_to_contain_text(word)


def test_a_tag_is_defined_put_on_a_customer_and_narrows_the_list(person: Person) -> None:
    page, word = person.page, f"Vigilar {token_hex(3)}"
    person.goto("/customers/tags/")
    person.follow(person.link("New tag"))
    page.locator("main [name=name]").fill(word)
    look(person, "new-tag")
    person.save()
    name = open_customer(person, "state=active", 12)
    take(person, "tags")
    page.get_by_label(word).check()
    look(person, "tags-of-customer")
    person.save()
    expect(page.locator("main .tags .tag", has_text=word)).to_be_visible()
    person.goto("/customers/tags/")
    look(person, "tags")
    person.follow(page.locator("main tr", has_text=word).locator("td.number a"))
    expect(page.locator("#list td.who a")).to_have_text([name])
    expect(page.locator(".chips .chip")).to_contain_text(word)


def test_a_free_customer_is_not_invoiced_and_the_page_says_so(person: Person) -> None:
    page = person.page
    open_customer(person, "state=active&debt=no", 13)
    take(person, "switches")
    page.locator("main [name=free]").check()
    expect(page.locator("#content .card[aria-live] li").first).to_be_visible()
    look(person, "switches")
    person.save()
    expect(page.locator("main dl.facts").first).to_contain_text(person.said("Free customer"))
    take(person, "switches")
    for name in ("is_invoiced", "may_be_cut", "may_be_notified"):
        page.locator(f"main [name={name}]").check()
    person.save()
    expect(page.locator("main dl.facts").first).not_to_contain_text(person.said("Free customer"))
