"""The brakes of the installation over the API."""

from typing import Any

from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from caudal.apps.clock.now import now
from caudal.apps.network import actions
from caudal.apps.network.models import Safety
from caudal.apps.staff.access import actor
from caudal.apps.staff.verbs import Verb


class SafetySerializer(serializers.ModelSerializer[Safety]):
    """`ceiling` is what holds now; `cuts_left` of it in this hour."""

    ceiling = serializers.SerializerMethodField()
    cuts_left = serializers.SerializerMethodField()

    class Meta:
        model = Safety
        fields = ("cuts_per_hour", "stopped_at", "stopped_by", "ceiling", "cuts_left")

    def get_ceiling(self, row: Safety) -> int:
        return actions.ceiling()

    def get_cuts_left(self, row: Safety) -> int:
        return actions.cuts_left(now())


ONE = forced_singular_serializer(SafetySerializer)  # type: ignore[no-untyped-call]
"""The one row that there is: not a list of one."""


class SafetyViewSet(viewsets.GenericViewSet[Safety]):
    """One for the installation."""

    verbs = {"GET": Verb.SEE_NETWORK, "POST": Verb.SYNC_NETWORK}
    serializer_class = SafetySerializer
    queryset = Safety.objects.all()

    @extend_schema(responses={200: ONE})
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The kill switch, and how many cuts this hour has left."""
        return Response(SafetySerializer(actions.safety()).data)

    @extend_schema(request=None, responses={200: SafetySerializer})
    @action(detail=False, methods=["post"])
    def stop(self, request: Request) -> Response:
        """Write to no router from now on."""
        actions.stop_all(actor=actor(request), now=now())
        return self.list(request)

    @extend_schema(request=None, responses={200: SafetySerializer})
    @action(detail=False, methods=["post"])
    def resume(self, request: Request) -> Response:
        """Write again, under the usual brakes."""
        actions.resume_all(actor=actor(request), now=now())
        return self.list(request)
