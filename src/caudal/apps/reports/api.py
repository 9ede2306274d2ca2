"""The API of reports."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_serializer
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from caudal.apps.clock.now import today
from caudal.apps.reports.churn import GROUPS, Movement, churn, churn_by
from caudal.apps.reports.forms import ChurnForm
from caudal.apps.staff.access import person
from caudal.apps.staff.verbs import Verb
from caudal.web.api import AmountField


@extend_schema_serializer(component_name="ChurnMovement")
class MovementSerializer(serializers.Serializer[Any]):
    """Numbers of services; `rate` is cancellations in percent of `at_start`, null without any."""

    at_start = serializers.IntegerField()
    activations = serializers.IntegerField()
    returns = serializers.IntegerField()
    suspensions = serializers.IntegerField()
    cancellations = serializers.IntegerField()
    at_end = serializers.IntegerField()
    rate = AmountField(allow_null=True)


@extend_schema_serializer(component_name="ChurnMonth")
class MonthSerializer(MovementSerializer):
    first = serializers.DateField()


@extend_schema_serializer(component_name="ChurnPart")
class PartSerializer(MovementSerializer):
    """`key` is the number of the plan, zone or seller; null is of nobody."""

    key = serializers.IntegerField(allow_null=True)


@extend_schema_serializer(component_name="ChurnReason")
class ReasonSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField()
    services = serializers.IntegerField()


class ChurnSerializer(serializers.Serializer[Any]):
    first = serializers.DateField()
    last = serializers.DateField()
    total = MovementSerializer()
    months = MonthSerializer(many=True)
    parts = PartSerializer(many=True)
    cancelled_for = ReasonSerializer(many=True)
    suspended_for = ReasonSerializer(many=True)


class ChurnViewSet(viewsets.GenericViewSet[Any]):
    """Who came, was suspended and left."""

    verbs = {"GET": Verb.SEE_INCOME}

    @extend_schema(
        operation_id="reports_churn",
        responses=ChurnSerializer,
        parameters=[
            OpenApiParameter("first", str, description="2026-01; 12 months back by default"),
            OpenApiParameter("last", str, description="2026-12; this month by default"),
            OpenApiParameter("by", str, enum=list(GROUPS)),
            *(OpenApiParameter(name, int) for name in GROUPS),
        ],
    )
    def churn(self, request: Request) -> Response:
        """By month and by plan, zone or seller, with the reasons."""
        user = person(request)
        form = ChurnForm(request.query_params.dict(), user=user, today=today())
        found = churn(user, form.span, form.narrowed())
        parts = churn_by(user, form.span, form.group, form.narrowed())
        told = {
            "first": form.span.first,
            "last": form.span.last,
            "total": found.total,
            "months": [_with(row, first=span.first) for span, row in found.months],
            "parts": [_with(row, key=key) for key, row in parts.items()],
            "cancelled_for": [{"reason": r, "services": n} for r, n in found.left_for],
            "suspended_for": [{"reason": r, "services": n} for r, n in found.suspended_for],
        }
        return Response(ChurnSerializer(told).data)


def _with(row: Movement, **more: Any) -> dict[str, Any]:
    return {**vars(row), "at_end": row.at_end, "rate": row.rate, **more}
