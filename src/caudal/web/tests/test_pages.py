"""Keyset pages: every row once and in order, whichever way one pages."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from caudal.apps.staff.models import JournalEntry, Role, User
from caudal.web.table import Column, KeysetPage, Sorting

START = datetime(2026, 7, 5, tzinfo=UTC)
FIELDS = ("verb", "subject_id", "at", "actor__name", "note")
ORDERS = st.permutations(FIELDS).flatmap(
    lambda names: st.tuples(
        st.integers(1, len(names)), st.lists(st.booleans(), min_size=5, max_size=5)
    ).map(
        lambda drawn: tuple(
            f"-{name}" if down else name
            for name, down in zip(names[: drawn[0]], drawn[1], strict=False)
        )
    )
)
ROWS = st.lists(
    st.tuples(
        st.sampled_from("ab"),
        st.sampled_from([None, 0, 1]),
        st.integers(0, 1),
        st.sampled_from([None, "ana", "beto"]),
    ),
    max_size=14,
)


def expected(rows: Sequence[JournalEntry], order: Sequence[str]) -> list[int]:
    """Sorted by Python, last key first; nulls are greatest, the primary key goes with the last."""
    names = [*order, "-id" if order[-1].startswith("-") else "id"]
    found = list(rows)
    for name in reversed(names):

        def key(row: JournalEntry, name: str = name) -> tuple[bool, Any]:
            value: Any = row
            for part in name.removeprefix("-").split("__"):
                value = getattr(value, part, None)
            return (value is None, "" if value is None else value)

        found.sort(key=key, reverse=name.startswith("-"))
    return [row.pk for row in found]


class PagingTests(TestCase):
    people: dict[str, User]

    @classmethod
    def setUpTestData(cls) -> None:
        role = Role.objects.get(code="owner")
        cls.people = {
            name: User.objects.create(username=name, name=name, role=role, created_at=START)
            for name in ("ana", "beto")
        }

    def enter(self, verb: str, subject_id: int | None, minute: int, who: str | None) -> None:
        JournalEntry.objects.create(
            at=START + timedelta(minutes=minute),
            actor=self.people.get(who or ""),
            actor_name=who or "clock",
            verb=verb,
            subject_kind="x",
            subject_id=subject_id,
            subject_label="x",
        )

    @settings(max_examples=60)
    @given(rows=ROWS, order=ORDERS, size=st.integers(1, 5))
    def test_every_row_comes_once_and_in_order_forwards_and_backwards(
        self, rows: list[tuple[Any, ...]], order: tuple[str, ...], size: int
    ) -> None:
        for row in rows:
            self.enter(*row)
        wanted = expected(list(JournalEntry.objects.select_related("actor")), order)
        pages = [KeysetPage.of(JournalEntry.objects.all(), order, size=size)]
        while pages[-1].next_cursor and len(pages) <= len(rows):
            pages.append(
                KeysetPage.of(JournalEntry.objects.all(), order, pages[-1].next_cursor, size)
            )
        seen = [row.pk for page in pages for row in page.rows]
        assert seen == wanted
        back = [pages[-1]]
        while back[-1].previous_cursor and len(back) <= len(rows):
            back.append(
                KeysetPage.of(JournalEntry.objects.all(), order, back[-1].previous_cursor, size)
            )
        assert [row.pk for page in reversed(back) for row in page.rows] == wanted
        assert pages[0].previous_cursor == ""

    def test_a_row_added_before_the_page_moves_nothing(self) -> None:
        for number in range(4):
            self.enter("b", number, 0, None)
        first = KeysetPage.of(JournalEntry.objects.all(), ("verb",), size=2)
        self.enter("a", 9, 0, None)
        second = KeysetPage.of(JournalEntry.objects.all(), ("verb",), first.next_cursor, 2)
        assert [row.subject_id for row in second.rows] == [2, 3]

    def test_a_broken_or_foreign_cursor_gives_the_first_page(self) -> None:
        for number in range(3):
            self.enter("b", number, 0, None)
        rows = JournalEntry.objects.all()
        other = KeysetPage.of(rows, ("at",), size=1).next_cursor
        for cursor in ("x", "%%%", "e30", "W10", other, "bnVsbA", "ñ"):
            page = KeysetPage.of(rows, ("verb",), cursor, 2)
            assert [row.subject_id for row in page.rows] == [0, 1], cursor

    def test_a_page_asks_the_database_once_and_starts_at_the_key(self) -> None:
        for number in range(6):
            self.enter("b", number, 0, None)
        cursor = KeysetPage.of(JournalEntry.objects.all(), ("verb",), size=2).next_cursor
        with self.assertNumQueries(1) as asked:
            KeysetPage.of(JournalEntry.objects.all(), ("verb",), cursor, 2)
        assert "OFFSET" not in asked[0]["sql"]

    def test_when_all_rows_before_are_gone_the_way_back_shows_the_first_page(self) -> None:
        for number in range(4):
            self.enter("b", number, 0, None)
        rows = JournalEntry.objects.all()
        first = KeysetPage.of(rows, ("verb",), size=2)
        second = KeysetPage.of(rows, ("verb",), first.next_cursor, 2)
        JournalEntry.objects.filter(subject_id__lt=2).delete()
        back = KeysetPage.of(rows, ("verb",), second.previous_cursor, 2)
        assert [row.subject_id for row in back.rows] == [2, 3]


COLUMNS = [
    Column("name", "Name", sort=("name", "id")),
    Column("zone", "Zone"),
    Column("on", "On", sort=("-on",)),
]


def test_sorting_reads_the_address_and_turns_every_field_round() -> None:
    assert Sorting.read(QueryDict("sort=-name"), COLUMNS, "name").order == ("-name", "-id")
    assert Sorting.read(QueryDict("sort=-on"), COLUMNS, "name").order == ("on",)


def test_a_column_that_does_not_sort_is_not_sorted_by() -> None:
    for asked in ("zone", "password", "", "-"):
        assert Sorting.read(QueryDict(f"sort={asked}"), COLUMNS, "name").order == ("name", "id")


def test_a_cell_follows_dots_and_calls() -> None:
    class Zone:
        name = "Norte"

    class Row:
        zone = Zone()

        def label(self) -> str:
            return "A-1"

    assert Column("zone.name", "Zone").read(Row()) == "Norte"
    assert Column("label", "Label").read(Row()) == "A-1"
    assert Column("on", "On", value=lambda row: date(2026, 7, 5)).read(Row()) == date(2026, 7, 5)
