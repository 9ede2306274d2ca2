"""Updates by file over the API: bring a table, say what its columns are, look, take over."""

from typing import Any
from uuid import UUID, uuid4

from drf_spectacular.utils import extend_schema
from rest_framework import parsers, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from caudal.apps.clock.now import now
from caudal.apps.imports.sent import SentTableSerializer, told_of_table
from caudal.apps.staff.access import person
from caudal.apps.staff.models import User
from caudal.apps.staff.verbs import Verb
from caudal.apps.updates import actions
from caudal.apps.updates.columns import KEYS, columns
from caudal.apps.updates.models import Update, UpdateRow
from caudal.web.api import Pages, checked


class UpdateSerializer(serializers.ModelSerializer[Update]):
    class Meta:
        model = Update
        fields = (
            "id", "filename", "header", "mapping", "known_by", "month_first", "empties",
            "left_out", "differing", "total", "checked", "status", "act", "created_at",
            "finished_at",
        )  # fmt: skip


class UpdateRowSerializer(serializers.ModelSerializer[UpdateRow]):
    """`changes` are [column, before, after], `problems` [column, text]."""

    class Meta:
        model = UpdateRow
        fields = ("id", "line", "customer", "service", "label", "outcome", "selected", "changes",
                  "problems")  # fmt: skip


class UpdateColumnsSerializer(serializers.Serializer[Any]):
    """One key per column of the file, "" leaves it out. Each key once, `known_by` among them."""

    mapping = serializers.ListField(child=serializers.CharField(allow_blank=True), max_length=500)
    known_by = serializers.ChoiceField(choices=KEYS, default="code")
    empties = serializers.BooleanField(default=False)
    month_first = serializers.BooleanField(default=None, allow_null=True)


class TakeOverSerializer(serializers.Serializer[Any]):
    """`left_out` are columns, and `unticked` rows, that are not to be taken over."""

    key = serializers.UUIDField(required=False)
    left_out = serializers.ListField(child=serializers.CharField(), default=list)
    unticked = serializers.ListField(child=serializers.IntegerField(min_value=1), default=list)


class UpdateViewSet(viewsets.ReadOnlyModelViewSet[Update]):
    """One's own files. Checking and taking over are done in the background: read `status`."""

    queryset = Update.objects.all()
    serializer_class = UpdateSerializer
    pagination_class = Pages
    verbs = {"GET": Verb.EDIT_CUSTOMERS, "POST": Verb.EDIT_CUSTOMERS}

    def get_queryset(self) -> Any:
        user = self.request.user
        return super().get_queryset().filter(created_by_id=getattr(user, "pk", None))

    @extend_schema(request=SentTableSerializer, responses={201: UpdateSerializer})
    @action(detail=False, methods=["post"], parser_classes=[parsers.MultiPartParser])
    def bring(self, request: Request) -> Response:
        """A CSV file or a workbook; the answer proposes what its columns are."""
        file = checked(SentTableSerializer(data=request.data))["file"]
        with told_of_table():
            update = actions.open_update(
                user=person(request), now=now(), content=file.read(), filename=file.name
            )
        return Response(UpdateSerializer(update).data, status=201)

    @extend_schema(request=UpdateColumnsSerializer, responses=UpdateSerializer)
    @action(detail=True, methods=["post"])
    def choose(self, request: Request, pk: str = "") -> Response:
        """Say what the columns are; every row is then compared."""
        update, given = self.get_object(), checked(UpdateColumnsSerializer(data=request.data))
        _require_columns(update, given, person(request))
        return Response(UpdateSerializer(actions.choose_columns(update=update, **given)).data)

    @extend_schema(responses=UpdateRowSerializer(many=True))
    @action(detail=True, methods=["get"])
    def rows(self, request: Request, pk: str = "") -> Response:
        """What each row would change, or why it is not taken."""
        found: Any = self.get_object().rows.all()
        page: Any = self.paginate_queryset(found)
        return self.get_paginated_response(UpdateRowSerializer(page, many=True).data)

    @extend_schema(request=TakeOverSerializer, responses=UpdateSerializer)
    @action(detail=True, methods=["post"])
    def take_over(self, request: Request, pk: str = "") -> Response:
        """Change what is left of it, as one act that can be undone."""
        update, given = self.get_object(), checked(TakeOverSerializer(data=request.data))
        actions.leave_out(update=update, keys=given["left_out"])
        actions.select(update=update, rows=given["unticked"], selected=False)
        key: UUID = given.get("key") or uuid4()
        actions.take_over(user=person(request), now=now(), key=key, update=update)
        update.refresh_from_db()
        return Response(UpdateSerializer(update).data)

    @extend_schema(request=None, responses=UpdateSerializer)
    @action(detail=True, methods=["post"])
    def discard(self, request: Request, pk: str = "") -> Response:
        update = self.get_object()
        gone = actions.discard(user=person(request), now=now(), update=update)
        return Response(UpdateSerializer(gone).data)


def _require_columns(update: Update, given: dict[str, Any], user: User) -> None:
    known = columns(user)
    keys = [key for key in given["mapping"] if key]
    wrong = [key for key in keys if key not in known or not user.may(known[key].verb)]
    if len(given["mapping"]) != len(update.header) or len(set(keys)) != len(keys) or wrong:
        raise ValidationError({"mapping": wrong or ["one key per column, each once"]})
    if given["known_by"] not in keys:
        raise ValidationError({"known_by": ["not a column of the file"]})
