"""The main job, in a browser: register, invoice, cut, take the money, restore."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.conftest import NARROW, WIDE
from tests.e2e.customers import open_customer
from tests.e2e.installation import Installation
from tests.e2e.looks import look
from tests.e2e.person import Person
from tests.e2e.provider import AN_HOUR_LATER, CREATION, CUT, PLAN

NAME = "María José Núñez Ávila"
USER, SECRET = "maria.nunez", "clave-pppoe"


@pytest.fixture
def ana(browser: Browser, installation: Installation) -> Iterator[Person]:
    """The owner, signed in at a wide screen."""
    person = Person(browser, installation, WIDE)
    person.sign_in()
    yield person
    person.leave()


def register(person: Person) -> str:
    """Register María with a wrong phone first; the address she got."""
    page = person.page
    person.goto("/customers/new/")
    person.fill_registration(
        name=NAME,
        phones="55 12",
        emails="maria@correo.example",
        address="Calle Reforma 12, Centro",
        position="17.0654, -96.7237",
        plan=PLAN,
        username=USER,
        password=SECRET,
    )
    address = person.pick_free_address()
    expect(person.error_beside("phones")).not_to_be_empty()
    page.locator("form#registration button.btn-primary.btn-lg").click()
    expect(page.locator("#form-errors")).to_be_visible()
    look(person, "registration-refused")
    expect(person.error_beside("phones")).not_to_be_empty()
    for field, typed in {"name": NAME, "ip_address": address, "username": USER}.items():
        expect(page.locator(f"[name={field}]")).to_have_value(typed)
    person.fill_registration(phones="951 123 4567")
    person.submit(page.locator("form#registration button.btn-primary.btn-lg"))
    return address


@pytest.mark.parametrize("power_at_the_cut", ["on", "off"])
def test_a_customer_is_registered_invoiced_cut_and_restored(
    ana: Person, installation: Installation, power_at_the_cut: str
) -> None:
    address = register(ana)
    expect(ana.page).to_have_url(re.compile(r"/customers/\?"))
    expect(ana.page.locator("tr.is-new")).to_contain_text(NAME)
    expect(ana.page.locator("tr.is-new")).to_contain_text(address)
    she_browses_at_her_speed(installation, address)

    ana.page.locator("tr.is-new td.who a").click()
    expect(ana.page).to_have_url(re.compile(r"/customers/\d+/$"))
    ana.settle()
    customer = ana.page.url
    ana.move_clock(CREATION)
    invoice = installation.wait_until(
        lambda: installation.rows("SELECT total, due FROM billing_invoice"), "her invoice"
    )
    assert len(invoice) == 1
    her_invoice_can_be_read(ana, customer)

    if power_at_the_cut == "off":
        installation.router("power_off")
    ana.move_clock(CUT)
    installation.wait_until(
        lambda: installation.value("SELECT state FROM customers_service") == "suspended",
        "she is cut",
    )
    if power_at_the_cut == "off":
        her_page_says_that_the_router_does_not_know(ana, installation, customer)
        installation.router("power_on")
        ana.move_clock(AN_HOUR_LATER)
    she_is_cut(ana, installation, customer, address)

    receipt = pay(ana, customer)
    assert NAME in receipt and "350.00" in receipt
    installation.wait_until(
        lambda: address not in installation.address_list(), "she is off the list"
    )
    she_dials(installation, address)
    ana.goto(customer)
    expect(ana.page.locator("main h1 .state")).to_have_text("Activo")
    verified = installation.run_caudal("verify")
    assert verified.returncode == 0, verified.stdout
    assert ana.noise == []


def test_registration_and_payment_fit_a_phone_in_english(
    browser: Browser, installation: Installation
) -> None:
    ana = Person(browser, installation, NARROW, language="en", has_touch=True)
    ana.sign_in()
    address = register(ana)
    look(ana, "registered")
    installation.wait_until(lambda: USER in installation.secrets(), "her secret")
    ana.move_clock(CREATION)
    installation.wait_until(
        lambda: installation.rows("SELECT id FROM billing_invoice"), "her invoice"
    )
    open_customer(ana)
    look(ana, "her-page")
    pay(ana, ana.page.url)
    look(ana, "paid")
    assert installation.value("SELECT remaining FROM billing_invoice") == 0
    assert address not in installation.address_list()
    assert ana.noise == []
    ana.leave()


def she_browses_at_her_speed(installation: Installation, address: str) -> None:
    secret = installation.wait_until(
        lambda: installation.secrets().get(USER), "the secret is on the router"
    )
    assert secret["remote-address"] == address
    profile = installation.profiles()[secret["profile"]]
    assert profile["rate-limit"].startswith("4M/20M")
    assert installation.router("plug", name=USER, password=SECRET) == address
    she_dials(installation, address)


def she_dials(installation: Installation, address: str) -> None:
    installation.wait_until(
        lambda: installation.active().get(USER) == address, "her session is open"
    )
    assert installation.router("can_browse", address=address)


def her_invoice_can_be_read(ana: Person, customer: str) -> None:
    ana.goto(customer)
    ana.page.locator("#invoices tbody a").first.click()
    invoice = ana.pdf(ana.page.locator("main a[href$='/pdf/']"))
    assert NAME in invoice and "350.00" in invoice


def her_page_says_that_the_router_does_not_know(
    ana: Person, installation: Installation, customer: str
) -> None:
    """Pending, since when, and why, for as long as the router is off."""
    installation.wait_until(
        lambda: installation.value("SELECT failing_since FROM network_router"), "it fails"
    )
    ana.goto(customer)
    network = ana.page.locator("#network")
    expect(network.locator("header .state")).to_have_text("Pendiente")
    expect(network.locator("header")).to_contain_text("21/03/2027")
    expect(ana.page.locator("main h1 .state")).to_have_text("Suspendido")


def she_is_cut(ana: Person, installation: Installation, customer: str, address: str) -> None:
    """On the router within moments, nobody having asked; and her page says why."""
    installation.wait_until(lambda: address in installation.address_list(), "she is listed")
    installation.wait_until(lambda: USER not in installation.active(), "her session is gone")
    assert not installation.router("can_browse", address=address)
    installation.wait_until(
        lambda: installation.value("SELECT sync FROM network_connection") == "in_sync",
        "the router is verified",
    )
    ana.goto(customer)
    expect(ana.page.locator("main h1 .state")).to_have_text("Suspendido")
    expect(ana.page.locator("main p.why").first).to_contain_text("21/03/2027")
    expect(ana.page.locator("#network header .state")).to_have_text("En el router")
    look(ana, "her-page-cut")


def pay(ana: Person, customer: str) -> str:
    """Take what she owes at the desk; the words of the receipt."""
    ana.goto(customer)
    ana.page.locator("main a.btn-primary[href^='/payments/customers/']:visible").first.click()
    expect(ana.page.locator("form#payment [name=amount]")).to_have_value("350.00")
    look(ana, "her-payment")
    ana.submit(ana.page.locator("form#payment button.btn-primary"))
    return ana.pdf(ana.page.locator("main a[href$='/receipt/letter/']"))
