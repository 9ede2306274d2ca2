"""Passes and what they wrote over the API, the brake released, operations undone."""

from typing import Any

import django_filters  # type: ignore[import-untyped]
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from caudal.apps.clock.now import now
from caudal.apps.network import actions
from caudal.apps.network.api.routers import DecisionSerializer
from caudal.apps.network.models import Operation, SyncPass
from caudal.apps.staff.access import actor, person
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.web.api import Pages, checked


class PassSerializer(serializers.ModelSerializer[SyncPass]):
    brakes = serializers.SerializerMethodField()

    class Meta:
        model = SyncPass
        fields = (
            "id", "router", "started_at", "finished_at", "outcome", "requested_by", "planned",
            "applied", "failed", "cuts", "error", "approved_by", "approval_used_at", "brakes",
        )  # fmt: skip

    def get_brakes(self, row: SyncPass) -> list[dict[str, Any]]:
        return list(row.findings.get("brakes", []))


class OperationSerializer(serializers.ModelSerializer[Operation]):
    class Meta:
        model = Operation
        fields = (
            "id", "sync_pass", "connection", "at", "action", "menu", "key", "before", "after",
            "ok", "error", "effect", "undone_at", "undone_by",
        )  # fmt: skip


class CountSerializer(serializers.Serializer[Any]):
    """The number that a person reads on the screen and types."""

    count = serializers.IntegerField(min_value=0)


class PassViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[SyncPass]
):
    """Passes over routers, newest first."""

    verbs = {"GET": Verb.SEE_NETWORK, "POST": Verb.SYNC_NETWORK}
    pagination_class = Pages
    serializer_class = PassSerializer
    queryset = SyncPass.objects.all()
    filter_backends = (django_filters.rest_framework.DjangoFilterBackend,)
    filterset_fields = ("router", "outcome")

    def get_queryset(self) -> "QuerySet[SyncPass]":
        return visible(person(self.request), super().get_queryset())

    @extend_schema(request=CountSerializer, responses={200: PassSerializer})
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: str) -> Response:
        """Release the cuts that the brake of this pass holds."""
        row = self.get_object()
        actions.approve_cuts(
            actor=actor(request), now=now(), router=row.router, sync_pass=row,
            count=_count(request),
        )  # fmt: skip
        return Response(PassSerializer(self.get_object()).data)

    @extend_schema(request=CountSerializer, responses={200: dict[str, int]})
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, pk: str) -> Response:
        """Undo everything it wrote that can be undone."""
        row = self.get_object()
        count = actions.undo_pass(
            actor=actor(request), now=now(), sync_pass=row, count=_count(request)
        )
        return Response({"undone": count})


class OperationViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Operation]
):
    """What was written to routers, with before and after; secrets are hidden."""

    verbs = {"GET": Verb.SEE_NETWORK, "POST": Verb.SYNC_NETWORK}
    pagination_class = Pages
    serializer_class = OperationSerializer
    queryset = Operation.objects.defer("rows")
    filter_backends = (django_filters.rest_framework.DjangoFilterBackend,)
    filterset_fields = ("sync_pass", "connection", "effect", "action", "menu", "ok", "key")

    def get_queryset(self) -> QuerySet[Operation]:
        return visible(person(self.request), super().get_queryset())

    @extend_schema(request=None, responses={200: DecisionSerializer})
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, pk: str) -> Response:
        """Put the row back as it was, and leave it so."""
        decision = actions.undo(actor=actor(request), now=now(), operation=self.get_object())
        return Response(DecisionSerializer(decision).data)


def _count(request: Request) -> int:
    return int(checked(CountSerializer(data=request.data))["count"])
