"""A street with Ana, who owes July and is connected at an address; and a browser there."""

from collections.abc import Callable

import pytest
from django.test import Client

from caudal.apps.billing.tests.world import CLERK, at, d
from caudal.apps.catalog.models import Technology
from caudal.apps.customers.models import Customer
from caudal.apps.dunning.tests.street import Street
from caudal.apps.network import actions as network
from caudal.apps.network.models import Connection, Router

HERE = "10.20.0.5"
CUT = d(7, 6)


@pytest.fixture
def street(db: None) -> Street:
    return Street()


@pytest.fixture
def connect(street: Street) -> Callable[..., Connection]:
    """A function: puts a customer's service on a router at an address."""

    def put(customer: Customer, address: str = HERE, router: str = "Torre") -> Connection:
        found, _ = Router.objects.get_or_create(
            name=router, defaults={"driver": "memory", "host": "192.0.2.1"}
        )
        return network.connect(
            actor=CLERK, now=at(d(7, 1)), service=street.service(customer), router=found,
            technology=Technology.SIMPLE_QUEUE, username=f"u{customer.pk}", address=address,
        )  # fmt: skip

    return put


@pytest.fixture
def ana(street: Street, connect: Callable[..., Connection]) -> Customer:
    """She owes July and is cut since the 5th."""
    customer = street.owing(name="Ana Secreta", address="Calle Escondida 12")
    connect(customer)
    street.cut(d(7, 5), CUT)
    return customer


@pytest.fixture
def browser() -> Client:
    return Client(REMOTE_ADDR=HERE)
