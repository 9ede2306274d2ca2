"""Who may come in and how far: codes of the phone, the password again, sessions, keys, roles."""

import time
from base64 import b32decode
from collections.abc import Iterator
from secrets import token_hex

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from playwright.sync_api import expect

from tests.e2e.conftest import People
from tests.e2e.customers import open_customer
from tests.e2e.looks import look
from tests.e2e.person import Person

HALF_MINUTE = 30
NOT_RIGHT = "That code is not right, or was used already."


@pytest.fixture
def newcomer(people: People, person: Person) -> Iterator[Person]:
    """Somebody else at a window like that person's, not signed in yet."""
    found = people.stranger(str(person.width), person.language)
    yield found
    found.leave()


def employ(people: People, newcomer: Person, role: str) -> str:
    """A user of that role, who signs in; his user name."""
    username = people.hire(f"{role.lower()}-{token_hex(3)}", role, newcomer.language)
    newcomer.sign_in(username, people.demo.password)
    return username


def what_the_phone_shows(secret: str) -> str:
    """The code that an application for phones makes of the key that was typed into it."""
    code = TOTP(b32decode(secret), 6, SHA1(), HALF_MINUTE).generate(int(time.time()))
    return code.decode()


def prove(person: Person, username: str, password: str, code: str) -> None:
    """Sign in up to the answer to the code."""
    person.goto("/staff/login/")
    person.page.locator("[name=username]").fill(username)
    person.page.locator("[name=password]").fill(password)
    person.press("Sign in", "body")
    person.page.locator("[name=code]").fill(code)
    person.press("Sign in", "body")


def sign_out(person: Person) -> None:
    person.page.locator("button.person").click()
    person.press("Sign out", "header")


def test_a_phone_is_set_up_and_each_recovery_code_lets_in_once(
    people: People, newcomer: Person
) -> None:
    page, password = newcomer.page, people.demo.password
    username = employ(people, newcomer, "Support")
    newcomer.goto("/staff/me/")
    newcomer.follow(newcomer.link("Code of the phone", "main"))
    look(newcomer, "second-factor-begin")
    newcomer.press("Set up my phone")
    expect(page.locator("main img.qr")).to_be_visible()
    secret = page.locator("main li code").inner_text()
    look(newcomer, "second-factor-scan")
    page.locator("[name=code]").fill("000000")
    newcomer.press("Use it from now on")
    expect(newcomer.error_beside("code")).not_to_be_empty()
    page.locator("[name=code]").fill(what_the_phone_shows(secret))
    with page.expect_navigation():  # as slowly as a thumb: the button stays under it
        newcomer.button("Use it from now on", "main").click(delay=1_500)
    shown = page.locator("main ul.font-monospace li")
    expect(shown).to_have_count(10)
    codes = shown.all_inner_texts()
    look(newcomer, "recovery-codes")
    sign_out(newcomer)

    wrong = page.locator(".field-errors", has_text=newcomer.said(NOT_RIGHT))
    prove(newcomer, username, password, "999999")
    expect(wrong).to_be_visible()
    look(newcomer, "sign-in-code")
    page.locator("[name=code]").fill(codes[0])
    newcomer.press("Sign in", "body")
    expect(page.locator("button.person")).to_be_visible()
    sign_out(newcomer)
    prove(newcomer, username, password, codes[0])
    expect(wrong).to_be_visible()
    assert newcomer.noise == []


def test_before_a_grave_act_the_password_is_asked_and_what_was_typed_is_kept(
    people: People, person: Person, newcomer: Person
) -> None:
    page = newcomer.page
    employ(people, newcomer, "Owner")
    ask_again(person, before="ending")
    try:
        open_customer(newcomer, "state=active", 14)
        newcomer.follow("main a[href$='/cancel/']")
        page.locator("main [name=note], main [name=reason]").last.fill("se muda")
        look(newcomer, "cancel")
        newcomer.submit(page.locator("main form .btn-danger"))
        look(newcomer, "password-again")
        page.locator("#asked-password").fill("no es esta")
        newcomer.press("Go on")
        expect(page.locator("#asked-error")).to_be_visible()
        page.locator("#asked-password").fill(people.demo.password)
        newcomer.press("Go on")
        expect(page.locator("main h1 .state")).to_have_text(newcomer.said("Cancelled"))
    finally:
        ask_again(person)


def ask_again(person: Person, *, before: str = "") -> None:
    """Choose on the page of security what the password is asked for again."""
    person.goto("/staff/security/")
    for box in person.page.locator("main [name=asked_again]").all():
        box.set_checked(box.get_attribute("value") == before)
    look(person, "security")
    person.press("Save")


def test_a_session_that_is_closed_elsewhere_is_signed_out(
    people: People, person: Person, newcomer: Person
) -> None:
    username = employ(people, newcomer, "Support")
    person.goto("/staff/sessions/")
    look(person, "sessions")
    row = person.page.locator("main tr", has_text=username.title())
    person.page.once("dialog", lambda asked: asked.accept())
    person.submit(row.get_by_role("button", name=person.said("Close")))
    expect(row).to_have_count(0)
    newcomer.page.goto("/customers/")
    expect(newcomer.page).to_have_url(f"{people.demo.url}/staff/login/?next=/customers/")
    look(newcomer, "sign-in")


def test_a_key_of_the_api_is_shown_once_opens_the_api_and_is_revoked(person: Person) -> None:
    page, name = person.page, f"Contabilidad {token_hex(3)}"
    person.goto("/staff/me/tokens/new/")
    page.locator("main [name=name]").fill(name)
    page.locator("main [name=verbs][value='customers.see']").check()
    look(person, "new-token")
    person.press("Save")
    key = page.locator("main input[readonly]").input_value()
    look(person, "token-created")
    assert customers_by_key(person, key) == 200
    person.follow(person.link("I have copied it"))
    expect(page.locator("main")).not_to_contain_text(key)
    look(person, "tokens")
    page.once("dialog", lambda asked: asked.accept())
    row = page.locator("main tr", has_text=name)
    person.submit(row.get_by_role("button", name=person.said("Revoke")))
    expect(row).to_contain_text(person.said("Revoked"))
    assert customers_by_key(person, key) == 401


def customers_by_key(person: Person, key: str) -> int:
    """What the API answers to whoever has nothing but the key."""
    stranger = person.context.browser.new_context(base_url=person.installation.url)  # type: ignore[union-attr]
    answer = stranger.request.get("/api/v1/customers/", headers={"Authorization": f"Bearer {key}"})
    stranger.close()
    return answer.status


def test_a_role_is_made_and_who_has_it_sees_what_it_may(
    people: People, person: Person, newcomer: Person
) -> None:
    page, name = person.page, f"Mostrador {token_hex(3)}"
    person.goto("/staff/roles/new/")
    page.locator("main [name=name]").fill(name)
    page.locator("main [name=verbs][value='customers.see']").check()
    look(person, "new-role")
    person.press("Save")
    person.follow(page.locator("main tr", has_text=name).get_by_role("link"))
    look(person, "role")
    employ(people, newcomer, name)
    open_customer(newcomer)
    expect(newcomer.page.locator("main a[href$='/edit/']")).to_have_count(0)
    expect(newcomer.page.locator("#sidebar a[href='/staff/users/']")).to_have_count(0)
    assert newcomer.page.goto("/staff/users/").status == 403  # type: ignore[union-attr]
    look(newcomer, "not-allowed")


def test_a_collector_sees_his_own_customers_and_nobody_elses(
    people: People, person: Person, newcomer: Person
) -> None:
    page = person.page
    username = employ(people, newcomer, "Collector")
    open_customer(person, "state=active", 15)
    other = page.url
    his = open_customer(person, "state=active", 16)
    person.follow("main a[href$='/edit/']")
    person.tab("Administration").click()
    page.locator("[name=collector]").select_option(label=username.title())
    person.press("Save")

    newcomer.goto("/customers/")
    expect(newcomer.page.locator("#list td.who a")).to_have_text([his])
    look(newcomer, "collector-list")
    newcomer.follow("#list td.who a")
    look(newcomer, "collector-customer")
    assert newcomer.page.goto(other).status == 404  # type: ignore[union-attr]
    look(newcomer, "not-found")
    newcomer.goto("/payments/desk/")
    look(newcomer, "collector-desk")


def test_a_cashier_takes_money_and_is_offered_no_more(people: People, newcomer: Person) -> None:
    page = newcomer.page
    employ(people, newcomer, "Cashier")
    newcomer.goto("/payments/desk/")
    page.locator("#till-q").fill("a")
    page.locator("#till-q").press("Enter")
    newcomer.settle()
    look(newcomer, "cashier-desk")
    open_customer(newcomer, "debt=yes", 6)
    for tool in ("edit", "suspend", "archive", "rename"):
        expect(page.locator(f"main a[href$='/{tool}/']")).to_have_count(0)
    newcomer.follow("main a[href*='/payments/customers/'][href$='/new/']")
    look(newcomer, "cashier-payment")
    newcomer.submit(page.locator("form#payment button.btn-primary"))
    expect(page.locator("main a[href$='/receipt/letter/']").first).to_be_visible()
