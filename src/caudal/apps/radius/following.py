"""The answers, written by the transaction that changes the service they speak of.

Who pays is answered with his full service at the same commit. A new cut alone is left to the pass
over the router, where the brakes and the kill switch hold it; and so is what is to be removed.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from caudal.apps.customers.models import Service
from caudal.apps.network.models import Connection, Router
from caudal.apps.network.sync import wanted_state
from caudal.apps.network.sync.wanted import RADIUS, installation_key
from caudal.apps.radius.book import fill, row_of, store_all
from caudal.apps.radius.models import Login
from caudal.core.access import Kind, Row, service_of, wanted


def follow_services(services: Sequence[Service], now: datetime) -> None:
    """One query where no router asks by RADIUS for any of them."""
    held = Connection.objects.live().filter(
        service__in=[service.pk for service in services],
        router__driver=RADIUS,
        router__is_active=True,
        router__is_frozen=False,
    )
    by_router: dict[int, list[int]] = defaultdict(list)
    for pk, service in held.values_list("router_id", "service_id"):
        by_router[pk].append(service)
    for router in Router.objects.filter(pk__in=by_router):
        write_answers(router, by_router[router.pk], now)


def write_answers(router: Router, services: Sequence[int], now: datetime) -> int:
    """Store what these services are answered now, except new cuts; how many were written."""
    lines = list(wanted_state(router, services))
    connections = {str(line.service_id): line.pk for line in lines}
    want = wanted((line.access for line in lines if line.access), owner=installation_key())
    held = _held(router, connections.values())
    written = []
    for row in want.rows:
        pk = connections[service_of(row)]
        login = held.get(pk)
        if row.kind is Kind.LOGIN and _may(row, login):
            new = Login(router=router, connection_id=pk)
            fill(new, row, int(now.timestamp()))
            written.append(new)
    store_all(written)
    return len(written)


def _held(router: Router, connections: Iterable[int]) -> dict[int, Login]:
    found = Login.objects.filter(router=router, connection__in=list(connections))
    return {login.connection_id: login for login in found}


def _may(row: Row, login: Login | None) -> bool:
    """Not what is so already, nor what takes away a service that is given."""
    if login is None or login.gone:
        return True
    found = row_of(login)
    if found.enabled and not row.enabled:
        return False
    return (found.key, found.attrs, found.comment) != (row.key, row.attrs, row.comment)
