"""Queues under a parent: what somebody built stays, what somebody changed is put right."""

from dataclasses import replace

import pytest

from caudal.apps.catalog.models import Technology
from caudal.apps.network import actions
from caudal.apps.network.models import Connection, Router
from caudal.apps.network.sync import reconcile
from caudal.apps.network.tests.conftest import CLERK, NOW, Subscribe, fresh, held
from caudal.core.access import Kind, Row
from caudal.integrations.access.memory import MemoryRouter, router_named

Sync = Connection.Sync


@pytest.fixture
def adopted(subscribe: Subscribe, router: Router, box: MemoryRouter) -> Connection:
    """Ana's queue was made by hand under that of her tower, and was taken over."""
    box.put(Row(Kind.QUEUE, "torre", {"target": "10.0.0.0/16"}))
    by_hand = {"target": "10.0.0.5", "max": "1000/1000", "parent": "torre"}
    box.put(Row(Kind.QUEUE, "ana", by_hand))
    ana = subscribe("Ana", technology=Technology.SIMPLE_QUEUE, username="ana", address="10.0.0.5")
    actions.edit_connection(actor=CLERK, now=NOW, connection=ana, adopt=True)
    reconcile(router, NOW)
    return fresh(ana)


def test_a_queue_that_is_taken_over_stays_under_its_parent(
    adopted: Connection, router: Router, box: MemoryRouter
) -> None:
    queue = held(box, Kind.QUEUE)["ana"]
    assert queue.attrs["parent"] == adopted.queue_parent == "torre"
    assert queue.attrs["max"] == "2000000/10000000" and adopted.state == Sync.IN_SYNC
    assert reconcile(router, NOW).planned == 0


def test_a_queue_taken_out_of_its_parent_by_hand_goes_back(
    adopted: Connection, router: Router, box: MemoryRouter
) -> None:
    queue = held(box, Kind.QUEUE)["ana"]
    loose = {name: text for name, text in queue.attrs.items() if name != "parent"}
    box.rows[queue.ref] = replace(queue, attrs=loose)
    done = reconcile(router, NOW)
    assert done.operations.get().after["parent"] == "torre"
    assert held(box, Kind.QUEUE)["ana"].attrs["parent"] == "torre"


def test_a_parent_with_another_name_by_now_is_followed(
    adopted: Connection, router: Router, box: MemoryRouter
) -> None:
    for row in list(box.rows.values()):
        name = {"torre": "norte"}.get(row.key, row.key)
        attrs = {**row.attrs, "parent": "norte"} if row.key == "ana" else row.attrs
        box.rows[row.ref] = replace(row, key=name, attrs=attrs)
    assert reconcile(router, NOW).planned == 0
    assert fresh(adopted).state == Sync.IN_SYNC


def test_a_move_to_another_router_forgets_the_parent(adopted: Connection) -> None:
    other = Router.objects.create(name="otro", driver="memory", host="192.0.2.2", username="x")
    actions.move(actor=CLERK, now=NOW, connection=adopted, router=other)
    reconcile(other, NOW)
    queue = held(router_named("otro"), Kind.QUEUE)["ana"]
    assert fresh(adopted).queue_parent == "" and "parent" not in queue.attrs
