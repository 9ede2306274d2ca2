"""The API of the operator's reasons for cancelling and suspending."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from caudal.apps.customers import actions
from caudal.apps.customers.causes import used
from caudal.apps.customers.models import Cause, CauseRules
from caudal.apps.staff.access import by, person
from caudal.apps.staff.verbs import Verb
from caudal.web.api import Pages, checked

MOST_TEXTS = 500


class CauseSerializer(serializers.ModelSerializer[Cause]):
    """`words` are the texts that mean it, in plain small letters; `use` stays as it was made."""

    words = serializers.SlugRelatedField[Any](slug_field="plain", many=True, read_only=True)
    is_archived = serializers.SerializerMethodField()

    class Meta:
        model = Cause
        fields = ("id", "use", "name", "position", "is_archived", "words")
        read_only_fields = ("position",)

    def get_is_archived(self, row: Cause) -> bool:
        return row.archived_at is not None


class CauseChangeSerializer(serializers.Serializer[Any]):
    """`steps` moves it so many places later in its list, or earlier where it is negative."""

    name = serializers.CharField(max_length=80, required=False)
    is_archived = serializers.BooleanField(required=False)
    steps = serializers.IntegerField(min_value=-1_000, max_value=1_000, required=False)


class TextsSerializer(serializers.Serializer[Any]):
    texts = serializers.ListField(
        child=serializers.CharField(max_length=250), min_length=1, max_length=MOST_TEXTS
    )


class SaidSerializer(serializers.Serializer[Any]):
    text = serializers.CharField()
    services = serializers.IntegerField()


class CauseRulesSerializer(serializers.ModelSerializer[CauseRules]):
    class Meta:
        model = CauseRules
        fields = ("cancel_required", "suspend_required")
        extra_kwargs = {name: {"required": True} for name in fields}


class CauseViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Cause]
):
    """Reasons that people choose from; a cancellation or suspension keeps the words themselves."""

    verbs = {
        "GET": Verb.SEE_CUSTOMERS,
        "POST": Verb.CONFIGURE_CUSTOMERS,
        "PATCH": Verb.CONFIGURE_CUSTOMERS,
        "PUT": Verb.CONFIGURE_CUSTOMERS,
    }
    pagination_class = Pages
    serializer_class = CauseSerializer
    queryset = Cause.objects.prefetch_related("words")
    lookup_value_regex = r"\d{1,18}"

    def get_queryset(self) -> QuerySet[Cause]:
        asked = self.request.query_params.get("use")
        rows = super().get_queryset()
        return rows.filter(use=asked) if asked else rows

    @extend_schema(parameters=[OpenApiParameter("use", str, enum=Cause.Use.values)])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """All of them, archived ones too; `position` is the order in which they are offered."""
        return super().list(request, *args, **kwargs)

    @extend_schema(request=CauseSerializer, responses={201: CauseSerializer})
    def create(self, request: Request) -> Response:
        """A new reason, last in its list."""
        data = checked(CauseSerializer(data=request.data))
        row = actions.create_cause(**by(request), **data)
        return Response(CauseSerializer(row).data, status.HTTP_201_CREATED)

    @extend_schema(request=CauseChangeSerializer, responses=CauseSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Rename, archive or bring back, and move it."""
        row, given = self.get_object(), checked(CauseChangeSerializer(data=request.data))
        told = {**by(request), "cause": row}
        if "name" in given:
            actions.rename_cause(**told, name=given["name"])
        if "is_archived" in given:
            (actions.archive_cause if given["is_archived"] else actions.unarchive_cause)(**told)
        if "steps" in given:
            actions.move_cause(**told, steps=given["steps"])
        return self._shown(row)

    @extend_schema(request=TextsSerializer, responses=CauseSerializer)
    @action(detail=True, methods=["post"])
    def merge(self, request: Request, pk: str) -> Response:
        """What was typed like these texts means this reason, wherever it stands."""
        row, given = self.get_object(), checked(TextsSerializer(data=request.data))
        actions.merge_texts(**by(request), cause=row, texts=given["texts"])
        return self._shown(row)

    @extend_schema(request=TextsSerializer, responses=CauseSerializer)
    @action(detail=True, methods=["post"])
    def split(self, request: Request, pk: str) -> Response:
        """Those texts stand for themselves again."""
        row, given = self.get_object(), checked(TextsSerializer(data=request.data))
        for text in given["texts"]:
            actions.split_text(**by(request), cause=row, text=text)
        return self._shown(row)

    @extend_schema(
        parameters=[OpenApiParameter("use", str, enum=Cause.Use.values)],
        responses=SaidSerializer(many=True),
    )
    @action(detail=False, pagination_class=None, verbs={"GET": Verb.CONFIGURE_CUSTOMERS})
    def texts(self, request: Request) -> Response:
        """What was said that no reason is for, the most frequent first."""
        use = request.query_params.get("use", Cause.Use.CANCEL)
        if use not in Cause.Use.values:
            raise ValidationError({"use": "unknown"})
        rows = used(person(request), use).texts[:MOST_TEXTS]
        told = [{"text": label, "services": count} for _plain, label, count in rows]
        return Response(SaidSerializer(told, many=True).data)

    @extend_schema(methods=["GET"], responses=CauseRulesSerializer)
    @extend_schema(methods=["PUT"], request=CauseRulesSerializer, responses=CauseRulesSerializer)
    @action(detail=False, methods=["get", "put"], pagination_class=None)
    def rules(self, request: Request) -> Response:
        """Whether a reason may be left out."""
        if request.method == "PUT":
            given = checked(CauseRulesSerializer(CauseRules.current(), data=request.data))
            actions.set_cause_rules(**by(request), **given)
        return Response(CauseRulesSerializer(CauseRules.current()).data)

    def _shown(self, row: Cause) -> Response:
        return Response(CauseSerializer(self.get_queryset().get(pk=row.pk)).data)


def with_reason(given: dict[str, Any], name: str, use: str) -> dict[str, Any]:
    """The same, unless the operator wants a reason and there is none."""
    if not str(given.get(name, "")).strip() and CauseRules.current().requires(use):
        raise ValidationError({name: serializers.Field.default_error_messages["required"]})
    return given
