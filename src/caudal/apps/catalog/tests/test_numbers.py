"""Numbers of documents: one by one, per company and kind, without gaps or doubles."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from caudal.apps.catalog.actions import take_number, take_numbers
from caudal.apps.catalog.models import Company, Series


def company(name: str = "Red del Valle") -> Company:
    return Company.objects.create(name=name)


@pytest.mark.django_db
def test_numbers_follow_each_other_with_the_prefix_of_the_series() -> None:
    owner = company()
    Series.objects.create(company=owner, kind=Series.Kind.INVOICE, prefix="A-", next_number=102)
    taken = [take_number(owner, Series.Kind.INVOICE) for _ in range(3)]
    assert taken == [("A-", 102), ("A-", 103), ("A-", 104)]


@pytest.mark.django_db
def test_kinds_and_companies_count_apart_and_begin_at_one() -> None:
    first, second = company(), company("Otra")
    assert take_number(first, Series.Kind.INVOICE) == ("", 1)
    assert take_number(first, Series.Kind.RECEIPT) == ("", 1)
    assert take_number(second, Series.Kind.INVOICE) == ("", 1)


@pytest.mark.django_db
def test_a_block_of_numbers_is_taken_at_once_and_the_next_one_follows_it() -> None:
    owner = company()
    assert take_numbers(owner, Series.Kind.INVOICE, 250) == ("", 1)
    assert take_number(owner, Series.Kind.INVOICE) == ("", 251)


@pytest.mark.django_db
def test_free_invoices_never_begin_with_the_numbers_of_service_invoices() -> None:
    owner = company()
    service = take_number(owner, Series.Kind.INVOICE)
    assert take_number(owner, Series.Kind.FREE_INVOICE) != service


@pytest.mark.django_db(transaction=True)
def test_a_rollback_gives_the_number_back() -> None:
    owner = company()
    with pytest.raises(RuntimeError), transaction.atomic():
        take_number(owner, Series.Kind.INVOICE)
        raise RuntimeError
    with transaction.atomic():
        assert take_number(owner, Series.Kind.INVOICE) == ("", 1)


@pytest.mark.django_db(transaction=True)
def test_several_workers_never_get_the_same_number() -> None:
    owner = company()
    Series.objects.create(company=owner, kind=Series.Kind.INVOICE)

    def take(_: int) -> list[int]:
        try:
            numbers = []
            for _each in range(10):
                with transaction.atomic():
                    numbers.append(take_number(owner, Series.Kind.INVOICE)[1])
            return numbers
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        taken = [number for numbers in pool.map(take, range(4)) for number in numbers]
    assert sorted(taken) == list(range(1, 41))
