"""The texts that messages have until somebody edits them: texts/<language>/<occasion>.liquid."""

from pathlib import Path

from caudal.apps.messaging.occasions import Occasion

_TEXTS = Path(__file__).parent / "texts"


def _read(path: Path) -> tuple[str, str]:
    """The first line is the subject, an empty one follows, then the text."""
    subject, _, body = path.read_text(encoding="utf-8").partition("\n\n")
    return subject, body


DEFAULTS: dict[tuple[str, str], tuple[str, str]] = {
    (occasion.value, language): _read(_TEXTS / language / f"{occasion.value}.liquid")
    for language in ("es", "en")
    for occasion in Occasion
}
"""(occasion, language) -> (subject, text)."""
