"""Taxes of a document: none, added or included, one row per rate, line taxes that add up."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from caudal.core.errors import ErrorCode, RuleError
from caudal.core.money import EXACT, ZERO, require_decimal, require_scale, round_half_up

Item = TypeVar("Item")


class TaxMode(StrEnum):
    """Whether prices bear no tax, are net of it, or contain it (TAX-1)."""

    NONE = "none"
    ADDED = "added"
    INCLUDED = "included"


class TaxRounding(StrEnum):
    """Round the tax of each rate once over the document, or on every line (RD-6)."""

    PER_DOCUMENT = "document"
    PER_LINE = "line"


@dataclass(frozen=True, slots=True, order=True)
class TaxRate:
    """A named tax; `rate` is a fraction of the net amount (16 % is Decimal("0.16"))."""

    code: str
    rate: Decimal

    def __post_init__(self) -> None:
        if not 0 <= require_decimal(self.rate) <= 1:
            raise RuleError(ErrorCode.TAX_RATE_OUT_OF_RANGE, tax=self.code, rate=self.rate)

    @classmethod
    def percent(cls, code: str, percent: Decimal) -> "TaxRate":
        return cls(code, require_decimal(percent).scaleb(-2))


@dataclass(frozen=True, slots=True)
class TaxableLine:
    """A line before tax; `amount`, of any sign, is net with TaxMode.ADDED, gross with INCLUDED."""

    amount: Decimal
    rates: tuple[TaxRate, ...] = ()

    def __post_init__(self) -> None:
        require_decimal(self.amount)
        if len(set(self.rates)) != len(self.rates):
            raise RuleError(ErrorCode.TAX_REPEATED, taxes=", ".join(r.code for r in self.rates))


@dataclass(frozen=True, slots=True)
class LineTax:
    """The tax of one rate on one line."""

    rate: TaxRate
    amount: Decimal


@dataclass(frozen=True, slots=True)
class TaxedLine:
    """A line after tax: net + tax = total."""

    net: Decimal
    taxes: tuple[LineTax, ...]
    total: Decimal

    @property
    def tax(self) -> Decimal:
        return sum((tax.amount for tax in self.taxes), ZERO)


@dataclass(frozen=True, slots=True)
class TaxRow:
    """One rate over the whole document (TAX-4)."""

    rate: TaxRate
    base: Decimal
    tax: Decimal


@dataclass(frozen=True, slots=True)
class TaxedDocument:
    """Lines in the order given, one row per rate in order of first use; net + tax = total."""

    lines: tuple[TaxedLine, ...]
    rows: tuple[TaxRow, ...]
    net: Decimal
    tax: Decimal
    total: Decimal


def tax_document(
    lines: Sequence[TaxableLine],
    mode: TaxMode,
    digits: int,
    rounding: TaxRounding = TaxRounding.PER_DOCUMENT,
) -> TaxedDocument:
    """TAX-1..4. Line amounts must already be rounded to `digits`; proration comes before tax."""
    for line in lines:
        require_scale(line.amount, digits)
    if mode is TaxMode.INCLUDED:
        taxed = _included(lines, digits, rounding)
    elif mode is TaxMode.ADDED:
        taxed = _added(lines, digits, rounding)
    else:
        taxed = [TaxedLine(line.amount, (), line.amount) for line in lines]
    return _document(taxed)


def spread(
    total: Decimal, shares: Sequence[Decimal], limits: Sequence[Decimal], digits: int
) -> list[Decimal]:
    """Make rounded shares add up to `total`: the last one takes the cent, more go to those before.

    Every share stays between zero and its limit. Raises ValueError if the limits have no room.
    """
    result = list(shares)
    missing = total - sum(result, ZERO)
    step = Decimal(1).scaleb(-digits).copy_sign(missing)
    while missing:
        before = missing
        for at in reversed(range(len(result))):
            changed = result[at] + step
            if missing and changed == _between(changed, limits[at]):
                result[at] = changed
                missing -= step
        if missing == before:
            raise ValueError(f"limits leave no room for {missing}")
    return result


def _between(amount: Decimal, limit: Decimal) -> Decimal:
    """The amount, kept between zero and a limit of either sign."""
    return max(min(amount, max(limit, ZERO)), min(limit, ZERO))


def _added(lines: Sequence[TaxableLine], digits: int, rounding: TaxRounding) -> list[TaxedLine]:
    """TAX-3: per rate, R(sum of net * t), shared among the lines that bear the rate."""
    taxes: list[list[LineTax]] = [[] for _ in lines]
    for rate in _distinct(rate for line in lines for rate in line.rates):
        bearers = [at for at, line in enumerate(lines) if rate in line.rates]
        nets = [lines[at].amount for at in bearers]
        shares = _rounded(nets, rounding, digits, _times(rate.rate))
        for at, share in zip(bearers, shares, strict=True):
            taxes[at].append(LineTax(rate, share))
    return [
        _line(line.amount, _ordered(own, line.rates))
        for line, own in zip(lines, taxes, strict=True)
    ]


def _included(lines: Sequence[TaxableLine], digits: int, rounding: TaxRounding) -> list[TaxedLine]:
    """TAX-2: net = R(gross / (1 + t)), tax = gross - net; t is the sum of the rates on one base."""
    done: dict[int, TaxedLine] = {}
    for rates in _distinct(line.rates for line in lines):
        bearers = [at for at, line in enumerate(lines) if line.rates == rates]
        grosses = [lines[at].amount for at in bearers]
        whole = EXACT.add(Decimal(1), sum((rate.rate for rate in rates), ZERO))
        nets = _rounded(grosses, rounding, digits, _divided_by(whole))
        taxes = [gross - net for gross, net in zip(grosses, nets, strict=True)]
        shared = _by_rate(taxes, nets, rates, digits, rounding)
        for at, net, own in zip(bearers, nets, shared, strict=True):
            done[at] = _line(net, own)
    return [done[at] for at in range(len(lines))]


def _by_rate(
    taxes: Sequence[Decimal],
    nets: Sequence[Decimal],
    rates: Sequence[TaxRate],
    digits: int,
    rounding: TaxRounding,
) -> list[tuple[LineTax, ...]]:
    """Included tax per line and rate: each rate its own share, the last one takes the remainder."""
    left = list(taxes)
    found: list[tuple[LineTax, ...]] = [() for _ in taxes]
    for rate in rates[:-1]:
        shares = [_own(net, rate, most, digits) for net, most in zip(nets, left, strict=True)]
        if rounding is TaxRounding.PER_DOCUMENT:
            whole = _own(sum(nets, ZERO), rate, sum(left, ZERO), digits)
            shares = spread(whole, shares, left, digits)
        found = [(*own, LineTax(rate, share)) for own, share in zip(found, shares, strict=True)]
        left = [own - share for own, share in zip(left, shares, strict=True)]
    return [
        (*own, *(LineTax(rate, rest) for rate in rates[-1:]))
        for own, rest in zip(found, left, strict=True)
    ]


def _rounded(
    amounts: Sequence[Decimal],
    rounding: TaxRounding,
    digits: int,
    rule: Callable[[Decimal], Decimal],
) -> list[Decimal]:
    """rule(amount) of every line, rounded; per document, they add up to the rounded rule(sum)."""
    shares = [round_half_up(rule(amount), digits) for amount in amounts]
    if rounding is TaxRounding.PER_LINE:
        return shares
    return spread(round_half_up(rule(sum(amounts, ZERO)), digits), shares, amounts, digits)


def _own(net: Decimal, rate: TaxRate, most: Decimal, digits: int) -> Decimal:
    """R(net * t), but no more than the included tax that is left to share."""
    tax = round_half_up(EXACT.multiply(net, rate.rate), digits)
    return _between(tax, most)


def _document(lines: Sequence[TaxedLine]) -> TaxedDocument:
    net = sum((line.net for line in lines), ZERO)
    tax = sum((line.tax for line in lines), ZERO)
    rates = _distinct(own.rate for line in lines for own in line.taxes)
    rows = tuple(_row(rate, lines) for rate in rates)
    return TaxedDocument(tuple(lines), rows, net, tax, net + tax)


def _row(rate: TaxRate, lines: Sequence[TaxedLine]) -> TaxRow:
    bearing = [(line.net, own.amount) for line in lines for own in line.taxes if own.rate == rate]
    base = sum((net for net, _ in bearing), ZERO)
    return TaxRow(rate, base, sum((tax for _, tax in bearing), ZERO))


def _line(net: Decimal, taxes: tuple[LineTax, ...]) -> TaxedLine:
    return TaxedLine(net, taxes, net + sum((tax.amount for tax in taxes), ZERO))


def _times(rate: Decimal) -> Callable[[Decimal], Decimal]:
    return lambda net: EXACT.multiply(net, rate)


def _divided_by(whole: Decimal) -> Callable[[Decimal], Decimal]:
    return lambda gross: EXACT.divide(gross, whole)


def _ordered(taxes: Sequence[LineTax], rates: Sequence[TaxRate]) -> tuple[LineTax, ...]:
    return tuple(sorted(taxes, key=lambda tax: rates.index(tax.rate)))


def _distinct(items: Iterable[Item]) -> list[Item]:
    return list(dict.fromkeys(items))
