"""What other rooms ask of the network."""

from collections.abc import Iterable

from caudal.apps.network.models import Connection


def revisions_held(services: Iterable[int]) -> dict[int, int]:
    """Service id -> the revision that its router was last verified to hold.

    A service that no router serves is not in it: nothing has to be done there.
    """
    held = Connection.objects.filter(service__in=services, released_at=None)
    return dict(held.values_list("service_id", "synced_revision"))
