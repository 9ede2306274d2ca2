"""`python -m tests.e2e.pictures`: the pictures of README and manual, taken from the demo ISP."""

import os
import sys
import tempfile
from pathlib import Path

import django
from playwright.sync_api import sync_playwright

from caudal.project.steps import ROOT
from tests.e2e.conftest import CHROMIUM, WIDE
from tests.e2e.demo import Demo
from tests.e2e.person import Person

IMAGES = ROOT / "docs" / "images"
TAKEN = ("dashboard", "customers", "registration", "customer", "invoice", "register-payment")
TAKEN += ("router", "jobs")


def main() -> int:
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
            if screen.name in TAKEN:
                screen.open(person.page, person.goto)
                path = IMAGES / f"{screen.name}.png"
                person.page.screenshot(path=path, animations="disabled")
                print(path.relative_to(ROOT))
        person.leave()
        browser.close()
    return 0


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "caudal.project.settings")
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    django.setup()
    IMAGES.mkdir(parents=True, exist_ok=True)
    sys.exit(main())
