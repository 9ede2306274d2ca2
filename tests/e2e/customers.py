"""Customers as every flow comes to them: one of the list, his page, and its tools."""

from playwright.sync_api import Locator, Page

from tests.e2e.person import Person

NAMES = "#list td.who a"


def open_customer(person: Person, query: str = "", number: int = 0) -> str:
    """Open one of the list, narrowed like its address; his name."""
    person.goto(f"/customers/?{query}")
    link = person.page.locator(NAMES).nth(number)
    name = link.inner_text()
    person.follow(link)
    return name


def take(person: Person, tool: str) -> None:
    """Go to the page of a tool of the customer's page, e.g. "rename"."""
    person.follow(f"main a[href$='/{tool}/']")


def state_of(page: Page) -> Locator:
    return page.locator("main h1 .state").first


def done(person: Person, count: int) -> str:
    """How the page of a bulk act begins to say that so many rows are done."""
    text = person.said("%(done)s done, %(refused)s refused, of %(planned)s")
    return (text % {"done": count, "refused": 0, "planned": count}).partition(",")[0]
