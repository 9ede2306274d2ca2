"""Amounts of money: exact decimals, half-up rounding, one currency at a time."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Self

from caudal.core.errors import ErrorCode, RuleError, require_range

ZERO = Decimal(0)

# Our own context: results must not depend on what another library did to the thread's one.
EXACT = Context(prec=60, rounding=ROUND_HALF_UP)

# Decimals of the minor unit (ISO 4217), for the Americas and the currencies of their neighbours.
MINOR_DIGITS: Mapping[str, int] = {
    **dict.fromkeys(
        ("ARS", "BBD", "BMD", "BOB", "BRL", "BSD", "BZD", "CAD", "COP", "CRC", "CUP", "DOP"), 2
    ),
    **dict.fromkeys(
        ("EUR", "GBP", "GTQ", "GYD", "HNL", "HTG", "JMD", "MXN", "NIO", "PAB", "PEN", "SRD"), 2
    ),
    **dict.fromkeys(("CHF", "TTD", "USD", "UYU", "VES", "XCD"), 2),
    **dict.fromkeys(("CLP", "JPY", "PYG"), 0),
    **dict.fromkeys(("BHD", "JOD", "KWD", "OMR", "TND"), 3),
    "CLF": 4,
}

MOST_DIGITS = 4
_digits = dict(MINOR_DIGITS)


def round_half_up(amount: Decimal, digits: int) -> Decimal:
    """Round to `digits` decimals, ties away from zero."""
    return require_decimal(amount).quantize(Decimal(1).scaleb(-digits), context=EXACT)


def minor_digits(currency: str) -> int:
    """Decimals of a currency's amounts in this installation."""
    if currency not in _digits:
        raise RuleError(ErrorCode.CURRENCY_UNKNOWN, currency=currency)
    return _digits[currency]


def set_minor_digits(digits: Mapping[str, int]) -> None:
    """Count other decimals than ISO 4217 for some currencies, as where nobody uses cents (COP).

    Said once when a program starts: amounts already written keep theirs. Raises RuleError for a
    currency that is not known or decimals that cannot be stored.
    """
    for currency, places in digits.items():
        minor_digits(currency)
        require_range(places, 0, MOST_DIGITS, ErrorCode.AMOUNT_TOO_FINE)
    _digits.update(digits)


def require_decimal(amount: object) -> Decimal:
    """Refuse floats, whole numbers, NaN and infinities."""
    if not isinstance(amount, Decimal):
        raise RuleError(ErrorCode.AMOUNT_NOT_DECIMAL, amount=repr(amount))
    if not amount.is_finite():
        raise RuleError(ErrorCode.AMOUNT_NOT_FINITE, amount=str(amount))
    return amount


def require_positive(amount: Decimal) -> Decimal:
    """Refuse zero and less."""
    if require_decimal(amount) <= 0:
        raise RuleError(ErrorCode.AMOUNT_NOT_POSITIVE, amount=amount)
    return amount


def require_not_negative(amount: Decimal) -> Decimal:
    """Refuse less than zero."""
    if require_decimal(amount) < 0:
        raise RuleError(ErrorCode.AMOUNT_NEGATIVE, amount=amount)
    return amount


def require_scale(amount: Decimal, digits: int) -> Decimal:
    """Refuse more decimals than the currency has (10.005 pesos cannot be paid)."""
    if require_decimal(amount) != round_half_up(amount, digits):
        raise RuleError(ErrorCode.AMOUNT_TOO_FINE, amount=amount, digits=digits)
    return amount


class CurrencyMismatch(RuleError):
    """Two currencies met in one sum or comparison."""

    def __init__(self, left: str, right: str) -> None:
        super().__init__(ErrorCode.CURRENCY_MISMATCH, left=left, right=right)


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount in one currency; never a float, never rounded unless asked."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        require_decimal(self.amount)
        if len(self.currency) != 3 or not self.currency.isascii() or not self.currency.isupper():
            raise RuleError(ErrorCode.CURRENCY_UNKNOWN, currency=self.currency)

    @classmethod
    def zero(cls, currency: str) -> Self:
        return cls(ZERO, currency)

    @classmethod
    def total(cls, items: Iterable["Money"], currency: str) -> "Money":
        """Sum of possibly no amounts; the currency says what an empty sum is in."""
        return sum(items, Money.zero(currency))

    def rounded(self, digits: int | None = None) -> "Money":
        """Rounded to `digits`, or to the currency's minor unit."""
        places = minor_digits(self.currency) if digits is None else digits
        return Money(round_half_up(self.amount, places), self.currency)

    def _same(self, other: "Money") -> Decimal:
        if self.currency != other.currency:
            raise CurrencyMismatch(self.currency, other.currency)
        return other.amount

    def __add__(self, other: "Money") -> "Money":
        return Money(EXACT.add(self.amount, self._same(other)), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(EXACT.subtract(self.amount, self._same(other)), self.currency)

    def __mul__(self, factor: Decimal | int) -> "Money":
        if isinstance(factor, float):
            raise RuleError(ErrorCode.AMOUNT_NOT_DECIMAL, amount=repr(factor))
        return Money(EXACT.multiply(self.amount, factor), self.currency)

    __rmul__ = __mul__

    def __neg__(self) -> "Money":
        return Money(self.amount.copy_negate(), self.currency)

    def __abs__(self) -> "Money":
        return Money(self.amount.copy_abs(), self.currency)

    def __bool__(self) -> bool:
        return self.amount != 0

    def __lt__(self, other: "Money") -> bool:
        return self.amount < self._same(other)

    def __le__(self, other: "Money") -> bool:
        return self.amount <= self._same(other)

    def __gt__(self, other: "Money") -> bool:
        return self.amount > self._same(other)

    def __ge__(self, other: "Money") -> bool:
        return self.amount >= self._same(other)

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"


def written(amount: Decimal, currency: str) -> str:
    """The amount with the decimals of its currency and nothing else, e.g. "420.00"."""
    return f"{round_half_up(amount, minor_digits(currency)):f}"
