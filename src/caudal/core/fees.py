"""Late fees (mora) and reconnection charges that land on the next service invoice."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from caudal.core.errors import ErrorCode, RuleError
from caudal.core.money import EXACT, ZERO, require_not_negative, round_half_up
from caudal.core.records import Reason, ReasonCode, Value
from caudal.core.settlement import InvoiceKind


class LateFeeTiming(StrEnum):
    """Once on the next service invoice, on every one, or on the overdue invoice itself (RD-5).

    With DAY_AFTER_DUE a daily job asks, and puts the line on the overdue invoice.
    """

    ONCE = "once"
    EVERY_CYCLE = "every-cycle"
    DAY_AFTER_DUE = "day-after-due"


class LateFrom(StrEnum):
    """An invoice is late once its due date has passed, or once its cut date has come (RD-24)."""

    DUE = "due"
    CUT = "cut"


class ReconnectionStyle(StrEnum):
    """One charge per automatic suspension, or one per unpaid invoice behind them (RD-13)."""

    PER_SUSPENSION = "per-suspension"
    PER_INVOICE = "per-invoice"


@dataclass(frozen=True, slots=True)
class LateFeeRule:
    """`fixed` plus `fraction` (0.05 is 5 %) of what is left; `paid_late`: settled ones as well."""

    fixed: Decimal = ZERO
    fraction: Decimal = ZERO
    timing: LateFeeTiming = LateFeeTiming.ONCE
    counted_from: LateFrom = LateFrom.DUE
    paid_late: bool = False

    def __post_init__(self) -> None:
        require_not_negative(self.fixed)
        if require_not_negative(self.fraction) > 1:
            raise RuleError(ErrorCode.PERCENT_OUT_OF_RANGE, fraction=self.fraction)


@dataclass(frozen=True, slots=True)
class FeeInvoice:
    """An invoice as the late fee sees it; `borne` says that this rule has charged it already."""

    id: Hashable
    kind: InvoiceKind
    due: date
    cut: date
    remaining: Decimal
    borne: bool = False
    created_on: date | None = None
    settled_on: date | None = None


@dataclass(frozen=True, slots=True)
class Suspension:
    """A past suspension; `invoice` is the oldest unpaid one that caused an automatic one."""

    id: Hashable
    on: date
    automatic: bool
    charged: bool = False
    invoice: Hashable | None = None


@dataclass(frozen=True, slots=True)
class FeeLine:
    """A charge of `amount` > 0 for the invoice or suspension `source`."""

    source: Hashable
    amount: Decimal
    reason: Reason


def late_fee_lines(
    invoices: Iterable[FeeInvoice],
    today: date,
    rule: LateFeeRule | None,
    digits: int,
    gratis: bool = False,
) -> list[FeeLine]:
    """FEE-1, FEE-2, FEE-4: one line per late service invoice; lines that round to 0 are dropped.

    No rule, or a gratis customer, bears none. An invoice created on `today` (a catch-up run) is
    never late on that day (RUN-5). Running it again after marking `borne` adds nothing.
    """
    if rule is None or gratis:
        return []
    late = sorted((i for i in invoices if _late(i, today, rule)), key=lambda i: i.due)
    lines = [_late_fee(invoice, rule, digits) for invoice in late]
    return [line for line in lines if line.amount > 0]


def reconnection_lines(
    suspensions: Iterable[Suspension],
    fee: Decimal,
    digits: int,
    style: ReconnectionStyle = ReconnectionStyle.PER_SUSPENSION,
) -> list[FeeLine]:
    """FEE-3: one charge for each automatic suspension not charged yet; manual ones leave none."""
    amount = round_half_up(require_not_negative(fee), digits)
    automatic = sorted((s for s in suspensions if s.automatic), key=lambda s: s.on)
    if style is ReconnectionStyle.PER_INVOICE:
        automatic = _one_per_invoice(automatic)
    return [
        FeeLine(s.id, amount, Reason("FEE-3", ReasonCode.RECONNECTION, {"on": s.on}))
        for s in automatic
        if not s.charged and amount > 0
    ]


def _late(invoice: FeeInvoice, today: date, rule: LateFeeRule) -> bool:
    if invoice.kind is not InvoiceKind.SERVICE or invoice.created_on == today:
        return False
    if invoice.borne and rule.timing is not LateFeeTiming.EVERY_CYCLE:
        return False
    if invoice.remaining > 0:
        return _passed(invoice, today, rule)
    settled = invoice.settled_on
    return rule.paid_late and settled is not None and _passed(invoice, settled, rule)


def _passed(invoice: FeeInvoice, day: date, rule: LateFeeRule) -> bool:
    return invoice.cut <= day if rule.counted_from is LateFrom.CUT else invoice.due < day


def _late_fee(invoice: FeeInvoice, rule: LateFeeRule, digits: int) -> FeeLine:
    share = EXACT.multiply(invoice.remaining, rule.fraction)
    amount = round_half_up(EXACT.add(rule.fixed, share), digits)
    values: dict[str, Value] = {
        "due": invoice.due,
        "remaining": invoice.remaining,
        "amount": amount,
    }
    return FeeLine(invoice.id, amount, Reason("FEE-1", ReasonCode.LATE_FEE, values))


def _one_per_invoice(suspensions: Iterable[Suspension]) -> list[Suspension]:
    """The charged suspension of each invoice, else its first; those of no invoice all stay."""
    kept: dict[Hashable, Suspension] = {}
    for suspension in suspensions:
        key = ("alone", suspension.id) if suspension.invoice is None else (suspension.invoice,)
        known = kept.get(key)
        if known is None or (suspension.charged and not known.charged):
            kept[key] = suspension
    return list(kept.values())
