"""Typst source and data to PDF or pictures.

Our own templates are compiled here, by a compiler that the process keeps: it is fast when it is
kept and not thread-safe, so it stands behind a lock. A template that a company wrote itself is
compiled by another process that may open nothing (see sandbox.py).
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import typst
from django.conf import settings

from caudal.apps.documents import cell

PAPER = Path(__file__).parent / "paper"
FONTS = ("@expo-google-fonts/inter", "@expo-google-fonts/noto-emoji")
SOURCES = {
    "invoice": "invoice",
    "free_invoice": "invoice",
    "receipt": "receipt",
    "refund": "receipt",
    "note": "receipt",
    "statement": "statement",
    "coupon": "coupon",
    "reminder": "reminder",
    "ticket": "ticket",
    "list": "list",
}
"""Kind of document -> file of its template."""

KEPT_PRINTS = 11
_lock = Lock()


@cache
def common() -> str:
    """What stands before every template."""
    return (PAPER / "common.typ").read_text(encoding="utf-8")


@cache
def original(kind: str) -> str:
    """Our own template of a kind of document."""
    return (PAPER / f"{SOURCES[kind]}.typ").read_text(encoding="utf-8")


def press(kind: str, data: Mapping[str, Any], *, pictures: bool = False) -> list[bytes]:
    """Our template of `kind` filled with `data`: one PDF, or a PNG of each page."""
    with _lock:
        made = cell.compiled(_compiler(), common() + original(kind), json.dumps(data), pictures)
        if len(data["docs"]) > 1:
            _forget()
    return made


def _forget() -> None:
    """Typst keeps what it laid out for ten prints: megabytes of other people's invoices."""
    for _ in range(KEPT_PRINTS):
        _compiler().compile(input=b"", format="pdf")


def font_folders() -> list[str]:
    folders = [settings.NODE_MODULES / name for name in FONTS]
    return [str(folder) for folder in folders if folder.is_dir()]


@cache
def _compiler() -> typst.Compiler:
    return cell.compiler(font_folders())
