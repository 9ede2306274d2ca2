"""The API of statements, documents and the editing of invoices."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from caudal.apps.billing import actions
from caudal.apps.billing.calendars import time_zone_of
from caudal.apps.billing.documents import statement_pdf
from caudal.apps.billing.models import Invoice
from caudal.apps.catalog.models import Product
from caudal.apps.clock.now import today
from caudal.apps.customers.models import Customer
from caudal.apps.documents.styles import Paper
from caudal.apps.ledger.models import Transaction
from caudal.apps.ledger.reads import statement
from caudal.apps.staff.access import person
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.web.api import AmountField, checked
from caudal.web.decimals import SentDecimal

PDF = {(200, "application/pdf"): OpenApiTypes.BINARY}
PAPER = OpenApiParameter("paper", enum=Paper.values, description="In place of the template's.")
FIRST = OpenApiParameter("first", OpenApiTypes.DATE, description="Empty: from the beginning.")
LAST = OpenApiParameter("last", OpenApiTypes.DATE, description="Empty: until today.")


class StatementRowSerializer(serializers.Serializer[Any]):
    on = serializers.DateField()
    kind = serializers.ChoiceField(choices=Transaction.Kind.choices)
    memo = serializers.CharField()
    document = serializers.CharField()
    amount, balance = AmountField(), AmountField()


class StatementSerializer(serializers.Serializer[Any]):
    """`amount` > 0 adds to the debt; `balance` is what he owes after the movement."""

    customer = serializers.IntegerField()
    currency = serializers.CharField()
    opening, closing = AmountField(), AmountField()
    rows = StatementRowSerializer(many=True)


class RangeSerializer(serializers.Serializer[Any]):
    first = serializers.DateField(required=False, allow_null=True, default=None)
    last = serializers.DateField(required=False, allow_null=True, default=None)


class EditedLineSerializer(serializers.Serializer[Any]):
    """`position` names the line of the invoice that it was; without it, it is a new one."""

    position = serializers.IntegerField(required=False, allow_null=True, default=None)
    description = serializers.CharField(max_length=250)
    unit_price = SentDecimal(max_digits=12, decimal_places=2)
    quantity = SentDecimal(
        max_digits=12, decimal_places=4, default=Decimal(1), min_value=Decimal("0.0001")
    )
    product = serializers.PrimaryKeyRelatedField(
        queryset=Product.objects.all(), required=False, allow_null=True, default=None
    )


class EditSerializer(serializers.Serializer[Any]):
    """The whole invoice as it shall be; dates that are left out stay."""

    lines = EditedLineSerializer(many=True)
    emission = serializers.DateField(required=False)
    due = serializers.DateField(required=False)
    cut = serializers.DateField(required=False, allow_null=True)
    note = serializers.CharField(required=False, allow_blank=True, max_length=300)

    def edit(self, invoice: Invoice) -> actions.Edit:
        given = self.validated_data
        return actions.Edit(
            lines=[actions.EditedLine(**line) for line in given["lines"]],
            emission=given.get("emission", invoice.emission),
            due=given.get("due", invoice.due),
            cut=given.get("cut", invoice.cut),
            note=given.get("note", invoice.note),
        )


class StatementView(APIView):
    """The movements of a customer with the running balance."""

    verbs = {"GET": Verb.SEE_BILLING}

    @extend_schema(parameters=[FIRST, LAST], responses=StatementSerializer)
    def get(self, request: Request, pk: int) -> Response:
        customer, first, last = _asked(request, pk)
        currency = customer.company.currency
        found = statement(customer, customer.company, currency, first, last)
        plain = {
            "customer": customer.pk,
            "currency": currency,
            "opening": found.opening,
            "closing": found.closing,
            "rows": found.rows,
        }
        return Response(StatementSerializer(plain).data)


class StatementPdfView(APIView):
    """The statement on paper."""

    verbs = {"GET": Verb.SEE_BILLING}

    @extend_schema(parameters=[FIRST, LAST, PAPER], responses=PDF)
    def get(self, request: Request, pk: int) -> HttpResponse:
        customer, first, last = _asked(request, pk)
        day = last or today(time_zone_of(customer.zone))
        currency = customer.company.currency
        return pdf_response(statement_pdf(customer, currency, first, day, paper=paper_of(request)))


def _asked(request: Request, pk: int) -> tuple[Customer, date | None, date | None]:
    given = checked(RangeSerializer(data=request.query_params))
    rows = visible(person(request), Customer.objects.select_related("company", "zone"))
    customer = get_object_or_404(rows, pk=pk)
    return customer, given["first"], given["last"]


def paper_of(request: Request) -> str:
    asked = request.query_params.get("paper", "")
    return asked if asked in Paper.values else ""


def pdf_response(content: bytes) -> HttpResponse:
    return HttpResponse(content, content_type="application/pdf")
