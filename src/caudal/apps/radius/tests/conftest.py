"""A router that asks by RADIUS, its practice side on a real socket, and what FreeRADIUS writes."""

from collections.abc import Iterator
from typing import Any

import pytest

from caudal.apps.network.models import Connection, Router
from caudal.apps.network.tests.conftest import (  # noqa: F401
    NOW,
    fast_plan,
    plan,
    pool,
    service_of,
    subscribe,
    zone,
)
from caudal.apps.radius import actions
from caudal.apps.radius.models import Session
from tests.rig.radius import SECRET, Live, Nas

AT = int(NOW.timestamp())


@pytest.fixture
def nas() -> Iterator[Nas]:
    made = Nas()
    yield made
    made.close()


@pytest.fixture
def router(db: None, nas: Nas) -> Router:
    made = Router.objects.create(
        name="Torre Norte", driver="radius", host="127.0.0.1", port=nas.port, password=SECRET
    )
    actions.write_clients()
    return made


def begin(connection: Connection, nas: Nas | None = None, **values: Any) -> Session:
    """The session that FreeRADIUS writes once the customer is in with what he is answered now."""
    login = connection.logins.get(router=connection.router)
    answer = "cut" if login.reason else f"full {login.rate}"
    number = Session.objects.count() + 1
    session: Session = Session.objects.create(
        **{
            "key": f"{number:032x}", "session_id": f"=2581{number}", "username": login.username,
            "connection": connection, "router": connection.router, "nas": "127.0.0.1",
            "address": login.address, "answer": answer, "started": AT - 600, "heard": AT,
            "interim_s": 10**8, **values,
        }
    )  # fmt: skip
    if nas:
        live = Live(session.username, f"%81{number}", session.address, login.rate)
        nas.live[live.session_id] = live
    return session
