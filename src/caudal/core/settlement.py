"""What money settles: payments on invoices, credit on new invoices, what is left over."""

from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from caudal.core.errors import ErrorCode, RuleError
from caudal.core.money import ZERO, require_not_negative, require_positive


class InvoiceKind(StrEnum):
    """Service invoices come from the cycle and can cut; free ones never cut nor bear late fees."""

    SERVICE = "service"
    FREE = "free"


class InvoiceState(StrEnum):
    """PAY-2."""

    OPEN = "open"
    PARTIAL = "partial"
    PAID = "paid"


class ExcessStyle(StrEnum):
    """Money beyond the invoice named goes to the oldest open ones, or waits as credit (RD-12)."""

    OLDEST_FIRST = "oldest-first"
    CREDIT_WAITS = "credit-waits"


@dataclass(frozen=True, slots=True)
class OpenInvoice:
    """An invoice as far as settling it goes; `number` orders the invoices of one day."""

    id: Hashable
    kind: InvoiceKind
    due: date
    number: int
    remaining: Decimal

    def __post_init__(self) -> None:
        require_not_negative(self.remaining)


@dataclass(frozen=True, slots=True)
class OpenCredit:
    """Money in favour that no invoice has taken yet: a payment's excess or a credit adjustment."""

    id: Hashable
    since: date
    amount: Decimal

    def __post_init__(self) -> None:
        require_not_negative(self.amount)


@dataclass(frozen=True, slots=True)
class Application:
    """`amount` > 0 settles part of the invoice, of which `remaining` is still open."""

    invoice_id: Hashable
    amount: Decimal
    remaining: Decimal


@dataclass(frozen=True, slots=True)
class Settlement:
    """Where a payment went; `excess` becomes balance in favour."""

    applications: tuple[Application, ...]
    excess: Decimal


@dataclass(frozen=True, slots=True)
class CreditUse:
    """`amount` > 0 taken from one credit, of which `left` waits for the next invoice."""

    credit_id: Hashable
    amount: Decimal
    left: Decimal


@dataclass(frozen=True, slots=True)
class CreditSettlement:
    """What an invoice asks for after the credits: `due` >= 0, `left` >= 0 is still in favour."""

    uses: tuple[CreditUse, ...]
    applied: Decimal
    due: Decimal
    left: Decimal


def invoice_state(total: Decimal, remaining: Decimal) -> InvoiceState:
    """PAY-2, GEN-4: an invoice of zero is paid from birth."""
    if remaining <= 0:
        return InvoiceState.PAID
    return InvoiceState.OPEN if remaining >= total else InvoiceState.PARTIAL


def oldest_first(invoices: Iterable[OpenInvoice]) -> list[OpenInvoice]:
    """PAY-1: by due date; of one day service before free, then by number."""
    return sorted(invoices, key=lambda i: (i.due, i.kind is InvoiceKind.FREE, i.number))


def apply_payment(
    amount: Decimal,
    invoices: Iterable[OpenInvoice],
    first: Hashable | None = None,
    excess: ExcessStyle = ExcessStyle.OLDEST_FIRST,
    chosen: Collection[Hashable] = (),
) -> Settlement:
    """PAY-1..3: on the account, or on the invoices named and then on the other service ones.

    `first` names one invoice, `chosen` several; of those the oldest comes first.
    Raises RuleError for an amount <= 0 or a named invoice that is not among the invoices.
    """
    left = require_positive(amount)
    done = []
    named = set(chosen) if first is None else {first, *chosen}
    for invoice in _queue(list(invoices), named, excess):
        taken = min(left, invoice.remaining)
        if taken > 0:
            done.append(Application(invoice.id, taken, invoice.remaining - taken))
            left -= taken
    return Settlement(tuple(done), left)


def apply_credit(
    total: Decimal, credits: Iterable[OpenCredit], debits: Decimal = ZERO
) -> CreditSettlement:
    """ADJ-1, ADJ-3: a new service invoice takes pending debits, then credit, oldest first, to zero.

    `total` is the rounded total; it and `debits` are >= 0. The fiscal total stays `total`.
    """
    due = require_not_negative(total) + require_not_negative(debits)
    asked, left, uses = due, ZERO, []
    for credit in sorted(credits, key=lambda c: c.since):
        taken = min(due, credit.amount)
        due -= taken
        left += credit.amount - taken
        if taken > 0:
            uses.append(CreditUse(credit.id, taken, credit.amount - taken))
    return CreditSettlement(tuple(uses), asked - due, due, left)


def cap_credit_lines(lines: Sequence[Decimal]) -> tuple[list[Decimal], list[Decimal]]:
    """I12: invoice lines whose sum is never negative, and per line the credit that must wait.

    Lines < 0 are credits (a plan change): the last ones give way first.
    """
    taken, waiting = list(lines), [ZERO] * len(lines)
    over = min(sum(lines, ZERO), ZERO)
    for at in reversed(range(len(taken))):
        waiting[at] = max(min(taken[at], ZERO), over)
        taken[at] -= waiting[at]
        over -= waiting[at]
    return taken, waiting


def _queue(
    invoices: Sequence[OpenInvoice], named: Collection[Hashable], excess: ExcessStyle
) -> list[OpenInvoice]:
    missing = set(named) - {invoice.id for invoice in invoices}
    if missing:
        raise RuleError(ErrorCode.INVOICE_NOT_AMONG_OPEN, invoice=min(missing, key=str))
    ordered = oldest_first(invoices)
    ahead = [invoice for invoice in ordered if invoice.id in named]
    if excess is ExcessStyle.CREDIT_WAITS:
        return ahead
    others = [
        invoice
        for invoice in ordered
        if not named or (invoice.id not in named and invoice.kind is InvoiceKind.SERVICE)
    ]
    return ahead + others
