"""P38: several debts on one invoice, and back."""

from decimal import Decimal

import pytest

from caudal.apps.billing import merging
from caudal.apps.billing.models import BilledPeriod, Invoice, LateFee
from caudal.apps.billing.tests.life import Life
from caudal.apps.billing.tests.world import CLERK, at, d, verify
from caudal.apps.billing.voiding import void_invoice
from caudal.apps.customers.models import Customer
from caudal.core.errors import RuleError
from caudal.core.periods import Period


@pytest.fixture
def life(db: None) -> Life:
    return Life()


@pytest.fixture
def customer(life: Life) -> Customer:
    """He was away in July: June is owed in part, August is new."""
    customer = life.customer(plan=life.create_plan("250.00"))
    service = customer.services.get()
    life.run(d(5, 28))
    life.pay(customer, "100.00", d(6, 1))
    life.issue(
        customer, d(6, 28), service=service, days=Period(d(7, 1), d(7, 31)), price=Decimal(0)
    )
    life.create(d(7, 28))
    return customer


def open_ones(life: Life, customer: Customer) -> list[Invoice]:
    return [row for row in life.invoices(customer) if row.remaining > 0]


def shown(row: Invoice) -> tuple[str, Decimal, Decimal]:
    row.refresh_from_db()
    return (str(row.state), row.total, row.remaining)


def test_p38_the_old_debt_and_the_new_invoice_become_one(life: Life, customer: Customer) -> None:
    june, august = open_ones(life, customer)
    assert life.balance(customer) == Decimal("400.00")
    merged = life.merge(june, august, today=d(7, 29))
    assert (merged.remaining, merged.due, merged.cut) == (Decimal("400.00"), d(8, 1), d(8, 5))
    assert shown(june) == ("merged", Decimal("250.00"), Decimal(0))
    assert shown(august) == ("merged", Decimal("250.00"), Decimal(0))
    assert life.balance(customer) == Decimal("400.00")
    life.run(d(7, 30))
    assert life.state(customer) == "active"
    verify()
    life.run(d(8, 28))
    assert [row.emission for row in open_ones(life, customer)] == [d(7, 28), d(8, 28)]
    life.check(customer)


def test_the_merged_invoice_cuts_on_its_own_day(life: Life, customer: Customer) -> None:
    life.merge(*open_ones(life, customer), today=d(7, 29))
    life.run(d(8, 5))
    assert life.state(customer) == "suspended"


def test_undoing_a_merge_gives_back_every_row(life: Life, customer: Customer) -> None:
    june, august = open_ones(life, customer)
    before = [shown(row) for row in (june, august)]
    merged = life.merge(june, august, today=d(7, 29))
    merging.unmerge(actor=CLERK, now=at(d(7, 30)), invoice=merged)
    assert [shown(row) for row in (june, august)] == before
    assert shown(merged)[0] == "void"
    assert life.balance(customer) == Decimal("400.00")
    verify()
    with pytest.raises(RuleError, match="not-merged"):
        merging.unmerge(actor=CLERK, now=at(d(7, 30)), invoice=merged)


def test_what_was_paid_on_the_merged_one_pays_the_oldest(life: Life, customer: Customer) -> None:
    june, august = open_ones(life, customer)
    merged = life.merge(june, august, today=d(7, 29))
    payment = life.pay(customer, "180.00", d(7, 29), invoice=merged)
    merging.unmerge(actor=CLERK, now=at(d(7, 30)), invoice=merged)
    assert (shown(june)[2], shown(august)[2]) == (Decimal(0), Decimal("220.00"))
    verify()
    life.delete(payment, d(7, 31))
    assert (shown(june)[2], shown(august)[2]) == (Decimal("150.00"), Decimal("250.00"))
    verify()


def test_a_payment_deleted_under_a_merge_makes_it_ask_for_more(
    life: Life, customer: Customer
) -> None:
    merged = life.merge(*open_ones(life, customer), today=d(7, 29))
    life.delete(customer.payments.get(), d(7, 30))
    assert shown(merged) == ("open", Decimal("500.00"), Decimal("500.00"))
    assert life.balance(customer) == Decimal("500.00")
    verify()
    rows = merging.unmerge(actor=CLERK, now=at(d(7, 30)), invoice=merged)
    assert [row.remaining for row in rows] == [Decimal("250.00")] * 2


def test_voiding_a_merged_invoice_voids_what_it_was_made_of(life: Life, customer: Customer) -> None:
    june, august = open_ones(life, customer)
    merged = life.merge(june, august, today=d(7, 29))
    void_invoice(actor=CLERK, now=at(d(7, 30)), today=d(7, 30), invoice=merged, reason="x")
    assert [shown(row)[0] for row in (june, august, merged)] == ["void"] * 3
    assert life.balance(customer) == Decimal("-100.00")
    assert not BilledPeriod.objects.filter(invoice=june, is_void=False)
    verify()


def test_an_original_is_not_voided_behind_the_merge(life: Life, customer: Customer) -> None:
    june, august = open_ones(life, customer)
    life.merge(june, august, today=d(7, 29))
    with pytest.raises(RuleError, match="invoice-is-merged"):
        void_invoice(actor=CLERK, now=at(d(7, 30)), today=d(7, 30), invoice=june, reason="x")


def test_a_merge_is_not_undone_behind_the_merge_that_took_it(
    life: Life, customer: Customer
) -> None:
    inner = life.merge(*open_ones(life, customer), today=d(7, 29))
    life.create(d(8, 28))
    outer = life.merge(*open_ones(life, customer), today=d(8, 29))
    with pytest.raises(RuleError, match="invoice-is-merged"):
        merging.unmerge(actor=CLERK, now=at(d(8, 30)), invoice=inner)
    assert open_ones(life, customer) == [outer]
    assert life.balance(customer) == outer.remaining == Decimal("650.00")


def test_merges_of_merges_come_apart_one_by_one(life: Life, customer: Customer) -> None:
    first = life.merge(*open_ones(life, customer), today=d(7, 29))
    life.create(d(8, 28))
    september = life.invoices(customer)[-1]
    second = life.merge(first, september, today=d(8, 29))
    assert second.remaining == Decimal("650.00")
    verify()
    merging.unmerge(actor=CLERK, now=at(d(8, 30)), invoice=second)
    assert shown(first) == ("open", Decimal("400.00"), Decimal("400.00"))
    merging.unmerge(actor=CLERK, now=at(d(8, 30)), invoice=first)
    assert life.balance(customer) == Decimal("650.00")
    verify()


def test_who_has_borne_a_late_fee_bears_no_other(life: Life, customer: Customer) -> None:
    june, august = open_ones(life, customer)
    LateFee.objects.create(overdue=june, invoice=august, amount=Decimal("30.00"))
    merged = life.merge(june, august, today=d(7, 29))
    assert LateFee.objects.filter(overdue=merged, is_void=False).count() == 1
    life.company.late_fee = Decimal("30.00")
    life.company.save()
    life.create(d(8, 28))
    assert life.totals(customer)[-1] == Decimal("250.00")
    merging.unmerge(actor=CLERK, now=at(d(8, 29)), invoice=merged)
    assert not LateFee.objects.filter(overdue=merged, is_void=False)


def test_only_unpaid_invoices_of_one_customer_and_kind_are_merged(
    life: Life, customer: Customer
) -> None:
    june, august = open_ones(life, customer)
    other = life.customer()
    life.create(d(7, 28), hour=9)
    stranger = life.invoices(other)[-1]
    free = life.issue(customer, d(7, 29), kind="free", lines=[life.line("Visita", "10.00")])
    settled = next(row for row in life.invoices(customer) if row.remaining == 0)
    for rows, code in (
        ([june], "merge-needs-two"),
        ([june, june], "merge-needs-two"),
        ([june, stranger], "merge-different"),
        ([june, free], "merge-different"),
        ([june, settled], "merge-settled"),
    ):
        with pytest.raises(RuleError, match=code):
            life.merge(*rows, today=d(7, 29))
    merged = life.merge(june, august, today=d(7, 29))
    with pytest.raises(RuleError, match="merge-settled"):
        life.merge(june, merged, today=d(7, 29))
