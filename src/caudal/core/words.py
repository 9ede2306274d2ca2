"""Amounts in Spanish words, as printed on invoices and receipts."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from caudal.core.errors import ErrorCode, RuleError
from caudal.core.money import minor_digits, require_not_negative, require_scale

MILLION = 10**6
LARGEST = 10**12

_UNITS = (
    "CERO", "UNO", "DOS", "TRES", "CUATRO", "CINCO", "SEIS", "SIETE", "OCHO", "NUEVE", "DIEZ",
    "ONCE", "DOCE", "TRECE", "CATORCE", "QUINCE", "DIECISÉIS", "DIECISIETE", "DIECIOCHO",
    "DIECINUEVE", "VEINTE", "VEINTIUNO", "VEINTIDÓS", "VEINTITRÉS", "VEINTICUATRO", "VEINTICINCO",
    "VEINTISÉIS", "VEINTISIETE", "VEINTIOCHO", "VEINTINUEVE",
)  # fmt: skip
_TENS = ("TREINTA", "CUARENTA", "CINCUENTA", "SESENTA", "SETENTA", "OCHENTA", "NOVENTA")
_HUNDREDS = (
    "CIENTO", "DOSCIENTOS", "TRESCIENTOS", "CUATROCIENTOS", "QUINIENTOS", "SEISCIENTOS",
    "SETECIENTOS", "OCHOCIENTOS", "NOVECIENTOS",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CurrencyWords:
    """How a currency is written out: names, what precedes the cents, what ends the phrase.

    `name_last` is the Peruvian order: TRESCIENTOS Y 00/100 SOLES.
    """

    one: str
    many: str
    joint: str = " "
    ending: str = ""
    name_last: bool = False


_CON = " CON "
CURRENCY_WORDS: Mapping[str, CurrencyWords] = {
    "ARS": CurrencyWords("PESO", "PESOS", _CON),
    "BOB": CurrencyWords("BOLIVIANO", "BOLIVIANOS"),
    "BRL": CurrencyWords("REAL", "REALES", _CON),
    "CLP": CurrencyWords("PESO", "PESOS"),
    "COP": CurrencyWords("PESO", "PESOS", _CON, " M/CTE"),
    "CRC": CurrencyWords("COLÓN", "COLONES", _CON),
    "CUP": CurrencyWords("PESO CUBANO", "PESOS CUBANOS", _CON),
    "DOP": CurrencyWords("PESO DOMINICANO", "PESOS DOMINICANOS", _CON),
    "EUR": CurrencyWords("EURO", "EUROS", _CON),
    "GTQ": CurrencyWords("QUETZAL", "QUETZALES", _CON),
    "HNL": CurrencyWords("LEMPIRA", "LEMPIRAS", _CON),
    "MXN": CurrencyWords("PESO", "PESOS", ending=" M.N."),
    "NIO": CurrencyWords("CÓRDOBA", "CÓRDOBAS", _CON),
    "PAB": CurrencyWords("BALBOA", "BALBOAS", _CON),
    "PEN": CurrencyWords("SOL", "SOLES", " Y ", name_last=True),
    "PYG": CurrencyWords("GUARANÍ", "GUARANÍES"),
    "USD": CurrencyWords("DÓLAR", "DÓLARES", _CON),
    "UYU": CurrencyWords("PESO URUGUAYO", "PESOS URUGUAYOS", _CON),
    "VES": CurrencyWords("BOLÍVAR", "BOLÍVARES", _CON),
}


def amount_in_words(amount: Decimal, currency: str, digits: int | None = None) -> str:
    """An amount 0..10^12 as invoices print it: TRESCIENTOS PESOS 00/100 M.N."""
    places = minor_digits(currency) if digits is None else digits
    require_scale(require_not_negative(amount), places)
    names = CURRENCY_WORDS.get(currency)
    if names is None:
        raise RuleError(ErrorCode.CURRENCY_UNKNOWN, currency=currency)
    whole = int(amount)
    cents = _cents(amount - whole, places, names.joint)
    if names.name_last and cents:
        return f"{number_in_words(whole)}{cents} {names.many}{names.ending}"
    name = names.one if whole == 1 else names.many
    of = "DE " if whole and whole % MILLION == 0 else ""
    return f"{number_in_words(whole, before_noun=True)} {of}{name}{cents}{names.ending}"


def number_in_words(number: int, before_noun: bool = False) -> str:
    """A whole number 0..10^12 in capitals; before a noun UNO is shortened (VEINTIÚN PESOS)."""
    if not 0 <= number <= LARGEST:
        raise RuleError(ErrorCode.AMOUNT_TOO_LARGE, amount=number, largest=LARGEST)
    if number == LARGEST:
        return "UN BILLÓN"
    millions, rest = divmod(number, MILLION)
    words = []
    if millions:
        words.append("UN MILLÓN" if millions == 1 else f"{_below_million(millions, True)} MILLONES")
    if rest or not millions:
        words.append(_below_million(rest, before_noun))
    return " ".join(words)


def _cents(fraction: Decimal, places: int, joint: str) -> str:
    if places == 0:
        return ""
    return f"{joint}{int(fraction.scaleb(places)):0{places}d}/{10**places}"


def _below_million(number: int, shortened: bool) -> str:
    thousands, rest = divmod(number, 1000)
    words = []
    if thousands:
        words.append("MIL" if thousands == 1 else f"{_below_thousand(thousands, True)} MIL")
    if rest or not thousands:
        words.append(_below_thousand(rest, shortened))
    return " ".join(words)


def _below_thousand(number: int, shortened: bool) -> str:
    if number == 100:
        return "CIEN"
    hundreds, rest = divmod(number, 100)
    words = [_HUNDREDS[hundreds - 1]] if hundreds else []
    if rest or not hundreds:
        words.append(_below_hundred(rest, shortened))
    return " ".join(words)


def _below_hundred(number: int, shortened: bool) -> str:
    if shortened and number in (1, 21):
        return "UN" if number == 1 else "VEINTIÚN"
    if number < 30:
        return _UNITS[number]
    tens, units = divmod(number, 10)
    one = "UN" if shortened else "UNO"
    unit = one if units == 1 else _UNITS[units]
    return f"{_TENS[tens - 3]} Y {unit}" if units else _TENS[tens - 3]
