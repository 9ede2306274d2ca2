"""Lines of a statement are known again in any file, and their balances agree or say by how much."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from caudal.core.bank_lines import difference, ends, keys
from caudal.core.ports.statement import Movement, StatementError, StatementFault

DAY = date(2026, 7, 1)


def line(amount: str, day: int = 1, **rest: object) -> Movement:
    return Movement(1, DAY.replace(day=day), Decimal(amount), **rest)  # type: ignore[arg-type]


def test_a_bank_that_repeats_its_ids_on_other_days_is_understood() -> None:
    rows = [line("10", bank_id="7"), line("10", 2, bank_id="7"), line("11", bank_id="7")]
    assert len(set(keys(rows))) == 3
    assert keys(rows)[0] == keys([line("10.00", bank_id="7", text="another wording")])[0]


def test_two_payments_of_one_amount_under_one_id_are_told_apart_by_their_contents() -> None:
    ana, luis = line("300", bank_id="0", payer="Ana"), line("300", bank_id="0", payer="Luis")
    again = line("300.00", bank_id="0", payer="ANA")
    names = keys([ana, luis, again])
    assert names[0] != names[1] and names[0] == names[2]


def test_the_same_content_twice_is_two_lines_and_the_same_two_in_every_file() -> None:
    rows = [line("10", text="Depósito"), line("10", text="DEPOSITO")]
    assert len(set(keys(rows))) == 2
    assert keys(rows) == keys(list(reversed(rows)))


def balances(amounts: list[Decimal]) -> list[Movement]:
    total, found = Decimal(100), []
    for at, amount in enumerate(amounts):
        total += amount
        found.append(Movement(at, DAY.replace(day=1 + at // 2), amount, balance=total))
    return found


@given(st.lists(st.integers(-500, 500).map(Decimal), min_size=1, max_size=20))
def test_files_run_forward_or_backward(amounts: list[Decimal]) -> None:
    rows = balances(amounts)
    expected = (Decimal(100), Decimal(100) + sum(amounts))
    opening, closing = ends(rows) or (None, None)
    assert difference(rows, opening, closing) == 0
    assert (opening, closing) == expected
    back = ends(list(reversed(rows))) or (None, None)
    assert difference(rows, *back) == 0


def test_lines_without_all_balances_tell_no_ends() -> None:
    assert ends([]) is None
    assert ends([line("5", balance=Decimal(5)), line("5")]) is None
    assert difference([line("5")], None, Decimal(5)) is None
    assert difference([line("5")], Decimal(1), None) is None


def test_a_missing_line_is_the_difference() -> None:
    assert difference([line("5"), line("-2")], Decimal(10), Decimal(20)) == Decimal(7)


def test_balances_that_never_add_up_are_taken_as_the_file_runs() -> None:
    rows = [line("5", balance=Decimal(50)), line("5", 2, balance=Decimal(70))]
    assert ends(rows) == (Decimal(45), Decimal(70))


def test_a_fault_says_which_and_where() -> None:
    error = StatementError(StatementFault.BROKEN, "line 7")
    assert (str(error), error.detail) == ("broken: line 7", "line 7")
    assert str(StatementError(StatementFault.EMPTY)) == "empty"
