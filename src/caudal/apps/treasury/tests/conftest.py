"""The world of the cases, with a counter at which money arrives."""

from collections.abc import Iterator

import pytest

from caudal.apps.treasury.tests.counter import Counter
from caudal.practice.gateway import PracticeGateway


@pytest.fixture
def counter(db: None) -> Counter:
    return Counter()


@pytest.fixture
def practice() -> Iterator[PracticeGateway]:
    with PracticeGateway() as running:
        yield running
