"""How a page looks: a picture for people, and what axe-core finds wrong with it."""

import json
from pathlib import Path

from playwright.sync_api import Page

from caudal.project.steps import ROOT
from tests.e2e.person import OUTPUT, Person

AXE = (ROOT / "node_modules/axe-core/axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

PAINT = (
    "theme => { document.documentElement.dataset.bsTheme = theme;"
    " document.dispatchEvent(new CustomEvent('caudal:theme')); }"
)

UNSTUCK = (
    ".save-bar, .customer-bar { position: static !important; }"
    " .topbar { position: relative !important; }"
)
"""What such a bar lies over can be scrolled from under it."""


def look(person: Person, name: str) -> None:
    """Keep a picture, in the dark on a phone; nothing serious may be wrong, nor off the screen.

    Each theme is looked at once: with the width and the language that have it.
    """
    page, theme = person.page, "dark" if person.is_narrow else "light"
    page.add_style_tag(content=UNSTUCK)
    page.evaluate(PAINT, theme)
    picture(page, f"{name}-{person.width}-{person.language}")
    found = violations(page)
    assert not found, "\n".join([name, *found])
    assert not person.scrolls_sideways(), f"{name} is wider than the screen"
    page.evaluate(PAINT, "light")


def picture(page: Page, name: str) -> Path:
    """Kept for people to look at; nothing compares it."""
    path = OUTPUT / f"{name}.png"
    page.screenshot(path=path, full_page=True, animations="disabled")
    return path


def violations(page: Page) -> list[str]:
    """What axe-core finds serious or critical, one line each."""
    page.evaluate(AXE)
    options = json.dumps({"runOnly": RULES, "resultTypes": ["violations"]})
    found = page.evaluate(f"axe.run(document, {options})")["violations"]
    return [
        f"{one['id']} ({one['impact']}): {node['target']} {node['html'][:150]}"
        f" {node['failureSummary'][:200]}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"][:5]
    ]


def repeated_ids(page: Page) -> list[str]:
    """Scripts, labels and htmx take the first of two elements with one id: often the wrong one."""
    found = page.evaluate(
        "() => { const ids = [...document.querySelectorAll('[id]')].map(each => each.id);"
        " return ids.filter((id, at) => ids.indexOf(id) !== at); }"
    )
    return sorted({str(each) for each in found})
