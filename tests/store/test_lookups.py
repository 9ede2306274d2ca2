"""Rows are found by their keys, however many keys there are."""

import pytest

from caudal.apps.catalog.models import Tax
from caudal.store.lookups import Among

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_only_the_rows_asked_for_are_found() -> None:
    taxes = [Tax.objects.create(name=f"Tax {n}", rate=n) for n in range(5)]
    asked = [taxes[1].pk, taxes[3].pk, 10**12]
    assert list(Tax.objects.filter(Among("id", asked)).order_by("id")) == [taxes[1], taxes[3]]
    assert not Tax.objects.filter(Among("id", [])).exists()


def test_more_keys_than_a_statement_takes_parameters() -> None:
    tax = Tax.objects.create(name="Tax", rate=1)
    assert Tax.objects.filter(Among("id", range(100_000))).filter(pk=tax.pk).exists()


def test_keys_across_a_relation() -> None:
    tax = Tax.objects.create(name="Tax", rate=1)
    assert not Tax.objects.filter(Among("companies__id", [1])).filter(pk=tax.pk).exists()
