"""Files of positions over the API: bring one, see whom each placemark means, then move them."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import parsers, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from caudal.apps.clock.now import now
from caudal.apps.maps import actions, reads
from caudal.apps.maps.models import Placemark, PositionFile
from caudal.apps.staff.access import person
from caudal.apps.staff.verbs import Verb
from caudal.web.api import Pages, checked


class PositionFileSerializer(serializers.ModelSerializer[PositionFile]):
    """`read` of `total` placemarks are looked up; `refused` is why it could not be read."""

    class Meta:
        model = PositionFile
        fields = ("id", "name", "at", "status", "total", "read", "refused", "shapes", "nowhere")


class PlacemarkSerializer(serializers.ModelSerializer[Placemark]):
    class Meta:
        model = Placemark
        fields = (
            "id", "number", "name", "code", "latitude", "longitude", "outcome", "customer", "site",
        )  # fmt: skip


class SentFileSerializer(serializers.Serializer[Any]):
    file = serializers.FileField()


class PositionFileViewSet(viewsets.ReadOnlyModelViewSet[PositionFile]):
    """KML, KMZ and GeoJSON files. They are read in the background: look at `status`. Whom they
    mean is moved by the act `placemarks.move` of `bulk-acts` with the query `file=<id>`."""

    queryset = PositionFile.objects.all()
    serializer_class = PositionFileSerializer
    pagination_class = Pages
    lookup_value_regex = r"\d{1,18}"
    verbs = {"GET": Verb.EDIT_CUSTOMERS, "POST": Verb.EDIT_CUSTOMERS}

    def get_queryset(self) -> "QuerySet[PositionFile]":
        return reads.files_of(person(self.request))

    @extend_schema(request=SentFileSerializer, responses={201: PositionFileSerializer})
    @action(detail=False, methods=["post"], parser_classes=[parsers.MultiPartParser])
    def bring(self, request: Request) -> Response:
        """Send a file; nothing moves yet."""
        sent = checked(SentFileSerializer(data=request.data))["file"]
        file = actions.keep_file(
            user=person(request), now=now(), name=sent.name, content=sent.read()
        )
        return Response(PositionFileSerializer(file).data, status=201)

    @extend_schema(responses=PlacemarkSerializer(many=True))
    @action(detail=True, methods=["get"])
    def placemarks(self, request: Request, pk: str = "") -> Response:
        """Whom each point means, and what would become of it."""
        found: Any = Placemark.objects.filter(file=self.get_object())
        page: Any = self.paginate_queryset(found)
        return self.get_paginated_response(PlacemarkSerializer(page, many=True).data)
