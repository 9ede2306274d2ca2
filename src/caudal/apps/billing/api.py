"""The API of invoices: list, read, issue and void, through the same actions as the screens."""

from decimal import Decimal
from typing import Any

import django_filters  # type: ignore[import-untyped]
from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from caudal.apps.billing import actions
from caudal.apps.billing.documents import invoice_pdf
from caudal.apps.billing.documents_api import (
    PAPER,
    PDF,
    EditSerializer,
    paper_of,
    pdf_response,
)
from caudal.apps.billing.listing import COLUMNS
from caudal.apps.billing.merges_api import Merges
from caudal.apps.billing.models import BilledPeriod, Invoice, InvoiceLine, InvoiceTax
from caudal.apps.clock.now import now, today
from caudal.apps.customers.models import Customer, Service
from caudal.apps.staff.access import actor, by, person
from caudal.apps.staff.scope import require_visible, visible
from caudal.apps.staff.verbs import Verb
from caudal.core.periods import Period
from caudal.web.api import AmountField, BySortedColumns, checked
from caudal.web.decimals import SentDecimal


class LineSerializer(serializers.ModelSerializer[InvoiceLine]):
    quantity = AmountField(decimal_places=4)
    unit_price, net, tax = AmountField(), AmountField(), AmountField()

    class Meta:
        model = InvoiceLine
        fields = (
            "position", "kind", "service", "product", "description", "quantity", "unit_price",
            "net", "tax",
        )  # fmt: skip


class TaxSerializer(serializers.ModelSerializer[InvoiceTax]):
    base, amount = AmountField(), AmountField()

    class Meta:
        model = InvoiceTax
        fields = ("name", "rate", "base", "amount")


class PeriodSerializer(serializers.ModelSerializer[BilledPeriod]):
    class Meta:
        model = BilledPeriod
        fields = ("service", "first", "last")


class InvoiceSerializer(serializers.ModelSerializer[Invoice]):
    number = serializers.CharField(source="label", read_only=True)
    net, tax, total = AmountField(), AmountField(), AmountField()
    debits, remaining = AmountField(), AmountField()

    class Meta:
        model = Invoice
        fields: tuple[str, ...] = (
            "id", "number", "company", "customer", "service", "kind", "origin", "state",
            "emission", "due", "cut", "currency", "net", "tax", "total", "debits", "remaining",
            "customer_name", "customer_document", "created_at", "voided_at",
        )  # fmt: skip


class InvoiceDetailSerializer(InvoiceSerializer):
    lines = LineSerializer(many=True, read_only=True)
    taxes = TaxSerializer(many=True, read_only=True)
    periods = PeriodSerializer(many=True, read_only=True)

    class Meta(InvoiceSerializer.Meta):
        fields = (*InvoiceSerializer.Meta.fields, "lines", "taxes", "periods")


class NewLineSerializer(serializers.Serializer[Any]):
    description = serializers.CharField(max_length=250)
    price = SentDecimal(max_digits=12, decimal_places=2)
    quantity = SentDecimal(max_digits=12, decimal_places=4, default=Decimal(1))


class NewInvoiceSerializer(serializers.Serializer[Any]):
    """`first` and `last` are days of `service` to charge, prorated unless `price` is given."""

    customer = serializers.PrimaryKeyRelatedField(queryset=Customer.objects.all())
    kind = serializers.ChoiceField(choices=Invoice.Kind.choices, default=Invoice.Kind.SERVICE)
    service = serializers.PrimaryKeyRelatedField(
        queryset=Service.objects.select_related("plan"), required=False, allow_null=True
    )
    first = serializers.DateField(required=False, allow_null=True)
    last = serializers.DateField(required=False, allow_null=True)
    price = SentDecimal(max_digits=12, decimal_places=2, required=False, allow_null=True)
    emission = serializers.DateField(required=False, allow_null=True)
    due = serializers.DateField(required=False, allow_null=True)
    lines = NewLineSerializer(many=True, required=False)
    note = serializers.CharField(required=False, allow_blank=True, max_length=300)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        service = attrs.get("service")
        if service is not None and service.customer_id != attrs["customer"].pk:
            raise ValidationError({"service": "The service belongs to another customer."})
        if bool(attrs.get("first")) != bool(attrs.get("last")):
            raise ValidationError({"last": "Give both days or none."})
        return attrs

    def order(self) -> actions.Order:
        given = self.validated_data
        first, last = given.get("first"), given.get("last")
        return actions.Order(
            kind=given["kind"],
            emission=given.get("emission"),
            due=given.get("due"),
            service=given.get("service"),
            days=Period(first, last) if first else None,
            price=given.get("price"),
            lines=[actions.ManualLine(**line) for line in given.get("lines", [])],
            note=given.get("note", ""),
        )


class VoidSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=200)


class InvoiceFilterSet(django_filters.FilterSet):  # type: ignore[misc]
    emission_from = django_filters.DateFilter("emission", "gte")
    emission_to = django_filters.DateFilter("emission", "lte")
    due_from = django_filters.DateFilter("due", "gte")
    due_to = django_filters.DateFilter("due", "lte")

    class Meta:
        model = Invoice
        fields = ("customer", "service", "kind", "state", "company")


class InvoiceViewSet(
    BySortedColumns,
    Merges,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    viewsets.GenericViewSet[Invoice],
):
    """Invoices of the customers whom the token's owner may see."""

    verbs = {"GET": Verb.SEE_BILLING, "POST": Verb.ISSUE_INVOICES}
    columns = COLUMNS
    filter_backends = (django_filters.rest_framework.DjangoFilterBackend,)
    filterset_class = InvoiceFilterSet
    serializer_class = InvoiceSerializer
    queryset = Invoice.objects.all()

    def get_queryset(self) -> QuerySet[Invoice]:
        rows = visible(person(self.request), super().get_queryset())
        return rows if self.action == "list" else rows.prefetch_related("lines", "taxes", "periods")

    def get_serializer_class(self) -> type[InvoiceSerializer]:
        return InvoiceSerializer if self.action == "list" else InvoiceDetailSerializer

    @extend_schema(request=NewInvoiceSerializer, responses={201: InvoiceDetailSerializer})
    def create(self, request: Request) -> Response:
        """Issue an invoice."""
        given = NewInvoiceSerializer(data=request.data)
        customer = checked(given)["customer"]
        require_visible(person(request), customer=customer)
        row = actions.issue_invoice(
            actor=actor(request), now=now(), customer=customer, order=given.order()
        )
        return Response(InvoiceDetailSerializer(row).data, status.HTTP_201_CREATED)

    @extend_schema(request=VoidSerializer, responses=InvoiceDetailSerializer)
    @action(detail=True, methods=["post"], verbs={"POST": Verb.VOID_INVOICES})
    def void(self, request: Request, pk: str) -> Response:
        """Void an invoice: its number stays, what had paid it becomes free."""
        given = checked(VoidSerializer(data=request.data))
        row = actions.void_invoice(
            **by(request), today=today(), invoice=self.get_object(), reason=given["reason"]
        )
        return Response(InvoiceDetailSerializer(row).data)

    @extend_schema(request=EditSerializer, responses=InvoiceDetailSerializer)
    @action(detail=True, methods=["put"], verbs={"PUT": Verb.ISSUE_INVOICES})
    def edit(self, request: Request, pk: str) -> Response:
        """Change an unpaid invoice under its number; what it had booked is reversed."""
        invoice = self.get_object()
        given = EditSerializer(data=request.data)
        checked(given)
        row = actions.edit_invoice(
            **by(request), today=today(), invoice=invoice, edit=given.edit(invoice)
        )
        return Response(InvoiceDetailSerializer(row).data)

    @extend_schema(parameters=[PAPER], responses=PDF)
    @action(detail=True, methods=["get"], verbs={"GET": Verb.SEE_BILLING})
    def pdf(self, request: Request, pk: str) -> HttpResponse:
        """The invoice on paper, as it stands."""
        return pdf_response(invoice_pdf(self.get_object(), paper=paper_of(request)))
