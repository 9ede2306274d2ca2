"""The world of the cases, with a counter at which money arrives."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache

from caudal.apps.treasury.tests.counter import Counter
from caudal.practice.gateway import PracticeGateway


@pytest.fixture(autouse=True)
def nobody_knocked_before() -> None:
    cache.clear()


@pytest.fixture
def counter(db: None) -> Counter:
    return Counter()


@pytest.fixture
def practice() -> Iterator[PracticeGateway]:
    with PracticeGateway() as running:
        yield running
