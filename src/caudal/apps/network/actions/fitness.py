"""What must hold of a connection before it is written."""

from collections.abc import Mapping

from django.db.models import Q, QuerySet

from caudal.apps.catalog.models import Technology
from caudal.apps.network.actions.addresses import holder_of, require_inside
from caudal.apps.network.errors import NetworkCode, NetworkError
from caudal.apps.network.models import Connection
from caudal.apps.network.ways import (
    LEASED,
    WITH_PREFIX,
    needs_address,
    needs_interface,
    needs_mac,
)
from caudal.core import addressing

_NOT_TYPED = {field.name for field in Connection._meta.concrete_fields} - {"server", "interface"}
"""What is checked in another way, or chosen from a list."""


def require_fit(connection: Connection) -> None:
    """Everything that must hold of a live connection before it is written."""
    require_sound(connection)
    require_free(connection)


def require_sound(
    connection: Connection, given: Mapping[int, addressing.Pool] | None = None
) -> None:
    """What must hold of it whatever others have. `given` as for `require_inside`.

    Raises NetworkError, or ValidationError for a text that is too long.
    """
    if connection.technology == Technology.UNMANAGED:
        raise NetworkError(NetworkCode.NOT_ON_A_ROUTER, "technology")
    pool = connection.pool
    if pool and pool.router_id != connection.router_id:
        names = {"pool": pool.name, "router": pool.router.name}
        raise NetworkError(NetworkCode.POOL_OF_OTHER_ROUTER, "pool", **names)
    connection.clean_fields(exclude=_NOT_TYPED)
    _require_device(connection)
    if connection.address and pool:
        require_inside(connection.address, pool, given)
    if not connection.address and needs_address(connection.technology):
        raise NetworkError(NetworkCode.ADDRESS_NEEDED, "address")
    if connection.prefix and connection.technology not in WITH_PREFIX:
        raise NetworkError(NetworkCode.NO_PREFIX_HERE, "prefix")


def _require_device(connection: Connection) -> None:
    """What is bound to a device needs to be told which one, and where it is."""
    way, bound = connection.technology, connection.bind_mac
    if needs_mac(way, bound) and not connection.mac:
        raise NetworkError(NetworkCode.MAC_NEEDED, "mac")
    where = connection.interface or connection.router.lan_interface
    if needs_interface(way, bound) and not where:
        raise NetworkError(NetworkCode.INTERFACE_NEEDED, "interface")
    if way in LEASED and connection.prefix and not connection.duid:
        raise NetworkError(NetworkCode.DUID_NEEDED, "duid")


def require_free(connection: Connection) -> None:
    """Nobody else on its router has its address, user, prefix or leased MAC."""
    router, own = connection.router, connection.pk
    if not _may_be_held(connection):
        return
    if connection.address and (holder := holder_of(router, connection.address, but=own)):
        raise _taken(NetworkCode.ADDRESS_TAKEN, "address", connection.address, holder)
    others = router.connections.live().exclude(pk=own).select_related("service__customer")
    if holder := others.filter(username=connection.username).first():
        raise _taken(NetworkCode.USERNAME_TAKEN, "username", connection.username, holder)
    if connection.prefix and (holder := others.filter(prefix=connection.prefix).first()):
        raise _taken(NetworkCode.PREFIX_TAKEN, "prefix", connection.prefix, holder)
    if connection.technology in LEASED and (holder := _same_device(others, connection).first()):
        raise _taken(NetworkCode.MAC_TAKEN, "mac", connection.mac, holder)


def _may_be_held(connection: Connection) -> bool:
    """By one small question: who holds it is asked where somebody does."""
    wanted = Q(username=connection.username)
    for name in ("address", "prefix", "mac"):
        if value := getattr(connection, name):
            wanted |= Q(**{name: value})
    others = connection.router.connections.live().exclude(pk=connection.pk)
    return others.filter(wanted).order_by().exists()


def _same_device(others: QuerySet[Connection], connection: Connection) -> QuerySet[Connection]:
    """A server gives a device one lease, and a lease for every server is in the way of all."""
    servers = Q(server__in=["", connection.server]) if connection.server else Q()
    return others.filter(servers, technology__in=LEASED, mac=connection.mac)


def _taken(code: NetworkCode, field: str, value: str, holder: Connection | None) -> NetworkError:
    name = str(holder.service.customer) if holder else "?"
    return NetworkError(code, field, **{field: value, "holder": name})
