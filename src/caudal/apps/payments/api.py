"""The API of payments: list, read, register once per external id, delete."""

from datetime import timedelta
from typing import Any

import django_filters  # type: ignore[import-untyped]
from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from caudal.apps.billing.models import Invoice
from caudal.apps.clock.now import now, today
from caudal.apps.customers.models import Customer
from caudal.apps.payments import actions
from caudal.apps.payments.models import CashBox, Method, Payment, PaymentPart
from caudal.apps.payments.proposals import require_seen
from caudal.apps.payments.views.payments import COLUMNS
from caudal.apps.staff.access import actor, by, person
from caudal.apps.staff.scope import require_visible, visible
from caudal.apps.staff.verbs import Verb
from caudal.web.api import AmountField, BySortedColumns, checked
from caudal.web.decimals import SentDecimal

PLAIN_METHODS = [choice for choice in Method.choices if choice[0] != Method.MIXED]


class ChequeSerializer(serializers.Serializer[Any]):
    bank = serializers.CharField(max_length=80)
    number = serializers.CharField(max_length=40)
    deposit_on = serializers.DateField()
    holder = serializers.CharField(max_length=120, required=False, allow_blank=True)


class PartSerializer(serializers.ModelSerializer[PaymentPart]):
    amount = AmountField()

    class Meta:
        model = PaymentPart
        fields = ("id", "method", "cash_box", "amount", "reference", "cheque")


class NewPartSerializer(serializers.Serializer[Any]):
    """A cheque needs no cash box: it goes to the portfolio."""

    method = serializers.ChoiceField(choices=PLAIN_METHODS)
    amount = SentDecimal(max_digits=12, decimal_places=2)
    cash_box = serializers.PrimaryKeyRelatedField(
        queryset=CashBox.objects.select_related("account", "company"),
        required=False,
        allow_null=True,
    )
    reference = serializers.CharField(max_length=80, required=False, allow_blank=True)
    cheque = ChequeSerializer(required=False, allow_null=True)


class PaymentSerializer(serializers.ModelSerializer[Payment]):
    receipt = serializers.CharField(source="__str__", read_only=True)
    amount = AmountField()
    left_in_favour = AmountField(source="credit.remaining")
    parts = PartSerializer(many=True, read_only=True)

    class Meta:
        model = Payment
        fields = (
            "id", "receipt", "company", "customer", "amount", "currency", "method", "cash_box",
            "reference", "comment", "paid_at", "registered_at", "on_invoice", "gateway",
            "external_id", "left_in_favour", "parts", "deleted_at",
        )  # fmt: skip


class NewPaymentSerializer(serializers.Serializer[Any]):
    """`external_id` is yours: the same one is the same payment, however often it is sent.

    Give `method` and `cash_box`, or `parts` that add up to `amount`; name one `invoice`, several
    `invoices` (the oldest comes first), or none for the account.

    `restore` takes a person who may restore services; others only record the money.
    """

    customer = serializers.PrimaryKeyRelatedField(
        queryset=Customer.objects.select_related("company", "zone")
    )
    amount = SentDecimal(max_digits=12, decimal_places=2)
    currency = serializers.CharField(max_length=3, required=False)
    method = serializers.ChoiceField(choices=PLAIN_METHODS, required=False)
    cash_box = serializers.PrimaryKeyRelatedField(
        queryset=CashBox.objects.select_related("account", "company"), required=False
    )
    parts = NewPartSerializer(many=True, required=False)
    paid_at = serializers.DateTimeField(required=False, allow_null=True)
    invoice = serializers.PrimaryKeyRelatedField(
        queryset=Invoice.objects.all(), required=False, allow_null=True
    )
    invoices = serializers.PrimaryKeyRelatedField(
        queryset=Invoice.objects.all(), many=True, required=False
    )
    reference = serializers.CharField(max_length=80, required=False, allow_blank=True)
    comment = serializers.CharField(max_length=250, required=False, allow_blank=True)
    gateway = serializers.CharField(max_length=30, default="api")
    external_id = serializers.CharField(max_length=120)
    restore = serializers.BooleanField(default=True)


class PaymentFilterSet(django_filters.FilterSet):  # type: ignore[misc]
    paid_from = django_filters.IsoDateTimeFilter("paid_at", "gte")
    paid_to = django_filters.IsoDateTimeFilter("paid_at", "lt")
    deleted = django_filters.BooleanFilter("deleted_at", "isnull", exclude=True)

    class Meta:
        model = Payment
        fields = ("customer", "method", "cash_box", "gateway", "external_id")


class PaymentViewSet(
    BySortedColumns,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    viewsets.GenericViewSet[Payment],
):
    """Payments of the customers whom the token's owner may see."""

    verbs = {
        "GET": Verb.SEE_PAYMENTS,
        "POST": Verb.REGISTER_PAYMENTS,
        "DELETE": Verb.DELETE_PAYMENTS,
    }
    columns = COLUMNS
    filter_backends = (django_filters.rest_framework.DjangoFilterBackend,)
    filterset_class = PaymentFilterSet
    serializer_class = PaymentSerializer
    queryset = Payment.objects.select_related("credit").prefetch_related("parts")

    def get_queryset(self) -> QuerySet[Payment]:
        return visible(person(self.request), super().get_queryset())

    @extend_schema(
        request=NewPaymentSerializer, responses={201: PaymentSerializer, 200: PaymentSerializer}
    )
    def create(self, request: Request) -> Response:
        """Register a payment: 201 the first time, 200 and the same payment afterwards."""
        values = checked(NewPaymentSerializer(data=request.data))
        require_visible(person(request), customer=values["customer"])
        known = Payment.objects.filter(
            gateway=values["gateway"], external_id=values["external_id"]
        ).exists()
        parts = [part.get("cash_box") for part in values.get("parts") or ()]
        require_seen(person(request), [values.get("cash_box"), *parts])
        row = _register(request, values)
        code = status.HTTP_200_OK if known else status.HTTP_201_CREATED
        return Response(PaymentSerializer(row).data, code)

    @extend_schema(
        parameters=[OpenApiParameter("reason", str, required=True)],
        responses={200: PaymentSerializer},
    )
    def destroy(self, request: Request, pk: str) -> Response:
        """Delete a payment: a reversal dated today; the row stays, marked."""
        reason = str(request.query_params.get("reason", "")).strip()
        if not reason:
            raise ValidationError({"reason": "Say why."})
        row = actions.delete_payment(
            **by(request), today=today(), payment=self.get_object(), reason=reason
        )
        return Response(PaymentSerializer(row).data)


def _part(given: dict[str, Any]) -> actions.Part:
    cheque = given.get("cheque")
    return actions.Part(
        given["method"],
        given["amount"],
        given.get("cash_box"),
        given.get("reference", ""),
        None if cheque is None else actions.ChequeData(**cheque),
    )


def _register(request: Request, values: dict[str, Any]) -> Payment:
    """A clock that runs a minute ahead of ours is not the future."""
    moment = now()
    paid_at = values.get("paid_at") or moment
    if moment < paid_at < moment + timedelta(minutes=1):
        paid_at = moment
    may_restore = person(request).may(Verb.RESTORE_ON_PAYMENT)
    return actions.register_payment(
        actor=actor(request),
        now=moment,
        customer=values["customer"],
        amount=values["amount"],
        currency=values.get("currency") or values["customer"].company.currency,
        method=values.get("method", ""),
        cash_box=values.get("cash_box"),
        parts=[_part(each) for each in values.get("parts", [])],
        paid_at=paid_at,
        invoice=values.get("invoice"),
        invoices=values.get("invoices", []),
        reference=values.get("reference", ""),
        comment=values.get("comment", ""),
        gateway=values["gateway"],
        external_id=values["external_id"],
        restore=values["restore"] and may_restore,
        operator=person(request),
    )
