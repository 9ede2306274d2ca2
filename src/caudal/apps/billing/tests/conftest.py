"""The world of the cases, on whatever database the tests run."""

import pytest

from caudal.apps.billing.tests.world import World


@pytest.fixture
def world(db: None) -> World:
    return World()
