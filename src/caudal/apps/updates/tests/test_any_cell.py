"""Whatever a cell holds: it is the same, or changes something, or is refused in words."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from caudal.apps.customers.models import Customer
from caudal.apps.staff.models import User
from caudal.apps.updates.cells import is_same
from caudal.apps.updates.columns import FileColumn, Part, columns
from caudal.apps.updates.differences import check, compare, in_words
from caudal.apps.updates.held import Held
from caudal.apps.updates.held import people as people_of
from caudal.apps.updates.known import Known

TEXTS = st.text(st.characters(blacklist_categories=["Cs"]), max_size=40)
NASTY = st.sampled_from([
    "", " ", "-", "#N/D", "#¡REF!", "Err:502", "=A1+1", '="00123"', "5.21556E+11", "31/02/2026",
    "1e400", "NaN", "Infinity", "-0", "1.234.567,89", "٣", "²", "10.0.0.1/33", "::1", "FF:FF",
    "activo", "cancelado", "99999999999999999999", "0", "1/1/1", "(5)", "\x00", "a" * 400, "VIP;;",
    "19.4,-99.1", "a@b", "+52", "00000000", "1E999999", "0x10", "Centro", "Básico 10Mb",
])  # fmt: skip


@given(TEXTS)
def test_a_text_that_came_back_is_the_same(text: str) -> None:
    assert is_same(text, text)
    assert is_same(f" {text} ", text)


@given(st.from_regex(r"\+?[0-9]{0,17}[1-9]", fullmatch=True))
def test_a_number_that_a_spreadsheet_took_for_one_is_the_same(text: str) -> None:
    plain = text.lstrip("+")
    assert is_same(plain.lstrip("0") or "0", text)
    assert is_same(f"{int(plain):.5E}", text)
    assert is_same(f"{int(plain)}.0", text)


@given(st.integers(10**6, 10**15), st.integers(1, 10**6))
def test_another_number_is_another_one(number: int, more: int) -> None:
    assert not is_same(str(number + more), str(number))


@pytest.mark.django_db
def test_any_cell_of_any_column_is_taken_or_refused_in_words(
    people: list[Customer], user_with_role: Callable[..., User]
) -> None:
    user = user_with_role("owner")
    every, known = columns(user), Known.now(user)
    (person,) = people_of(Customer.objects.filter(pk=people[0].pk)).values()
    held = Held(person, person.services[0])
    changeable = [each for each in every.values() if each.part is not Part.KEY]

    @settings(suppress_health_check=list(HealthCheck), max_examples=400)
    @given(st.sampled_from(changeable), st.one_of(NASTY, TEXTS), st.booleans())
    def one(column: FileColumn, cell: str, empties: bool) -> None:
        found = compare({column.key: cell}, held, known, [column], empties=empties)
        check(found, held, user, every)
        assert all(text for _key, text in found.problems)
        assert all(before != after for before, after in found.changes.values())
        in_words(found, every)

    one()
