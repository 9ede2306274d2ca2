"""Rows made the quick way are those that Django makes."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import UUID

import pytest
from django.db.models import Value

from caudal.apps.catalog.models import Tax
from caudal.apps.ledger.models import Transaction
from caudal.store.rows import fetch, new

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_fetched_rows_equal_those_of_the_query_set() -> None:
    made = [Tax.objects.create(name=f"Tax {n}", rate=n) for n in range(3)]
    rows = fetch(Tax.objects.order_by("-id"))
    assert rows == made[::-1]
    assert [row.__dict__ | {"_state": None} for row in rows] == [
        row.__dict__ | {"_state": None} for row in Tax.objects.order_by("-id")
    ]


def test_a_column_left_out_is_read_when_somebody_asks(
    django_assert_num_queries: Callable[[int], AbstractContextManager[None]],
) -> None:
    Tax.objects.create(name="IVA", rate=16)
    (row,) = fetch(Tax.objects.all(), "id", "rate")
    assert row.get_deferred_fields() == {"name", "is_active"}
    with django_assert_num_queries(1):
        assert row.name == "IVA"


def test_annotations_come_along() -> None:
    Tax.objects.create(name="IVA", rate=16)
    (row,) = fetch(Tax.objects.annotate(borne=Value(1)), "id", "borne")
    assert row.borne == 1  # type: ignore[attr-defined]


def test_a_fetched_row_can_be_saved() -> None:
    Tax.objects.create(name="IVA", rate=16)
    (row,) = fetch(Tax.objects.all())
    row.name = "IVA 16"
    row.save()
    assert Tax.objects.get().name == "IVA 16"


def test_a_new_row_has_the_defaults_and_its_own_made_ones() -> None:
    row, other = new(Tax, name="IVA", rate=16), new(Tax, name="ISR", rate=1)
    assert row.__dict__ | {"_state": None} == Tax(name="IVA", rate=16).__dict__ | {"_state": None}
    assert row._state.adding
    assert row._state is not other._state
    first, second = new(Transaction), new(Transaction)
    assert isinstance(first.pk, UUID)
    assert first.pk != second.pk
    row.save()
    assert Tax.objects.get().name == "IVA"
