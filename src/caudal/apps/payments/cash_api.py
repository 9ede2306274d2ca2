"""The API of cash: boxes, sessions, cheques, refunds and the day's movements."""

from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import django_filters  # type: ignore[import-untyped]
from django.conf import settings
from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from caudal.apps.clock.now import now, today
from caudal.apps.customers.models import Customer
from caudal.apps.payments import actions
from caudal.apps.payments.models import (
    CashBox,
    CashSession,
    Cheque,
    ChequeEvent,
    Method,
    Movement,
    Payment,
    Refund,
)
from caudal.apps.payments.proposals import require_seen
from caudal.apps.payments.reports import movements, sessions
from caudal.apps.staff.access import actor, person
from caudal.apps.staff.branches import BranchFilter
from caudal.apps.staff.models import Branch
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.web.api import AmountField, Pages, checked
from caudal.web.decimals import SentDecimal

OF_BRANCH = [OpenApiParameter("branch", int)]
REFUNDED_BY = [
    choice for choice in Method.choices if choice[0] not in (Method.MIXED, Method.CHEQUE)
]


class BoxSerializer(serializers.ModelSerializer[CashBox]):
    currency = serializers.CharField(source="account.currency", read_only=True)

    class Meta:
        model = CashBox
        fields = (
            "id", "company", "name", "kind", "currency", "operator", "needs_session", "is_active",
        )  # fmt: skip


class BoxViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[CashBox]
):
    """Cash boxes, bank accounts, gateways and portfolios of cheques."""

    verbs = {"GET": Verb.SEE_PAYMENTS}
    pagination_class = Pages
    serializer_class = BoxSerializer
    queryset = CashBox.objects.select_related("account")

    def get_queryset(self) -> "QuerySet[CashBox]":
        return visible(person(self.request), super().get_queryset())


class SessionSerializer(serializers.ModelSerializer[CashSession]):
    opened_with, opening_difference = AmountField(), AmountField()
    counted_cash, expected_cash = AmountField(allow_null=True), AmountField(allow_null=True)
    difference = AmountField(allow_null=True)

    class Meta:
        model = CashSession
        fields = (
            "id", "box", "operator", "opened_at", "opened_with", "opening_difference", "closed_at",
            "counted_cash", "expected_cash", "difference", "counted", "expected", "denominations",
            "note",
        )  # fmt: skip


class NewSessionSerializer(serializers.Serializer[Any]):
    box = serializers.PrimaryKeyRelatedField(queryset=CashBox.objects.all())
    counted = SentDecimal(max_digits=12, decimal_places=2)


class CloseSerializer(serializers.Serializer[Any]):
    """`counted` is what was counted of the other forms, by method."""

    counted_cash = SentDecimal(max_digits=12, decimal_places=2)
    counted = serializers.DictField(
        child=SentDecimal(max_digits=12, decimal_places=2), required=False
    )
    denominations = serializers.DictField(
        child=serializers.IntegerField(min_value=0), required=False
    )
    note = serializers.CharField(max_length=250, required=False, allow_blank=True)


class SessionViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[CashSession]
):
    """One's own sessions, or everybody's for who supervises; what is expected shows once closed."""

    verbs = {"GET": Verb.OPERATE_CASH, "POST": Verb.OPERATE_CASH}
    pagination_class = Pages
    serializer_class = SessionSerializer
    queryset = CashSession.objects.all()

    def get_queryset(self) -> QuerySet[CashSession]:
        return sessions(person(self.request), _branch(self.request))

    @extend_schema(parameters=OF_BRANCH)
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The newest first; with `branch` those of its cash boxes."""
        return super().list(request, *args, **kwargs)

    @extend_schema(request=NewSessionSerializer, responses={201: SessionSerializer})
    def create(self, request: Request) -> Response:
        """Open a session with what was counted in the drawer."""
        given = checked(NewSessionSerializer(data=request.data))
        box = given["box"]
        user = person(request)
        if box.operator_id not in (None, user.pk) and not user.may(Verb.SUPERVISE_CASH):
            raise ValidationError({"box": "It is somebody else's."})
        require_seen(user, [box])
        row = actions.open_session(
            actor=actor(request), now=now(), on=today(), operator=user, **given
        )
        return Response(SessionSerializer(row).data, status.HTTP_201_CREATED)

    @extend_schema(request=CloseSerializer, responses={200: SessionSerializer})
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """Close it with the count; the answer says what was expected."""
        given = checked(CloseSerializer(data=request.data))
        row = actions.close_session(
            actor=actor(request),
            now=now(),
            on=today(),
            session=self.get_object(),
            **given,
        )
        return Response(SessionSerializer(row).data)


class EventSerializer(serializers.ModelSerializer[ChequeEvent]):
    class Meta:
        model = ChequeEvent
        fields = ("state", "on", "at", "by", "note")


class ChequeRowSerializer(serializers.ModelSerializer[Cheque]):
    amount = AmountField()
    payment = serializers.IntegerField(source="part.payment_id", read_only=True)
    events = EventSerializer(many=True, read_only=True)

    class Meta:
        model = Cheque
        fields = (
            "id", "company", "customer", "bank", "number", "holder", "amount", "currency",
            "deposit_on", "state", "box", "payment", "events",
        )  # fmt: skip


class StepSerializer(serializers.Serializer[Any]):
    """`bank` for a deposit; `reason` and `cost` for a rejection."""

    on = serializers.DateField(required=False)
    bank = serializers.PrimaryKeyRelatedField(
        queryset=CashBox.objects.select_related("account", "company"), required=False
    )
    reason = serializers.CharField(max_length=200, required=False)
    cost = SentDecimal(max_digits=12, decimal_places=2, required=False, default=Decimal(0))


class ChequeFilterSet(django_filters.FilterSet):  # type: ignore[misc]
    until = django_filters.DateFilter("deposit_on", "lte")

    class Meta:
        model = Cheque
        fields = ("state", "customer", "bank", "number")


class ChequeViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Cheque]
):
    """Cheques of the customers whom the token's owner may see."""

    verbs = {"GET": Verb.SEE_PAYMENTS, "POST": Verb.MANAGE_CHEQUES}
    pagination_class = Pages
    filter_backends = (django_filters.rest_framework.DjangoFilterBackend,)
    filterset_class = ChequeFilterSet
    serializer_class = ChequeRowSerializer
    queryset = Cheque.objects.select_related("part").prefetch_related("events")

    def get_queryset(self) -> QuerySet[Cheque]:
        return visible(person(self.request), super().get_queryset(), _branch(self.request))

    @extend_schema(parameters=OF_BRANCH)
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """With `branch` those of its customers."""
        return super().list(request, *args, **kwargs)

    @extend_schema(request=StepSerializer, responses={200: ChequeRowSerializer})
    @action(detail=True, methods=["post"])
    def deposit(self, request: Request, pk: str) -> Response:
        """Take it to the bank."""
        given = _step(request)
        if "bank" not in given:
            raise ValidationError({"bank": "Say which bank account."})
        return self._do(
            lambda row: actions.deposit_cheques(
                actor=actor(request), now=now(), on=given["on"], cheques=[row], bank=given["bank"]
            )
        )

    @extend_schema(request=StepSerializer, responses={200: ChequeRowSerializer})
    @action(detail=True, methods=["post"])
    def clear(self, request: Request, pk: str) -> Response:
        """The bank has paid it."""
        given = _step(request)
        return self._do(
            lambda row: actions.clear_cheques(
                actor=actor(request), now=now(), on=given["on"], cheques=[row]
            )
        )

    @extend_schema(request=StepSerializer, responses={200: ChequeRowSerializer})
    @action(detail=True, methods=["post"])
    def reject(self, request: Request, pk: str) -> Response:
        """The bank sent it back: what it had paid is owed again."""
        given = _step(request)
        if not given.get("reason"):
            raise ValidationError({"reason": "Say why."})
        return self._do(
            lambda row: actions.reject_cheque(
                actor=actor(request),
                now=now(),
                on=given["on"],
                cheque=row,
                reason=given["reason"],
                cost=given["cost"],
            )
        )

    def _do(self, work: Any) -> Response:
        work(self.get_object())
        return Response(ChequeRowSerializer(self.get_object()).data)


class RefundSerializer(serializers.ModelSerializer[Refund]):
    number = serializers.CharField(source="__str__", read_only=True)
    amount = AmountField()

    class Meta:
        model = Refund
        fields = (
            "id", "number", "company", "customer", "payment", "amount", "currency", "method",
            "cash_box", "reference", "reason", "refunded_at", "gateway", "external_id",
            "deleted_at",
        )  # fmt: skip


class NewRefundSerializer(serializers.Serializer[Any]):
    """Of `payment`, or without one of the customer's balance in favour."""

    customer = serializers.PrimaryKeyRelatedField(
        queryset=Customer.objects.select_related("company", "zone")
    )
    payment = serializers.PrimaryKeyRelatedField(
        queryset=Payment.objects.select_related("company"), required=False, allow_null=True
    )
    amount = SentDecimal(max_digits=12, decimal_places=2)
    method = serializers.ChoiceField(choices=REFUNDED_BY)
    cash_box = serializers.PrimaryKeyRelatedField(
        queryset=CashBox.objects.select_related("account", "company")
    )
    reference = serializers.CharField(max_length=80, required=False, allow_blank=True)
    reason = serializers.CharField(max_length=200)
    gateway = serializers.CharField(max_length=30, default="api")
    external_id = serializers.CharField(max_length=120)


class RefundViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Refund]
):
    """Money given back; the same `external_id` is the same refund, however often it is sent."""

    verbs = {
        "GET": Verb.SEE_PAYMENTS,
        "POST": Verb.REFUND_PAYMENTS,
        "DELETE": Verb.REFUND_PAYMENTS,
    }
    pagination_class = Pages
    serializer_class = RefundSerializer
    queryset = Refund.objects.all()

    def get_queryset(self) -> QuerySet[Refund]:
        return visible(person(self.request), super().get_queryset())

    @extend_schema(request=NewRefundSerializer, responses={201: RefundSerializer})
    def create(self, request: Request) -> Response:
        values = checked(NewRefundSerializer(data=request.data))
        mine = visible(person(request), Customer.objects.filter(pk=values["customer"].pk))
        if not mine.exists():
            raise ValidationError({"customer": "Unknown customer."})
        payment = values.get("payment")
        currency = payment.currency if payment else values["customer"].company.currency
        row = actions.refund(
            actor=actor(request),
            now=now(),
            operator=person(request),
            currency=currency,
            **values,
        )
        return Response(RefundSerializer(row).data, status.HTTP_201_CREATED)

    @extend_schema(
        parameters=[OpenApiParameter("reason", str, required=True)],
        responses={200: RefundSerializer},
    )
    def destroy(self, request: Request, pk: str) -> Response:
        """Delete a refund: a reversal dated today; the row stays, marked."""
        reason = str(request.query_params.get("reason", "")).strip()
        if not reason:
            raise ValidationError({"reason": "Say why."})
        row = actions.delete_refund(
            actor=actor(request),
            now=now(),
            today=today(),
            refund=self.get_object(),
            reason=reason,
        )
        return Response(RefundSerializer(row).data)


class MovementSerializer(serializers.ModelSerializer[Movement]):
    amount = AmountField()

    class Meta:
        model = Movement
        fields = (
            "id", "at", "box", "session", "kind", "method", "amount", "operator", "payment", "note",
        )  # fmt: skip


MOVEMENTS = [OpenApiParameter(name, date) for name in ("first", "last")]
MOVEMENTS += OF_BRANCH


class MovementViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Movement]):
    """The cash of the days asked, today's by default: one's own, or everybody's to supervisors."""

    verbs = {"GET": Verb.REGISTER_PAYMENTS}
    pagination_class = Pages
    serializer_class = MovementSerializer
    queryset = Movement.objects.all()

    def get_queryset(self) -> QuerySet[Movement]:
        first = _day(self.request, "first") or today()
        last = _day(self.request, "last") or first
        zone = ZoneInfo(settings.TIME_ZONE)
        return movements(person(self.request), first, last, zone, branch=_branch(self.request))

    @extend_schema(parameters=MOVEMENTS)
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Movements of the days, both included."""
        return super().list(request, *args, **kwargs)


def _branch(request: Request) -> Branch | None:
    """What `?branch=` asks for, of the branches that this key may choose."""
    return BranchFilter(request.query_params.dict(), user=person(request)).chosen_branch


def _step(request: Request) -> dict[str, Any]:
    return {"on": today()} | checked(StepSerializer(data=request.data))


def _day(request: Request, name: str) -> date | None:
    text = request.query_params.get(name, "")
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValidationError({name: "A date such as 2026-07-05."}) from error
