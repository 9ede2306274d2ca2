"""Opening, correcting, ending and taking back an outage."""

import pytest

from caudal.apps.billing.tests.world import CLERK, at, d
from caudal.apps.customers.models import Service
from caudal.apps.dunning.tests.street import Street
from caudal.apps.outages import actions
from caudal.apps.outages.errors import OutageCode
from caudal.apps.outages.models import Outage
from caudal.apps.outages.reads import held_on
from caudal.apps.outages.tests.conftest import OutageOf, end
from caudal.apps.staff.models import JournalEntry
from caudal.core.errors import RuleError


def test_ending_it_twice_keeps_the_first_end(street: Street, outage_of: OutageOf) -> None:
    outage = outage_of(street.customer(), since=d(7, 3), until=d(7, 4), grace=2)
    again = end(outage, d(7, 9))
    assert (again.ended_at, again.held_until) == (at(d(7, 4)), d(7, 6))
    assert JournalEntry.objects.filter(verb="outage.end").count() == 1


def test_it_cannot_begin_in_the_future_nor_end_before_it_began(outage_of: OutageOf) -> None:
    with pytest.raises(RuleError) as refused:
        actions.open_outage(
            actor=CLERK, now=at(d(7, 3)), title="x", started_at=at(d(7, 4)), grace_days=1
        )
    assert refused.value.code == OutageCode.IN_FUTURE
    outage = outage_of(since=d(7, 3))
    with pytest.raises(RuleError) as refused:
        actions.end_outage(actor=CLERK, now=at(d(7, 4)), outage=outage, ended_at=at(d(7, 2)))
    assert refused.value.code == OutageCode.ENDS_BEFORE
    outage.refresh_from_db()
    assert outage.state == Outage.State.OPEN


def test_the_same_service_is_behind_it_once(street: Street, outage_of: OutageOf) -> None:
    customer = street.customer(services=2)
    outage = outage_of(customer, since=d(7, 3))
    rows = [(pk, customer.pk, "x") for pk in Service.objects.values_list("pk", flat=True)]
    assert actions.affect(outage=outage, services=rows + rows) == 0
    assert outage.affected.count() == 2


def test_correcting_its_times_moves_what_is_held(street: Street, outage_of: OutageOf) -> None:
    customer = street.customer()
    outage = outage_of(customer, since=d(7, 3), until=d(7, 4), grace=0)
    assert held_on([customer.pk], d(7, 5)) == {}
    actions.edit_outage(
        actor=CLERK, now=at(d(7, 6)), outage=outage, title="Fibra cortada", cause="Una obra",
        started_at=at(d(7, 2)), ended_at=at(d(7, 5)), grace_days=1,
    )  # fmt: skip
    held = held_on([customer.pk], d(7, 6))[customer.pk]
    assert (held.title, held.since, held.until) == ("Fibra cortada", d(7, 2), d(7, 6))
    assert held_on([customer.pk], d(7, 2))


def test_a_false_alarm_is_over_and_twice_is_nothing(street: Street, outage_of: OutageOf) -> None:
    customer = street.customer()
    outage = outage_of(customer, since=d(7, 3))
    for day in (4, 5):
        actions.void_outage(actor=CLERK, now=at(d(7, day)), outage=outage)
    outage.refresh_from_db()
    assert (outage.state, outage.ended_at) == (Outage.State.VOID, at(d(7, 4)))
    assert held_on([customer.pk], d(7, 4)) == {}
    assert JournalEntry.objects.filter(verb="outage.void").count() == 1
