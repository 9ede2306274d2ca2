"""What other rooms ask of the network."""

from collections.abc import Iterable

from caudal.apps.network.models import Connection, Router
from caudal.apps.network.sync import served
from caudal.apps.network.ways import WAYS


def revisions_held(services: Iterable[int]) -> dict[int, int]:
    """Service id -> the revision that its router was last verified to hold.

    A service that no router serves is not in it: nothing has to be done there.
    """
    held = Connection.objects.filter(service__in=services, released_at=None)
    return dict(held.values_list("service_id", "synced_revision"))


def served_by(router: Router | None) -> frozenset[str]:
    """The technologies that a router of this kind gives; all of them where none is chosen."""
    return (served(router.driver) if router else frozenset()) or WAYS
