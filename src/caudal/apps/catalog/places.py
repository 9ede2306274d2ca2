"""Countries and currencies to choose from, named in the reader's language."""

from babel import Locale
from babel.numbers import get_currency_name
from django.utils.translation import get_language

from caudal.core.money import MINOR_DIGITS

COUNTRIES = (
    "AR", "BO", "BR", "CL", "CO", "CR", "CU", "DO", "EC", "SV", "ES", "US", "GT", "HN", "MX",
    "NI", "PA", "PY", "PE", "PR", "UY", "VE",
)  # fmt: skip


def countries() -> list[tuple[str, str]]:
    names = Locale.parse(_language()).territories
    return sorted(((code, names.get(code, code)) for code in COUNTRIES), key=lambda row: row[1])


def currencies() -> list[tuple[str, str]]:
    language = _language()
    return [
        (code, f"{code} · {get_currency_name(code, locale=language)}")
        for code in sorted(MINOR_DIGITS)
    ]


def _language() -> str:
    return get_language() or "es"
