"""The pictures of README and manual: taken by the browser tests when what a screen says changes.

`tests/e2e/test_screens.py` takes them as it goes by; `python -m tests.e2e.pictures [name ...]`
takes them all anew, or those named, from a demo of its own.
"""

import hashlib
import json
import os
import re
import sys
import tempfile
from functools import cache
from pathlib import Path

import django
from playwright.sync_api import Page, sync_playwright

from caudal.project.steps import ROOT

IMAGES = ROOT / "docs" / "images"
SAID = IMAGES / "pictures.json"
"""Picture -> digest of what its screen said when it was taken."""
DOCUMENTS = ("README.md", "README.es.md", "docs/manual/*.md")
STANDING = "h1, h2, h3, th, label, legend, summary, .btn, .page-pretitle, #sidebar a, .nav-link"
"""What stays on a screen whatever the demo's day: its words, without rows and numbers."""


@cache
def pictured() -> frozenset[str]:
    """Screens whose picture stands in a document."""
    texts = (path.read_text() for pattern in DOCUMENTS for path in ROOT.glob(pattern))
    return frozenset(name for text in texts for name in re.findall(r"images/([\w-]+)\.png", text))


def keep(page: Page, name: str, *, anew: bool = False) -> bool:
    """Take the picture where the screen says something else than when it was last taken."""
    kept = json.loads(SAID.read_text()) if SAID.exists() else {}
    said = _said(page)
    path = IMAGES / f"{name}.png"
    if kept.get(name) == said and path.exists() and not anew:
        return False
    IMAGES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path, animations="disabled")
    SAID.write_text(json.dumps(kept | {name: said}, indent=1, sort_keys=True) + "\n")
    return True


def _said(page: Page) -> str:
    words = page.eval_on_selector_all(
        STANDING,
        "all => all.filter(e => !e.closest('tbody, [data-list]') && e.offsetParent)"
        ".map(e => e.innerText.replace(/[0-9]/g, '').trim())",
    )
    return hashlib.sha256("\n".join(sorted(set(words))).encode()).hexdigest()[:16]


def main(names: list[str]) -> int:
    from tests.e2e.conftest import CHROMIUM, WIDE
    from tests.e2e.demo import Demo
    from tests.e2e.person import Person
    from tests.e2e.screens import SCREENS

    with (
        tempfile.TemporaryDirectory(prefix="caudal-pictures-") as folder,
        Demo(Path(folder)) as demo,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        person = Person(browser, demo, WIDE)
        person.sign_in(demo.user, demo.password)
        for screen in SCREENS:
            if screen.name in (names or pictured()):
                screen.open(person.page, person.goto)
                keep(person.page, screen.name, anew=True)
                print(screen.name, flush=True)
        person.leave()
        browser.close()
    return 0


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "caudal.project.settings")
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    django.setup()
    sys.exit(main(sys.argv[1:]))
