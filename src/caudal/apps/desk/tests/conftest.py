"""The small provider of the customers room, with a router that has free addresses."""

from collections.abc import Callable

import pytest
from django.test import Client

from caudal.apps.customers.models import Zone
from caudal.apps.customers.tests.conftest import (  # noqa: F401
    company,
    customer,
    plan,
    service,
    zone,
)
from caudal.apps.network.models import Pool, Router


@pytest.fixture
def router(zone: Zone) -> Router:  # noqa: F811
    """Reached by nobody: the desk only leaves rows for the network room."""
    row = Router.objects.create(name="Torre Norte", host="192.0.2.1", username="api")
    row.zones.add(zone)
    Pool.objects.create(router=row, name="clientes", network="10.20.0.0/24")
    return row


@pytest.fixture
def owner(client_as: Callable[..., Client]) -> Client:
    return client_as("owner")
