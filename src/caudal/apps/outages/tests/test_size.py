"""Ten thousand people behind an outage are asked about as often as ten."""

from caudal.apps.billing.tests.world import CLERK, World, at, d
from caudal.apps.customers.models import Customer, Service
from caudal.apps.dunning.facts import cases_of
from caudal.apps.outages import actions
from caudal.apps.outages.models import Outage
from caudal.apps.outages.reads import held_on, holds_since
from tests.rig.queries import queries_of


def people(world: World, count: int) -> list[tuple[int, int, str]]:
    first = Customer.objects.count()
    made = Customer.objects.bulk_create(
        Customer(
            code=f"m{n:06d}", name=f"Cliente {n}", zone=world.zone, company=world.company,
            registered_on=d(1, 1), created_at=at(d(1, 1)), updated_at=at(d(1, 1)),
        )
        for n in range(first, first + count)
    )  # fmt: skip
    services = Service.objects.bulk_create(
        Service(
            customer=customer, number=1, plan=world.plan, started_on=d(1, 1),
            changed_at=at(d(1, 1)), created_at=at(d(1, 1)),
        )
        for customer in made
    )  # fmt: skip
    return [(service.pk, service.customer_id, "Torre") for service in services]


def test_holds_of_ten_thousand_are_read_in_one_query(db: None) -> None:
    world = World()
    counts = []
    for count in (10, 9_990):
        rows = people(world, count)
        outage = actions.open_outage(
            actor=CLERK, now=at(d(7, 3)), title="T", started_at=at(d(7, 3)), grace_days=1
        )
        writing = queries_of(lambda rows=rows, outage=outage: actions.affect(  # type: ignore[misc]
            outage=outage, services=rows
        ))  # fmt: skip
        everybody = list(Customer.objects.values_list("pk", flat=True))
        assert len(held_on(everybody, d(7, 4))) == len(everybody)
        reading = (
            queries_of(lambda who=everybody: held_on(who, d(7, 4))),  # type: ignore[misc]
            queries_of(lambda who=everybody: holds_since(who, d(7, 4))),  # type: ignore[misc]
        )
        counts.append((writing <= 8, reading))
    assert counts == [(True, (1, 1))] * 2
    assert Outage.objects.count() == 2


def test_cases_of_people_in_outages_cost_one_query_more(db: None) -> None:
    world = World()
    counts = []
    for number in (4, 36):
        for _ in range(number):
            world.customer()
        world.create(d(6, 28))
        services = list(Service.objects.all())
        outage = actions.open_outage(
            actor=CLERK, now=at(d(7, 3)), title="T", started_at=at(d(7, 3)), grace_days=1
        )
        actions.affect(outage=outage, services=[(s.pk, s.customer_id, "") for s in services])
        counts.append(queries_of(lambda services=services: cases_of(services)))  # type: ignore[misc]
    assert counts[0] == counts[1]
    assert all(case.outages for case in cases_of(Service.objects.all()))
