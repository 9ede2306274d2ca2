"""The provider of the cases: a till, a clock that runs twice, and the identities of every case."""

from datetime import date
from decimal import Decimal
from typing import Any

from caudal.apps.billing import actions as billing
from caudal.apps.billing.actions import ManualLine
from caudal.apps.billing.models import Adjustment, Invoice
from caudal.apps.billing.tests.world import CLERK, at, verify
from caudal.apps.customers import actions as customers
from caudal.apps.customers.models import Customer, Service
from caudal.apps.ledger.reads import Statement, statement
from caudal.apps.payments.actions import create_cash_box, edit_payment
from caudal.apps.payments.models import CashBox, Payment
from caudal.apps.payments.tests.till import Till
from caudal.core.periods import Period
from tests.flows.dump import differences, dump


class Provider(Till):
    """Zone Z and its people; `run` proves each time that a second run changes nothing."""

    def run(self, day: date) -> None:
        """Creation at six and cut at eight of that civil date, and both once more."""
        self.run_once(day)
        before = dump()
        self.run_once(day)
        assert differences(before, dump()) == []

    def run_once(self, day: date) -> None:
        """What the clock does for services on that date, in its order."""
        billing.turn_holds(day, at(day, 5), "", CLERK)
        super().run(day)

    def prove(self) -> None:
        """What holds after every case, for every customer and for the books as a whole."""
        for customer in Customer.objects.select_related("company").order_by("pk"):
            self.check(customer)
        verify()

    def settings(self, **values: Any) -> None:
        """Change the company: amounts, taxes, grouping."""
        for name, value in values.items():
            setattr(self.company, name, value)
        self.company.save()

    def rules(self, **values: Any) -> None:
        """Change how the company reads the rules (RD-1..25)."""
        rules = self.company.rules
        for name, value in values.items():
            setattr(rules, name, value)
        rules.save()

    def service(self, customer: Customer) -> Service:
        return Service.objects.select_related("plan", "customer__company").get(customer=customer)

    def adjust(self, customer: Customer, amount: str, on: date) -> Adjustment:
        """A debit (DX, > 0) or a credit (CX, < 0) made by hand."""
        return billing.adjust(
            actor=CLERK,
            now=at(on),
            customer=customer,
            amount=Decimal(amount),
            currency="MXN",
            on=on,
            reason="adjusted",
        )

    def free_invoice(
        self, customer: Customer, amount: str, on: date, due: date | None = None
    ) -> Invoice:
        lines = [ManualLine("Otros ingresos", Decimal(amount))]
        return self.issue(customer, on, kind="free", emission=on, due=due, lines=lines)

    def bill_days(
        self, customer: Customer, on: date, emission: date, days: Period, price: str | None = None
    ) -> Invoice:
        """A service invoice by hand for these days; without a price they are prorated."""
        return self.issue(
            customer,
            on,
            emission=emission,
            service=self.service(customer),
            days=days,
            price=None if price is None else Decimal(price),
        )

    def void(self, invoice: Invoice, on: date) -> Invoice:
        return billing.void_invoice(
            actor=CLERK, now=at(on), today=on, invoice=invoice, reason="mistake"
        )

    def create_box(self, name: str, kind: str = "cash") -> CashBox:
        now = at(date(2026, 1, 1))
        return create_cash_box(actor=CLERK, now=now, company=self.company, name=name, kind=kind)

    def move_payment(self, payment: Payment, box: CashBox, on: date) -> Payment:
        return edit_payment(
            actor=CLERK, now=at(on), today=on, payment=payment, method=payment.method,
            cash_box=box, reference="",
        )  # fmt: skip

    def suspend_by_hand(self, customer: Customer, on: date) -> None:
        customers.suspend(
            actor=CLERK, now=at(on), today=on, service=self.service(customer), reason="manual"
        )

    def restore_by_hand(self, customer: Customer, on: date) -> None:
        customers.lift(actor=CLERK, now=at(on), service=self.service(customer), reason="manual")

    def statement(
        self, customer: Customer, first: date | None = None, last: date | None = None
    ) -> Statement:
        return statement(customer, self.company, "MXN", first, last)

    def due(self, customer: Customer) -> list[Decimal]:
        """What each invoice still asks for, in order of emission."""
        return [invoice.remaining for invoice in self.invoices(customer)]

    def days_of(self, invoice: Invoice) -> tuple[date, date]:
        found: tuple[date, date] = invoice.periods.values_list("first", "last").get()
        return found

    def states(self, *people: Customer) -> list[str]:
        return [self.state(person) for person in people]
