"""Payments settle the oldest first, credit never makes an invoice negative, nothing is lost."""

from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caudal.core.errors import ErrorCode, RuleError
from caudal.core.money import ZERO
from caudal.core.settlement import (
    ExcessStyle,
    InvoiceKind,
    InvoiceState,
    OpenCredit,
    OpenInvoice,
    apply_credit,
    apply_payment,
    cap_credit_lines,
    invoice_state,
    oldest_first,
)


def invoice(
    number: int, month: int, remaining: str, kind: InvoiceKind = InvoiceKind.SERVICE
) -> OpenInvoice:
    return OpenInvoice(number, kind, date(2026, month, 1), number, D(remaining))


def credit(name: str, day: int, amount: str) -> OpenCredit:
    return OpenCredit(name, date(2026, 6, day), D(amount))


def test_a_payment_on_the_account_settles_the_oldest_first() -> None:
    open_ones = [invoice(3, 8, "300"), invoice(1, 6, "300"), invoice(2, 7, "300")]
    done = apply_payment(D(500), open_ones)
    assert [(a.invoice_id, a.amount, a.remaining) for a in done.applications] == [
        (1, D(300), D(0)),
        (2, D(200), D(100)),
    ]
    assert done.excess == 0


def test_on_one_due_date_service_comes_before_free_and_then_the_number_decides() -> None:
    free = InvoiceKind.FREE
    ordered = oldest_first(
        [invoice(1, 7, "1", free), invoice(9, 7, "1"), invoice(8, 7, "1"), invoice(2, 6, "1", free)]
    )
    assert [i.number for i in ordered] == [2, 8, 9, 1]


def test_a_payment_on_an_invoice_settles_it_before_older_ones() -> None:
    open_ones = [invoice(1, 6, "300"), invoice(2, 7, "300"), invoice(3, 5, "80", InvoiceKind.FREE)]
    done = apply_payment(D(450), open_ones, first=2)
    assert [(a.invoice_id, a.amount) for a in done.applications] == [(2, D(300)), (1, D(150))]
    rest = apply_payment(D(1000), open_ones, first=2)
    assert [a.invoice_id for a in rest.applications] == [2, 1]
    assert rest.excess == D(400)


def test_the_excess_may_wait_as_credit() -> None:
    open_ones = [invoice(1, 6, "300"), invoice(2, 7, "300")]
    done = apply_payment(D(450), open_ones, first=2, excess=ExcessStyle.CREDIT_WAITS)
    assert [a.invoice_id for a in done.applications] == [2]
    assert done.excess == D(150)
    assert apply_payment(D(450), open_ones, excess=ExcessStyle.CREDIT_WAITS).excess == D(450)


def test_chosen_invoices_come_first_the_oldest_of_them_ahead() -> None:
    free = InvoiceKind.FREE
    open_ones = [
        invoice(1, 5, "300"),
        invoice(2, 6, "300", free),
        invoice(3, 7, "300"),
        invoice(4, 4, "50", free),
    ]
    done = apply_payment(D(700), open_ones, chosen=[3, 2])
    assert [(a.invoice_id, a.amount) for a in done.applications] == [
        (2, D(300)),
        (3, D(300)),
        (1, D(100)),
    ]
    waits = apply_payment(D(700), open_ones, chosen=[3, 2], excess=ExcessStyle.CREDIT_WAITS)
    assert waits.excess == 100


def test_a_payment_on_a_free_invoice_pays_it() -> None:
    done = apply_payment(D(80), [invoice(3, 5, "80", InvoiceKind.FREE)], first=3)
    assert (done.applications[0].remaining, done.excess) == (ZERO, ZERO)


def test_a_cent_beyond_a_paid_invoice_becomes_credit() -> None:
    done = apply_payment(D("0.01"), [invoice(1, 7, "0.00")], first=1)
    assert (done.applications, done.excess) == ((), D("0.01"))


def test_partial_payments_lead_to_paid() -> None:
    total = left = D("290.00")
    states = [invoice_state(total, left)]
    for amount in ("100.00", "150.00", "40.00"):
        (done,) = apply_payment(D(amount), [invoice(1, 7, str(left))], first=1).applications
        left = done.remaining
        states.append(invoice_state(total, left))
    assert states == [
        InvoiceState.OPEN,
        InvoiceState.PARTIAL,
        InvoiceState.PARTIAL,
        InvoiceState.PAID,
    ]


def test_cents_are_paid_and_left_like_pesos() -> None:
    assert invoice_state(D(300), D("0.50")) is InvoiceState.PARTIAL
    (done,) = apply_payment(D("0.50"), [invoice(1, 7, "0.75")]).applications
    assert (done.amount, done.remaining) == (D("0.50"), D("0.25"))
    assert apply_credit(D(300), [credit("a", 1, "0.50")]).uses[0].amount == D("0.50")


def test_a_zero_invoice_is_paid_from_birth() -> None:
    assert invoice_state(ZERO, ZERO) is InvoiceState.PAID


@pytest.mark.parametrize("amount", ["0", "-5"])
def test_a_payment_of_nothing_is_refused(amount: str) -> None:
    with pytest.raises(RuleError) as refused:
        apply_payment(D(amount), [])
    assert refused.value.code == ErrorCode.AMOUNT_NOT_POSITIVE


def test_a_payment_on_an_invoice_that_is_not_his_is_refused() -> None:
    with pytest.raises(RuleError) as refused:
        apply_payment(D(1), [invoice(1, 7, "300")], first=2)
    assert refused.value.code == ErrorCode.INVOICE_NOT_AMONG_OPEN
    assert refused.value.params == {"invoice": 2}


def test_negative_rows_are_refused() -> None:
    for act in (lambda: invoice(1, 7, "-0.01"), lambda: credit("a", 1, "-1")):
        with pytest.raises(RuleError) as refused:
            act()
        assert refused.value.code == ErrorCode.AMOUNT_NEGATIVE


def test_credit_of_120_leaves_180_to_pay() -> None:
    done = apply_credit(D(300), [credit("CX-1", 10, "120")])
    assert (done.applied, done.due, done.left) == (D(120), D(180), ZERO)


def test_credit_of_700_pays_two_invoices_and_part_of_a_third() -> None:
    left, dues = "700", []
    for _ in range(3):
        done = apply_credit(D(300), [credit("CX-1", 10, left)])
        left = str(done.left)
        dues.append((done.due, done.left))
    assert dues == [(ZERO, D(400)), (ZERO, D(100)), (D(200), ZERO)]


def test_the_oldest_credit_is_taken_first() -> None:
    done = apply_credit(D(300), [credit("late", 20, "250"), credit("early", 5, "100")])
    assert [(u.credit_id, u.amount, u.left) for u in done.uses] == [
        ("early", D(100), ZERO),
        ("late", D(200), D(50)),
    ]
    assert (done.due, done.left) == (ZERO, D(50))


def test_unneeded_credit_is_left_alone() -> None:
    done = apply_credit(ZERO, [credit("a", 1, "10")])
    assert (done.uses, done.due, done.left) == ((), ZERO, D(10))


def test_debit_and_credit_adjustments_change_what_is_asked() -> None:
    done = apply_credit(D(300), [credit("CX-1", 12, "20.25")], debits=D("45.50"))
    assert done.due == D("325.25")
    assert apply_credit(D(300), [], debits=D("45.50")).due == D("345.50")


def test_a_credit_line_larger_than_the_invoice_waits() -> None:
    taken, waiting = cap_credit_lines([D(100), D("-80"), D("-50")])
    assert (taken, waiting) == ([D(100), D(-80), D(-20)], [ZERO, ZERO, D(-30)])
    assert cap_credit_lines([D(100), D(-40)]) == ([D(100), D(-40)], [ZERO, ZERO])
    assert cap_credit_lines([D(-40), D(-10)]) == ([ZERO, ZERO], [D(-40), D(-10)])
    assert cap_credit_lines([]) == ([], [])


cents = st.integers(0, 10**5).map(lambda n: D(n).scaleb(-2))
signed = st.integers(-(10**5), 10**5).map(lambda n: D(n).scaleb(-2))
invoices = st.lists(
    st.builds(
        OpenInvoice,
        st.uuids(),
        st.sampled_from(InvoiceKind),
        st.dates(date(2026, 1, 1), date(2026, 12, 31)),
        st.integers(1, 99),
        cents,
    ),
    max_size=6,
    unique_by=lambda i: i.id,
)


@settings(max_examples=60, deadline=None)
@given(cents.filter(bool), invoices, st.booleans(), st.sampled_from(ExcessStyle))
def test_i3_a_payment_is_applied_in_full_or_left_in_favour(
    amount: D, open_ones: list[OpenInvoice], on_invoice: bool, excess: ExcessStyle
) -> None:
    first = open_ones[0].id if on_invoice and open_ones else None
    done = apply_payment(amount, open_ones, first, excess)
    assert sum((a.amount for a in done.applications), done.excess) == amount
    before = {i.id: i.remaining for i in open_ones}
    for application in done.applications:
        assert 0 < application.amount <= before[application.invoice_id]
        assert application.remaining == before[application.invoice_id] - application.amount >= 0
    assert len({a.invoice_id for a in done.applications}) == len(done.applications)


@settings(max_examples=60, deadline=None)
@given(cents, st.lists(cents, max_size=5), cents)
def test_i12_no_invoice_is_negative_after_credit(total: D, credits: list[D], debits: D) -> None:
    rows = [OpenCredit(n, date(2026, 6, 1), amount) for n, amount in enumerate(credits)]
    done = apply_credit(total, rows, debits)
    assert done.due >= 0 and done.left >= 0
    assert done.due + done.applied == total + debits
    assert done.applied + done.left == sum(credits, ZERO)
    assert done.due == 0 or done.left == 0


@settings(max_examples=60, deadline=None)
@given(st.lists(signed, max_size=6))
def test_i12_capped_lines_never_sum_below_zero_and_lose_nothing(lines: list[D]) -> None:
    taken, waiting = cap_credit_lines(lines)
    assert sum(taken, ZERO) == max(sum(lines, ZERO), ZERO)
    assert [a + b for a, b in zip(taken, waiting, strict=True)] == lines
    assert all(w <= 0 for w in waiting)
