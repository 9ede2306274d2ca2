"""Files of banks: each line once, whatever files tell of it, and the balance compared."""

from datetime import date
from decimal import Decimal

import pytest

from caudal.apps.billing.tests.world import CLERK, at, d
from caudal.apps.treasury import collect
from caudal.apps.treasury.actions import take_statement
from caudal.apps.treasury.models import BankAccount, BankLine, BankStatement
from caudal.apps.treasury.tests.counter import Counter
from caudal.core.ports.statement import StatementError

HEAD = "Fecha;Concepto;Referencia;Cargo;Abono;Saldo\n"
FIRST = "01/07/2026;Ana;111;;300,00;1300,00\n01/07/2026;Ana;111;;300,00;1600,00\n"
SECOND = "13/07/2026;Comisión;;12,00;;1588,00\n"


def bring(account: BankAccount, text: str | bytes, **options: object) -> BankStatement:
    content = text.encode() if isinstance(text, str) else text
    slug, reading = collect.read_statement(content, **options)  # type: ignore[arg-type]
    return take_statement(
        actor=CLERK, now=at(d(7, 20)), account=account, filename="julio.csv", format=slug,
        content=content, reading=reading, columns=options.get("columns"),  # type: ignore[arg-type]
    )  # fmt: skip


def test_a_file_that_comes_twice_adds_nothing(counter: Counter) -> None:
    account = counter.bank_account()
    first = bring(account, HEAD + FIRST)
    again = bring(account, HEAD + FIRST)
    assert (first.new_lines, first.known_lines, first.difference) == (2, 0, 0)
    assert (again.new_lines, again.known_lines) == (0, 2)
    longer = bring(account, HEAD + FIRST + SECOND)
    assert (longer.new_lines, longer.known_lines) == (1, 2)
    assert (longer.opening, longer.closing) == (1000, 1588)
    states = list(BankLine.objects.order_by("id").values_list("amount", "state"))
    assert states == [(300, "open"), (300, "open"), (-12, "outgoing")]


def test_another_account_has_lines_of_its_own(counter: Counter) -> None:
    bring(counter.bank_account("Uno"), HEAD + FIRST)
    assert bring(counter.bank_account("Dos"), HEAD + FIRST).new_lines == 2


def test_a_balance_that_does_not_agree_is_told(counter: Counter) -> None:
    missing = HEAD + "01/07/2026;Ana;1;;300,00;1300,00\n02/07/2026;Eva;2;;50,00;1400,00\n"
    assert bring(counter.bank_account(), missing).difference == Decimal("50.00")


def test_rows_that_cannot_be_read_are_kept_with_their_cells(counter: Counter) -> None:
    statement = bring(counter.bank_account(), HEAD + FIRST + "99/07/2026;Eva;;;5,00;\n")
    assert statement.problems == [[4, "no-date", ["99/07/2026", "Eva", "", "", "5,00", ""]]]


def test_columns_that_a_person_chose_are_remembered(counter: Counter) -> None:
    account = counter.bank_account()
    table = "cuando;quien;plata\n01/07/2026;Ana;300,00\n"
    with pytest.raises(StatementError, match="no-date-column"):
        bring(account, table)
    columns = {"cuando": "date", "quien": "payer", "plata": "amount"}
    bring(account, table, columns=columns)
    account.refresh_from_db()
    assert account.columns == columns
    line = BankLine.objects.get()
    assert (line.payer, line.on) == ("Ana", date(2026, 7, 1))


def test_money_out_is_never_read_as_money_in(counter: Counter) -> None:
    """Minus signs of typographers, and banks that write a word behind the amount."""
    amounts = ["\u2212300.00", "\u2013300.00", "300.00 DR", "300.00DB", "300.00 D", "(300.00)"]
    came_in = ["300.00 CR", "300.00C", "300.00 MXN"]
    rows = "".join(f"2026-07-01;Ana;{amount}\n" for amount in amounts + came_in)
    bring(counter.bank_account(), f"Fecha;Concepto;Importe\n{rows}")
    found = list(BankLine.objects.order_by("id").values_list("amount", flat=True))
    assert found == [-300] * len(amounts) + [300] * len(came_in)


def test_an_ofx_amount_of_three_decimals_is_not_thousands(counter: Counter) -> None:
    row = "<STMTTRN><DTPOSTED>20260701<TRNAMT>{}<FITID>{}</STMTTRN>"
    rows = "".join(row.format(amount, n) for n, amount in enumerate(["300.000", "-1500.000"]))
    bring(
        counter.bank_account(),
        f"OFXHEADER:100\n\n<OFX><STMTRS><BANKTRANLIST>{rows}</BANKTRANLIST></STMTRS></OFX>",
    )
    assert list(BankLine.objects.order_by("id").values_list("amount", flat=True)) == [300, -1500]


def test_a_file_beyond_the_limit_is_not_read() -> None:
    with pytest.raises(StatementError, match="too-large"):
        collect.read_statement(b"Fecha;Importe\n" + b" " * collect.LARGEST_FILE)
