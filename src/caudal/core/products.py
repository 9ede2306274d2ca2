"""Products on service invoices: recurring, once, or in instalments (PRD)."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum

from caudal.core.errors import ErrorCode, RuleError, require_range
from caudal.core.money import EXACT, require_not_negative, require_scale

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


def _amounts(terms: ProductTerms, digits: int) -> tuple[Decimal, ...]:
    if terms.billing is ProductBilling.INSTALMENTS:
        return instalments(terms.price, terms.instalments, digits)
    return (terms.price,)


def _require_count(count: int) -> None:
    require_range(count, 2, MOST_INSTALMENTS, ErrorCode.INSTALMENTS_OUT_OF_RANGE)
