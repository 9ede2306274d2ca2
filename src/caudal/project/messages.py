"""The message catalogues: gathered from code and templates, merged, compiled and checked.

Babel does it all, so that neither a developer nor a fresh machine needs GNU gettext.
English is the source language: its catalogue holds only plural forms that must exist.
"""

import io
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parents[1]
LOCALE = PACKAGE / "locale"
LANGUAGES = ("es", "en")
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "_lazy": None,
    "gettext_noop": None,
    "now_in_language": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}

FIXED = datetime(2026, 1, 1, tzinfo=UTC)
"""The catalogues carry no real dates, so that they change only when texts do."""

Text = str | tuple[str, ...] | list[str]


def gather() -> Catalog:
    """Every translatable text of the package, without locations, so that diffs show texts only."""
    catalog = Catalog(fuzzy=False)
    for path in sorted(PACKAGE.rglob("*.py")):
        if "tests" not in path.parts and "migrations" not in path.parts:
            _add(catalog, path.read_bytes())
    for path in sorted(
        [*PACKAGE.rglob("templates/**/*.html"), *PACKAGE.rglob("templates/**/*.txt")]
    ):
        # Indentation means nothing in a template, and everything to the reader of Python.
        lines = (line.strip() for line in templatize(path.read_text()).splitlines())
        _add(catalog, "\n".join(lines).encode())
    return catalog


def load(language: str) -> Catalog:
    path = _po(language)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def refresh(language: str, source: Catalog, extra: dict[str, str]) -> Catalog:
    """The catalogue with exactly the texts of `source`; translations of `extra` come first."""
    old = load(language)
    fresh = Catalog(locale=language, fuzzy=False, creation_date=FIXED, revision_date=FIXED)
    for message in _texts(source):
        known = old.get(message.id, message.context)
        string: Text | None = message.id if language == "en" else _translation(message, extra)
        if not _done(message, string) and known:
            string = known.string
        fresh.add(message.id, string, context=message.context, flags=message.flags)
    return fresh


def missing(language: str, source: Catalog) -> list[str]:
    """Texts without a translation, and texts whose placeholders differ from the source's."""
    catalog = load(language)
    found = []
    for message in _texts(source):
        known = catalog.get(message.id, message.context)
        if known is None or not _done(message, known.string):
            found.append(f"{language}: not translated: {_key(message.id)!r}")
        else:
            found += [
                f"{language}: {error}: {_key(message.id)!r}" for error in known.check(catalog)
            ]
    return found


def compiled(language: str) -> bytes:
    buffer = io.BytesIO()
    write_mo(buffer, load(language))
    return buffer.getvalue()


def stale(language: str) -> list[str]:
    """The committed .mo must be what the .po compiles to: programs read only the .mo."""
    path = _po(language).with_suffix(".mo")
    fresh = path.exists() and path.read_bytes() == compiled(language)
    return [] if fresh else [f"{language}: {path.name} is out of date: run ./caudal messages"]


def main() -> int:
    source = gather()
    if "--check" not in sys.argv:
        extra = _pairs([Path(name) for name in sys.argv[1:]])
        for language in LANGUAGES:
            fresh = refresh(language, source, extra)
            _po(language).parent.mkdir(parents=True, exist_ok=True)
            with _po(language).open("wb") as file:
                write_po(file, fresh, width=100, sort_output=True)
            _po(language).with_suffix(".mo").write_bytes(compiled(language))
    found = [line for language in LANGUAGES for line in missing(language, source) + stale(language)]
    print("\n".join(found) or f"messages: {len(list(_texts(source)))} texts, complete in es and en")
    return 1 if found else 0


def _po(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def _add(catalog: Catalog, code: bytes) -> None:
    for _line, text, _comments, context in extract("python", io.BytesIO(code), keywords=KEYWORDS):
        if text and text != "":
            catalog.add(text, context=context)


def _texts(catalog: Catalog) -> Iterator[Message]:
    return (message for message in catalog if message.id)


def _key(text: Text) -> str:
    return text if isinstance(text, str) else text[0]


def _done(message: Message, string: Text | None) -> bool:
    if not string:
        return False
    return bool(string) if isinstance(string, str) else all(string)


def _translation(message: Message, extra: dict[str, str]) -> Text:
    context = f"[{message.context}] " if message.context else ""
    found = extra.get(context + _key(message.id), "")
    if not message.pluralizable:
        return found
    forms = found.split("|")
    return (forms[0], forms[-1])


def _pairs(files: list[Path]) -> dict[str, str]:
    """Translations from tab-separated files: text, translation; plural forms parted by `|`.

    A text with a context is written `[context] text`.
    """
    pairs = {}
    for path in files:
        for line in path.read_text().splitlines():
            text, tab, translation = line.partition("\t")
            if tab and translation.strip():
                pairs[text.replace("\\n", "\n")] = translation.strip().replace("\\n", "\n")
    return pairs


if __name__ == "__main__":
    sys.exit(main())
