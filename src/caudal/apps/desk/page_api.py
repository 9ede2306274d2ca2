"""The API of one customer's page: his journal, and letters to him."""

from typing import Any
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
from caudal.apps.staff.models import JournalEntry
from caudal.apps.staff.scope import visible, visible_journal
from caudal.apps.staff.verbs import Verb
from caudal.web.api import Pages, checked


class EntrySerializer(serializers.ModelSerializer[JournalEntry]):
    """`before` and `after` hold only what changed, by column; `actor_name` is who did it."""

    class Meta:
        model = JournalEntry
        fields = (
            "id", "at", "actor", "actor_name", "verb", "subject_kind", "subject_id",
            "subject_label", "before", "after", "note",
        )  # fmt: skip


class JournalNarrowing(serializers.Serializer[Any]):
    verb = serializers.CharField(required=False)
    actor = serializers.IntegerField(required=False)
    first = serializers.DateField(required=False)
    last = serializers.DateField(required=False)

    def conditions(self) -> dict[str, Any]:
        """As `filter` takes them; both days are whole."""
        names = {
            "verb": "verb",
            "actor": "actor",
            "first": "at__date__gte",
            "last": "at__date__lte",
        }
        return {names[name]: value for name, value in self.validated_data.items()}


class JournalViewSet(viewsets.GenericViewSet[JournalEntry]):
    """Every change about one customer (MW-40, WP-8)."""

    verbs = {"GET": Verb.SEE_JOURNAL}
    pagination_class = Pages
    serializer_class = EntrySerializer
    queryset = JournalEntry.objects.all()

    @extend_schema(
        operation_id="customers_journal",
        parameters=[JournalNarrowing],
        responses=EntrySerializer(many=True),
    )
    def journal(self, request: Request, pk: int) -> Response:
        """Newest first, with who, when, before and after; by act, person and days."""
        who = person(request)
        get_object_or_404(visible(who, Customer.objects.all()), pk=pk)
        asked = JournalNarrowing(data=request.query_params)
        asked.is_valid(raise_exception=True)
        rows = visible_journal(who, self.get_queryset().filter(customer_id=pk))
        page = self.paginate_queryset(rows.filter(**asked.conditions()))
        return self.get_paginated_response(EntrySerializer(page, many=True).data)


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
        said = checked(LetterSerializer(data=request.data))
        said["invoice"] = self._invoice(customer, said.get("invoice"))
        try:
            row = send_letter(
                actor=actor(request),
                now=now(),
                customer=customer,
                key=said.pop("key", None) or uuid4(),
                **said,
            )
        except TemplateError as error:
            raise ValidationError({"body": error.reason}) from error
        return Response(LetterSentSerializer(row).data, status.HTTP_201_CREATED)

    def _invoice(self, customer: Customer, number: int | None) -> Invoice | None:
        if number is None:
            return None
        found = Invoice.objects.filter(customer=customer, pk=number).first()
        if found is None:
            raise ValidationError({"invoice": "Unknown invoice."})
        return found
