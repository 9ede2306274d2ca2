"""The API of promises to pay, and of "why?" for each service of a customer."""

from typing import Any

import django_filters  # type: ignore[import-untyped]
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from caudal.apps.billing.calendars import time_zone_of
from caudal.apps.billing.models import Invoice
from caudal.apps.clock.now import now, today
from caudal.apps.customers.models import Customer
from caudal.apps.dunning import actions
from caudal.apps.dunning.models import Promise, PromiseAttempt
from caudal.apps.dunning.notices import sees_notice
from caudal.apps.dunning.upcoming import outlook_of
from caudal.apps.dunning.views.promises import COLUMNS
from caudal.apps.dunning.why import why_of
from caudal.apps.staff.access import actor, person
from caudal.apps.staff.scope import require_visible, visible
from caudal.apps.staff.verbs import Verb
from caudal.web.api import AmountField, BySortedColumns, checked


class AttemptSerializer(serializers.ModelSerializer[PromiseAttempt]):
    """`done`: the cut reached the router."""

    class Meta:
        model = PromiseAttempt
        fields = ("service", "on", "done")


class PromiseSerializer(serializers.ModelSerializer[Promise]):
    attempts = AttemptSerializer(many=True, read_only=True)

    class Meta:
        model = Promise
        fields = (
            "id", "customer", "until", "last_day", "control_days", "scope", "invoices", "note",
            "outcome", "created_by", "created_at", "closed_at", "attempts",
        )  # fmt: skip


class NewPromiseSerializer(serializers.Serializer[Any]):
    """`until` null withdraws the live promise; another day replaces it."""

    customer = serializers.PrimaryKeyRelatedField(
        queryset=Customer.objects.select_related("company__rules", "zone")
    )
    until = serializers.DateField(allow_null=True)
    control_days = serializers.IntegerField(
        min_value=0, max_value=31, required=False, allow_null=True, default=None
    )
    invoices = serializers.PrimaryKeyRelatedField(
        queryset=Invoice.objects.all(), many=True, required=False
    )
    note = serializers.CharField(max_length=250, required=False, allow_blank=True)
    restore = serializers.BooleanField(default=False)


class WhySerializer(serializers.Serializer[Any]):
    """`sentence` is empty where nothing is owed; `cut_on` is the day that threatens him."""

    service = serializers.IntegerField(source="service.pk")
    number = serializers.IntegerField(source="service.number")
    state = serializers.CharField(source="service.state")
    sentence = serializers.CharField()
    detail = serializers.ListField(child=serializers.CharField())
    cut_on = serializers.DateField(allow_null=True)


class PromiseFilterSet(django_filters.FilterSet):  # type: ignore[misc]
    class Meta:
        model = Promise
        fields = ("customer", "outcome", "until")


class PromiseViewSet(
    BySortedColumns,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    viewsets.GenericViewSet[Promise],
):
    """Promises to pay of the customers whom the token's owner may see."""

    verbs = {"GET": Verb.SEE_BILLING, "POST": Verb.TAKE_PROMISES}
    columns = COLUMNS
    filter_backends = (django_filters.rest_framework.DjangoFilterBackend,)
    filterset_class = PromiseFilterSet
    serializer_class = PromiseSerializer
    queryset = Promise.objects.prefetch_related("attempts", "invoices")

    def get_queryset(self) -> QuerySet[Promise]:
        return visible(person(self.request), super().get_queryset())

    @extend_schema(request=NewPromiseSerializer, responses={201: PromiseSerializer, 204: None})
    def create(self, request: Request) -> Response:
        """Take a promise, or withdraw the live one: 204."""
        given = checked(NewPromiseSerializer(data=request.data))
        require_visible(person(request), customer=given["customer"])
        row = actions.promise(actor=actor(request), now=now(), **given)
        if row is None:
            return Response(status=status.HTTP_204_NO_CONTENT)
        return Response(PromiseSerializer(row).data, status.HTTP_201_CREATED)


class ComingSerializer(serializers.Serializer[Any]):
    """`held`: why it will not go out; `delivery`: its message, if it is in the outbox already."""

    on = serializers.DateField()
    occasion = serializers.CharField()
    about = serializers.CharField()
    amount = AmountField(allow_null=True)
    held = serializers.CharField()
    delivery = serializers.IntegerField(allow_null=True)


class OutlookSerializer(serializers.Serializer[Any]):
    """`silenced` says why he is told nothing at all."""

    to = serializers.CharField()
    silenced = serializers.CharField()
    rows = ComingSerializer(many=True)


class WhyViewSet(viewsets.GenericViewSet[Customer]):
    """Why each service is suspended, is going to be cut, or is not cut although he owes."""

    verbs = {"GET": Verb.SEE_BILLING}
    queryset = Customer.objects.select_related("zone")

    @extend_schema(operation_id="customers_why", responses=WhySerializer(many=True))
    def why(self, request: Request, pk: int) -> Response:
        """One plain sentence per service, in the language of the request, and the rules of it."""
        customer = get_object_or_404(visible(person(request), self.get_queryset()), pk=pk)
        told = why_of(customer, today(time_zone_of(customer.zone)))
        return Response(WhySerializer(told, many=True).data)


class NoticeViewSet(viewsets.GenericViewSet[Customer]):
    """Whether the customer is shown the notice that he owes (CUT-7)."""

    verbs = {"GET": Verb.SEE_BILLING}
    queryset = Customer.objects.select_related("zone")

    @extend_schema(
        operation_id="customers_notice",
        responses=inline_serializer("Notice", {"shown": serializers.BooleanField()}),
    )
    def notice(self, request: Request, pk: int) -> Response:
        """True on the days of his window while he owes a service invoice that was announced."""
        customer = get_object_or_404(visible(person(request), self.get_queryset()), pk=pk)
        return Response({"shown": sees_notice(customer, today(time_zone_of(customer.zone)))})

    @extend_schema(operation_id="customers_notices", responses=OutlookSerializer)
    def to_come(self, request: Request, pk: int) -> Response:
        """What he is going to be told, when and where to, if nobody pays and nothing changes."""
        rows = self.get_queryset().select_related("company__rules")
        customer = get_object_or_404(visible(person(request), rows), pk=pk)
        return Response(OutlookSerializer(outlook_of(customer, now())).data)
