"""A driver of the practice router that a file brings as its fixture `router`."""

from collections.abc import Iterator

import pytest

from caudal.core.ports.access import AccessDriver
from caudal.integrations.access.routeros import Config, connect
from caudal.practice.routeros import PracticeRouter


@pytest.fixture
def driver(router: PracticeRouter) -> Iterator[AccessDriver]:
    driver = connect(Config("127.0.0.1", "admin", "practica", port=router.port, timeout_s=30))
    yield driver
    driver.close()
