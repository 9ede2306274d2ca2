"""The one error that the rules raise: a code and its values, worded by whoever shows it."""

from enum import StrEnum


class ErrorCode(StrEnum):
    """Every refusal of the billing rules; the screens hold one sentence for each."""

    AMOUNT_NOT_DECIMAL = "amount-not-decimal"
    AMOUNT_NOT_FINITE = "amount-not-finite"
    AMOUNT_NOT_POSITIVE = "amount-not-positive"
    AMOUNT_NEGATIVE = "amount-negative"
    AMOUNT_TOO_FINE = "amount-too-fine"
    AMOUNT_TOO_LARGE = "amount-too-large"
    CURRENCY_MISMATCH = "currency-mismatch"
    CURRENCY_UNKNOWN = "currency-unknown"
    DATE_DOES_NOT_EXIST = "date-does-not-exist"
    DATE_TOO_FAR = "date-too-far"
    DAY_OF_MONTH_OUT_OF_RANGE = "day-of-month-out-of-range"
    DAYS_OUT_OF_RANGE = "days-out-of-range"
    DISCOUNT_PERCENT_OR_AMOUNT = "discount-percent-or-amount"
    INSTALMENTS_OUT_OF_RANGE = "instalments-out-of-range"
    INSTANT_WITHOUT_ZONE = "instant-without-zone"
    INVOICE_NOT_AMONG_OPEN = "invoice-not-among-open"
    MONTH_OUT_OF_RANGE = "month-out-of-range"
    NOT_A_DUE_DATE = "not-a-due-date"
    NOT_ALLOWED_IN_STATE = "not-allowed-in-state"
    PART_OUTSIDE_CYCLE = "part-outside-cycle"
    PERCENT_OUT_OF_RANGE = "percent-out-of-range"
    PERIOD_REVERSED = "period-reversed"
    REASON_ALREADY_OPEN = "reason-already-open"
    REASON_NOT_OPEN = "reason-not-open"
    RECHARGE_NEEDS_OWN_BILLING = "recharge-needs-own-billing"
    TAX_RATE_OUT_OF_RANGE = "tax-rate-out-of-range"
    TAX_REPEATED = "tax-repeated"
    UNPAID_COUNT_OUT_OF_RANGE = "unpaid-count-out-of-range"
    ZONE_UNKNOWN = "zone-unknown"


class RuleError(ValueError):
    """A refusal that a screen can word: `code` is stable, `params` are the values it speaks of."""

    def __init__(self, code: str, **params: object) -> None:
        self.code = code
        self.params = params
        shown = ", ".join(f"{name}={value}" for name, value in params.items())
        super().__init__(f"{code} ({shown})" if shown else str(code))


def require_range(value: int, low: int, high: int, code: ErrorCode) -> None:
    """Refuse a whole number outside low..high, both ends allowed."""
    if not low <= value <= high:
        raise RuleError(code, value=value, low=low, high=high)
