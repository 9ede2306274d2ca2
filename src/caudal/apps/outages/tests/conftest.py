"""A street whose people owe July, and an outage that takes their service away."""

from collections.abc import Callable
from datetime import date

import pytest

from caudal.apps.billing.tests.world import CLERK, at
from caudal.apps.customers.models import Customer, Service
from caudal.apps.dunning.tests.street import Street
from caudal.apps.outages import actions
from caudal.apps.outages.models import Outage

OutageOf = Callable[..., Outage]


@pytest.fixture
def street(db: None) -> Street:
    return Street()


@pytest.fixture
def outage_of(db: None) -> OutageOf:
    """A function: an outage of these customers from noon of one day to noon of another."""

    def make(
        *customers: Customer, since: date, until: date | None = None, grace: int = 1
    ) -> Outage:
        outage = actions.open_outage(
            actor=CLERK, now=at(since), title="Torre Norte", started_at=at(since), grace_days=grace
        )
        rows = Service.objects.filter(customer__in=customers).values_list("pk", "customer")
        actions.affect(outage=outage, services=[(*row, "Torre Norte") for row in rows])
        if until is not None:
            end(outage, until)
        return outage

    return make


def end(outage: Outage, on: date) -> Outage:
    return actions.end_outage(actor=CLERK, now=at(on), outage=outage, ended_at=at(on))
