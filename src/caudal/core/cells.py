"""Cells as people and spreadsheets write them -> amounts, dates, numbers, addresses, states."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from ipaddress import ip_address

from caudal.core.text import fold, key

_EXCEL_ZERO = date(1899, 12, 30)
_SERIALS = range(18_264, 73_051)  # 1950 to 2100
_YES = frozenset(
    {"si", "s", "yes", "y", "true", "verdadero", "1", "x", "activo", "habilitado", "on"}
)
_NO = frozenset({"no", "n", "false", "falso", "0", "inactivo", "deshabilitado", "off"})
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "ene enero jan january",
            "feb febrero february",
            "mar marzo march",
            "abr abril apr april",
            "may mayo",
            "jun junio june",
            "jul julio july",
            "ago agosto aug august",
            "sep sept septiembre setiembre september",
            "oct octubre october",
            "nov noviembre november",
            "dic diciembre dec december",
        ),
        1,
    )
    for name in names.split()
}
_MINUS = re.compile("[\u2212\u2012\u2013\u2014\ufe63\uff0d]")
"""What programs that mind their typography write for a minus."""
_EMPTY = frozenset({"", "-", "--", "n/a", "na", "none", "null", "nan", "s/n", "0000-00-00", "nd"})


_BROKEN_WORDS = frozenset({
    "#N/A", "#N/D", "#REF!", "#¡REF!", "#VALUE!", "#¡VALOR!", "#VALOR!", "#DIV/0!", "#¡DIV/0!",
    "#NAME?", "#¿NOMBRE?", "#NOMBRE?", "#NULL!", "#¡NULO!", "#NUM!", "#¡NUM!", "#ERROR!",
    "#SPILL!", "#¡DESBORDAMIENTO!", "#CALC!",
})  # fmt: skip


class Fault(StrEnum):
    """Why a cell cannot be read; screens hold one sentence for each."""

    AMOUNT = "amount"
    DATE = "date"
    NO_SUCH_DATE = "no-such-date"
    DAY = "day"
    ADDRESS = "address"
    MAC = "mac"
    YES_NO = "yes-no"
    STATE = "state"
    DIGITS_LOST = "digits-lost"
    COORDINATE = "coordinate"


class CellError(ValueError):
    def __init__(self, fault: Fault, text: str) -> None:
        super().__init__(f"{fault}: {text[:60]}")
        self.fault = fault
        self.text = text[:60]


def is_empty(text: str) -> bool:
    """Nothing, or what systems write for nothing."""
    return fold(text) in _EMPTY


def is_broken(cell: str) -> bool:
    """Whether it is what a formula that failed leaves."""
    return cell.strip().upper() in _BROKEN_WORDS or bool(re.fullmatch(r"Err:\d{3}", cell.strip()))


def is_plain(text: str) -> bool:
    """Whether it is a number as programs write it: `1250.50`, `-3`; not `1_000`, `1e3`, `１２`."""
    return re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)", text, re.ASCII) is not None


def read_amount(text: str) -> Decimal:
    """`$ 1,234.56`, `1.234,56`, `250 pesos`, `(250)` and `-250`. A lone mark between
    up to three digits and exactly three groups thousands. Raises CellError."""
    if any(mark.isdigit() and not mark.isascii() for mark in text):
        raise CellError(Fault.AMOUNT, text)
    plain = _MINUS.sub("-", text.strip())
    joined = re.sub(r"(?<=\d)[ '’\u00a0\u2009\u202f](?=\d{3}(?!\d))|(?<=[A-Za-z])\.", "", plain)
    found = re.fullmatch(r"([^\d.,]*)(\d[\d.,]*|[.,]\d+)([^\d]*)", joined)
    number = _plain_number(found[2].rstrip(".,")) if found else None
    if found is None or number is None or len(number) > 13:
        raise CellError(Fault.AMOUNT, text)
    amount = Decimal(number).quantize(Decimal("0.01"))
    negative = found[1].rstrip("$ ").endswith(("-", "(")) or "-" in found[1] + found[3]
    return -amount if negative else amount


def _plain_number(text: str) -> str | None:
    """With a point before the decimals and no other mark; None where the marks make no sense."""
    last = max(text.rfind("."), text.rfind(","))
    if last < 0:
        return text
    whole, mark, part = text[:last], text[last], text[last + 1 :]
    other = "," if mark == "." else "."
    lone = not re.search(r"[.,]", whole)
    is_group = lone and len(part) == 3 and len(whole) <= 3 and whole not in ("", "0")
    if mark in whole or is_group:
        whole, part, other = text, "", mark
    groups = whole.split(other)
    if any(len(group) != 3 for group in groups[1:]) or not all(g.isdigit() for g in groups if g):
        return None
    return f"{''.join(groups) or '0'}.{part or '0'}"


def month_first(texts: Iterable[str]) -> bool:
    """Do these dates put the month first? Only if one must be read so and none must not."""
    first = second = False
    for text in texts:
        if found := re.match(r"(\d{1,2})[/.\-](\d{1,2})[/.\-]", text):
            first = first or int(found[1]) > 12
            second = second or int(found[2]) > 12
    return second and not first


def read_date(text: str, *, month_first: bool = False) -> date:
    """`31/12/2024`, `2024-12-31 10:00`, `15 de julio de 2024`, Excel's 45657. Raises CellError."""
    text = text.strip()
    if re.fullmatch(r"\d{5}(\.\d+)?", text) and int(text[:5]) in _SERIALS:
        return _EXCEL_ZERO + timedelta(days=int(text[:5]))
    if found := re.match(r"(\d{4})[/.\-](\d{1,2})[/.\-](\d{1,2})(?!\d)", text):
        return _day(text, found[1], found[2], found[3])
    if found := re.match(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4}|\d{2})(?!\d)", text):
        day, month = (found[2], found[1]) if month_first else (found[1], found[2])
        return _day(text, found[3], month, day)
    words = re.findall(r"\d+|[a-z]+", fold(text))
    if month := next((_MONTHS[word] for word in words if word in _MONTHS), None):
        numbers = [word for word in words if word.isdigit()]
        if len(numbers) >= 2:
            return _day(text, numbers[1], str(month), numbers[0])
    raise CellError(Fault.DATE, text)


def _day(text: str, year: str, month: str, day: str) -> date:
    full = int(year) + 2000 if len(year) < 3 else int(year)
    try:
        found = date(full, int(month), int(day))
    except ValueError:
        raise CellError(Fault.NO_SUCH_DATE, text) from None
    if not 1950 <= found.year <= 2100:
        raise CellError(Fault.NO_SUCH_DATE, text)
    return found


def read_day(text: str) -> int:
    """A day of the month: `5`, `05`, `día 5`, `5.0`; of a whole date its day. Raises CellError."""
    if re.search(r"\d[/\-]\d", text):
        return read_date(text).day
    found = re.search(r"\d+", text)
    if not found or not 1 <= int(found[0]) <= 31:
        raise CellError(Fault.DAY, text)
    return int(found[0])


def read_yes(text: str) -> bool:
    """Raises CellError for what is neither yes nor no."""
    word = fold(text)
    if word not in _YES | _NO:
        raise CellError(Fault.YES_NO, text)
    return word in _YES


def read_phone_digits(text: str) -> str:
    """Without what a spreadsheet did to it: `5512345678.0`, `5.512345678E+09`. Raises CellError
    where it kept fewer digits than the number had."""
    whole = re.sub(r"(?<!\d)(\d),(\d+[eE]\+?\d)", r"\1.\2", text)  # 5,512E+09
    whole = re.sub(r"(\d{7,}),0+(?!\d)", r"\1", whole)
    parts = re.split(r"[;,\n/]| y ", whole)
    return "; ".join(_one_phone(part.strip()) for part in parts if part.strip())


def _one_phone(text: str) -> str:
    if re.fullmatch(r"\d+\.0+", text):
        return text.partition(".")[0]
    if found := re.fullmatch(r"(\d)(?:\.(\d+))?[eE]\+?(\d{1,2})", text):
        kept, power = found[1] + (found[2] or ""), int(found[3])
        if len(kept.rstrip("0")) < power:  # two ending zeros are rare, so fewer digits are a loss
            raise CellError(Fault.DIGITS_LOST, text)
        return str(int(Decimal(text)))
    return text


def read_key(text: str) -> str:
    """A code or document of which a spreadsheet may have made a number: `1234.0` is 1234. Raises
    CellError where it kept fewer digits than there were: `1.23E+10`."""
    text = text.strip()
    if found := re.fullmatch(r"(\d+)[.,]0{1,2}", text):
        return found[1]
    if found := re.fullmatch(r"(\d)(?:[.,](\d+))?[eE]\+(\d{1,2})", text):
        digits, power = found[1] + (found[2] or ""), int(found[3])
        if len(digits) <= power:
            raise CellError(Fault.DIGITS_LOST, text)
        return digits[: power + 1] if not digits[power + 1 :].strip("0") else text
    return text


def read_ip(text: str) -> str:
    """One address, without /32 or port. Raises CellError."""
    bare = text.strip().partition("/")[0]
    if re.fullmatch(r"[\d.]+:\d+", bare):
        bare = bare.partition(":")[0]
    try:
        return str(ip_address(bare.strip()))
    except ValueError:
        raise CellError(Fault.ADDRESS, text) from None


def read_mac(text: str) -> str:
    """As AA:BB:CC:DD:EE:FF whatever the marks. Raises CellError."""
    bare = key(text).upper()
    if not re.fullmatch(r"[0-9A-F]{12}", bare):
        raise CellError(Fault.MAC, text)
    return ":".join(bare[at : at + 2] for at in range(0, 12, 2))


def read_degrees(text: str) -> Decimal:
    """One coordinate. Raises CellError."""
    try:
        found = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        raise CellError(Fault.COORDINATE, text) from None
    if not found.is_finite() or abs(found) > 180:
        raise CellError(Fault.COORDINATE, text)
    return found.quantize(Decimal("0.000001"))


class State(StrEnum):
    """What other systems say of a service, in our words; free means never billed, never cut."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"
    PENDING = "pending"
    FREE = "free"


_STATES: dict[str, State] = {
    word: state
    for state, words in {
        State.ACTIVE: "activo activa active habilitado habilitada online conectado al_corriente 1",
        State.SUSPENDED: "suspendido suspendida suspended cortado cortada bloqueado bloqueada "
        "moroso disabled deshabilitado deshabilitada inactivo inactiva pausado 0",
        State.CANCELLED: "cancelado cancelada retirado retirada baja cancelled canceled "
        "eliminado eliminada desconectado terminado",
        State.PENDING: "pendiente pending instalacion por_instalar prospecto nuevo",
        State.FREE: "gratis free cortesia exento",
    }.items()
    for word in words.split()
}


def read_state(text: str) -> State:
    """Raises CellError for a word nobody told us."""
    words = fold(text).replace("_", " ")
    for known in (words.replace(" ", "_"), *words.split()):
        if known in _STATES:
            return _STATES[known]
    raise CellError(Fault.STATE, text)


@dataclass(frozen=True, slots=True)
class Offer:
    """What a plan's name tells: speeds in kbit/s, 0 where it does not; price or None."""

    down_kbps: int = 0
    up_kbps: int = 0
    price: Decimal | None = None


_NUMBER = r"(\d{1,7}(?:[.,]\d{1,3})?)"
_LETTERS = r"([kmg])(?:b|bps|ps|bits?|egas?|igas?|b/s)?\b"
_SPEED = re.compile(
    rf"{_NUMBER}\s*(?:{_LETTERS})?\s*[/x]\s*{_NUMBER}\s*{_LETTERS}|{_NUMBER}\s*{_LETTERS}"
)
_UNIT = {"k": 1, "m": 1_000, "g": 1_000_000}


def read_offer(text: str) -> Offer:
    """Speed and price out of names such as `Básico 10Mb / $250` or `PLAN 20M/5M`.

    In a pair the download is the larger one, whichever comes first.
    """
    words = fold(text)
    price = None
    if found := re.search(r"\$\s*([\d.,]*\d)", words):
        price = read_amount(found[1])
    found = _SPEED.search(re.sub(r"\$\s*[\d.,]+", " ", words))
    if not found:
        return Offer(price=price)
    if found[1]:
        unit = _UNIT[found[4]]
        one, two = _kbps(found[1], _UNIT.get(found[2], unit)), _kbps(found[3], unit)
        return Offer(max(one, two), min(one, two), price)
    speed = _kbps(found[5], _UNIT[found[6]])
    return Offer(speed, speed, price)


def _kbps(number: str, unit: int) -> int:
    return min(int(Decimal(number.replace(",", ".")) * unit), 1_000_000_000)
