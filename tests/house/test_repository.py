"""The repository speaks of the project alone, and its pages hold no code that a CSP stops."""

import json
import re

from tests.house import code

HOSTS = ("py" + "pi.org", "python" + "hosted.org", "npm" + "js.", "deb" + "ian.org/debian")
PATHS = ("/" + "work/", "/" + "root/", "/" + "tmp/")


def test_no_download_host_is_named() -> None:
    named = [
        f"{name}:{line}"
        for name, text in code.texts()
        for host in HOSTS
        for line in code.lines_with(re.escape(host), text)
    ]
    assert named == []


def test_no_path_of_a_machine_is_named() -> None:
    named = [
        f"{name}:{line}"
        for name, text in code.texts()
        for path in PATHS
        for line in code.lines_with(rf"(?<![\w.<]){re.escape(path)}", text)
    ]
    assert named == []


def test_the_npm_lock_says_what_and_not_from_where() -> None:
    packages = json.loads((code.ROOT / "package-lock.json").read_text())["packages"]
    assert [name for name, entry in packages.items() if "resolved" in entry] == []
    assert [name for name, entry in packages.items() if name and "integrity" not in entry] == []


def test_python_locks_carry_hashes_and_no_options() -> None:
    for lock in sorted((code.ROOT / "requirements").glob("*.lock")):
        pins = re.split(r"\n(?=\S)", lock.read_text().strip())
        assert [pin for pin in pins if not re.match(r"[\w.\[\]-]+==", pin)] == []
        assert [pin.split()[0] for pin in pins if "--hash=sha256:" not in pin] == []


def test_templates_hold_no_scripts_and_no_event_handlers() -> None:
    found = [
        f"{path.relative_to(code.ROOT)}:{line}"
        for path in code.templates()
        for pattern in (
            r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")",
            r"\son[a-z]+=[\"']",
            r"\bhx-on\b",
            r"javascript:",
        )
        for line in code.lines_with(pattern, path.read_text())
    ]
    assert found == []


def test_every_form_that_posts_carries_the_csrf_token() -> None:
    bare = [
        f"{path.relative_to(code.ROOT)}"
        for path in code.templates()
        for form in re.findall(
            r"<form[^>]*method=\"post\".*?</form>", path.read_text(), re.S | re.I
        )
        if "{% csrf_token %}" not in form
    ]
    assert bare == []
