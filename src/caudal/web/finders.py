"""Serves the few files of npm packages that pages use, straight from node_modules."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage
from django.core.files.storage import FileSystemStorage

PACKAGE_FILES = {
    "vendor/tabler.css": "@tabler/core/dist/css/tabler.min.css",
    "vendor/tabler.js": "@tabler/core/dist/js/tabler.min.js",
    "vendor/icons/tabler-icons.css": "@tabler/icons-webfont/dist/tabler-icons.min.css",
    "vendor/icons/fonts/tabler-icons.woff2": "@tabler/icons-webfont/dist/fonts/tabler-icons.woff2",
    "vendor/inter.woff2": "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2",
    "vendor/htmx.js": "htmx.org/dist/htmx.min.js",
    "vendor/leaflet/leaflet.css": "leaflet/dist/leaflet.css",
    "vendor/leaflet/leaflet.js": "leaflet/dist/leaflet.js",
    "vendor/leaflet/images/marker-icon.png": "leaflet/dist/images/marker-icon.png",
    "vendor/leaflet/images/marker-icon-2x.png": "leaflet/dist/images/marker-icon-2x.png",
    "vendor/leaflet/images/marker-shadow.png": "leaflet/dist/images/marker-shadow.png",
    "vendor/tom-select.css": "tom-select/dist/css/tom-select.bootstrap5.min.css",
    "vendor/tom-select.js": "tom-select/dist/js/tom-select.complete.min.js",
    "vendor/chart.js": "chart.js/dist/chart.umd.min.js",
}
"""Public name -> file inside node_modules. What is not listed is not served."""


class PackageFinder(BaseFinder):
    def check(self, **kwargs: Any) -> list[CheckMessage]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """The file's path; with `find_all` a list of it; empty where there is none."""
        source = PACKAGE_FILES.get(path)
        found = settings.NODE_MODULES / source if source else None
        if found is None or not found.exists():
            return [] if find_all else ""
        return [str(found)] if find_all else str(found)

    def list(self, ignore_patterns: object) -> Iterator[tuple[str, "_Renamed"]]:
        for name, source in PACKAGE_FILES.items():
            yield name, _Renamed(settings.NODE_MODULES, {name: source})


class _Renamed(FileSystemStorage):
    """A storage in which files go by their public names."""

    def __init__(self, root: Path, names: dict[str, str]) -> None:
        super().__init__(location=root)
        self._names = names

    def path(self, name: str) -> str:
        return super().path(self._names.get(name, name))

    def open(self, name: str, mode: str = "rb") -> object:  # type: ignore[override]
        return Path(self.path(name)).open(mode)
