"""From invoice to cut to payment to restored service: the cases that need money."""

from decimal import Decimal

import pytest

from caudal.apps.billing.actions import ManualLine
from caudal.apps.billing.models import Invoice
from caudal.apps.billing.tests.world import CLERK, at, calendar_numbers, d
from caudal.apps.catalog.models import Tax, TaxMode
from caudal.apps.customers import actions as customers
from caudal.apps.customers.models import CutStyle, OwnCalendar, Service, Suspension
from caudal.apps.dunning.actions import cut_overdue
from caudal.apps.ledger.reads import account_balance, statement
from caudal.apps.payments.actions import create_cash_box, edit_payment
from caudal.apps.payments.tests.till import Till
from caudal.core.errors import RuleError


def recharge(create: int, notice: int, payment: int, cut: int) -> dict[str, object]:
    return calendar_numbers(create, payment, cut, notice) | {"recharge": True}


def numbers(own: OwnCalendar) -> tuple[int, int | None, int, int]:
    own.refresh_from_db()
    return own.create_value, own.notice_value, own.payment_day, own.cut_value


def test_p01_recharge_user_paid_28_april(till: Till) -> None:
    customer = till.customer(own=recharge(26, 26, 1, 8))
    till.create(d(4, 26))
    (invoice,) = till.invoices(customer)
    assert invoice.due == d(5, 1)
    till.pay(customer, "300.00", d(4, 28), invoice=invoice)
    assert numbers(customer.own_calendar) == (22, 24, 28, 4)
    till.create(d(5, 21))
    assert len(till.invoices(customer)) == 1
    till.create(d(5, 22))
    _, following = till.invoices(customer)
    assert (following.notice, following.due, following.cut) == (d(5, 24), d(5, 28), d(6, 4))
    assert following.total == Decimal("300.00")
    assert till.balance(customer) == Decimal("300.00")


def test_p02_recharge_user_paid_24_april_and_the_deleted_payment_restores_the_days(
    till: Till,
) -> None:
    customer = till.customer(own=recharge(19, 20, 22, 29))
    till.create(d(4, 19))
    payment = till.pay(customer, "300.00", d(4, 24))
    assert numbers(customer.own_calendar) == (18, 20, 24, 30)
    till.delete(payment, d(4, 25))
    assert numbers(customer.own_calendar) == (19, 20, 22, 29)
    till.pay(customer, "300.00", d(4, 24))
    till.create(d(5, 18))
    following = till.invoices(customer)[-1]
    assert (following.notice, following.due, following.cut) == (d(5, 20), d(5, 24), d(5, 30))


def test_p17_grace_days(till: Till) -> None:
    zone = till.create_zone(
        "grace", payment_day=1, create_value=3, cut_style=CutStyle.GRACE_DAYS, cut_value=5
    )
    a, b = till.customer(zone=zone), till.customer(zone=zone)
    till.run(d(6, 28))
    till.run(d(7, 6))
    assert (till.state(a), till.state(b)) == ("active", "active")
    till.pay(b, "300.00", d(7, 6), hour=20)
    till.run(d(7, 7))
    assert (till.state(a), till.state(b)) == ("suspended", "active")


def test_p18_the_cut_at_eight_and_the_payment_at_nine(till: Till) -> None:
    a, b, c, e = (till.customer() for _ in range(4))
    till.run(d(6, 28))
    till.pay(a, "300.00", d(7, 4))
    till.pay(c, "300.00", d(7, 5), hour=7)
    till.run(d(7, 5))
    assert [till.state(x) for x in (a, b, c, e)] == ["active", "suspended", "active", "suspended"]
    till.pay(e, "300.00", d(7, 5), hour=9)
    assert [till.state(x) for x in (a, b, c, e)] == ["active", "suspended", "active", "active"]
    till.run(d(7, 5))
    assert till.state(e) == "active"


def test_registering_only_leaves_the_service_suspended(till: Till) -> None:
    customer = till.customer()
    till.run(d(6, 28))
    till.run(d(7, 5))
    till.pay(customer, "300.00", d(7, 5), restore=False)
    assert till.state(customer) == "suspended"
    assert till.balance(customer) == 0


def test_a_payment_lifts_only_the_suspension_for_non_payment(till: Till) -> None:
    customer = till.customer()
    till.run(d(6, 28))
    till.run(d(7, 5))
    service = customer.services.get()
    customers.suspend(actor=CLERK, now=at(d(7, 6)), today=d(7, 6), service=service, reason="abuse")
    till.pay(customer, "300.00", d(7, 7))
    assert till.state(customer) == "suspended"
    assert list(service.suspensions.filter(closed_at=None).values_list("reason")) == [("abuse",)]


def test_p19_cut_after_two_unpaid_invoices(till: Till) -> None:
    zone = till.create_zone("two", **calendar_numbers(28, 1, 5), cut_after=2)
    customer = till.customer(zone=zone)
    till.run(d(5, 28))
    till.run(d(6, 5))
    assert till.state(customer) == "active"
    till.run(d(6, 28))
    till.run(d(7, 5))
    assert till.state(customer) == "suspended"
    june = till.invoices(customer)[0]
    till.pay(customer, "300.00", d(7, 6), invoice=june)
    assert till.state(customer) == "active"
    assert till.balance(customer) == Decimal("300.00")
    till.run(d(7, 7))
    assert till.state(customer) == "active"


def test_p20_free_invoices_never_cut_nor_bear_late_fees(till: Till) -> None:
    till.company.late_fee = Decimal("30.00")
    till.company.save()
    customer = till.customer()
    till.run(d(6, 28))
    till.issue(
        customer,
        d(6, 20),
        kind="free",
        emission=d(6, 20),
        due=d(7, 1),
        lines=[ManualLine("Router", Decimal("900.00"))],
    )
    july = Invoice.objects.get(customer=customer, kind="service")
    till.pay(customer, "300.00", d(7, 2), invoice=july)
    till.run(d(7, 5))
    assert till.state(customer) == "active"
    till.run(d(7, 28))
    assert Invoice.objects.filter(kind="service").latest("id").total == Decimal("300.00")
    assert till.balance(customer) == Decimal("1200.00")


def test_p21_a_late_fee_once_per_overdue_invoice(till: Till) -> None:
    till.company.late_fee = Decimal("30.00")
    till.company.save()
    customer = till.customer(may_be_cut=False)
    till.run(d(5, 28))
    till.run(d(6, 28))
    till.run(d(7, 28))
    till.run(d(7, 28))
    assert till.totals(customer) == [Decimal(300), Decimal(330), Decimal(330)]
    assert till.balance(customer) == Decimal("960.00")


def test_p22_a_reconnection_fee_only_after_an_automatic_suspension(till: Till) -> None:
    till.company.reconnection_fee = Decimal("50.00")
    till.company.save()
    a, b = till.customer(), till.customer()
    till.run(d(6, 28))
    till.pay(b, "300.00", d(7, 2))
    till.run(d(7, 5))
    service = b.services.get()
    customers.suspend(actor=CLERK, now=at(d(7, 5)), today=d(7, 5), service=service, reason="manual")
    customers.lift(actor=CLERK, now=at(d(7, 6)), service=service, reason="manual")
    till.pay(a, "300.00", d(7, 10))
    till.run(d(7, 28))
    assert till.totals(a)[-1] == Decimal("350.00")
    assert till.totals(b)[-1] == Decimal("300.00")
    till.pay(a, "350.00", d(8, 1))
    till.run(d(8, 28))
    assert till.totals(a)[-1] == Decimal("300.00")


def test_p26_partial_payments(till: Till) -> None:
    tax = Tax.objects.create(name="IVA 16 %", rate=16)
    till.company.taxes.add(tax)
    till.company.tax_mode = TaxMode.ADDED
    till.company.save()
    customer = till.customer(plan=till.create_plan("250.00"))
    till.run(d(6, 28))
    (invoice,) = till.invoices(customer)
    assert (invoice.net, invoice.tax, invoice.total) == (250, 40, 290)
    seen = []
    for amount in ("100.00", "150.00", "40.00"):
        till.pay(customer, amount, d(7, 2), invoice=invoice)
        invoice.refresh_from_db()
        seen.append((invoice.remaining, invoice.state))
    assert seen == [(190, "partial"), (40, "partial"), (0, "paid")]
    till.pay(customer, "0.01", d(7, 3), invoice=invoice)
    invoice.refresh_from_db()
    assert (invoice.remaining, invoice.state) == (0, "paid")
    assert till.balance(customer) == Decimal("-0.01")


def test_p27_and_p28_overpayment_and_its_deletion(till: Till) -> None:
    customer = till.customer(plan=till.create_plan("290.00"))
    till.run(d(6, 28))
    (july,) = till.invoices(customer)
    payment = till.pay(customer, "300.00", d(7, 3), invoice=july)
    assert till.balance(customer) == Decimal("-10.00")
    till.run(d(7, 28))
    _, august = till.invoices(customer)
    assert (august.total, august.remaining) == (290, 280)
    assert till.balance(customer) == Decimal("280.00")

    till.delete(payment, d(7, 29))
    july, august = till.invoices(customer)
    assert [(row.state, row.remaining) for row in (july, august)] == [("open", 290), ("open", 290)]
    assert till.balance(customer) == Decimal("580.00")
    rows = statement(customer, till.company, "MXN").rows
    assert [row.kind for row in rows] == ["invoice", "payment", "invoice", "reversal"]
    assert rows[-1].balance == Decimal("580.00")

    till.pay(customer, "300.00", d(7, 29), invoice=july)
    july, august = till.invoices(customer)
    assert (july.state, august.remaining) == ("paid", 280)
    assert till.balance(customer) == Decimal("280.00")


def test_p29_editing_the_box_moves_the_money_and_nothing_else(till: Till) -> None:
    customer = till.customer(plan=till.create_plan("350.00"))
    till.run(d(6, 28))
    (invoice,) = till.invoices(customer)
    bank = create_cash_box(
        actor=CLERK, now=at(d(1, 1)), company=till.company, name="Banco", kind="bank"
    )
    cash = till.pay(customer, "100.00", d(7, 3), invoice=invoice)
    till.pay(customer, "250.00", d(7, 3), invoice=invoice, method="deposit", cash_box=bank)
    second = create_cash_box(
        actor=CLERK, now=at(d(1, 1)), company=till.company, name="Caja 2", kind="cash"
    )
    edit_payment(
        actor=CLERK, now=at(d(7, 4)), today=d(7, 4), payment=cash, method="cash",
        cash_box=second, reference="",
    )  # fmt: skip
    assert account_balance(till.box.account) == 0
    assert account_balance(second.account) == Decimal("100.00")
    invoice.refresh_from_db()
    assert invoice.state == "paid"
    assert till.balance(customer) == 0
    till.delete(cash, d(7, 5))
    assert account_balance(till.box.account) == account_balance(second.account) == 0
    assert till.balance(customer) == Decimal("100.00")


def test_p39_paying_one_contract_leaves_the_other_to_be_cut(till: Till) -> None:
    customer = till.customer(services=2)
    till.run(d(6, 28))
    first, _second = till.invoices(customer)
    till.pay(customer, "300.00", d(7, 2), invoice=first)
    till.run(d(7, 5))
    states = list(Service.objects.order_by("number").values_list("state", flat=True))
    assert states == ["active", "suspended"]


def test_p40_the_same_payment_told_many_times_is_one(till: Till) -> None:
    customer = till.customer()
    till.run(d(6, 28))
    told = {"gateway": "pasarela", "external_id": "7001"}
    payments = {till.pay(customer, "300.00", d(7, 2), **told).pk for _ in range(4)}
    assert len(payments) == 1
    assert till.balance(customer) == 0
    with pytest.raises(RuleError, match="external-id-taken"):
        till.pay(customer, "200.00", d(7, 2), **told)


def test_the_cut_leaves_its_reasons_and_cuts_once(till: Till) -> None:
    customer = till.customer()
    till.run(d(6, 28))
    assert cut_overdue(d(7, 4), at(d(7, 4), 8)) == {"cut": 0}
    assert cut_overdue(d(7, 5), at(d(7, 5), 8)) == {"cut": 1}
    assert cut_overdue(d(7, 5), at(d(7, 5), 9)) == {"cut": 0}
    suspension = Suspension.objects.get(service__customer=customer)
    assert [reason["code"] for reason in suspension.trace] == [
        "enough-overdue",
        "debt-over-threshold",
    ]


def test_a_debt_of_the_unlock_value_is_not_cut_and_a_cent_more_is(till: Till) -> None:
    till.company.unlock_value = Decimal("50.00")
    till.company.save()
    a, b = till.customer(), till.customer()
    till.run(d(6, 28))
    till.pay(a, "250.00", d(7, 2))
    till.pay(b, "249.99", d(7, 2))
    till.run(d(7, 5))
    assert (till.state(a), till.state(b)) == ("active", "suspended")


def test_an_exempt_one_and_one_who_may_not_be_cut_stay_active(till: Till) -> None:
    people = [till.customer(may_be_cut=False), till.customer(automatic_state=False)]
    till.run(d(6, 28))
    exempt = till.customer()
    till.run(d(6, 28))
    exempt.is_invoiced = False
    exempt.save()
    till.run(d(7, 5))
    assert {till.state(person) for person in [*people, exempt]} == {"active"}
