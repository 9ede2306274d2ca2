"""Who had which address at which moment: what authorities ask a provider for."""

from datetime import datetime

from django.db.models import Q, QuerySet

from caudal.apps.network.models import AddressUse
from caudal.apps.staff.models import User
from caudal.apps.staff.scope import visible
from caudal.core.addressing import parse_address


def uses_of(person: User, words: str, moment: datetime | None = None) -> QuerySet[AddressUse]:
    """Newest first, of a whole address or of a customer, user or beginning of an address.

    With a `moment`, only who had it then. Addresses that a router gave from its own pool count
    from the session's start, as readings told it.
    """
    found = visible(person, AddressUse.objects.all())
    if words:
        found = found.filter(_about(words))
    if moment is not None:
        found = found.filter(Q(until=None) | Q(until__gt=moment), since__lte=moment)
    return found.select_related("router", "connection__service__customer")


def _about(words: str) -> Q:
    try:
        return Q(address=str(parse_address(words)))
    except ValueError:
        return (
            Q(address__startswith=words)
            | Q(connection__service__customer__name__icontains=words)
            | Q(connection__service__customer__code=words)
            | Q(connection__username__icontains=words)
        )
