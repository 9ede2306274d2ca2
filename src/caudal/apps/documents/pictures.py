"""Logos and QR codes as SVG, which the data of a print can carry."""

from base64 import b64encode
from functools import lru_cache
from io import BytesIO

import segno

from caudal.apps.catalog.models import Company

_LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    ' viewBox="0 0 320 120" width="320" height="120"><image width="320" height="120"'
    ' preserveAspectRatio="xMinYMid meet" xlink:href="data:{mime};base64,{data}"/></svg>'
)

MASK = 3
_MARKS = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
"""A picture is known by its first bytes; SVG may carry scripts and is none here."""


def qr_svg(text: str) -> str:
    """A QR code as SVG. Trying all eight masks would take four times as long and read no better."""
    file = BytesIO()
    segno.make(text, error="m", micro=False, mask=MASK, boost_error=False).save(
        file, kind="svg", border=0, scale=4, xmldecl=False
    )
    return file.getvalue().decode()


def logo_svg(company: Company) -> str:
    """The company's logo; "" where it has none, or where its file is lost or is no picture."""
    if not company.logo:
        return ""
    try:
        changed = company.logo.storage.get_modified_time(str(company.logo.name))
        return _logo(str(company.logo.path), changed.timestamp())
    except (OSError, NotImplementedError):
        return ""  # a lost logo must not stop invoices


@lru_cache(maxsize=16)
def _logo(path: str, changed: float) -> str:
    """`changed` is part of the key: a new file under the same name is read again."""
    with open(path, "rb") as file:
        content = file.read()
    mime = next((mime for mark, mime in _MARKS.items() if content.startswith(mark)), "")
    return _LOGO.format(mime=mime, data=b64encode(content).decode()) if mime else ""
