"""The API of reports."""

from datetime import date
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_serializer
from rest_framework import serializers, viewsets
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.response import Response

from caudal.apps.clock.now import today
from caudal.apps.customers.causes import NONE
from caudal.apps.reports.churn import GROUPS, Movement, Why, churn, churn_by
from caudal.apps.reports.drilling import KINDS, asked_in, moves
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
    """`cause` is the operator's own reason, where it is one; `key` asks for its services."""

    key = serializers.CharField()
    reason = serializers.CharField()
    cause = serializers.IntegerField(allow_null=True)
    services = serializers.IntegerField()


class ChurnSerializer(serializers.Serializer[Any]):
    first = serializers.DateField()
    last = serializers.DateField()
    total = MovementSerializer()
    months = MonthSerializer(many=True)
    parts = PartSerializer(many=True)
    cancelled_for = ReasonSerializer(many=True)
    suspended_for = ReasonSerializer(many=True)


@extend_schema_serializer(component_name="ChurnService")
class MoveSerializer(serializers.Serializer[Any]):
    day = serializers.DateField()
    service = serializers.IntegerField()
    reason = serializers.CharField(source="why.label")
    key = serializers.CharField(source="why.key")
    is_return = serializers.BooleanField()


class MovePages(PageNumberPagination):
    page_size = 100
    max_page_size = 500
    page_size_query_param = "size"


class ChurnViewSet(viewsets.GenericViewSet[Any]):
    """Who came, was suspended and left."""

    verbs = {"GET": Verb.SEE_INCOME}
    pagination_class = MovePages

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
            "cancelled_for": [_reason(why) for why in found.left_for],
            "suspended_for": [_reason(why) for why in found.suspended_for],
        }
        return Response(ChurnSerializer(told).data)

    @extend_schema(
        operation_id="reports_churn_services",
        responses=MoveSerializer(many=True),
        parameters=[
            OpenApiParameter("what", str, enum=list(KINDS)),
            OpenApiParameter("from", date, description="the first day"),
            OpenApiParameter("to", date, description="the last day"),
            OpenApiParameter("why", str, description="`key` of a reason"),
            *(OpenApiParameter(name, str, description='a number, or "none"') for name in GROUPS),
        ],
    )
    def services(self, request: Request) -> Response:
        """The services that a number of the report counts, the last ones first."""
        found = moves(person(request), asked_in(request.query_params, today()))
        page: Any = self.paginate_queryset(found)
        return self.get_paginated_response(MoveSerializer(page, many=True).data)


def _reason(why: Why) -> dict[str, Any]:
    label = why.label or why.key.replace(NONE, "")
    return {"key": why.key, "reason": label, "cause": why.cause, "services": why.count}


def _with(row: Movement, **more: Any) -> dict[str, Any]:
    return {**vars(row), "at_end": row.at_end, "rate": row.rate, **more}
