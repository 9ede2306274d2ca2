"""Somebody's session ends while he types: nothing is typed twice."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import People
from tests.e2e.person import Person

PAGE = "/customers/1/edit/"
FORM = "main form:has([name=nickname])"
STALE = "document.querySelectorAll('[name=csrfmiddlewaretoken]').forEach(e => { e.value = 'old' })"


@pytest.fixture
def typist(people: People) -> Iterator[Person]:
    """In a window of his own, with something typed and not yet sent."""
    someone = people.stranger("390", "es")
    someone.sign_in(people.demo.user, people.demo.password)
    someone.goto(PAGE)
    someone.page.fill(f"{FORM} [name=nickname]", "La esquina")
    yield someone
    someone.leave()


def send(person: Person) -> None:
    with person.page.expect_navigation():
        person.page.evaluate("form => document.querySelector(form).requestSubmit()", FORM)


def test_what_was_typed_is_back_after_signing_in(typist: Person, people: People) -> None:
    page = typist.page
    typist.context.clear_cookies(name="sessionid")
    send(typist)
    page.fill("[name=username]", people.demo.user)
    page.fill("[name=password]", people.demo.password)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url == people.demo.url + PAGE
    expect(page.locator(f"{FORM} [name=nickname]")).to_have_value("La esquina")
    expect(page.locator(".notice-warning")).to_be_visible()
    page.reload()
    expect(page.locator(f"{FORM} [name=nickname]")).not_to_have_value("La esquina")


def test_a_form_takes_the_token_of_who_signed_in_meanwhile(typist: Person) -> None:
    typist.page.evaluate(STALE)
    send(typist)
    assert typist.page.url.endswith("/customers/1/")
