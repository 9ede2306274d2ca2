"""The provider of the room's own tests, and a FreeRADIUS beside it."""

from collections.abc import Iterator

import pytest

from caudal.apps.network.models import Router
from caudal.apps.radius import actions
from caudal.apps.radius.tests.conftest import (  # noqa: F401
    fast_plan,
    nas,
    plan,
    service_of,
    subscribe,
    zone,
)
from tests.rig.freeradius import SECRET, FreeRadius, lacking
from tests.rig.radius import Nas


@pytest.fixture
def router(transactional_db: None, nas: Nas) -> Router:  # noqa: F811
    made = Router.objects.create(
        name="Torre Norte", driver="radius", host="127.0.0.1", port=nas.port, password=SECRET
    )
    actions.write_clients()
    return made


@pytest.fixture
def server(router: Router) -> Iterator[FreeRadius]:
    if why := lacking():
        pytest.skip(why)
    made = FreeRadius()
    try:
        yield made.start()
    finally:
        made.close()
