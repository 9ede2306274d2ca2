"""One payment in several forms, for several invoices, and what may be corrected of it (PAY-5)."""

from decimal import Decimal

import pytest

from caudal.apps.billing.models import Invoice
from caudal.apps.billing.tests.world import CLERK, at, d, verify
from caudal.apps.ledger.models import Entry, Transaction
from caudal.apps.payments.actions import ChequeData, Part, edit_part, edit_payment, move_cash
from caudal.apps.payments.models import CashBox, Cheque, Method, Payment
from caudal.apps.payments.tests.till import Till
from caudal.apps.staff.models import JournalEntry
from caudal.core.errors import RuleError

pytestmark = pytest.mark.django_db


def test_p29_mixed_payment_editing_its_form_and_cash_boxes(till: Till) -> None:
    customer = till.customer(plan=till.create_plan("350.00"))
    till.run(d(6, 28))
    (invoice,) = till.invoices(customer)
    payment, cheque = till.mixed(customer, d(7, 3))
    invoice.refresh_from_db()
    assert invoice.state == "paid"
    assert till.held(till.box) == Decimal("100.00")
    assert till.cheques_held() == Decimal("250.00")
    assert (cheque.state, cheque.deposit_on) == ("portfolio", d(7, 20))
    assert payment.method == Method.MIXED
    assert Entry.objects.filter(transaction=payment.transaction).count() == 3

    second = till.create_box("Caja 2")
    part = payment.parts.get(method="cash")
    edit_part(
        actor=CLERK, now=at(d(7, 4)), today=d(7, 4), part=part, method="cash", cash_box=second,
        reference="",
    )  # fmt: skip
    assert (till.held(till.box), till.held(second)) == (0, Decimal("100.00"))
    invoice.refresh_from_db()
    assert invoice.state == "paid"
    assert till.balance(customer) == 0
    audit = JournalEntry.objects.get(verb="payments.edit")
    assert (audit.actor_name, audit.at) == (CLERK.name, at(d(7, 4)))
    assert audit.after["cash_box_id"] == second.pk
    verify()


def test_deleting_a_mixed_payment_empties_every_place_it_went_to(till: Till) -> None:
    customer = till.customer(plan=till.create_plan("350.00"))
    till.run(d(6, 28))
    payment, cheque = till.mixed(customer, d(7, 3))
    till.delete(payment, d(7, 4))
    assert till.held(till.box) == till.cheques_held() == 0
    assert till.balance(customer) == Decimal("350.00")
    cheque.refresh_from_db()
    assert cheque.state == Cheque.State.RETURNED
    # The same paper may come again.
    till.pay_parts(customer, d(7, 5), till.cheque("350.00", d(7, 20)))
    assert till.balance(customer) == 0
    verify()


def test_a_plain_payment_has_one_part(till: Till) -> None:
    payment = till.pay(till.customer(), "300.00", d(7, 3), reference="R-1")
    (part,) = payment.parts.all()
    assert (part.method, part.amount, part.cash_box, part.reference) == (
        "cash",
        Decimal("300.00"),
        till.box,
        "R-1",
    )
    verify()


def test_the_form_of_one_part_changes_within_its_box(till: Till) -> None:
    payment = till.pay(till.customer(), "300.00", d(7, 3))
    edit_payment(
        actor=CLERK, now=at(d(7, 4)), today=d(7, 4), payment=payment, method="other",
        cash_box=till.box, reference="vale",
    )  # fmt: skip
    payment.refresh_from_db()
    assert (payment.method, payment.reference) == ("other", "vale")
    assert till.held(till.box) == Decimal("300.00")
    assert Transaction.objects.count() == 1
    till.delete(payment, d(7, 5))
    assert till.held(till.box) == 0
    verify()


def test_parts_must_add_up_and_make_sense(till: Till) -> None:
    customer = till.customer()
    ten = till.cash("10.00")
    nameless = ChequeData("", "1", d(7, 1))
    wrong = [
        ("parts-do-not-add-up", {"amount": Decimal("11.00")}, [ten]),
        ("amount-not-positive", {}, [ten, till.cash("0.00")]),
        ("amount-not-positive", {}, [till.cash("20.00"), till.cash("-5.00")]),
        ("cheque-incomplete", {}, [Part("cheque", Decimal(10))]),
        ("cheque-incomplete", {}, [Part("cheque", Decimal(10), cheque=nameless)]),
        ("method-unknown", {}, [Part("mixed", Decimal(10), till.box)]),
        ("cash-box-missing", {}, [Part("cash", Decimal(10))]),
    ]  # fmt: skip
    for code, more, parts in wrong:
        with pytest.raises(RuleError, match=code):
            till.pay_parts(customer, d(7, 3), *parts, **more)
    assert not Payment.objects.exists()
    assert not Entry.objects.exists()


def test_a_portfolio_holds_nothing_but_cheques(till: Till) -> None:
    customer = till.customer()
    till.pay_parts(customer, d(7, 3), till.cheque("50.00", d(7, 20)))
    portfolio = CashBox.objects.get(kind=CashBox.Kind.CHEQUES)
    paid = till.pay(customer, "10.00", d(7, 3))
    edit = {"actor": CLERK, "now": at(d(7, 3)), "today": d(7, 3), "payment": paid}
    move = {"actor": CLERK, "now": at(d(7, 3)), "on": d(7, 3), "box": portfolio, "operator": None}
    for act in (
        lambda: till.pay(customer, "10.00", d(7, 3), cash_box=portfolio),
        lambda: till.give_back(customer, "10.00", d(7, 3), cash_box=portfolio),
        lambda: edit_payment(**edit, method="cash", cash_box=portfolio, reference=""),
        lambda: move_cash(**move, cause="deposit", amount=Decimal(5), note=""),
    ):
        with pytest.raises(RuleError, match=r"cash-box-not-usable|cheque-is-paper"):
            act()
    assert till.held(portfolio) == 50
    verify()


def test_one_paper_is_not_taken_twice(till: Till) -> None:
    customer = till.customer()
    till.pay_parts(customer, d(7, 3), till.cheque("250.00", d(7, 20)))
    with pytest.raises(RuleError, match="cheque-known"):
        till.pay_parts(customer, d(7, 3), till.cheque("250.00", d(7, 20)))
    till.pay_parts(till.customer(), d(7, 3), till.cheque("250.00", d(7, 20)))
    assert till.cheques_held() == Decimal("500.00")
    verify()


def remaining(till: Till, invoices: list[Invoice]) -> list[Decimal]:
    rows = {row.pk: row.remaining for row in Invoice.objects.all()}
    return [rows[row.pk] for row in invoices]


def test_chosen_invoices_are_paid_first_the_oldest_ahead_then_the_others(till: Till) -> None:
    customer = till.customer()
    june, july, august = (till.open_invoice(customer, "300.00", d(month, 1)) for month in (6, 7, 8))
    payment = till.pay(customer, "700.00", d(8, 2), invoices=[august, july])
    assert remaining(till, [june, july, august]) == [Decimal("200.00"), 0, 0]
    order = payment.credit.applications.order_by("id").values_list("invoice", flat=True)
    assert list(order) == [july.pk, august.pk, june.pk]
    till.delete(payment, d(8, 3))
    assert remaining(till, [june, july, august]) == [300, 300, 300]
    verify()


def test_the_excess_waits_where_the_company_says_so(till: Till) -> None:
    rules = till.company.rules
    rules.excess_style = "credit-waits"
    rules.save()
    customer = till.customer()
    june, july = (till.open_invoice(customer, "300.00", d(month, 1)) for month in (6, 7))
    payment = till.pay(customer, "400.00", d(7, 2), invoice=july)
    assert remaining(till, [june, july]) == [300, 0]
    payment.credit.refresh_from_db()
    assert payment.credit.remaining == Decimal("100.00")
    other = till.pay(customer, "50.00", d(7, 3), invoice=june)
    till.delete(other, d(7, 4))
    assert remaining(till, [june, july]) == [300, 0]
    verify()


def test_an_invoice_that_was_paid_meanwhile_takes_nothing(till: Till) -> None:
    customer = till.customer()
    june, july = (till.open_invoice(customer, "300.00", d(month, 1)) for month in (6, 7))
    till.pay(customer, "300.00", d(7, 2), invoice=july)
    till.pay(customer, "300.00", d(7, 2), invoices=[july])
    assert remaining(till, [june, july]) == [0, 0]
    with pytest.raises(RuleError, match="invoice-of-another-customer"):
        till.pay(till.customer(), "300.00", d(7, 2), invoices=[july])
