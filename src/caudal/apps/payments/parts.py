"""What a payment consists of: each part with its form, its box and, for a cheque, the paper."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from caudal.apps.catalog.models import Company
from caudal.apps.payments.boxes import cheques_box
from caudal.apps.payments.models import (
    CashBox,
    Cheque,
    ChequeEvent,
    Method,
    Payment,
    PaymentPart,
)
from caudal.apps.staff.actor import Actor
from caudal.core.errors import RuleError
from caudal.core.money import ZERO, minor_digits, require_positive, require_scale


@dataclass(frozen=True, slots=True)
class ChequeData:
    """What is written on a cheque; `deposit_on` is the day from which the bank takes it."""

    bank: str
    number: str
    deposit_on: date
    holder: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """`cash_box` may be left out for a cheque, which goes to the portfolio."""

    method: str
    amount: Decimal
    cash_box: CashBox | None = None
    reference: str = ""
    cheque: ChequeData | None = None

    @property
    def box(self) -> CashBox:
        """Its box, once `placed` has seen to it that it has one."""
        if self.cash_box is None:
            raise RuleError("cash-box-missing", field="cash_box")
        return self.cash_box


def placed(parts: Sequence[Part], company: Company, currency: str) -> list[Part]:
    """The parts with their boxes, cheques in the company's portfolio.

    Raises RuleError for parts that are not money, "cheque-incomplete", "cash-box-missing" or
    "cash-box-not-usable".
    """
    return [_placed(part, company, currency) for part in parts]


def write_parts(
    payment: Payment, parts: Sequence[Part], *, on: date, now: datetime, actor: Actor
) -> None:
    """The rows of a payment's parts, and the cheques among them."""
    PaymentPart.objects.bulk_create(
        PaymentPart(
            payment=payment,
            position=position,
            method=part.method,
            cash_box=part.box,
            amount=part.amount,
            reference=part.reference,
            cheque=_receive(payment, part, on, now, actor),
        )
        for position, part in enumerate(parts, start=1)
    )


def method_of(parts: Iterable[Part | PaymentPart]) -> str:
    """What the whole payment is called: the form of its parts, or mixed."""
    methods = {part.method for part in parts}
    return methods.pop() if len(methods) == 1 else Method.MIXED.value


def sum_of(parts: Sequence[Part]) -> Decimal:
    return sum((part.amount for part in parts), ZERO)


def _placed(part: Part, company: Company, currency: str) -> Part:
    require_positive(require_scale(part.amount, minor_digits(currency)))
    if part.method not in set(Method.values) - {Method.MIXED.value}:
        raise RuleError("method-unknown", field="method", method=part.method)
    is_cheque = part.method == Method.CHEQUE
    if is_cheque and (part.cheque is None or not part.cheque.bank or not part.cheque.number):
        raise RuleError("cheque-incomplete", field="bank")
    box = cheques_box(company, currency) if is_cheque else part.box
    require = _require_in_use if is_cheque else require_usable
    require(box, company, currency)
    cheque = part.cheque if is_cheque else None
    return Part(part.method, part.amount, box, part.reference, cheque)


def require_usable(box: CashBox, company: Company, currency: str) -> None:
    """Raises RuleError "cash-box-not-usable": out of use, of another company or currency, or a
    portfolio, which holds nothing but cheques."""
    if box.kind == CashBox.Kind.CHEQUES:
        raise RuleError("cash-box-not-usable", field="cash_box", cash_box=str(box))
    _require_in_use(box, company, currency)


def _require_in_use(box: CashBox, company: Company, currency: str) -> None:
    usable = box.is_active and box.account.currency == currency
    if not usable or box.company_id != company.pk:
        raise RuleError("cash-box-not-usable", field="cash_box", cash_box=str(box))


def _receive(payment: Payment, part: Part, on: date, now: datetime, actor: Actor) -> Cheque | None:
    if part.cheque is None:
        return None
    said = part.cheque
    known = Cheque.objects.filter(
        customer=payment.customer, bank=said.bank, number=said.number
    ).exclude(state__in=[Cheque.State.REJECTED, Cheque.State.RETURNED])
    if known.exists():
        raise RuleError("cheque-known", field="number", number=said.number)
    cheque = Cheque.objects.create(
        company=payment.company,
        customer=payment.customer,
        bank=said.bank,
        number=said.number,
        holder=said.holder,
        amount=part.amount,
        currency=payment.currency,
        deposit_on=said.deposit_on,
        box=part.box,
    )
    ChequeEvent.objects.create(cheque=cheque, state=cheque.state, on=on, at=now, by=actor.name)
    return cheque
