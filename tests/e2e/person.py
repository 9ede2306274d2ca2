"""Somebody of the staff at the panel: what he clicks and types, in the order in which he does."""

import re
from io import BytesIO
from typing import Any, Protocol

from django.utils import translation
from playwright.sync_api import Browser, Locator, Page, expect
from pypdf import PdfReader

from caudal.project.steps import ROOT
from tests.e2e.provider import ANA, PASSWORD

OUTPUT = ROOT / "tests" / "output"
SECONDS = 60
"""How long a page or a worker may take on two very busy cores; who is quick waits no longer."""
LOCALES = {"es": "es-MX", "en": "en-US"}
NARROWEST_DESK = 768
SHOW_ALL = (
    "window.htmx && document.querySelectorAll('[data-waiting]')"
    ".forEach(each => htmx.trigger(each.closest('[data-panel]'), 'show'))"
)
"""As if somebody scrolled to every panel."""


class HasAddress(Protocol):
    """What a person needs to know of an installation."""

    url: str


class Person:
    """Sits at one window. `noise` is what the browser's console complained about."""

    def __init__(
        self,
        browser: Browser,
        installation: HasAddress,
        viewport: dict[str, int],
        language: str = "es",
        **about: Any,
    ) -> None:
        self.installation = installation
        self.language = language
        self.width = viewport["width"]
        self.is_narrow = self.width < NARROWEST_DESK
        self.context = browser.new_context(
            viewport=viewport,  # type: ignore[arg-type]
            locale=LOCALES[language],
            timezone_id="America/Mexico_City",
            base_url=installation.url,
            reduced_motion="reduce",
            **about,
        )
        self.context.set_default_timeout(SECONDS * 1000)
        self.page: Page = self.context.new_page()
        self.noise: list[str] = []
        self.page.on("console", lambda said: self._hear(said.type, said.text))
        self.page.on("pageerror", lambda error: self._hear("error", str(error)))
        self.page.on("requestfailed", lambda asked: self._failed(asked.url, asked.failure or ""))

    def _hear(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.noise.append(f"{self.page.url}: {text}")

    def _failed(self, url: str, why: str) -> None:
        # Leaving a page ends what it was still asking for: that is nobody's fault.
        if "ERR_ABORTED" not in why:
            self.noise.append(f"{url}: {why}")

    def leave(self) -> None:
        """What stood on the screen last is kept as a picture, for whoever wonders why."""
        self.page.screenshot(path=OUTPUT / "last-page.png")
        self.context.close()

    def said(self, text: str, context: str = "") -> str:
        """A text of the screens, written in the code's English, in this person's language."""
        with translation.override(self.language):
            return translation.pgettext(context, text) if context else translation.gettext(text)

    def counted(self, one: str, many: str, number: int) -> str:
        """The same of a text that counts."""
        with translation.override(self.language):
            return translation.ngettext(one, many, number)

    # -- getting around

    def sign_in(self, username: str = ANA, password: str = PASSWORD) -> None:
        self.page.goto("/")
        if self.page.locator("html").get_attribute("lang") != self.language:
            self.submit(self.page.locator(f"form.language button[value={self.language}]"))
        self.page.locator("[name=username]").fill(username)
        self.page.locator("[name=password]").fill(password)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(f"{self.installation.url}/")

    def goto(self, address: str) -> None:
        """Open a page and wait until its panels have come."""
        answer = self.page.goto(address)
        assert answer is not None and answer.status == 200, f"{address}: {answer and answer.status}"
        assert "/login/" in address or "/login/" not in self.page.url, f"{address}: signed out"
        self.settle()

    def settle(self) -> None:
        """Nothing on the page is still loading, nor waits until somebody scrolls to it."""
        loading = self.page.locator("[aria-busy=true], [data-waiting]")
        for _ in range(SECONDS * 4):
            self.page.wait_for_load_state("load")
            self.page.evaluate(SHOW_ALL)
            if not loading.count():
                return
            self.page.wait_for_timeout(250)
        expect(loading).to_have_count(0)

    def submit(self, button: Locator) -> None:
        """Press a button that sends a form, and wait for the page that comes of it."""
        with self.page.expect_navigation():
            button.click()

    def follow(self, link: str | Locator) -> None:
        """Go where the first such link of the page leads; in menus and tabs it may be hidden."""
        found = self.page.locator(link) if isinstance(link, str) else link
        address = found.first.get_attribute("href")
        assert address, f"{self.page.url}: {link} goes nowhere"
        self.goto(address)

    def button(self, text: str, inside: str = "body") -> Locator:
        return self.page.locator(inside).get_by_role("button", name=self.said(text), exact=True)

    def link(self, text: str, inside: str = "body") -> Locator:
        return self.page.locator(inside).get_by_role("link", name=self.said(text), exact=True)

    def tab(self, text: str, inside: str = "body") -> Locator:
        return self.page.locator(inside).get_by_role("tab", name=self.said(text), exact=True)

    def press(self, text: str, inside: str = "main") -> None:
        """Press the button that says this, and wait for the page that comes of it."""
        self.submit(self.button(text, inside).first)
        self.settle()

    def save(self) -> None:
        """Send the form that the page is for, with its main button."""
        self.submit(self.page.locator("main form .btn-primary:not(#draft *)").first)
        self.settle()

    def told(self) -> str:
        """The notice at the edge of the page."""
        return self.page.locator("[data-toast] span").first.inner_text()

    # -- the acts of the main job

    def fill_registration(self, **values: str) -> None:
        """Type into the fields of the form that are named; menus are chosen by their text."""
        for name, value in values.items():
            field = self.page.locator(f"form#registration [name={name}]")
            self.unfold(field)
            if field.evaluate("element => element.tagName") == "SELECT":
                field.select_option(label=self._option(field, value))
            else:
                field.fill(value)
            field.blur()

    def unfold(self, field: Locator) -> None:
        """Open the section that the field is in, if it is folded."""
        folded = field.locator("xpath=ancestor::details[not(@open)]")
        if folded.count():
            folded.locator("> summary").click()

    def _option(self, field: Locator, text: str) -> str:
        options = field.locator("option").all_inner_texts()
        return next(option for option in options if text in option)

    def pick_free_address(self) -> str:
        """The first one that the button beside the box of the address offers."""
        expect(self.page.locator(".htmx-request")).to_have_count(0)
        self.page.locator("#service-fields .input-group [data-bs-toggle=dropdown]").click()
        first = self.page.locator(".free-addresses button").first
        address = first.inner_text()
        first.click()
        expect(self.page.locator("[name=ip_address]")).to_have_value(address)
        return address

    def error_beside(self, name: str) -> Locator:
        return self.page.locator(f"[data-field={name}] .field-errors")

    def move_clock(self, to: str) -> None:
        """On the screen of jobs, to a date and time such as 2027-03-10T07:00."""
        self.goto("/jobs/")
        form = self.page.locator("form[action$='/jobs/clock/']")
        form.locator("[name=to]").fill(to)
        self.submit(form.locator("button.btn-primary"))
        expect(self.page.locator(".notice-success")).to_be_visible()

    def pdf(self, link: Locator) -> str:
        """The text of the PDF behind a link; fails if it is no PDF."""
        address = link.get_attribute("href")
        assert address, "a link that goes nowhere"
        answer = self.context.request.get(address)
        assert answer.status == 200 and answer.headers["content-type"] == "application/pdf"
        body = answer.body()
        assert body.startswith(b"%PDF-")
        pages = PdfReader(BytesIO(body)).pages
        return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))

    def scrolls_sideways(self) -> bool:
        return bool(
            self.page.evaluate(
                "document.documentElement.scrollWidth > document.documentElement.clientWidth"
            )
        )
