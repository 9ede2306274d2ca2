"""The panel without a browser: forms are read from the page, filled and sent as one would."""

import re
from html.parser import HTMLParser
from typing import Any

from playwright.sync_api import APIResponse, Playwright

from tests.e2e.provider import ANA, PASSWORD


class Visitor:
    """Somebody signed in; redirects are followed, and a page that is not 200 is an error."""

    def __init__(self, playwright: Playwright, url: str) -> None:
        self._requests = playwright.request.new_context(base_url=url)

    def leave(self) -> None:
        self._requests.dispose()

    def sign_in(self, username: str = ANA, password: str = PASSWORD) -> None:
        self.fill("/staff/login/", {"username": username, "password": password})

    def get(self, address: str) -> str:
        return _text(self._requests.get(address))

    def fill(self, address: str, values: dict[str, str], form: str = "") -> str:
        """Send the form of the page (that whose action is `form`, else the first one that posts)
        with these values and its own for the rest; the page that comes of it.
        """
        return self.send(form or address, self.form(address, form) | values)

    def form(self, address: str, action: str = "") -> dict[str, str]:
        """What the form would send if nobody touched it."""
        return _Forms(self.get(address)).of(action)

    def choice(self, address: str, name: str, text: str) -> str:
        """What the menu `name` of that page sends for the choice that reads `text`."""
        menu = re.search(rf'<select[^>]*name="{name}".*?</select>', self.get(address), re.DOTALL)
        assert menu, f"{address}: no menu {name}"
        found = re.search(rf'<option value="([^"]+)"[^>]*>\s*{text}\s*<', menu[0])
        assert found, f"{address}: {text} is not offered in {menu[0]}"
        return found[1]

    def send(self, address: str, values: dict[str, Any]) -> str:
        """The page that comes of it; fails where it says that something is wrong."""
        page = _text(self._requests.post(address, form=values))
        wrong = re.findall(r'class="field-errors"[^>]*>\s*(<div>.*?</div>)\s*<', page)
        assert not wrong and 'id="form-errors"' not in page, f"{address} {values}: {wrong}"
        return page


def _text(answer: APIResponse) -> str:
    assert answer.status == 200, f"{answer.url}: {answer.status}\n{answer.text()[:2000]}"
    return answer.text()


class _Forms(HTMLParser):
    """The values that each form of a page would send if nobody touched it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.posting: list[tuple[str, dict[str, str]]] = []
        """Action and values of the forms that post, in order."""
        self._values: dict[str, str] = {}
        self._select = ""
        self._area = ""
        self.feed(page)

    def of(self, action: str) -> dict[str, str]:
        """Those of the first form with that action; of the one with most fields where it is ""."""
        if action:
            return next(values for at, values in self.posting if at == action)
        return max((values for _, values in self.posting), key=len)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._values = {}
            if about.get("method", "get").lower() == "post":
                self.posting.append((about.get("action", ""), self._values))
        else:
            self._field(tag, about)

    def _field(self, tag: str, about: dict[str, str]) -> None:
        name = about.get("name", "")
        if tag == "select":
            self._select = name
        elif tag == "textarea":
            self._area = name
            self._values[name] = ""
        elif tag == "option" and (
            "selected" in about or (self._select and self._select not in self._values)
        ):
            self._values[self._select] = about.get("value", "")
        elif tag == "input" and name and _is_sent(about):
            is_box = about.get("type") in ("checkbox", "radio")
            self._values[name] = about.get("value", "on" if is_box else "")

    def handle_data(self, data: str) -> None:
        if self._area:
            self._values[self._area] += data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""


def _is_sent(about: dict[str, str]) -> bool:
    kind = about.get("type", "text")
    return kind not in ("submit", "file") and (
        kind not in ("checkbox", "radio") or "checked" in about
    )
