"""Rows that are taken over, or taken back, together: what one gives up another has asked for."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from caudal.apps.customers.actions import exchange
from caudal.apps.customers.models import Customer
from caudal.apps.network import actions as network
from caudal.apps.network.actions.connections import Lent as LentWays
from caudal.apps.staff.models import User
from caudal.apps.staff.scope import visible
from caudal.apps.updates.held import Held
from caudal.core.errors import RuleError


@dataclass(frozen=True, slots=True)
class Lent:
    """What customers and connections had before they began to exchange it."""

    customers: exchange.Lent = field(default_factory=dict)
    ways: LentWays = field(default_factory=dict)

    def restore(self, held: Held) -> None:
        """Show in `held` what it had: the database has put it aside."""
        for name, value in self.customers.get(held.customer.pk, {}).items():
            setattr(held.customer, name, value)
        way = held.connection
        for name, value in self.ways.get(way.pk if way else 0, {}).items():
            setattr(way, name, value)


@contextmanager
def exchanging(members: Sequence[Held], is_swap: bool) -> Iterator[Lent]:
    """Inside, what these have can be had by one another; in a transaction of the caller."""
    if not is_swap:
        yield Lent()
        return
    people = {each.customer.pk: each.customer for each in members}
    ways = [each.connection for each in members if each.connection]
    with exchange.exchanging(people.values()) as customers, network.exchanging(ways) as lent:
        yield Lent(customers, lent)


def require_visible(user: User, keys: Iterable[int]) -> None:
    """Raise RuleError where one of these customers is not of those that `user` sees."""
    wanted = set(keys)
    if visible(user, Customer.objects.filter(pk__in=wanted)).count() != len(wanted):
        raise RuleError("row-not-visible")
