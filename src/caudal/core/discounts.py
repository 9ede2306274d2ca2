"""Discounts on the plan: a percentage or an amount, for some invoices or until a date."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from caudal.core.errors import ErrorCode, RuleError
from caudal.core.money import EXACT, ZERO, require_positive, round_half_up
from caudal.core.records import Reason, ReasonCode, Value


@dataclass(frozen=True, slots=True)
class DiscountTerms:
    """Exactly one of `percent` (0 < p <= 100) and `amount`; `months` None: no count ends it."""

    percent: Decimal | None = None
    amount: Decimal | None = None
    months: int | None = None
    starts: date | None = None
    ends: date | None = None

    def __post_init__(self) -> None:
        if (self.percent is None) == (self.amount is None):
            raise RuleError(ErrorCode.DISCOUNT_PERCENT_OR_AMOUNT)
        if self.percent is not None and not 0 < self.percent <= 100:
            raise RuleError(ErrorCode.PERCENT_OUT_OF_RANGE, fraction=self.percent)
        if self.amount is not None:
            require_positive(self.amount)
        if self.starts and self.ends and self.ends < self.starts:
            raise RuleError(ErrorCode.PERIOD_REVERSED, first=self.starts, last=self.ends)

    def applies(self, emission: date, used: int) -> bool:
        """Both dates are emission dates and both are included, as with products (PRD-4)."""
        started = self.starts is None or self.starts <= emission
        ended = self.ends is not None and self.ends < emission
        return started and not ended and (self.months is None or used < self.months)


def discount_of(
    terms: DiscountTerms, base: Decimal, emission: date, used: int, digits: int
) -> Decimal:
    """What `terms` take off a plan that costs `base` >= 0: never more than it costs."""
    if base <= 0 or not terms.applies(emission, used):
        return ZERO
    if terms.amount is not None:
        return min(round_half_up(terms.amount, digits), base)
    share = EXACT.multiply(base, (terms.percent or ZERO).scaleb(-2))
    return min(round_half_up(share, digits), base)


def explain_discount(terms: DiscountTerms, base: Decimal, taken: Decimal, number: int) -> Reason:
    """Why an invoice is cheaper by `taken`; `number` counts the invoices that got it."""
    values: dict[str, Value] = {"base": base, "amount": taken, "number": number}
    if terms.months is not None:
        values["of"] = terms.months
    if terms.percent is None:
        return Reason("PRD-7", ReasonCode.DISCOUNT_AMOUNT, values)
    percent = f"{terms.percent.normalize():f}"
    return Reason("PRD-7", ReasonCode.DISCOUNT_PERCENT, {**values, "percent": percent})
