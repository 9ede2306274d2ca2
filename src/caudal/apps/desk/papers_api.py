"""The API of notes about customers and of their files."""

from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from caudal.apps.customers import actions
from caudal.apps.customers.models import Attachment, Customer, Note
from caudal.apps.desk.views.files import content_of, small_of
from caudal.apps.staff.access import by, person
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.web.api import OF_CUSTOMER, Pages, checked, of_customer


class NoteSerializer(serializers.ModelSerializer[Note]):
    class Meta:
        model = Note
        fields = ("id", "customer", "at", "author_name", "text", "edited_at", "pinned_at")
        read_only_fields = ("at", "author_name", "edited_at", "pinned_at")


class NoteEditSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=2000, required=False)
    pinned = serializers.BooleanField(required=False)


class AttachmentSerializer(serializers.ModelSerializer[Attachment]):
    """`is_shown`: the customer may see it. `content` is fetched at /attachments/{id}/content/."""

    class Meta:
        model = Attachment
        fields = (
            "id", "customer", "name", "content_type", "size", "digest", "text", "is_shown", "at",
            "author_name",
        )  # fmt: skip


class UploadSerializer(serializers.Serializer[Any]):
    customer = serializers.IntegerField()
    file = serializers.FileField()
    text = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)
    is_shown = serializers.BooleanField(required=False, default=False)


class DescriptionSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=200, allow_blank=True)
    is_shown = serializers.BooleanField()


class RemovalSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=200)


class _OfCustomers(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Any]):
    """Rows of the customers whom the token's owner may see; `customer` narrows to one."""

    pagination_class = Pages

    def get_queryset(self) -> QuerySet[Any]:
        rows = visible(person(self.request), super().get_queryset())
        return of_customer(self.request, rows) if self.action == "list" else rows

    @extend_schema(parameters=[OF_CUSTOMER])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """All, or those of one customer; the newest first."""
        return super().list(request, *args, **kwargs)

    def _customer(self, pk: int) -> Customer:
        mine = visible(person(self.request), Customer.objects.all()).filter(pk=pk).first()
        if mine is None:
            raise serializers.ValidationError({"customer": "Unknown customer."})
        return mine


class NoteViewSet(_OfCustomers):
    """The private log (IC-32): customers never see it."""

    verbs = {"GET": Verb.SEE_CUSTOMERS, "POST": Verb.EDIT_CUSTOMERS, "PATCH": Verb.EDIT_CUSTOMERS}
    serializer_class = NoteSerializer
    queryset = Note.objects.all()

    @extend_schema(request=NoteSerializer, responses={201: NoteSerializer})
    def create(self, request: Request) -> Response:
        """Write one more."""
        given = checked(NoteSerializer(data=request.data))
        customer = self._customer(given["customer"].pk)
        row = actions.add_note(**by(request), customer=customer, text=given["text"])
        return Response(NoteSerializer(row).data, status.HTTP_201_CREATED)

    @extend_schema(request=NoteEditSerializer, responses=NoteSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Mend one's own text; pin it or not."""
        given, row = checked(NoteEditSerializer(data=request.data)), self.get_object()
        if "text" in given:
            actions.edit_note(**by(request), note=row, text=given["text"])
        if "pinned" in given:
            actions.pin_note(**by(request), note=row, pinned=given["pinned"])
        return Response(NoteSerializer(row).data)


class AttachmentViewSet(_OfCustomers):
    """Files of customers; what was taken away is not listed."""

    verbs = {
        "GET": Verb.SEE_CUSTOMERS,
        "POST": Verb.EDIT_CUSTOMERS,
        "PATCH": Verb.EDIT_CUSTOMERS,
    }
    serializer_class = AttachmentSerializer
    queryset = Attachment.objects.kept()

    @extend_schema(
        request={"multipart/form-data": UploadSerializer}, responses={201: AttachmentSerializer}
    )
    def create(self, request: Request) -> Response:
        """Attach a picture, PDF, Word, Excel or text file."""
        given = checked(UploadSerializer(data=request.data))
        customer = self._customer(given.pop("customer"))
        row = actions.attach(**by(request), customer=customer, **given)
        return Response(AttachmentSerializer(row).data, status.HTTP_201_CREATED)

    @extend_schema(request=DescriptionSerializer, responses=AttachmentSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Say what it is, and whether the customer may see it."""
        given, row = checked(DescriptionSerializer(data=request.data)), self.get_object()
        actions.describe_file(**by(request), attachment=row, **given)
        return Response(AttachmentSerializer(row).data)

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"], verbs={"GET": Verb.SEE_CUSTOMERS})
    def content(self, request: Request, pk: str) -> FileResponse:
        """The file itself, as a download."""
        return content_of(self.get_object(), inline=False)

    @extend_schema(responses={(200, "image/jpeg"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"], verbs={"GET": Verb.SEE_CUSTOMERS})
    def thumbnail(self, request: Request, pk: str) -> FileResponse:
        """A small picture of a picture, upright and without what the camera wrote; else 404."""
        return small_of(self.get_object())

    @extend_schema(request=RemovalSerializer, responses={204: None})
    @action(detail=True, methods=["post"], verbs={"POST": Verb.EDIT_CUSTOMERS})
    def remove(self, request: Request, pk: str) -> Response:
        """Delete the file; who did it, when and why stays."""
        given, row = checked(RemovalSerializer(data=request.data)), self.get_object()
        actions.remove_file(**by(request), attachment=row, **given)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def get_parsers(self) -> list[Any]:
        """Files come as forms do; the rest as JSON."""
        is_upload = getattr(self, "action_map", {}).get("post") == "create"
        parsers: list[Any] = super().get_parsers()
        return [MultiPartParser(), *parsers] if is_upload else parsers
