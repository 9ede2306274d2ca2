"""Values of customers and connections in the plain form that an undo keeps, and back again."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from caudal.apps.customers.models import Customer
from caudal.apps.network import actions as network
from caudal.apps.network.actions.connections import Lent
from caudal.apps.network.models import Connection, Pool, Router
from caudal.apps.staff.actor import Actor

Plain = dict[str, Any]
WAY = ("router_id", "technology", "username", "password", "address", "pool_id", "local_address",
       "mac", "server", "interface", "prefix")  # fmt: skip


def plain(value: Any) -> Any:
    """As JSON keeps it: a row by its key."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, bool | int | list):
        return value
    return getattr(value, "pk", None) or str(value)


def field_value(name: str, value: Any) -> Any:
    """A plain value of a field of Customer as the field has it."""
    field: Any = Customer._meta.get_field(name)
    if field.is_relation and value is not None:
        return field.related_model.objects.get(pk=value)
    return field.to_python(value)


def typed(kind: str, value: Any) -> Any:
    """A plain value of the operator's own field as it is stored."""
    if value is None or isinstance(value, bool | list):
        return value
    if kind in ("number", "money"):
        return Decimal(value)
    return date.fromisoformat(value) if kind == "date" else value


def way_of(connection: Connection | None) -> Plain:
    """How a service is given; nothing where no router gives it."""
    return {name: getattr(connection, name) for name in WAY} if connection else {}


def give_way_back(
    *,
    actor: Actor,
    now: datetime,
    connection: Connection,
    before: Plain,
    lent: Lent | None = None,
) -> None:
    """Give the service again as `way_of` kept it, without an address that somebody else has got.

    `lent` is of `network.exchanging`. Raises NetworkError.
    """
    given: dict[str, Any] = {"actor": actor, "now": now, "connection": connection}
    if not before:
        network.release(**given)
        return
    router = Router.objects.get(pk=before["router_id"])
    data = {name: value for name, value in before.items() if not name.endswith("_id")}
    data["pool"] = Pool.objects.filter(pk=before["pool_id"]).first()
    if data["address"] and _is_taken(router, data["address"], connection):
        data["address"] = None
    if router.pk == connection.router_id and data.pop("technology") == connection.technology:
        network.edit_connection(lent=lent, **data, **given)
    else:
        data["technology"] = before["technology"]
        network.move(router=router, lent=lent, **data, **given)


def _is_taken(router: Router, address: str, held: Connection) -> bool:
    return router.connections.live().filter(address=address).exclude(pk=held.pk).exists()
