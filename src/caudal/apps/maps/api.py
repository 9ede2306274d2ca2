"""The API of the map: customers as GeoJSON."""

from collections.abc import Iterator
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import viewsets
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from caudal.apps.customers.models import Customer
from caudal.apps.desk.filters import DeskFilter
from caudal.apps.maps import reads
from caudal.apps.staff.access import person
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.core.areas import read_area

MOST = 10_000
"""Features of one answer; whoever has more asks area by area."""
ASKED = ("q", "state", "zone", "plan", "router", "site", "debt", "collector", "area")


class CustomerMapViewSet(viewsets.ViewSet):
    """Customers with a position whom the token's owner may see, as a GeoJSON FeatureCollection."""

    verbs = {"GET": Verb.SEE_CUSTOMERS}

    @extend_schema(
        operation_id="customer_map",
        parameters=[OpenApiParameter(name, str) for name in ASKED],
        responses=OpenApiTypes.OBJECT,
    )
    def list(self, request: Request) -> Response:
        """Filters as those of the list of customers; `area` is west,south,east,north in degrees.

        `state` of a feature is cut, held, active, pending or none. At most 10,000 are sent:
        `complete` is false where there are more, so ask for smaller areas.
        """
        given = request.query_params
        if given.get("area") and read_area(given["area"]) is None:
            raise ValidationError({"area": "west,south,east,north"})
        mine = visible(person(request), Customer.objects.all())
        found = reads.with_pin(reads.placed(DeskFilter(given).narrow(mine))).order_by("id")
        rows = list(found.values_list(*COLUMNS)[: MOST + 1])
        return Response(
            {
                "type": "FeatureCollection",
                "complete": len(rows) <= MOST,
                "features": list(_features(rows[:MOST])),
            }
        )


COLUMNS = ("id", "code", "name", "zone_id", "latitude", "longitude", "pin")


def _features(rows: "list[tuple[Any, ...]]") -> Iterator[dict[str, Any]]:
    for key, code, name, zone, latitude, longitude, pin in rows:
        state = reads.STATES[pin][0]
        yield {
            "type": "Feature",
            "id": key,
            "geometry": {"type": "Point", "coordinates": [float(longitude), float(latitude)]},
            "properties": {"code": code, "name": name, "zone": zone, "state": state},
        }
