"""Equipment that a router has seen at customers' addresses, taken over to the rows (WH-91)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from caudal.apps.network.actions.connections import edit_connection
from caudal.apps.network.errors import NetworkError
from caudal.apps.network.models import Connection
from caudal.apps.staff.actor import Actor
from caudal.core.ports.tools import Neighbour


@dataclass
class Imported:
    """How many connections changed, and those that could not, each with the reason."""

    changed: int = 0
    refused: list[tuple[Connection, NetworkError]] = field(default_factory=list)


def import_neighbours(
    *, actor: Actor, now: datetime, found: Iterable[tuple[Connection, Neighbour]], bind: bool
) -> Imported:
    """Note MAC and interface of each, every connection in a transaction of its own.

    With `bind` only that equipment may use the address: at its next pass the router holds a static
    ARP entry for it, which is what "make static" does by hand. Never raises for one of them.
    """
    done = Imported()
    for connection, seen in found:
        wanted: dict[str, Any] = {"mac": seen.mac, "interface": seen.interface}
        if bind:
            wanted["bind_mac"] = True
        if all(getattr(connection, name) == value for name, value in wanted.items()):
            continue
        try:
            edit_connection(actor=actor, now=now, connection=connection, **wanted)
        except NetworkError as error:
            done.refused.append((connection, error))
        else:
            done.changed += 1
    return done
