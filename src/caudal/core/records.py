"""The trace of a decision: rule, code and values, to answer "why?" in any language."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

Value = str | int | Decimal | date
Plain = dict[str, str | dict[str, list[str]]]


class ReasonCode(StrEnum):
    """Every sentence that the billing rules can give as a reason."""

    ADJUSTED_BY_LATE_CREATION = "adjusted-by-late-creation"
    ALREADY_BILLED_PERIOD = "already-billed-period"
    CUSTOMER_GRATIS = "customer-gratis"
    CREDIT_WAITS = "credit-waits"
    DEBIT_NOTE = "debit-note"
    DAYS_NOT_SERVED = "days-not-served"
    DAYS_SERVED_AGAIN = "days-served-again"
    DEBT_BELOW_LIMIT = "debt-below-limit"
    DEBT_OVER_THRESHOLD = "debt-over-threshold"
    DEBT_REACHES_LIMIT = "debt-reaches-limit"
    DEBT_WITHIN_THRESHOLD = "debt-within-threshold"
    DISCOUNT_AMOUNT = "discount-amount"
    DISCOUNT_PERCENT = "discount-percent"
    ENABLED_BY_HAND = "enabled-by-hand"
    ENOUGH_OVERDUE = "enough-overdue"
    INVOICE_MERGED = "invoice-merged"
    LATE_FEE = "late-fee"
    NEVER_CUT = "never-cut"
    NOT_SERVED = "not-served"
    NO_CUT_DAY = "no-cut-day"
    OPERATOR_INVOICE_THIS_MONTH = "operator-invoice-this-month"
    INVOICE_THIS_MONTH = "invoice-this-month"
    OUTAGE_CREDIT = "outage-credit"
    OUTAGE_GRACE = "outage-grace"
    OUTAGE_HOLDS = "outage-holds"
    PART_OF_CYCLE = "part-of-cycle"
    PLAN_CHANGE_CHARGE = "plan-change-charge"
    PLAN_CHANGE_CREDIT = "plan-change-credit"
    PRODUCT_DAYS = "product-days"
    PRODUCT_INSTALMENT = "product-instalment"
    PRODUCT_ONCE = "product-once"
    PRODUCT_RECURRING = "product-recurring"
    PROMISE_BROKEN = "promise-broken"
    PROMISE_HOLDS = "promise-holds"
    PROMISE_WINDOW_OVER = "promise-window-over"
    RECHARGE_UNPAID = "recharge-unpaid"
    RECONNECTION = "reconnection"
    SUSPENDED_NOT_BILLED = "suspended-not-billed"
    TOO_FEW_OVERDUE = "too-few-overdue"


@dataclass(frozen=True, slots=True)
class Reason:
    """One step of a decision: the rule's identifier (CUT-4) and the values of its sentence."""

    rule: str
    code: str
    params: Mapping[str, Value] = field(default_factory=dict, hash=False)

    def to_plain(self) -> Plain:
        """A form that JSON keeps exactly; each value carries its kind."""
        values = {
            name: [_KIND.get(type(value), "text"), str(value)]
            for name, value in self.params.items()
        }
        return {"rule": self.rule, "code": str(self.code), "params": values}

    @classmethod
    def from_plain(cls, plain: Plain) -> "Reason":
        """The opposite of to_plain."""
        rule, code, values = plain["rule"], plain["code"], plain["params"]
        if not (isinstance(rule, str) and isinstance(code, str) and isinstance(values, dict)):
            raise TypeError("not a plain reason")
        return cls(rule, code, {name: _READ[kind](text) for name, (kind, text) in values.items()})


_READ: dict[str, Callable[[str], Value]] = {
    "date": date.fromisoformat,
    "amount": Decimal,
    "count": int,
    "text": str,
}


_KIND: dict[type, str] = {date: "date", Decimal: "amount", int: "count"}
