"""The API of what happens in the life of a service: plan, holds, return, dates of billing."""

from typing import Any, cast

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from caudal.apps.billing import actions as billing
from caudal.apps.billing.models import Hold, OwedDays, ServiceChange
from caudal.apps.catalog.models import Plan
from caudal.apps.clock.now import today
from caudal.apps.customers.models import Customer, Service
from caudal.apps.desk import actions
from caudal.apps.staff.access import by
from caudal.apps.staff.verbs import Verb
from caudal.web.api import AmountField, checked
from caudal.web.decimals import SentDecimal


class ChangeSerializer(serializers.ModelSerializer[ServiceChange]):
    """`on` is the first day of the new terms, or the first one without service."""

    price, old_price = AmountField(allow_null=True), AmountField(allow_null=True)

    class Meta:
        model = ServiceChange
        fields = (
            "id", "service", "kind", "status", "on", "plan", "price", "old_plan", "old_price",
            "style", "reason", "created_at", "settled_at", "problem",
        )  # fmt: skip


class HoldSerializer(serializers.ModelSerializer[Hold]):
    class Meta:
        model = Hold
        fields = ("id", "service", "first", "last", "credit", "note", "opened_at", "closed_at")


class OwedSerializer(serializers.ModelSerializer[OwedDays]):
    """Days that the next service invoice will charge."""

    class Meta:
        model = OwedDays
        fields = ("service", "first", "last")


class NewPlanSerializer(serializers.Serializer[Any]):
    """`on` defaults to today, `style` to the company's."""

    plan = serializers.PrimaryKeyRelatedField(queryset=Plan.objects.all())
    price = SentDecimal(
        max_digits=12, decimal_places=2, min_value=0, required=False, allow_null=True
    )
    on = serializers.DateField(required=False)
    style = serializers.ChoiceField(  # type: ignore[assignment]
        choices=ServiceChange.Style.choices, required=False
    )


class NewHoldSerializer(serializers.Serializer[Any]):
    first = serializers.DateField()
    last = serializers.DateField()
    credit = serializers.BooleanField(default=True)
    note = serializers.CharField(max_length=200, required=False, allow_blank=True)


class ReturnSerializer(serializers.Serializer[Any]):
    started_on = serializers.DateField()
    charge_days_left = serializers.BooleanField(default=True)


class PaymentDaySerializer(serializers.Serializer[Any]):
    payment_day = serializers.IntegerField(min_value=1, max_value=31)


class IdSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()


class LifeOfService:
    """Acts on one service; joins the view set of services."""

    @extend_schema(responses=ChangeSerializer(many=True))
    @action(detail=True, pagination_class=None, filter_backends=[])
    def changes(self, request: Request, pk: str) -> Response:
        """Changes of plan and cancellations: done, dropped and still to come."""
        rows = _service(self).changes.order_by("on", "id")
        return Response(ChangeSerializer(rows, many=True).data)

    @extend_schema(request=NewPlanSerializer, responses=ChangeSerializer)
    @action(detail=True, methods=["post"], verbs={"POST": Verb.EDIT_SERVICES})
    def plan(self, request: Request, pk: str) -> Response:
        """Another plan or price from a day on; what is billed is corrected (PRO-3)."""
        given = checked(NewPlanSerializer(data=request.data))
        row = billing.schedule_plan_change(
            **by(request),
            today=today(),
            service=_service(self),
            plan=given["plan"],
            price=given.get("price"),
            on=given.get("on") or today(),
            style=given.get("style", ""),
        )
        return Response(ChangeSerializer(row).data)

    @extend_schema(request=IdSerializer, responses=ChangeSerializer)
    @action(detail=True, methods=["post"], verbs={"POST": Verb.EDIT_SERVICES})
    def drop_change(self, request: Request, pk: str) -> Response:
        """A change that waits for its day is not done."""
        wanted = checked(IdSerializer(data=request.data))["id"]
        change = get_object_or_404(_service(self).changes.all(), pk=wanted)
        row = billing.drop_change(**by(request), today=today(), change=change)
        return Response(ChangeSerializer(row).data)

    @extend_schema(responses=HoldSerializer(many=True))
    @action(detail=True, pagination_class=None, filter_backends=[])
    def holds(self, request: Request, pk: str) -> Response:
        """Holds at the customer's request."""
        rows = _service(self).holds.filter(dropped_at=None)
        return Response(HoldSerializer(rows, many=True).data)

    @extend_schema(request=NewHoldSerializer, responses=HoldSerializer)
    @action(detail=True, methods=["post"], verbs={"POST": Verb.SUSPEND_SERVICES})
    def hold(self, request: Request, pk: str) -> Response:
        """Days without service, which are not charged."""
        given = checked(NewHoldSerializer(data=request.data))
        row = billing.hold(**by(request), today=today(), service=_service(self), **given)
        return Response(HoldSerializer(row).data)

    @extend_schema(request=IdSerializer, responses=HoldSerializer)
    @action(detail=True, methods=["post"], verbs={"POST": Verb.RESTORE_SERVICES})
    def release_hold(self, request: Request, pk: str) -> Response:
        """The hold ends today: the rest of its days is charged again."""
        wanted = checked(IdSerializer(data=request.data))["id"]
        found = get_object_or_404(_service(self).holds.all(), pk=wanted)
        row = billing.release_hold(**by(request), today=today(), hold=found)
        return Response(HoldSerializer(row).data)

    @extend_schema(request=ReturnSerializer, responses=None)
    @action(detail=True, methods=["post"], url_path="return", verbs={"POST": Verb.EDIT_SERVICES})
    def come_back(self, request: Request, pk: str) -> Response:
        """A cancelled customer is back, with his numbers, history and debt."""
        given, service = checked(ReturnSerializer(data=request.data)), _service(self)
        actions.resume_service(**by(request), today=today(), service=service, **given)
        service.refresh_from_db()
        return Response({"id": service.pk, "state": service.state})


class DatesOfCustomer:
    """Billing dates of one customer; joins the view set of customers."""

    @extend_schema(request=PaymentDaySerializer, responses=OwedSerializer(many=True))
    @action(
        detail=True,
        methods=["post"],
        url_path="payment-day",
        pagination_class=None,
        filter_backends=[],
        verbs={"POST": Verb.EDIT_CUSTOMERS},
    )
    def payment_day(self, request: Request, pk: str) -> Response:
        """Another payment day; answers the days that the next invoice charges besides (CAL-6)."""
        given = checked(PaymentDaySerializer(data=request.data))
        customer = cast(Customer, cast(Any, self).get_object())
        rows = billing.change_payment_day(**by(request), customer=customer, **given)
        return Response(OwedSerializer(rows, many=True).data)


def _service(view: Any) -> Service:
    return cast(Service, view.get_object())
