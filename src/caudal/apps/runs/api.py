"""The API of runs: list and read them with their rows, plan, execute and discard."""

from typing import Any

import django_filters  # type: ignore[import-untyped]
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from caudal.apps.clock.now import now, today
from caudal.apps.customers.models import Zone
from caudal.apps.runs import actions
from caudal.apps.runs.columns import COLUMNS, RUN_COLUMNS, words_of
from caudal.apps.runs.models import Run, RunRow
from caudal.apps.runs.reads import needed
from caudal.apps.staff.access import actor, person
from caudal.apps.staff.scope import offer_visible, visible
from caudal.apps.staff.verbs import Verb
from caudal.core.errors import RuleError
from caudal.web.api import AmountField, BySortedColumns, checked


class RunSerializer(serializers.ModelSerializer[Run]):
    class Meta:
        model = Run
        fields = (
            "id", "kind", "on", "time_zone", "status", "is_automatic", "is_shadow", "undoes",
            "inputs_hash", "totals", "result", "brakes", "requested_by", "requested_at",
            "planned_at", "approved_by", "approved_at", "finished_at", "planned", "done",
            "failures", "error",
        )  # fmt: skip


class RunRowSerializer(serializers.ModelSerializer[RunRow]):
    amount, before = AmountField(allow_null=True), AmountField(allow_null=True)
    why = serializers.SerializerMethodField()

    class Meta:
        model = RunRow
        fields = (
            "id", "customer", "service", "plan", "zone", "action", "status", "amount", "before",
            "currency", "compared", "why", "fingerprint", "invoice",
        )  # fmt: skip

    def get_why(self, row: RunRow) -> list[str]:
        return words_of(row)


class NewRunSerializer(serializers.Serializer[Any]):
    """A creation or a cut to be planned; nothing is done until it is executed."""

    kind = serializers.ChoiceField(choices=[Run.Kind.CREATE.value, Run.Kind.CUT.value])
    on = serializers.DateField()
    zones = serializers.PrimaryKeyRelatedField(
        queryset=Zone.objects.all(), many=True, required=False
    )
    is_shadow = serializers.BooleanField(default=False)


class ExecuteSerializer(serializers.Serializer[Any]):
    """`inputs_hash` is that of the plan you saw; `count` is asked for where a brake stopped it."""

    inputs_hash = serializers.CharField(max_length=64)
    count = serializers.IntegerField(required=False, min_value=0)
    waives = serializers.BooleanField(
        default=False, help_text="Of an undone cut: what they owe by now does not cut them again."
    )


class RowFilterSet(django_filters.FilterSet):  # type: ignore[misc]
    class Meta:
        model = RunRow
        fields = ("status", "action", "compared", "customer", "zone", "plan")


class RunViewSet(
    BySortedColumns, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Run]
):
    """Runs of the whole installation."""

    verbs = {"GET": Verb.RUN_BILLING, "POST": Verb.RUN_BILLING}
    columns = RUN_COLUMNS
    filter_backends = (django_filters.rest_framework.DjangoFilterBackend,)
    filterset_fields = ("kind", "status", "on", "is_automatic", "is_shadow")
    serializer_class = RunSerializer
    queryset = Run.objects.all()

    @extend_schema(request=NewRunSerializer, responses={201: RunSerializer})
    def create(self, request: Request) -> Response:
        """Ask for a plan; read it again until its status is "planned"."""
        given = NewRunSerializer(data=request.data)
        offer_visible(person(request), given)
        row = actions.plan(actor=actor(request), now=now(), **checked(given))
        return Response(RunSerializer(row).data, status.HTTP_201_CREATED)

    @extend_schema(responses={200: RunRowSerializer(many=True)})
    @action(detail=True, columns=COLUMNS)
    def rows(self, request: Request, pk: str) -> Response:
        """Its rows, newest page first, narrowed by status, action, compared, customer, zone."""
        mine = visible(person(request), self.get_object().rows.all())
        found = RowFilterSet(request.query_params, queryset=mine).qs
        page = self.paginate_queryset(found)
        return self.get_paginated_response(RunRowSerializer(page, many=True).data)

    @extend_schema(request=ExecuteSerializer, responses={200: RunSerializer})
    @action(detail=True, methods=["post"])
    def execute(self, request: Request, pk: str) -> Response:
        """Approve the plan: the worker does exactly its rows. Twice is once."""
        given, run = checked(ExecuteSerializer(data=request.data)), self.get_object()
        if not person(request).may(needed(run)):
            raise PermissionDenied
        if given["inputs_hash"] != run.inputs_hash:
            raise RuleError("run-hash-differs")
        row = actions.approve(
            actor=actor(request), now=now(), today=today(), run=run,
            typed=given.get("count"), waives=given["waives"],
        )  # fmt: skip
        return Response(RunSerializer(row).data)

    @extend_schema(request=None, responses={200: RunSerializer})
    @action(detail=True, methods=["post"])
    def discard(self, request: Request, pk: str) -> Response:
        """Forget the plan."""
        row = actions.discard(actor=actor(request), now=now(), run=self.get_object())
        return Response(RunSerializer(row).data)
