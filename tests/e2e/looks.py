"""How a page looks: a picture for people, and what axe-core finds wrong with it."""

import json
from pathlib import Path

from playwright.sync_api import Page

from caudal.project.steps import ROOT
from tests.e2e.person import OUTPUT

AXE = (ROOT / "node_modules/axe-core/axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


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
