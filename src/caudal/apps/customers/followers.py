"""Rooms above that keep a copy of a service's state, to be written in the same transaction.

The network compares rows with routers later; what another program reads from our own database
has no later. A room registers here when its app is ready.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from caudal.apps.customers.models import Service

Follower = Callable[[Sequence[Service], datetime], None]
_followers: list[Follower] = []


def follow(follower: Follower) -> None:
    """Call it with the services of every `touch`, inside the transaction that changed them."""
    if follower not in _followers:
        _followers.append(follower)


def tell(services: Sequence[Service], now: datetime) -> None:
    for follower in _followers:
        follower(services, now)
