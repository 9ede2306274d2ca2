"""Where a map opens and short codes are looked for; what a place is called on screens."""

from decimal import Decimal

from django.db.models import Avg
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from caudal.apps.customers.models import Customer, Zone
from caudal.core.ports.geocoder import GeocoderFault
from caudal.core.positions import PLACES, Position, Unread

UNREAD: dict[Unread, str | Promise] = {
    Unread.SHORT_LINK: _(
        "A short link holds no coordinates, and it is not opened from here: open it, and paste "
        "the long address of the map or the coordinates."
    ),
    Unread.SHORT_CODE: _(
        "This Plus Code is short and nobody of the zone has a position yet: paste the whole code, "
        "such as 76F2CVC8+R8."
    ),
    Unread.NOTHING: _(
        "No position found: paste coordinates such as 19.4326, -99.1332 or a map link."
    ),
}
FAULTS: dict[GeocoderFault, str | Promise] = {
    GeocoderFault.NO_ANSWER: _("The geocoder does not answer now: put the pin by hand."),
    GeocoderFault.REFUSED: _("The geocoder refused to answer (%(detail)s): put the pin by hand."),
    GeocoderFault.NOT_UNDERSTOOD: _("The geocoder’s answer makes no sense: check its address."),
}


def centre_of(zone: Zone | None) -> Position | None:
    """Amid the customers of the zone, else amid all of them; None where nobody has a position."""
    known = Customer.objects.filter(latitude__isnull=False, longitude__isnull=False)
    for customers in (known.filter(zone=zone), known) if zone else (known,):
        middle = customers.aggregate(lat=Avg("latitude"), lon=Avg("longitude"))
        if middle["lat"] is not None:
            lat, lon = (_degrees(middle[name]) for name in ("lat", "lon"))
            return Position(lat, lon)
    return None


def shown(position: Position | None) -> str:
    """As the box of a position holds it; "" for none."""
    return f"{position.latitude}, {position.longitude}" if position else ""


def _degrees(value: object) -> Decimal:
    return Decimal(str(value)).quantize(PLACES)
