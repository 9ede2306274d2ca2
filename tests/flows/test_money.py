"""P23..P29: credit, debit notes, partial and deleted payments, and the boxes they are in."""

from decimal import Decimal

from caudal.apps.billing.tests.world import CLERK, at, d
from caudal.apps.catalog.models import Tax
from caudal.apps.ledger.reads import account_balance
from caudal.apps.payments.actions import edit_part
from caudal.apps.payments.models import Cheque
from caudal.apps.payments.parts import ChequeData, Part
from caudal.apps.staff.models import JournalEntry
from tests.flows.provider import Provider


def test_p23_a_credit_lands_on_the_next_service_invoice_only(isp: Provider) -> None:
    customer = isp.customer()
    isp.adjust(customer, "-120.00", d(6, 10))
    assert isp.balance(customer) == Decimal("-120.00")
    free = isp.free_invoice(customer, "80.00", d(6, 12))
    assert free.remaining == Decimal("80.00")
    assert isp.balance(customer) == Decimal("-40.00")
    isp.run(d(6, 28))
    july = isp.invoices(customer)[-1]
    assert (july.total, july.remaining) == (Decimal("300.00"), Decimal("180.00"))
    assert july.applications.get().amount == Decimal("120.00")
    assert isp.balance(customer) == Decimal("260.00")


def test_p24_credit_larger_than_the_invoice(isp: Provider) -> None:
    customer = isp.customer()
    isp.adjust(customer, "-700.00", d(6, 10))
    isp.run(d(6, 28))
    isp.run(d(7, 5))
    (july,) = isp.invoices(customer)
    assert (july.total, july.remaining, july.state) == (Decimal("300.00"), 0, "paid")
    assert isp.balance(customer) == Decimal("-400.00")
    isp.run(d(7, 28))
    isp.run(d(8, 5))
    assert isp.balance(customer) == Decimal("-100.00")
    assert isp.state(customer) == "active"
    isp.run(d(8, 28))
    assert isp.due(customer) == [0, 0, Decimal("200.00")]
    assert isp.totals(customer) == [Decimal("300.00")] * 3
    assert isp.balance(customer) == Decimal("200.00")


def test_p25_dx_and_cx_and_the_running_balance(isp: Provider) -> None:
    customer = isp.customer()
    isp.adjust(customer, "45.50", d(6, 10))
    isp.adjust(customer, "-20.25", d(6, 12))
    isp.run(d(6, 28))
    (july,) = isp.invoices(customer)
    assert (july.total, july.tax, july.remaining) == (Decimal(300), 0, Decimal("325.25"))
    isp.pay(customer, "325.25", d(7, 2))
    rows = isp.statement(customer).rows
    assert [(row.amount, row.balance) for row in rows] == [
        (Decimal("45.50"), Decimal("45.50")),
        (Decimal("-20.25"), Decimal("25.25")),
        (Decimal("300.00"), Decimal("325.25")),
        (Decimal("-325.25"), Decimal("0.00")),
    ]
    june = isp.statement(customer, d(6, 11), d(6, 30))
    assert (june.opening, len(june.rows)) == (Decimal("45.50"), 2)
    assert june.closing == Decimal("325.25")


def test_p26_partial_payments(isp: Provider) -> None:
    isp.company.taxes.add(Tax.objects.create(name="IVA 16 %", rate=16))
    isp.settings(tax_mode="added")
    customer = isp.customer(plan=isp.create_plan("250.00"))
    isp.run(d(6, 28))
    (invoice,) = isp.invoices(customer)
    assert invoice.total == Decimal("290.00")
    seen = []
    for amount in ("100.00", "150.00", "40.00", "0.01"):
        isp.pay(customer, amount, d(7, 2), invoice=invoice)
        invoice.refresh_from_db()
        seen.append((invoice.remaining, invoice.state))
    assert seen == [(190, "partial"), (40, "partial"), (0, "paid"), (0, "paid")]
    assert isp.balance(customer) == Decimal("-0.01")


def test_p27_overpayment_becomes_balance_in_favour(isp: Provider) -> None:
    customer = isp.customer(plan=isp.create_plan("290.00"))
    isp.run(d(6, 28))
    (july,) = isp.invoices(customer)
    isp.pay(customer, "300.00", d(7, 3), invoice=july)
    assert isp.balance(customer) == Decimal("-10.00")
    isp.run(d(7, 28))
    july, august = isp.invoices(customer)
    assert (july.state, august.total, august.remaining) == ("paid", 290, 280)
    assert august.applications.get().amount == Decimal("10.00")
    assert isp.balance(customer) == Decimal("280.00")


def test_p28_deleting_a_payment_restores_exactly_what_was_there(isp: Provider) -> None:
    customer = isp.customer(plan=isp.create_plan("290.00"))
    isp.run(d(6, 28))
    (july,) = isp.invoices(customer)
    payment = isp.pay(customer, "300.00", d(7, 3), invoice=july)
    isp.run(d(7, 28))
    isp.delete(payment, d(7, 29))
    july, august = isp.invoices(customer)
    assert [(row.state, row.remaining) for row in (july, august)] == [("open", 290), ("open", 290)]
    assert isp.balance(customer) == Decimal("580.00")
    rows = isp.statement(customer).rows
    assert [row.kind for row in rows] == ["invoice", "payment", "invoice", "reversal"]
    assert rows[-1].balance == Decimal("580.00")
    isp.pay(customer, "300.00", d(7, 29), invoice=july)
    july, august = isp.invoices(customer)
    assert (july.state, august.remaining) == ("paid", 280)
    assert isp.balance(customer) == Decimal("280.00")


def test_p29_mixed_payment_and_editing_its_form(isp: Provider) -> None:
    customer = isp.customer(plan=isp.create_plan("350.00"))
    isp.run(d(6, 28))
    (invoice,) = isp.invoices(customer)
    cheque = ChequeData(bank="Banamex", number="0042", deposit_on=d(7, 20))
    payment = isp.pay(
        customer,
        "350.00",
        d(7, 3),
        invoice=invoice,
        method="",
        cash_box=None,
        parts=[
            Part("cash", Decimal("100.00"), isp.box),
            Part("cheque", Decimal("250.00"), cheque=cheque),
        ],
    )
    invoice.refresh_from_db()
    assert invoice.state == "paid"
    assert account_balance(isp.box.account) == Decimal("100.00")
    (paper,) = Cheque.objects.all()
    assert (paper.amount, paper.state) == (Decimal("250.00"), "portfolio")
    second = isp.create_box("Caja 2")
    cash = payment.parts.get(method="cash")
    edit_part(
        actor=CLERK, now=at(d(7, 4)), today=d(7, 4), part=cash, method="cash", cash_box=second,
        reference="",
    )  # fmt: skip
    assert account_balance(isp.box.account) == 0
    assert account_balance(second.account) == Decimal("100.00")
    invoice.refresh_from_db()
    assert invoice.state == "paid"
    assert isp.balance(customer) == 0
    entry = JournalEntry.objects.filter(verb__startswith="payments.edit").latest("id")
    assert (entry.actor_name, entry.at) == (CLERK.name, at(d(7, 4)))
