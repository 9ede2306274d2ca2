"""Ten thousand customers behind a tower, or a thousand devices, cost as many queries as a few."""

from datetime import timedelta

from django.db import connection

from caudal.apps.billing.tests.world import CLERK, at, d
from caudal.apps.customers.models import Service
from caudal.apps.monitoring import actions
from caudal.apps.monitoring.behind import Covered, behind
from caudal.apps.monitoring.collect import check_due
from caudal.apps.monitoring.models import Device, ServedBy
from caudal.apps.monitoring.tests.conftest import NOON, Tower
from caudal.apps.network.models import Connection
from caudal.apps.outages.tests.test_size import people
from tests.rig.queries import queries_of


def connect(tower: Tower, rows: list[tuple[int, int, str]]) -> None:
    """Half of them by the router, half by the radio."""
    half = len(rows) // 2
    Connection.objects.bulk_create(
        Connection(service_id=pk, router=tower.box, technology="pppoe", username=f"u{pk}")
        for pk, _, _ in rows[:half]
    )
    ServedBy.objects.bulk_create(
        ServedBy(service_id=pk, device=tower.radio) for pk, _, _ in rows[half:]
    )


def test_ten_thousand_are_found_behind_a_tower_in_as_many_queries_as_ten(tower: Tower) -> None:
    covered = Covered(sites={tower.site.pk}, zones={0}, customers={0})
    counts, opening, crediting = [], [], []
    for number in (10, 9_990):
        connect(tower, people(tower, number))
        counts.append(queries_of(lambda: behind(covered)))
        made = []
        opening.append(queries_of(lambda made=made: made.append(  # type: ignore[misc]
            tower.outage(at(d(7, 3)), at(d(7, 4)), site=[tower.site])
        )))  # fmt: skip
        assert made[0].affected.count() == Service.objects.count()
        crediting.append(queries_of(lambda made=made: actions.propose_credits(  # type: ignore[misc]
            actor=CLERK, now=NOON, outage=made[0]
        )))  # fmt: skip
    assert counts[0] == counts[1] <= 6
    assert opening[0] == opening[1] <= 30
    if connection.vendor == "postgresql":  # SQLite takes so many values in a statement
        assert crediting[0] == crediting[1] <= 25


def test_a_round_over_a_thousand_devices_costs_as_many_queries_as_over_ten(tower: Tower) -> None:
    counts = []
    for number in (10, 490):
        first = Device.objects.count()
        Device.objects.bulk_create(
            Device(
                name=f"D{n}", address=f"10.1.{n // 250}.{n % 250}", template=tower.template,
                parent=tower.router,
            )
            for n in range(first, first + number)
        )  # fmt: skip
        now = NOON + timedelta(minutes=number)
        counts.append(queries_of(lambda now=now: check_due(now, via=tower.pings)))  # type: ignore[misc]
    assert counts[0] <= 14
    if connection.vendor == "postgresql":  # SQLite takes so many values in a statement
        assert counts[0] == counts[1]
    assert not Device.objects.exclude(health="up").exists()
