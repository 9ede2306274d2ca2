"""The API of money from outside: bank lines, reports, gateways' payments, links to pay."""

from typing import Any

import django_filters  # type: ignore[import-untyped]
from django.db.models import QuerySet
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from caudal.apps.billing.models import Invoice
from caudal.apps.clock.now import now
from caudal.apps.customers.models import Customer
from caudal.apps.payments.models import CashBox, Payment
from caudal.apps.staff.access import actor, person
from caudal.apps.staff.scope import require_visible, visible
from caudal.apps.staff.verbs import Verb
from caudal.apps.treasury import actions, collect
from caudal.apps.treasury.errors import told_of_gateway
from caudal.apps.treasury.forms import REPORTABLE
from caudal.apps.treasury.models import (
    BankLine,
    Gateway,
    GatewayPayment,
    PaymentLink,
    ReportedPayment,
)
from caudal.core.ports.gateway import GatewayError
from caudal.web.api import AmountField, Pages, checked
from caudal.web.decimals import SentDecimal

MATCH = {"POST": Verb.MATCH_ARRIVALS}


class MadeSerializer(serializers.ModelSerializer[Payment]):
    """A payment that came of it; the payments API tells more."""

    receipt = serializers.CharField(source="__str__", read_only=True)
    amount = AmountField()

    class Meta:
        model = Payment
        fields = ("id", "receipt", "customer", "amount", "currency", "paid_at", "external_id")


class ReportSerializer(serializers.ModelSerializer[ReportedPayment]):
    amount = AmountField()

    class Meta:
        model = ReportedPayment
        fields = (
            "id", "key", "customer", "amount", "currency", "paid_on", "method", "reference",
            "note", "state", "created_at", "reported_by", "decided_at", "decided_by", "reason",
            "payment",
        )  # fmt: skip


class NewReportSerializer(serializers.Serializer[Any]):
    """`key` is yours: the same one is the same report, however often it is sent."""

    key = serializers.CharField(max_length=40)
    customer = serializers.PrimaryKeyRelatedField(
        queryset=Customer.objects.select_related("company", "zone")
    )
    amount = SentDecimal(max_digits=12, decimal_places=2)
    paid_on = serializers.DateField()
    method = serializers.ChoiceField(choices=REPORTABLE)
    reference = serializers.CharField(max_length=80, required=False, allow_blank=True)
    note = serializers.CharField(max_length=250, required=False, allow_blank=True)


class ApprovalSerializer(serializers.Serializer[Any]):
    """`restore` takes a person who may restore services; others only record the money."""

    cash_box = serializers.PrimaryKeyRelatedField(
        queryset=CashBox.objects.select_related("account", "company")
    )
    restore = serializers.BooleanField(default=True)


class ReasonSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=200)


class ReportViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[ReportedPayment]
):
    """Payments that customers told of."""

    verbs = {"GET": Verb.SEE_ARRIVALS, "POST": Verb.REGISTER_PAYMENTS}
    pagination_class = Pages
    serializer_class = ReportSerializer
    queryset = ReportedPayment.objects.select_related("customer")
    filter_backends = (django_filters.rest_framework.DjangoFilterBackend,)
    filterset_fields = ("state", "customer")

    def get_queryset(self) -> QuerySet[ReportedPayment]:
        return visible(person(self.request), super().get_queryset())

    @extend_schema(request=NewReportSerializer, responses={201: ReportSerializer})
    def create(self, request: Request) -> Response:
        """Report a payment; it waits for approval."""
        values = checked(NewReportSerializer(data=request.data))
        require_visible(person(request), customer=values["customer"])
        row = actions.report_payment(actor=actor(request), now=now(), **values)
        return Response(ReportSerializer(row).data, status.HTTP_201_CREATED)

    @extend_schema(request=ApprovalSerializer, responses={200: MadeSerializer})
    @action(detail=True, methods=["post"], verbs=MATCH)
    def approve(self, request: Request, pk: str) -> Response:
        """Make it a payment."""
        values = checked(ApprovalSerializer(data=request.data))
        restore = values["restore"] and person(request).may(Verb.RESTORE_ON_PAYMENT)
        payment = actions.approve_report(
            actor=actor(request),
            now=now(),
            report=self.get_object(),
            cash_box=values["cash_box"],
            restore=restore,
        )
        return Response(MadeSerializer(payment).data)

    @extend_schema(request=ReasonSerializer, responses={200: ReportSerializer})
    @action(detail=True, methods=["post"], verbs=MATCH)
    def reject(self, request: Request, pk: str) -> Response:
        """The money is not there; the customer is told why."""
        values = checked(ReasonSerializer(data=request.data))
        row = actions.reject_report(
            actor=actor(request), now=now(), report=self.get_object(), **values
        )
        return Response(ReportSerializer(row).data)


class BankLineSerializer(serializers.ModelSerializer[BankLine]):
    amount = AmountField()

    class Meta:
        model = BankLine
        fields = (
            "id", "account", "on", "amount", "text", "reference", "payer", "payer_account",
            "state", "reason", "decided_at", "decided_by",
        )  # fmt: skip


class ShareSerializer(serializers.Serializer[Any]):
    customer = serializers.PrimaryKeyRelatedField(
        queryset=Customer.objects.select_related("company", "zone")
    )
    amount = SentDecimal(max_digits=12, decimal_places=2)
    invoice = serializers.PrimaryKeyRelatedField(
        queryset=Invoice.objects.all(), required=False, allow_null=True
    )


class SharesSerializer(serializers.Serializer[Any]):
    """Whose the line's money is; the parts add up to it."""

    shares = ShareSerializer(many=True, allow_empty=False)


class LineViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[BankLine]
):
    """Lines of banks' statements."""

    verbs = {"GET": Verb.SEE_ARRIVALS}
    pagination_class = Pages
    serializer_class = BankLineSerializer
    queryset = BankLine.objects.select_related("account__cash_box__account", "account__company")
    filter_backends = (django_filters.rest_framework.DjangoFilterBackend,)
    filterset_fields = ("state", "account", "on")

    def get_queryset(self) -> QuerySet[BankLine]:
        return visible(person(self.request), super().get_queryset())

    @extend_schema(request=SharesSerializer, responses={200: MadeSerializer(many=True)})
    @action(detail=True, methods=["post"], verbs=MATCH)
    def assign(self, request: Request, pk: str) -> Response:
        """Make the line's money payments of one customer or of several, once."""
        given = checked(SharesSerializer(data=request.data))["shares"]
        for each in given:
            require_visible(person(request), customer=each["customer"])
        shares = [actions.Share(e["customer"], e["amount"], e.get("invoice")) for e in given]
        payments = actions.assign(
            actor=actor(request), now=now(), line=self.get_object(), shares=shares
        )
        return Response(MadeSerializer(payments, many=True).data)

    @extend_schema(request=ReasonSerializer, responses={200: BankLineSerializer})
    @action(detail=True, methods=["post"], verbs=MATCH)
    def ignore(self, request: Request, pk: str) -> Response:
        """The money is no customer's."""
        values = checked(ReasonSerializer(data=request.data))
        row = actions.ignore(actor=actor(request), now=now(), line=self.get_object(), **values)
        return Response(BankLineSerializer(row).data)

    @extend_schema(request=None, responses={200: BankLineSerializer})
    @action(detail=True, methods=["post"], verbs=MATCH)
    def reopen(self, request: Request, pk: str) -> Response:
        """Take the decision back; payments that the line made are reversed."""
        row = actions.reopen(actor=actor(request), now=now(), line=self.get_object())
        return Response(BankLineSerializer(row).data)


class GatewayPaymentSerializer(serializers.ModelSerializer[GatewayPayment]):
    gateway = serializers.SlugRelatedField(slug_field="slug", read_only=True)  # type: ignore[var-annotated]
    amount = AmountField()
    refunded = AmountField()

    class Meta:
        model = GatewayPayment
        fields = (
            "id", "gateway", "external_id", "status", "amount", "currency", "reference",
            "paid_at", "refunded", "customer", "payment", "unmatched", "first_at", "changed_at",
        )  # fmt: skip


class GatewayPaymentViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[GatewayPayment]
):
    """Payments as gateways know them."""

    verbs = {"GET": Verb.SEE_ARRIVALS}
    pagination_class = Pages
    serializer_class = GatewayPaymentSerializer
    queryset = GatewayPayment.objects.select_related("gateway")
    filter_backends = (django_filters.rest_framework.DjangoFilterBackend,)
    filterset_fields = ("status", "unmatched", "customer", "external_id")

    def get_queryset(self) -> QuerySet[GatewayPayment]:
        return visible(person(self.request), super().get_queryset())


class LinkSerializer(serializers.ModelSerializer[PaymentLink]):
    amount = AmountField()

    class Meta:
        model = PaymentLink
        fields = (
            "id", "gateway", "customer", "invoice", "reference", "amount", "currency", "url",
            "created_at",
        )  # fmt: skip


class NewLinkSerializer(serializers.Serializer[Any]):
    """Without `invoice` it asks for all service invoices of the customer."""

    gateway = serializers.SlugRelatedField(slug_field="slug", queryset=Gateway.objects.all())
    customer = serializers.PrimaryKeyRelatedField(
        queryset=Customer.objects.select_related("company", "zone")
    )
    invoice = serializers.PrimaryKeyRelatedField(
        queryset=Invoice.objects.all(), required=False, allow_null=True
    )


class LinkViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[PaymentLink]):
    """Addresses at which customers pay."""

    verbs = {"GET": Verb.SEE_PAYMENTS, "POST": Verb.REGISTER_PAYMENTS}
    pagination_class = Pages
    serializer_class = LinkSerializer
    queryset = PaymentLink.objects.all()
    filter_backends = (django_filters.rest_framework.DjangoFilterBackend,)
    filterset_fields = ("customer", "gateway")

    def get_queryset(self) -> QuerySet[PaymentLink]:
        return visible(person(self.request), super().get_queryset())

    @extend_schema(request=NewLinkSerializer, responses={201: LinkSerializer})
    def create(self, request: Request) -> Response:
        """Make a link; the same question gives the same link."""
        values = checked(NewLinkSerializer(data=request.data))
        require_visible(person(request), customer=values["customer"])
        address = reverse("treasury:notice", args=[values["gateway"].slug])
        try:
            row = collect.link(
                actor=actor(request),
                now=now(),
                gateway=values["gateway"],
                customer=values["customer"],
                invoice=values.get("invoice"),
                notify_url=request.build_absolute_uri(address),
            )
        except GatewayError as error:
            raise ValidationError(
                {"code": error.fault, "detail": told_of_gateway(error)}
            ) from error
        return Response(LinkSerializer(row).data, status.HTTP_201_CREATED)
