"""The provider of the cases; when a case ends, the identities of every case are asserted."""

from collections.abc import Iterator

import pytest

from tests.flows.provider import Provider


@pytest.fixture
def isp(db: None) -> Iterator[Provider]:
    provider = Provider()
    yield provider
    provider.prove()
