"""The world of the billing cases, for runs."""

import pytest

from caudal.apps.billing.tests.world import World


@pytest.fixture
def world(db: None) -> World:
    return World()
