"""The database refuses to tamper with the books, and `verify` finds what it cannot refuse."""

import re
from collections.abc import Callable
from datetime import date
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import translation

from caudal.apps.catalog.models import Company
from caudal.apps.customers.models import Customer
from caudal.apps.ledger import guards
from caudal.apps.ledger.models import Account, Balance, Entry, Transaction
from caudal.apps.ledger.tests.conftest import NOW, charge

JULY = date(2026, 7, 1)


def refused(statement: Callable[[], object]) -> bool:
    try:
        with transaction.atomic():
            statement()
    except DatabaseError as error:
        return "ledger" in str(error)
    return False


def seal(
    company: Company, number: int, amounts: list[tuple[Account, Customer | None, int]]
) -> None:
    """Raw rows, without any of our checks."""
    key = uuid4()
    Entry.objects.bulk_create(
        [Entry(transaction_id=key, account=a, customer=c, amount=n) for a, c, n in amounts]
    )
    Transaction.objects.bulk_create(
        [Transaction(id=key, sequence=number, company=company, currency="MXN", kind="invoice",
                     on=JULY, posted_at=NOW, actor_name="intruder")]
    )  # fmt: skip


def test_a_balanced_transaction_is_accepted_even_as_raw_rows(
    customer: Customer, receivable: Account, revenue: Account
) -> None:
    seal(customer.company, 1, [(receivable, customer, 5), (revenue, None, -5)])
    assert Transaction.objects.count() == 1


def test_unbalanced_single_and_empty_transactions_are_refused(
    customer: Customer, receivable: Account, revenue: Account
) -> None:
    company = customer.company
    assert refused(lambda: seal(company, 1, [(receivable, customer, 5), (revenue, None, -4)]))
    assert refused(lambda: seal(company, 1, [(receivable, customer, 5)]))
    assert refused(lambda: seal(company, 1, []))


def test_entries_of_another_company_or_currency_are_refused(
    customer: Customer, receivable: Account, revenue: Account
) -> None:
    other = Company.objects.create(name="Otra")
    dollars = Account.objects.create(
        company=customer.company, kind="revenue", code="plan", name="x", currency="USD"
    )
    assert refused(lambda: seal(other, 1, [(receivable, customer, 5), (revenue, None, -5)]))
    legs: list[tuple[Account, Customer | None, int]]
    legs = [(receivable, customer, 5), (dollars, None, -5)]
    assert refused(lambda: seal(customer.company, 1, legs))


def test_nothing_is_added_to_changed_in_or_taken_from_a_sealed_transaction(
    customer: Customer, receivable: Account, revenue: Account
) -> None:
    sealed = charge(customer, receivable, revenue, "300.00", JULY)

    def late() -> None:
        Entry.objects.bulk_create(
            [
                Entry(transaction=sealed, account=receivable, customer=customer, amount=1),
                Entry(transaction=sealed, account=revenue, amount=-1),
            ]
        )

    def run(sql: str) -> Callable[[], object]:
        return lambda: connection.cursor().execute(sql)

    assert refused(late)
    assert refused(run("UPDATE ledger_entry SET amount = amount + 1"))
    assert refused(run("DELETE FROM ledger_entry"))
    assert refused(run("UPDATE ledger_transaction SET memo = 'nothing to see'"))
    assert refused(run("DELETE FROM ledger_transaction"))
    if connection.vendor == "postgresql":
        assert refused(run("TRUNCATE ledger_transaction CASCADE"))
    else:
        assert refused(run("REPLACE INTO ledger_transaction SELECT * FROM ledger_transaction"))
        columns = "id, amount, account_id, customer_id"
        moved = f"SELECT '{uuid4().hex}', {columns} FROM ledger_entry"
        assert refused(run(f"REPLACE INTO ledger_entry (transaction_id, {columns}) {moved}"))
    assert Entry.objects.count() == 2


def test_verify_agrees_with_honest_books(
    customer: Customer, receivable: Account, revenue: Account
) -> None:
    charge(customer, receivable, revenue, "300.00", JULY)
    out = StringIO()
    with translation.override("en"):
        call_command("verify", stdout=out)
    assert "all rows agree" in out.getvalue()


def test_verify_finds_a_forged_balance_and_shows_its_history(
    customer: Customer, receivable: Account, revenue: Account
) -> None:
    charge(customer, receivable, revenue, "300.00", JULY)
    Balance.objects.update(amount=1)
    out = StringIO()
    with translation.override("en"), pytest.raises(CommandError) as failed:
        call_command("verify", stdout=out)
    assert failed.value.returncode == 1
    assert "expected 300.0000, found 1.0000" in out.getvalue()
    assert re.search(r"2026-07-01 #\d+ invoice", out.getvalue())


def test_verify_finds_an_entry_forged_with_the_triggers_down(
    customer: Customer, receivable: Account, revenue: Account
) -> None:
    charge(customer, receivable, revenue, "300.00", JULY)
    guards.remove(connection)
    try:
        Entry.objects.filter(account=revenue).update(amount=-1)
    finally:
        guards.install(connection)
    out = StringIO()
    with translation.override("en"), pytest.raises(CommandError):
        call_command("verify", stdout=out)
    assert "Transactions sum to zero" in out.getvalue()
