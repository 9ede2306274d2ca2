"""The world of the cases, with a till."""

import pytest

from caudal.apps.payments.tests.till import Till


@pytest.fixture
def till(db: None) -> Till:
    return Till()
