"""Documents on paper: Typst templates filled with data, as PDF.

A template is a file of ours; what people typed reaches it as JSON only, never as source. Typst's
compiler is fast when it is kept and is not thread-safe, so a process has one per template, each
behind a lock.
"""

import json
from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import Any, cast

import segno
import typst
from django.conf import settings

ROOT = Path(__file__).parents[2]
"""What templates may import from: our own package."""

FONTS = ("@expo-google-fonts/inter", "@expo-google-fonts/noto-emoji")
MIME = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".webp": "image/webp"}


class _Press:
    """The kept compiler of one template."""

    def __init__(self, template: Path) -> None:
        self._lock = Lock()
        self._compiler = typst.Compiler(
            str(template), root=str(ROOT), font_paths=_fonts(), ignore_system_fonts=True
        )

    def print(self, data: Mapping[str, Any]) -> bytes:
        inputs = {"data": json.dumps(data, ensure_ascii=False)}
        with self._lock:
            return cast(bytes, self._compiler.compile(format="pdf", sys_inputs=inputs))


def pdf(template: Path, data: Mapping[str, Any]) -> bytes:
    """The document of a template under our package; `data` is what JSON can hold."""
    return _press(template).print(data)


def qr_svg(text: str) -> str:
    """A QR code as SVG."""
    file = BytesIO()
    segno.make(text, error="m").save(file, kind="svg", border=0, scale=4, xmldecl=False)
    return file.getvalue().decode()


def logo_svg(name: str, content: bytes) -> str:
    """An image file as SVG, which JSON can carry; "" for a kind that is not an image."""
    suffix = Path(name).suffix.lower()
    if suffix == ".svg":
        return content.decode("utf-8", "replace")
    if suffix not in MIME:
        return ""
    data = b64encode(content).decode()
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
        ' viewBox="0 0 320 120" width="320" height="120"><image width="320" height="120"'
        f' preserveAspectRatio="xMinYMid meet" xlink:href="data:{MIME[suffix]};base64,{data}"'
        "/></svg>"
    )


@cache
def _press(template: Path) -> _Press:
    return _Press(template)


@cache
def _fonts() -> typst.Fonts:
    folders = [settings.NODE_MODULES / name for name in FONTS]
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=True,
        font_paths=[str(folder) for folder in folders if folder.is_dir()],
    )
