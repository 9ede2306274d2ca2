"""The world of the acceptance cases with cash boxes, and customers who pay."""

from datetime import date
from decimal import Decimal
from typing import Any

from caudal.apps.billing.actions import ManualLine, Order, issue_invoice
from caudal.apps.billing.models import Invoice
from caudal.apps.billing.tests.world import CLERK, World, at
from caudal.apps.customers.models import Customer
from caudal.apps.payments.actions import create_cash_box, delete_payment, register_payment
from caudal.apps.payments.models import Payment


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
