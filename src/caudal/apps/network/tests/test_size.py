"""A pass over a thousand services asks the database as often as one over a hundred."""

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from caudal.apps.customers.models import Zone
from caudal.apps.network.models import Connection, Pool, Router
from caudal.apps.network.sync import reconcile, wanted_state
from caudal.apps.network.sync.results import judge, write_verdicts
from caudal.apps.network.tests.conftest import NOW, Many
from caudal.core.access import Diff
from caudal.integrations.access.memory import MemoryRouter
from tests.rig.queries import queries_of

ClientAs = Callable[..., Client]


def test_wanted_state_is_one_query(many: Many, router: Router) -> None:
    many(1000)
    assert queries_of(lambda: list(wanted_state(router))) == 1
    assert len(list(wanted_state(router))) == 1000


def test_results_are_written_in_a_constant_number_of_queries(many: Many, router: Router) -> None:
    def write() -> None:
        verdicts = judge(list(wanted_state(router)), Diff(), {}, hands_off=False)
        write_verdicts(router, verdicts, NOW)

    counts = []
    for more in (100, 900):
        many(more)
        Connection.objects.update(sync="pending", attempted_revision=0, synced_revision=0)
        counts.append(queries_of(write))
    assert counts[0] == counts[1] == 1 + 3, "one reading, one statement per revision"


def test_pass_that_finds_all_in_sync_is_a_constant_number_of_queries(
    many: Many, router: Router, box: MemoryRouter
) -> None:
    counts = []
    for more in (100, 900):
        many(more)
        assert reconcile(router, NOW).applied > 0
        counts.append(queries_of(lambda: reconcile(router, NOW)))
    assert counts[0] == counts[1] <= 24
    assert Connection.objects.filter(sync="in_sync").count() == 1000


def test_lists_ask_as_often_for_ten_routers_as_for_one(client_as: ClientAs, zone: Zone) -> None:
    owner = client_as("owner")
    counts: list[list[int]] = []
    for number in (1, 9):
        for _ in range(number):
            n = Router.objects.count()
            made = Router.objects.create(name=f"R{n}", host="192.0.2.1", username="u")
            made.zones.add(zone)
            Pool.objects.create(router=made, name="P", network=f"10.{n}.0.0/24")
            Zone.objects.create(name=f"Z{n}", company=zone.company)
        pages = ("routers", "pools", "zones", "health", "waiting")
        urls = [reverse(f"network:{name}") for name in pages]
        counts.append([queries_of(lambda url=url: owner.get(url)) for url in urls])  # type: ignore[misc]
    assert counts[0] == counts[1]
