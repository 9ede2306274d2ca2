"""Sites and the links between them as GeoJSON, coloured by what monitoring knows of them."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import F

from caudal.apps.monitoring.models import Device
from caudal.apps.monitoring.reads import SiteState, site_states, state_of, worst
from caudal.apps.monitoring.words import state_words
from caudal.apps.network.models import Site
from caudal.apps.staff.models import User
from caudal.apps.staff.scope import visible

Spot = tuple[float, float]
"""Longitude and latitude, in that order, as RFC 7946 wants it."""


def places(user: User) -> dict[str, Any]:
    """Sites that he sees and that have a position, and which hangs from which: a line is as its
    worst device beyond.

    A site's properties are its id, name, state, radius_m, devices, down and outages; `label` says
    name and state in words.
    """
    placed = Site.objects.exclude(latitude=None).exclude(longitude=None)
    found = site_states(visible(user, placed))
    spots = {each.site.pk: _spot(each.site) for each in found}
    return {
        "type": "FeatureCollection",
        "features": [*(_site(each, spots) for each in found), *_links(spots)],
    }


def _site(found: SiteState, spots: Mapping[int, Spot]) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": spots[found.site.pk]},
        "properties": {
            "id": found.site.pk,
            "name": found.site.name,
            "label": f"{found.site.name}: {state_words(found.state)}",
            "state": found.state,
            "radius_m": found.site.radius_m,
            "devices": found.devices,
            "down": found.down,
            "outages": found.outages,
        },
    }


def _links(spots: Mapping[int, Spot]) -> Iterable[dict[str, Any]]:
    """One line for each two sites of which a device of one hangs from a device of the other."""
    beyond = Device.objects.filter(
        is_active=True, site__in=spots, parent__is_active=True, parent__site__in=spots
    ).exclude(site=F("parent__site"))
    states: dict[tuple[int, int], list[str]] = {}
    for device in beyond.select_related("template", "parent"):
        if device.site_id is None or device.parent is None or device.parent.site_id is None:
            continue
        states.setdefault((device.parent.site_id, device.site_id), []).append(state_of(device))
    for (parent, child), found in sorted(states.items()):
        yield {
            "type": "Feature",
            "geometry": {"type": "LineString", "coordinates": [spots[parent], spots[child]]},
            "properties": {"from": parent, "to": child, "state": worst(found)},
        }


def _spot(site: Site) -> Spot:
    assert site.latitude is not None and site.longitude is not None
    return float(site.longitude), float(site.latitude)
