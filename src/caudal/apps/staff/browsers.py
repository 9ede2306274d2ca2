"""What a person calls the browser and the device that a session was opened with."""

import re

BROWSERS = (
    ("Edge", r"Edg(e|A|iOS)?/"),
    ("Opera", r"OPR/|Opera"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("Firefox", r"Firefox/|FxiOS/"),
    ("Chrome", r"Chrome/|CriOS/|Chromium/"),
    ("Safari", r"Version/.+Safari/"),
)
"""Name and mark, the first that fits: most of them also call themselves Chrome or Safari."""
SYSTEMS = (
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Android", r"Android"),
    ("ChromeOS", r"CrOS"),
    ("Windows", r"Windows"),
    ("macOS", r"Macintosh|Mac OS X"),
    ("Linux", r"Linux|X11"),
)


def browser_word(agent: str) -> str:
    """The `User-Agent` of a request in short: "Chrome · Windows"; of a program, what it says."""
    found = [_first(names, agent) for names in (BROWSERS, SYSTEMS)]
    return " · ".join(name for name in found if name) or agent


def _first(names: tuple[tuple[str, str], ...], agent: str) -> str:
    return next((name for name, mark in names if re.search(mark, agent)), "")
