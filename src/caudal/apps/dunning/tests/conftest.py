"""The provider of these tests: customers, a till, and a practice router where a test wants one."""

from collections.abc import Iterator

import pytest

from caudal.apps.dunning.tests.street import Street
from caudal.practice.routeros import V7, PracticeRouter


@pytest.fixture
def street(db: None) -> Street:
    return Street()


@pytest.fixture
def practice() -> Iterator[PracticeRouter]:
    """A RouterOS on a real socket, with the rule that makes a cut real."""
    with PracticeRouter(V7) as found:
        found.put(
            "/ip/firewall/filter",
            chain="forward",
            action="drop",
            src_address_list="morosos",
            out_interface="ether1",
        )
        yield found
