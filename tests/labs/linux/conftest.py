"""A Linux router of the town as the system knows it, and a customer of it."""

from collections.abc import Callable, Iterator

import pytest

from caudal.apps.catalog.models import Technology
from caudal.apps.customers.models import Service
from caudal.apps.network import actions
from caudal.apps.network.models import Connection, Router
from caudal.apps.network.tests.conftest import (  # noqa: F401
    CLERK,
    NOW,
    fresh,
    plan,
    service_of,
    zone,
)
from tests.labs.linux.town import Town
from tests.rig.ssh import SshServer


@pytest.fixture
def server(town: Town) -> Iterator[SshServer]:
    server = SshServer(town.router)
    yield server
    server.close()


@pytest.fixture
def router(db: None, server: SshServer) -> Router:
    return Router.objects.create(
        name="Torre Linux", driver="linux", host="127.0.0.1", port=server.port,
        username=server.user, private_key=server.private_key, lan_interface="lan1",
    )  # fmt: skip


@pytest.fixture
def ana(service_of: Callable[..., Service], router: Router, town: Town) -> Connection:  # noqa: F811
    return actions.connect(
        actor=CLERK, now=NOW, service=service_of("Ana Ruiz"), router=router,
        technology=Technology.SIMPLE_QUEUE, username="ana", address=town.address(1),
    )  # fmt: skip
