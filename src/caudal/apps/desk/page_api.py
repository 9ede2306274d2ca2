"""The API of one customer's page: his journal, and letters to him."""

from typing import Any, cast
from uuid import uuid4

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status, viewsets
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from caudal.apps.billing.models import Invoice
from caudal.apps.clock.now import now
from caudal.apps.customers.models import Customer
from caudal.apps.desk.letters import send_letter
from caudal.apps.messaging.models import Delivery
from caudal.apps.messaging.render import TemplateError
from caudal.apps.staff.access import actor, person
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.core.errors import RuleError
from caudal.web.api import refused


class LetterSerializer(serializers.Serializer[Any]):
    """`subject` and `body` are Liquid; `invoice` is the one they speak of. `key` sends it once."""

    key = serializers.UUIDField(required=False)
    to = serializers.EmailField()
    subject = serializers.CharField(max_length=200)
    body = serializers.CharField(max_length=5000)
    invoice = serializers.IntegerField(required=False, allow_null=True)
    attach = serializers.BooleanField(default=False)


class LetterSentSerializer(serializers.ModelSerializer[Delivery]):
    class Meta:
        model = Delivery
        fields = ("id", "to", "subject", "body", "attachment", "status", "created_at")


class LetterViewSet(viewsets.GenericViewSet[Customer]):
    """Letters to one customer; what was sent to him is at /messages/?customer=."""

    verbs = {"POST": Verb.SEND_MESSAGES}
    queryset = Customer.objects.select_related("company", "zone")

    @extend_schema(
        operation_id="customers_write", request=LetterSerializer, responses=LetterSentSerializer
    )
    def write(self, request: Request, pk: int) -> Response:
        """Leave an e-mail for one of his addresses in the outbox (MW-35)."""
        customer = get_object_or_404(visible(person(request), self.get_queryset()), pk=pk)
        given = LetterSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        said = dict(given.validated_data)
        said["invoice"] = self._invoice(customer, said.get("invoice"))
        try:
            row = send_letter(
                actor=actor(request),
                now=now(),
                customer=customer,
                key=said.pop("key", None) or uuid4(),
                **said,
            )
        except RuleError as error:
            raise refused(error) from error
        except TemplateError as error:
            raise ValidationError({"body": error.reason}) from error
        return Response(LetterSentSerializer(row).data, status.HTTP_201_CREATED)

    def _invoice(self, customer: Customer, number: int | None) -> Invoice | None:
        if number is None:
            return None
        found = Invoice.objects.filter(customer=customer, pk=number).first()
        if found is None:
            raise ValidationError({"invoice": "Unknown invoice."})
        return cast(Invoice, found)
