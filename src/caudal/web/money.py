"""Amounts as each country writes them: $1,234.50 in Mexico, $ 1.234,50 in Argentina."""

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.numbers import get_currency_symbol

from caudal.core.errors import RuleError
from caudal.core.money import minor_digits, round_half_up

_LOCALES = {
    "ARS": "es_AR", "BOB": "es_BO", "BRL": "pt_BR", "CLP": "es_CL", "COP": "es_CO",
    "CRC": "es_CR", "CUP": "es_CU", "DOP": "es_DO", "EUR": "es_ES", "GTQ": "es_GT",
    "HNL": "es_HN", "MXN": "es_MX", "NIO": "es_NI", "PAB": "es_PA", "PEN": "es_PE",
    "PYG": "es_PY", "USD": "es_US", "UYU": "es_UY", "VES": "es_VE",
}  # fmt: skip


@dataclass(frozen=True)
class _Style:
    prefix: str
    suffix: str
    digits: int
    signs: dict[int, str]
    """Translation of Python's "," and "." to the country's separators."""


def format_money(amount: Decimal | int | None, currency: str) -> str:
    """The amount with the currency's sign and decimals; None is a dash."""
    if amount is None:
        return "–"
    style = _style(currency)
    rounded = round_half_up(Decimal(amount), style.digits)
    digits = f"{abs(rounded):,.{style.digits}f}".translate(style.signs)
    minus = "-" if rounded < 0 else ""
    return f"{minus}{style.prefix}{digits}{style.suffix}"


@lru_cache(maxsize=64)
def _style(currency: str) -> _Style:
    name = _LOCALES.get(currency, "es_MX")
    locale = Locale.parse(name)
    symbol = get_currency_symbol(currency, name) if currency in _LOCALES else f"{currency} "
    # Dollars must not look like the country's own pesos.
    symbol = {"USD": "US$ ", "": ""}.get(currency, symbol)
    pattern = locale.currency_formats["standard"]
    before, after = pattern.prefix[0], pattern.suffix[0]
    symbols = locale.number_symbols.get("latn", {})
    return _Style(
        prefix=before.replace("¤", symbol),
        suffix=after.replace("¤", symbol.strip()),
        digits=_digits(currency),
        signs=str.maketrans({",": symbols.get("group", ","), ".": symbols.get("decimal", ".")}),
    )


def _digits(currency: str) -> int:
    try:
        return minor_digits(currency)
    except RuleError:
        return 2
