"""The API of named views of the customers list."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from caudal.apps.desk.list import kept
from caudal.apps.desk.models import SavedView
from caudal.apps.staff.access import person
from caudal.apps.staff.verbs import Verb
from caudal.web.api import Pages, checked


class SavedViewSerializer(serializers.ModelSerializer[SavedView]):
    """`query` is what stands after the "?" of the list; `owner` alone may change it."""

    owner = serializers.CharField(source="user.username", read_only=True)
    address = serializers.SerializerMethodField()
    query = serializers.CharField(max_length=4_000, allow_blank=True, default="")

    class Meta:
        model = SavedView
        fields = ("id", "name", "query", "is_shared", "position", "owner", "address")
        read_only_fields = ("position",)

    def get_address(self, row: SavedView) -> str:
        return f"{reverse('desk:customers')}?{row.query}"


class SavedViewChangeSerializer(serializers.Serializer[Any]):
    """`steps` moves it so many places later, or earlier where it is negative."""

    name = serializers.CharField(max_length=60, required=False)
    query = serializers.CharField(max_length=4_000, allow_blank=True, required=False)
    is_shared = serializers.BooleanField(required=False)
    steps = serializers.IntegerField(min_value=-1_000, max_value=1_000, required=False)


class SavedViewViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[SavedView]
):
    """Those of the token's owner, and those that others share."""

    verbs = dict.fromkeys(("GET", "POST", "PATCH", "DELETE"), Verb.SEE_CUSTOMERS)
    pagination_class = Pages
    serializer_class = SavedViewSerializer
    queryset = SavedView.objects.all()
    lookup_value_regex = r"\d{1,18}"

    def get_queryset(self) -> QuerySet[SavedView]:
        return kept.views_for(person(self.request))

    @extend_schema(request=SavedViewSerializer, responses={201: SavedViewSerializer})
    def create(self, request: Request) -> Response:
        """Keep a list under a name; the same name again is replaced."""
        data = checked(SavedViewSerializer(data=request.data))
        row = kept.save_view(user=person(request), **data)
        return Response(SavedViewSerializer(row).data, status.HTTP_201_CREATED)

    @extend_schema(request=SavedViewChangeSerializer, responses=SavedViewSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Rename, change, share and move one of your own."""
        row, given = self._own(request), checked(SavedViewChangeSerializer(data=request.data))
        steps = given.pop("steps", None)
        kept.edit_view(view=row, **given)
        if steps:
            kept.move_view(view=row, steps=steps)
        row.refresh_from_db()
        return Response(SavedViewSerializer(row).data)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        """Forget one of your own."""
        kept.delete_view(user=person(request), pk=self._own(request).pk)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _own(self, request: Request) -> SavedView:
        row = self.get_object()
        if row.user_id != person(request).pk:
            raise NotFound
        return row
