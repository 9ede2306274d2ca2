"""The API of acts on many rows: which there are, what one would do, doing and undoing it."""

from typing import Any
from uuid import uuid4

import django_filters  # type: ignore[import-untyped]
from django import forms
from django.db.models import Count, Q, QuerySet
from django.http import QueryDict
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound, PermissionDenied, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from caudal.apps.bulk import actions, acts
from caudal.apps.bulk.acts import Act
from caudal.apps.bulk.asking import ask_for, seen_by, word_for
from caudal.apps.bulk.choosing import Choice, chosen_in
from caudal.apps.bulk.models import BulkAct, BulkRow
from caudal.apps.clock.now import now
from caudal.apps.staff.access import person
from caudal.apps.staff.models import User
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.web.api import Pages, checked

MOST_IDS = 100_000


class FieldSerializer(serializers.Serializer[Any]):
    """One value that an act's `options` take; `choices` are its values, where they are listed."""

    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    kind = serializers.CharField()
    required = serializers.BooleanField()  # type: ignore[assignment]
    choices = serializers.ListField(child=serializers.CharField())


class KnownActSerializer(serializers.Serializer[Any]):
    """`confirm`: what must be sent along as `confirm`; "count" stands for the number of rows."""

    act = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    text = serializers.CharField()
    confirm = serializers.CharField()
    undoable = serializers.BooleanField()
    lasting = serializers.CharField()
    options = FieldSerializer(many=True)


class ChooseSerializer(serializers.Serializer[Any]):
    """Which rows: `ids`, `codes`, or `all` that the list shows with this `query` (its address)."""

    ids = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1),
        max_length=MOST_IDS, required=False,
    )  # fmt: skip
    codes = serializers.ListField(
        child=serializers.CharField(max_length=60), max_length=MOST_IDS, required=False
    )
    all = serializers.BooleanField(default=False)
    query = serializers.CharField(max_length=4_000, required=False, allow_blank=True, default="")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if sum(bool(attrs.get(name)) for name in ("ids", "codes", "all")) != 1:
            raise ValidationError("choose by ids, by codes or all: one of them")
        return attrs


class PreviewSerializer(serializers.Serializer[Any]):
    act = serializers.CharField(max_length=40)
    rows = ChooseSerializer()
    options = serializers.DictField(default=dict)


class StartSerializer(PreviewSerializer):
    """`count` is how many rows the preview told; `key` makes asking twice one act."""

    count = serializers.IntegerField(min_value=1)
    confirm = serializers.CharField(max_length=60, required=False, allow_blank=True, default="")
    key = serializers.UUIDField(required=False)


class ShownSerializer(serializers.Serializer[Any]):
    label = serializers.CharField()  # type: ignore[assignment]
    changes = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))
    refusal = serializers.CharField()


class PreviewedSerializer(serializers.Serializer[Any]):
    """`rows` are the first ones, `refused` those that would be left out."""

    count = serializers.IntegerField()
    confirm = serializers.CharField()
    unknown_codes = serializers.ListField(child=serializers.CharField())
    rows = ShownSerializer(many=True)
    refused = ShownSerializer(many=True)
    refused_count = serializers.IntegerField()


class BulkActSerializer(serializers.ModelSerializer[BulkAct]):
    """`done` and `refused` of `planned` rows; `undone_by` is the act that took it back."""

    requested_by = serializers.CharField(source="requested_by.username", read_only=True)
    planned = serializers.SerializerMethodField()
    done = serializers.SerializerMethodField()
    refused = serializers.IntegerField(source="refused_rows", read_only=True)
    undone_by = serializers.PrimaryKeyRelatedField[BulkAct](read_only=True, allow_null=True)

    class Meta:
        model = BulkAct
        fields = (
            "id", "key", "act", "status", "requested_by", "requested_at", "finished_at",
            "planned", "done", "refused", "undoes", "undone_by", "error",
        )  # fmt: skip

    def get_planned(self, row: BulkAct) -> int:
        return int(row.every_row or row.total)  # type: ignore[attr-defined]

    def get_done(self, row: BulkAct) -> int:
        return int(row.done_rows or row.progress)  # type: ignore[attr-defined]


class ResultSerializer(serializers.ModelSerializer[BulkRow]):
    class Meta:
        model = BulkRow
        fields = ("subject_id", "position", "status", "result")


class UndoSerializer(serializers.Serializer[Any]):
    key = serializers.UUIDField(required=False)


class BulkActViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[BulkAct]
):
    """Acts on many rows; each needs the permission of its own act besides."""

    verbs = {"GET": Verb.SEE_CUSTOMERS, "POST": Verb.SEE_CUSTOMERS}
    pagination_class = Pages
    serializer_class = BulkActSerializer
    queryset = BulkAct.objects.all()
    lookup_value_regex = r"\d{1,18}"
    filter_backends = (django_filters.rest_framework.DjangoFilterBackend,)
    filterset_fields = ("act", "status")

    def get_queryset(self) -> "QuerySet[BulkAct]":
        rows = seen_by(person(self.request)).select_related("requested_by", "undone_by")
        return rows.annotate(
            every_row=Count("rows"),
            done_rows=Count("rows", filter=Q(rows__status=BulkRow.Status.DONE)),
            refused_rows=Count("rows", filter=Q(rows__status=BulkRow.Status.REFUSED)),
        )

    @extend_schema(
        parameters=[OpenApiParameter("subject", str, description='E.g. "customers".')],
        responses={200: KnownActSerializer(many=True)},
        filters=False,
    )
    @action(detail=False, pagination_class=None)
    def known(self, request: Request) -> Response:
        """What this key may do with chosen rows of a kind (customers, invoices ...)."""
        subject = request.query_params.get("subject", "customers")
        found = acts.acts_for(person(request), subject)
        told = [_told(act, person(request)) for act in found]
        return Response(KnownActSerializer(told, many=True).data)

    @extend_schema(request=PreviewSerializer, responses={200: PreviewedSerializer})
    @action(detail=False, methods=["post"])
    def preview(self, request: Request) -> Response:
        """How many rows, and what would become of each; changes nothing."""
        given = checked(PreviewSerializer(data=request.data))
        user = person(request)
        act = _act_of(given, user)
        form = _form_of(given, act, user)
        choice = _choice_of(given, act, user)
        seen = acts.Preview()
        if act.preview is not None:
            seen = act.preview(user, now(), form.cleaned_data, choice.rows)
        told = {
            "count": choice.count,
            "confirm": word_for(act, choice),
            "unknown_codes": choice.unknown,
            "rows": seen.rows,
            "refused": seen.refused,
            "refused_count": seen.refused_count,
        }
        return Response(PreviewedSerializer(told).data)

    @extend_schema(request=StartSerializer, responses={201: BulkActSerializer})
    def create(self, request: Request) -> Response:
        """Do it: short ones at once, long ones by the worker. Look at `status` afterwards."""
        given = checked(StartSerializer(data=request.data))
        user = person(request)
        act = _act_of(given, user)
        form = _form_of(given, act, user)
        choice = _choice_of(given, act, user)
        if given["count"] != choice.count:
            raise ValidationError({"count": f"there are {choice.count}"})
        if (word := word_for(act, choice)) != (given["confirm"] if word else ""):
            raise ValidationError({"confirm": f"send {word}"})
        key = given.get("key") or uuid4()
        made = ask_for(act, choice, form.cleaned_data, user=user, now=now(), key=key)
        return self._answer(made, user)

    @extend_schema(
        parameters=[OpenApiParameter("status", str, enum=BulkRow.Status.values)],
        responses={200: ResultSerializer(many=True)},
        filters=False,
    )
    @action(detail=True)
    def rows(self, request: Request, pk: str) -> Response:
        """What became of each row, in order; only of rows that this key still sees."""
        row, user = self.get_object(), person(request)
        try:
            model = acts.subject_of(row.act).model
        except KeyError:
            raise NotFound from None
        mine = visible(user, model._default_manager.all()).values("pk")
        found = row.rows.filter(subject_id__in=mine)
        if status := request.query_params.get("status"):
            found = found.filter(status=status)
        pages = Pages()
        page = pages.paginate_queryset(found.order_by(), request, self)
        return pages.get_paginated_response(ResultSerializer(page, many=True).data)

    @extend_schema(request=UndoSerializer, responses={201: BulkActSerializer})
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, pk: str) -> Response:
        """Take it back, as one act of its own."""
        given = checked(UndoSerializer(data=request.data))
        row, user = self.get_object(), person(request)
        known = acts.act_named(row.act)
        if known is None or not user.may(known.verb):
            raise PermissionDenied
        key = given.get("key") or uuid4()
        made = actions.undo(user=user, now=now(), key=key, bulk=row)
        return self._answer(made, user)

    @extend_schema(request=None, responses={200: BulkActSerializer})
    @action(detail=True, methods=["post"])
    def retry(self, request: Request, pk: str) -> Response:
        """Try the rows again that were not done, as the same act."""
        row, user = self.get_object(), person(request)
        known = acts.act_named(row.act)
        if known is None or not user.may(known.verb):
            raise PermissionDenied
        actions.retry(user=user, now=now(), bulk=row)
        return Response(self.get_serializer(self.get_object()).data)

    def _answer(self, made: BulkAct, user: User) -> Response:
        if made.requested_by_id != user.pk:
            raise NotFound
        return Response(BulkActSerializer(self.get_queryset().get(pk=made.pk)).data, status=201)


def _act_of(given: dict[str, Any], user: User) -> Act:
    act = acts.act_named(given["act"])
    if act is None or not act.is_offered:
        raise ValidationError({"act": "unknown"})
    if not (user.may(act.verb) and user.may(acts.subject_of(act.key).verb)):
        raise PermissionDenied
    return act


def _form_of(given: dict[str, Any], act: Act, user: User) -> forms.Form:
    """The act's own form with the options in it, as a browser would send them."""
    data = QueryDict(mutable=True)
    for name, value in given["options"].items():
        data.setlist(name, [str(v) for v in (value if isinstance(value, list) else [value])])
    form = acts.form_for(user, act, data)
    if not form.is_valid():
        wrong = {name: [str(each) for each in told] for name, told in form.errors.items()}
        raise ValidationError({"options": wrong})
    return form


def _choice_of(given: dict[str, Any], act: Act, user: User) -> Choice:
    """The rows that the screens would choose by the same means, of those that he may see."""
    rows, post = given["rows"], QueryDict(mutable=True)
    post["query"] = rows["query"]
    if rows["all"]:
        post["all"] = "1"
    elif rows.get("codes"):
        post["codes"] = " ".join(rows["codes"])
    else:
        post.setlist("pick", [str(pk) for pk in rows["ids"]])
    return chosen_in(post, acts.subject_of(act.key), user)


def _told(act: Act, user: User) -> dict[str, Any]:
    fields = acts.form_for(user, act).fields
    return {
        "act": act.key,
        "label": str(act.label),
        "text": str(act.text),
        "confirm": (act.word or "count") if act.is_danger else "",
        "undoable": act.undo is not None,
        "lasting": str(act.lasting),
        "options": [_field(name, field) for name, field in fields.items()],
    }


def _field(name: str, field: forms.Field) -> dict[str, Any]:
    listed = getattr(field, "choices", ())
    return {
        "name": name,
        "label": str(field.label or name),
        "kind": type(field).__name__.removesuffix("Field").lower(),
        "required": field.required,
        "choices": [str(value) for value, _label in listed if str(value)][:500],
    }
