"""The map beside the box of a position, and what is asked about it while one types."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from caudal.apps.desk.collect import can_geocode, find_places
from caudal.apps.desk.forms.customer import CustomerFields
from caudal.apps.desk.places import FAULTS, centre_of, shown
from caudal.core.ports.geocoder import GeocoderError

SPOTS = ("position", "geocode")
"""What a form may ask about its position: where a text points, where an address is."""


def map_of(form: CustomerFields) -> dict[str, Any]:
    """What the map needs to be drawn."""
    return {
        "tiles": settings.MAP_TILES_URL,
        "centre": shown(centre_of(form.chosen_zone())),
        "can_geocode": can_geocode(),
    }


def spot_of(form: CustomerFields, asked: str) -> dict[str, Any]:
    """The coordinates that the box means, or the places of the address."""
    if asked == "position":
        return {"spot": shown(form.point())}
    if not can_geocode():
        return {}
    try:
        found = find_places(form.address_parts(), form.country)
    except GeocoderError as error:
        return {"fault": str(FAULTS[error.fault]) % {"detail": error.detail}}
    places = [(place, shown(place.position)) for place in found]
    return {"places": places} if places else {"fault": _("The geocoder knows no such address.")}
