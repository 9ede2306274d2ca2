"""The API of localities: searched, kept one by one, and taken from files."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from caudal.apps.clock.now import now
from caudal.apps.customers.actions.localities import remove_locality, save_locality
from caudal.apps.customers.models import Locality
from caudal.apps.desk.models import LocalityFile
from caudal.apps.desk.taking import leave_file
from caudal.apps.imports.sent import SentTableSerializer
from caudal.apps.staff.access import by, person
from caudal.apps.staff.verbs import Verb
from caudal.web.api import Pages, checked

CONFIGURE = Verb.CONFIGURE_CUSTOMERS


class LocalitySerializer(serializers.ModelSerializer[Locality]):
    class Meta:
        model = Locality
        fields = ("id", "postal_code", "neighbourhood", "city", "state")
        validators: list[Any] = []


class LocalityFileSerializer(serializers.ModelSerializer[LocalityFile]):
    """`done` of `planned` while it is "running"; afterwards what came of its rows."""

    class Meta:
        model = LocalityFile
        fields = (
            "id", "name", "at", "status", "planned", "done", "new", "known", "unread", "error",
        )  # fmt: skip


class LocalityUploadSerializer(SentTableSerializer):
    """CSV or workbook with a column of cities; others as the screen reads them."""


class LocalityViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Locality]
):
    """What completes addresses: postal codes, neighbourhoods and cities."""

    verbs = {
        "GET": Verb.SEE_CUSTOMERS, "POST": CONFIGURE, "PATCH": CONFIGURE, "DELETE": CONFIGURE,
    }  # fmt: skip
    pagination_class = Pages
    serializer_class = LocalitySerializer
    queryset = Locality.objects.all()
    lookup_value_regex = r"\d{1,18}"

    def get_queryset(self) -> QuerySet[Locality]:
        return Locality.objects.matching(self.request.query_params.get("q", ""))

    @extend_schema(parameters=[OpenApiParameter("q", str, description="every word is found")])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Those in which every word of `q` is found, whatever accents and case."""
        return super().list(request, *args, **kwargs)

    @extend_schema(request=LocalitySerializer, responses={201: LocalitySerializer})
    def create(self, request: Request) -> Response:
        """Add one."""
        row = Locality(**checked(LocalitySerializer(data=request.data)))
        return Response(self._saved(request, row), status.HTTP_201_CREATED)

    @extend_schema(request=LocalitySerializer, responses=LocalitySerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Write it otherwise; addresses that were completed with it stay."""
        row = self.get_object()
        given = checked(LocalitySerializer(row, data=request.data, partial=True))
        for name, value in given.items():
            setattr(row, name, value)
        return Response(self._saved(request, row))

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        """Offer it no more."""
        remove_locality(**by(request), locality=self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(
        request={"multipart/form-data": LocalityUploadSerializer},
        responses={202: LocalityFileSerializer},
    )
    @action(detail=False, methods=["post"], parser_classes=[MultiPartParser])
    def take(self, request: Request) -> Response:
        """Take those of a file that are not there yet; look at `files` for how far it is."""
        file = checked(LocalityUploadSerializer(data=request.data))["file"]
        left = leave_file(user=person(request), now=now(), name=file.name, content=file.read())
        return Response(LocalityFileSerializer(left).data, status.HTTP_202_ACCEPTED)

    @extend_schema(responses=LocalityFileSerializer)
    @action(detail=False, url_path=r"files/(?P<file>\d{1,18})", verbs={"GET": CONFIGURE})
    def files(self, request: Request, file: str) -> Response:
        """How far a file is, and what came of it."""
        row = LocalityFile.objects.defer("content").filter(pk=int(file)).first()
        if row is None:
            raise NotFound
        return Response(LocalityFileSerializer(row).data)

    def _saved(self, request: Request, row: Locality) -> dict[str, Any]:
        save_locality(**by(request), locality=row)
        return dict(LocalitySerializer(row).data)
