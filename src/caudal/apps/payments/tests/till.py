"""The world of the acceptance cases with cash boxes, and customers who pay."""

from datetime import date
from decimal import Decimal
from typing import Any

from caudal.apps.billing.actions import ManualLine, Order, issue_invoice
from caudal.apps.billing.models import Invoice
from caudal.apps.billing.tests.world import CLERK, World, at
from caudal.apps.customers.models import Customer
from caudal.apps.ledger.reads import account_balance
from caudal.apps.payments.actions import (
    ChequeData,
    Part,
    close_session,
    create_cash_box,
    delete_payment,
    open_session,
    refund,
    register_payment,
)
from caudal.apps.payments.models import CashBox, CashSession, Cheque, Payment, Refund
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.models import User


class Till(World):
    def __init__(self) -> None:
        super().__init__()
        self.box = create_cash_box(
            actor=CLERK, now=at(date(2026, 1, 1)), company=self.company, name="Caja 1", kind="cash"
        )

    def issue(self, customer: Customer, on: date, **order: Any) -> Invoice:
        return issue_invoice(actor=CLERK, now=at(on), customer=customer, order=Order(**order))

    def pay(
        self,
        customer: Customer,
        amount: str,
        on: date,
        *,
        hour: int = 12,
        invoice: Invoice | None = None,
        restore: bool = True,
        **more: Any,
    ) -> Payment:
        values = {
            "actor": CLERK,
            "now": at(on, hour),
            "customer": customer,
            "amount": Decimal(amount),
            "currency": "MXN",
            "method": "cash",
            "cash_box": self.box,
            "paid_at": at(on, hour),
            "invoice": invoice,
            "restore": restore,
            "operator": None,
        }
        return register_payment(**(values | more))

    def delete(self, payment: Payment, on: date) -> Payment:
        return delete_payment(actor=CLERK, now=at(on), today=on, payment=payment, reason="mistake")

    def create_box(self, name: str, kind: str = "cash", **more: Any) -> CashBox:
        return create_cash_box(
            actor=CLERK,
            now=at(date(2026, 1, 1)),
            company=self.company,
            name=name,
            kind=kind,
            **more,
        )

    def held(self, box: CashBox) -> Decimal:
        return account_balance(box.account)

    def cheques_held(self) -> Decimal:
        """What lies in portfolio."""
        boxes = CashBox.objects.filter(kind=CashBox.Kind.CHEQUES)
        return sum((self.held(box) for box in boxes), Decimal(0))

    def pay_parts(
        self, customer: Customer, on: date, *parts: Part, hour: int = 12, **more: Any
    ) -> Payment:
        values = {
            "actor": CLERK,
            "now": at(on, hour),
            "customer": customer,
            "amount": sum((part.amount for part in parts), Decimal(0)),
            "currency": "MXN",
            "parts": parts,
            "paid_at": at(on, hour),
            "restore": True,
            "operator": None,
        }
        return register_payment(**(values | more))

    def cash(self, amount: str, box: CashBox | None = None) -> Part:
        return Part("cash", Decimal(amount), box or self.box)

    def cheque(self, amount: str, deposit_on: date, number: str = "1001") -> Part:
        paper = ChequeData("Banco Norte", number, deposit_on)
        return Part("cheque", Decimal(amount), cheque=paper)

    def mixed(self, customer: Customer, on: date) -> tuple[Payment, Cheque]:
        """P29's: 100.00 in Caja 1 and a cheque of 250.00 to be deposited on 20 July."""
        payment = self.pay_parts(
            customer, on, self.cash("100.00"), self.cheque("250.00", date(2026, 7, 20))
        )
        return payment, Cheque.objects.get(part__payment=payment)

    def give_back(self, customer: Customer, amount: str, on: date, **more: Any) -> Refund:
        values = {
            "actor": CLERK,
            "now": at(on),
            "customer": customer,
            "amount": Decimal(amount),
            "currency": "MXN",
            "method": "cash",
            "cash_box": self.box,
            "reason": "asked for it",
            "operator": None,
        }
        return refund(**(values | more))

    def open(
        self, operator: User, on: date, counted: str, *, box: CashBox | None = None, hour: int = 9
    ) -> CashSession:
        return open_session(
            actor=Actor.person(operator), now=at(on, hour), on=on, box=box or self.box,
            operator=operator, counted=Decimal(counted),
        )  # fmt: skip

    def close(
        self,
        session: CashSession,
        on: date,
        counted: str,
        *,
        others: dict[str, Decimal] | None = None,
        hour: int = 19,
        **more: Any,
    ) -> CashSession:
        return close_session(
            **({"actor": Actor.person(session.operator)} | more),
            now=at(on, hour), on=on, session=session, counted_cash=Decimal(counted), counted=others,
        )  # fmt: skip

    def open_invoice(self, customer: Customer, amount: str, due: date, **order: Any) -> Invoice:
        """A service invoice as the cycle of zone Z would have made it: cut on day 5."""
        return self.issue(
            customer,
            due,
            emission=order.pop("emission", due),
            due=due,
            cut=due.replace(day=5),
            service=customer.services.first(),
            lines=[ManualLine("Internet", Decimal(amount))],
            **order,
        )
