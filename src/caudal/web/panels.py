"""Panels: what a room shows on another room's page, as a fragment served by its own view."""

from dataclasses import dataclass

from django.utils.functional import Promise

from caudal.web.verbs import Person


@dataclass(frozen=True)
class Panel:
    page: str
    """Which page shows it: "customer", "dashboard", "router" ..."""
    key: str
    """Its name on that page, e.g. "invoices"; also the anchor."""
    title: str | Promise
    url_name: str
    """A view that answers with a fragment; it is given the page's key (pk) where there is one."""
    verb: str
    """Who may not do this does not see it; the view asks again."""
    order: int = 100
    span: int = 12
    """Columns of twelve on a wide screen; a narrow one gives every panel the whole width."""


_panels: dict[tuple[str, str], Panel] = {}


def register(panel: Panel) -> None:
    _panels[panel.page, panel.key] = panel


def panels_of(page: str, person: Person) -> list[Panel]:
    """The panels of a page that this person may see, in order."""
    found = [each for each in _panels.values() if each.page == page and person.may(each.verb)]
    return sorted(found, key=lambda panel: (panel.order, panel.key))
