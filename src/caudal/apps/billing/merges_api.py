"""The API of merges: several invoices of a customer become one, and come apart again."""

from typing import Any, cast

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from caudal.apps.billing import actions
from caudal.apps.billing.models import Invoice
from caudal.apps.clock.now import now
from caudal.apps.staff.access import actor
from caudal.apps.staff.verbs import Verb
from caudal.web.api import AmountField, checked


class MergeSerializer(serializers.Serializer[Any]):
    invoices = serializers.ListField(child=serializers.IntegerField(), min_length=2)


class MergedSerializer(serializers.ModelSerializer[Invoice]):
    """`merged_from` are the invoices that it asks for, `merged_into` the one that asks for it."""

    number = serializers.CharField(source="label", read_only=True)
    total, remaining = AmountField(), AmountField()
    merged_from = serializers.PrimaryKeyRelatedField[Invoice](many=True, read_only=True)

    class Meta:
        model = Invoice
        fields = (
            "id", "number", "state", "due", "cut", "total", "remaining", "merged_into",
            "merged_from",
        )  # fmt: skip


class Merges:
    """Joins the view set of invoices."""

    @extend_schema(request=MergeSerializer, responses={201: MergedSerializer})
    @action(detail=False, methods=["post"], verbs={"POST": Verb.ISSUE_INVOICES})
    def merge(self, request: Request) -> Response:
        """One invoice for what is left of several of one customer; the balance stays."""
        wanted = set(checked(MergeSerializer(data=request.data))["invoices"])
        rows = list(cast(Any, self).get_queryset().filter(pk__in=wanted))
        if len(rows) < len(wanted):
            raise ValidationError({"invoices": "Unknown invoice."})
        row = actions.merge_invoices(actor=actor(request), now=now(), invoices=rows)
        return Response(MergedSerializer(row).data, status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=MergedSerializer(many=True))
    @action(
        detail=True,
        methods=["post"],
        pagination_class=None,
        filter_backends=[],
        verbs={"POST": Verb.ISSUE_INVOICES},
    )
    def unmerge(self, request: Request, pk: str) -> Response:
        """The invoices that it was made of are owed again; what was paid goes to them."""
        invoice = cast(Invoice, cast(Any, self).get_object())
        rows = actions.unmerge(actor=actor(request), now=now(), invoice=invoice)
        return Response(MergedSerializer(rows, many=True).data)
