"""The one place where documents are printed: sheets in a company's style, as PDF or pictures."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from io import BytesIO

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from pypdf import PdfWriter

from caudal.apps.catalog.models import Company
from caudal.apps.documents.errors import SourceError
from caudal.apps.documents.layout import page_data
from caudal.apps.documents.models import Template
from caudal.apps.documents.press import press
from caudal.apps.documents.sandbox import press_own
from caudal.apps.documents.sheets import Sheet
from caudal.apps.documents.styles import TICKETS, Kind, Paper, Style
from caudal.core.errors import RuleError


def render(
    kind: str,
    company: Company,
    sheets: Sheet | Sequence[Sheet],
    *,
    format: str = "pdf",
    paper: str = "",
) -> bytes:
    """One file with all the sheets, in the language of the installation; a list, which stays in
    the office, in its reader's.

    `format` is "pdf" or "html" (tickets, for the browser's own printing). `paper` in place of the
    template's; a ticket's paper takes the company's ticket template whatever the kind. A
    company's own source that fails on these very values gives way to ours.
    """
    wanted = [sheets] if isinstance(sheets, Sheet) else list(sheets)
    if paper in TICKETS:
        kind = Kind.TICKET
    style, source = look_of(kind, company)
    style = replace(style, paper=paper) if paper else style
    language = translation.get_language() if kind == Kind.LIST else settings.LANGUAGE_CODE
    with translation.override(language):
        data = page_data(company, style, wanted)
        if format == "html":
            html = render_to_string("documents/ticket.html", {"data": data, "title": kind})
            return html.encode()
        if source:
            try:
                return press_own(source, data)[0]
            except (SourceError, RuleError):
                pass  # an invoice must not fail for a slip in somebody's template
        return press(kind, data)[0]


def joined(parts: Iterable[bytes]) -> bytes:
    """One PDF of several, with what they share kept once."""
    found = list(parts)
    if len(found) == 1:
        return found[0]
    writer = PdfWriter()
    for part in found:
        writer.append(BytesIO(part), import_outline=False)
    writer.compress_identical_objects()
    file = BytesIO()
    writer.write(file)
    return file.getvalue()


def look_of(kind: str, company: Company) -> tuple[Style, str]:
    """How the company's documents of that kind look: its choices over ours, and its source."""
    row = Template.objects.filter(company=company, kind=kind).only("style", "source").first()
    plain, source = (row.style, row.source) if row is not None else ({}, "")
    return Style.from_plain(plain, kind, company.country), source


def preview(
    kind: str, company: Company, style: Style, source: str, sheet: Sheet, *, pictures: bool = True
) -> list[bytes]:
    """How it would look: PNG of each page (at most what fits), or the PDF.

    Raises SourceError with the line, or RuleError where the source passes a limit.
    """
    with translation.override(settings.LANGUAGE_CODE):
        data = page_data(company, style, [sheet])
        if source:
            return press_own(source, data, pictures=pictures)
        return press(kind, data, pictures=pictures)


def ticket_paper(width: int) -> str:
    """The paper of a roll of 58 or 80 mm."""
    return Paper.TICKET58 if width == 58 else Paper.TICKET80
