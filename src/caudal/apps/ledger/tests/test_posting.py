"""Transactions, reversals and the balances they move."""

from datetime import date
from decimal import Decimal

import pytest

from caudal.apps.customers.models import Customer
from caudal.apps.ledger.actions import post, reverse
from caudal.apps.ledger.models import Account, Transaction
from caudal.apps.ledger.reads import account_balance, balance_of, statement
from caudal.apps.ledger.tests.conftest import CLERK, NOW, charge
from caudal.core.errors import RuleError

JULY = date(2026, 7, 1)


def test_a_posting_moves_the_balance_and_is_numbered(
    customer: Customer, receivable: Account, revenue: Account
) -> None:
    first = charge(customer, receivable, revenue, "300.00", JULY)
    second = charge(customer, receivable, revenue, "0.10", JULY)
    assert first.sequence < second.sequence
    assert balance_of(customer, customer.company, "MXN") == Decimal("300.10")
    assert account_balance(revenue) == Decimal("-300.10")


def test_currencies_have_their_own_balances(
    customer: Customer, receivable: Account, revenue: Account
) -> None:
    charge(customer, receivable, revenue, "300.00", JULY)
    assert balance_of(customer, customer.company, "USD") == 0


def test_legs_that_do_not_sum_to_zero_are_refused_before_the_database_is_asked(
    customer: Customer, receivable: Account, revenue: Account
) -> None:
    with pytest.raises(RuleError, match="transaction-not-zero"):
        post(
            company=customer.company, currency="MXN", kind="invoice", on=JULY, now=NOW,
            actor=CLERK,
            legs=[(receivable, customer, Decimal(300)), (revenue, None, Decimal(-299))],
        )  # fmt: skip
    assert not Transaction.objects.exists()


def test_a_reversal_is_linked_opposite_and_made_once(
    customer: Customer, receivable: Account, revenue: Account
) -> None:
    first = charge(customer, receivable, revenue, "300.00", JULY)
    undone = reverse(first, on=date(2026, 7, 9), now=NOW, actor=CLERK)
    assert undone.reverses == first
    assert undone.kind == Transaction.Kind.REVERSAL
    assert balance_of(customer, customer.company, "MXN") == 0
    with pytest.raises(RuleError, match="already-reversed"):
        reverse(first, on=date(2026, 7, 9), now=NOW, actor=CLERK)


def test_the_statement_runs_by_date_then_number_and_ranges_join(
    customer: Customer, receivable: Account, revenue: Account
) -> None:
    charge(customer, receivable, revenue, "300.00", date(2026, 7, 5))
    charge(customer, receivable, revenue, "45.50", date(2026, 6, 10))
    charge(customer, receivable, revenue, "10.00", date(2026, 7, 5))
    whole = statement(customer, customer.company, "MXN")
    assert [row.balance for row in whole.rows] == [
        Decimal("45.50"),
        Decimal("345.50"),
        Decimal("355.50"),
    ]
    june = statement(customer, customer.company, "MXN", last=date(2026, 6, 30))
    july = statement(customer, customer.company, "MXN", first=JULY)
    assert (june.opening, june.closing, july.opening) == (0, Decimal("45.50"), Decimal("45.50"))
    assert (*june.rows, *july.rows) == whole.rows
    assert whole.closing == balance_of(customer, customer.company, "MXN")
