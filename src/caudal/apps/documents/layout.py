"""A sheet in a company's style, as the data that a template prints: choices made, texts final."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from django.utils.translation import gettext as _

from caudal.apps.catalog.models import Company
from caudal.apps.documents.pictures import logo_svg, qr_svg
from caudal.apps.documents.sheets import Column, Row, Sheet
from caudal.apps.documents.styles import Code, Paper, Prices, Style

FITS: Mapping[str, int] = {
    Paper.LETTER: 12,
    Paper.A4: 12,
    Paper.HALF: 5,
    Paper.TICKET80: 0,
    Paper.TICKET58: 0,
}
"""Lines of a table that surely leave the document on one page of the paper."""
LINE = 55
WIDE = frozenset(("address", "description", "movement", "phones", "plan"))
"""Columns of words as long as people make them: they share the room that the others leave."""


def page_data(company: Company, style: Style, sheets: Sequence[Sheet]) -> dict[str, Any]:
    """Everything that a print needs; the same for our templates and for edited ones."""
    return {
        "company": _issuer(company, style),
        "style": style.to_plain(),
        "labels": {"words": style.labels.get("words") or _("Amount in words")},
        "docs": [_document(sheet, style) for sheet in sheets],
    }


def _issuer(company: Company, style: Style) -> dict[str, Any]:
    """The head and foot of a company's documents."""
    tax_id = f"{_('Tax number')} {company.tax_id}" if company.tax_id else ""
    reach = " · ".join(part for part in (company.phone, company.email, company.website) if part)
    legal = company.legal_name if company.legal_name != company.name else ""
    details = (legal, tax_id, company.tax_condition, company.address, reach)
    return {
        "name": company.name,
        "logo": logo_svg(company) if style.show_logo else "",
        "details": [detail for detail in details if detail],
        "footer": style.footer or company.footer,
    }


def _document(sheet: Sheet, style: Style) -> dict[str, Any]:
    gross = style.prices == Prices.GROSS or (style.prices == Prices.AUTO and sheet.is_gross)
    columns = _columns(sheet.columns, style)
    widest = _widest(columns)
    link, caption = _code(sheet, style)
    return {
        "title": style.heading or sheet.title,
        "number": sheet.number,
        "stamp": sheet.stamp,
        "party_label": style.labels.get("party") or sheet.party_label,
        "party": sheet.party,
        "party_facts": _pairs(sheet.party_facts),
        "facts": _pairs(sheet.facts),
        "paragraphs": [part for part in (style.intro, *sheet.paragraphs) if part],
        "table_label": sheet.table_label,
        "columns": [
            {
                "key": each.key,
                "label": each.label,
                "is_number": each.is_number,
                "is_wide": at == widest or each.key in WIDE,
            }
            for at, each in enumerate(columns)
        ],
        "wide": widest,
        "is_long": _lines(sheet, style) > FITS[style.paper],
        "rows": [_row(row, columns, gross, style) for row in sheet.rows],
        "totals": [
            {"label": each.label, "value": each.value, "strong": each.strong,
             "ruled": each.ruled, "small": each.small}
            for each in (sheet.totals_gross if gross and sheet.totals_gross else sheet.totals)
        ],
        "asked_label": sheet.asked_label,
        "asked": sheet.asked,
        "asked_note": sheet.asked_note,
        "words": sheet.words if style.show_words else "",
        "previous": [
            {"label": each.label, "value": each.value, "strong": each.strong, "ruled": False,
             "small": False}
            for each in (sheet.previous if style.show_previous else ())
        ],
        "notes": [note for note in sheet.notes if note],
        "qr": qr_svg(link) if link else "",
        "qr_caption": caption,
    }  # fmt: skip


def _columns(found: Sequence[Column], style: Style) -> list[Column]:
    by_key = {column.key: column for column in found}
    chosen = [by_key[key] for key in style.columns if key in by_key]
    shown = chosen or [column for column in found if column.usual]
    return [replace(column, label=style.labels.get(column.key) or column.label) for column in shown]


def _lines(sheet: Sheet, style: Style) -> int:
    """About how many lines it takes. Only what may need two pages counts its pages: typst sets a
    document twice as soon as one page asks how many there are."""
    said = [*sheet.paragraphs, *sheet.notes, style.intro, style.terms]
    rows = sum(
        1 + len(row.cells.get("description", "")) // LINE + bool(row.small)
        + (len(row.why) if style.show_why else 0)
        for row in sheet.rows
    )  # fmt: skip
    return rows + sum(len(text) // LINE + text.count("\n") + 1 for text in said if text)


def _widest(columns: Sequence[Column]) -> int:
    """Which column takes the room that is left: the first one of words that is no date."""
    words = [at for at, column in enumerate(columns) if not column.is_number]
    named = [at for at in words if columns[at].key in ("description", "movement")]
    return next(iter((*named, *words)), 0)


def _row(row: Row, columns: Sequence[Column], gross: bool, style: Style) -> dict[str, Any]:
    cells = {
        column.key: (row.cells.get(f"{column.key}_gross") if gross else None)
        or row.cells.get(column.key, "")
        for column in columns
    }
    why = list(row.why) if style.show_why else []
    return {"cells": cells, "small": row.small, "why": why, "strong": row.strong}


def _pairs(facts: Any) -> list[dict[str, str]]:
    return [{"label": fact.label, "value": fact.value} for fact in facts if fact.value]


def _code(sheet: Sheet, style: Style) -> tuple[str, str]:
    """What the QR code says, and what stands beside it."""
    if style.qr == Code.PAY and style.pay_link:
        return _filled(style.pay_link, sheet.keys), _("Scan to pay")
    if style.qr == Code.NONE or not sheet.link:
        return "", ""
    return sheet.link, _("Scan to check that this document is genuine")


def _filled(pattern: str, keys: Mapping[str, str]) -> str:
    for name, value in keys.items():
        pattern = pattern.replace("{" + name + "}", quote(value, safe=""))
    return pattern
