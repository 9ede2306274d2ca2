"""Products on service invoices: recurring, once, or in instalments (PRD)."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum

from caudal.core.errors import ErrorCode, RuleError, require_range
from caudal.core.money import EXACT, require_not_negative, require_scale
from caudal.core.periods import Period
from caudal.core.proration import ProrationBase, part_price
from caudal.core.records import Reason, ReasonCode, Value

MOST_INSTALMENTS = 24


class ProductBilling(StrEnum):
    """How often a product is charged."""

    RECURRING = "recurring"
    ONCE = "once"
    INSTALMENTS = "instalments"


@dataclass(frozen=True, slots=True)
class ProductTerms:
    """A product sold to a customer; `instalments` is 2..24 and counts with INSTALMENTS alone."""

    billing: ProductBilling
    price: Decimal
    instalments: int = 1
    starts: date | None = None
    ends: date | None = None

    def __post_init__(self) -> None:
        require_not_negative(self.price)
        if self.billing is ProductBilling.INSTALMENTS:
            _require_count(self.instalments)
        if self.starts and self.ends and self.ends < self.starts:
            raise RuleError(ErrorCode.PERIOD_REVERSED, first=self.starts, last=self.ends)

    def shown(self, emission: date) -> bool:
        """PRD-4: start <= emission <= end, both ends included; the price is whole (RD-23)."""
        started = self.starts is None or self.starts <= emission
        return started and (self.ends is None or emission <= self.ends)


@dataclass(frozen=True, slots=True)
class ProductCharge:
    """Charge `number` of `of` (None: without end); `completes` marks the product as billed."""

    amount: Decimal
    number: int
    of: int | None
    completes: bool


def instalments(total: Decimal, count: int, digits: int) -> tuple[Decimal, ...]:
    """PRD-3: total / count cut down to the minor unit, and the remainder in the last one."""
    _require_count(count)
    require_scale(require_not_negative(total), digits)
    unit = Decimal(1).scaleb(-digits)
    each = EXACT.divide(total, count).quantize(unit, rounding=ROUND_DOWN, context=EXACT)
    return (*[each] * (count - 1), total - each * (count - 1))


def product_charge(
    terms: ProductTerms, emission: date, billed: int, digits: int
) -> ProductCharge | None:
    """PRD-1..4: what the service invoice of `emission` charges after `billed` earlier charges."""
    if not terms.shown(emission):
        return None
    if terms.billing is ProductBilling.RECURRING:
        return ProductCharge(terms.price, billed + 1, None, False)
    amounts = _amounts(terms, digits)
    if billed >= len(amounts):
        return None
    number = billed + 1
    return ProductCharge(amounts[billed], number, len(amounts), number == len(amounts))


def unbilled_rest(terms: ProductTerms, billed: int, digits: int) -> Decimal:
    """PRD-5: what an end date before the last charge leaves unbilled; shown, not lost."""
    if terms.billing is ProductBilling.RECURRING:
        return Decimal(0)
    return sum(_amounts(terms, digits)[billed:], Decimal(0))


def product_days(
    price: Decimal,
    days: Period,
    cycle: Period,
    starts: date | None,
    digits: int,
    base: ProrationBase = ProrationBase.ACTUAL,
) -> Decimal:
    """RD-23, the other reading: what a recurring product costs for the days it was there.

    `days` are those that the invoice charges of `cycle`; a product that starts among them costs
    from its start on, and nothing if it starts after them.
    """
    first = days.first if starts is None else max(days.first, starts)
    if first > days.last:
        return Decimal(0)
    return part_price(price, cycle, Period(first, days.last), digits, base)


def explain_charge(charge: ProductCharge, terms: ProductTerms) -> Reason:
    """Why an invoice charges a product."""
    values: dict[str, Value] = {"amount": charge.amount, "price": terms.price}
    if terms.billing is ProductBilling.RECURRING:
        return Reason("PRD-1", ReasonCode.PRODUCT_RECURRING, values)
    if terms.billing is ProductBilling.ONCE:
        return Reason("PRD-2", ReasonCode.PRODUCT_ONCE, values)
    turn: dict[str, Value] = {"number": charge.number, "of": terms.instalments}
    return Reason("PRD-3", ReasonCode.PRODUCT_INSTALMENT, values | turn)


def explain_days(price: Decimal, days: Period, cycle: Period, amount: Decimal) -> Reason:
    """Why a product that is prorated costs less than its price."""
    values: dict[str, Value] = {
        "first": days.first,
        "last": days.last,
        "days": days.days,
        "cycle_days": cycle.days,
        "price": price,
        "amount": amount,
    }
    return Reason("PRD-4", ReasonCode.PRODUCT_DAYS, values)


def _amounts(terms: ProductTerms, digits: int) -> tuple[Decimal, ...]:
    if terms.billing is ProductBilling.INSTALMENTS:
        return instalments(terms.price, terms.instalments, digits)
    return (terms.price,)


def _require_count(count: int) -> None:
    require_range(count, 2, MOST_INSTALMENTS, ErrorCode.INSTALMENTS_OUT_OF_RANGE)
