"""Zones over the API: with their calendar, the routers that serve them, and the dates it gives."""

from typing import Any

import django_filters  # type: ignore[import-untyped]
from django.db.models import Count, Q, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from caudal.apps.catalog.models import Company
from caudal.apps.clock.now import now
from caudal.apps.customers.actions.zones import CALENDAR
from caudal.apps.customers.models import Zone
from caudal.apps.network import actions
from caudal.apps.network.api.settings import SentRows
from caudal.apps.network.forms.zones import time_zones
from caudal.apps.network.models import Router
from caudal.apps.network.views.zones import upcoming
from caudal.apps.staff.access import actor, person
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.web.api import Pages

WRITTEN = {
    "POST": Verb.CONFIGURE_NETWORK,
    "PUT": Verb.CONFIGURE_NETWORK,
    "PATCH": Verb.CONFIGURE_NETWORK,
}


class ZoneSerializer(serializers.ModelSerializer[Zone]):
    """`branch` null: of all branches. `timezone` empty: the installation's. `notice_value` null: no
    notice. `customers` are those that are not archived."""

    company = serializers.PrimaryKeyRelatedField(queryset=Company.objects.filter(is_active=True))
    timezone = serializers.CharField(max_length=60, required=False, allow_blank=True)
    routers = serializers.PrimaryKeyRelatedField(
        many=True, queryset=Router.objects.all(), required=False
    )
    customers = serializers.IntegerField(source="customers_count", read_only=True)

    class Meta:
        model = Zone
        fields = (
            "id", "name", "company", "branch", "city", "timezone", "is_active", *CALENDAR,
            "routers", "customers",
        )  # fmt: skip

    def validate_timezone(self, name: str) -> str:
        if name and name not in time_zones():
            raise serializers.ValidationError("A name such as America/Mexico_City.")
        return name


class DatesSerializer(serializers.Serializer[Any]):
    """The dates of one invoice; `notice` null where none is given."""

    emission = serializers.DateField()
    notice = serializers.DateField(allow_null=True)
    due = serializers.DateField()
    cut = serializers.DateField()


class ZoneFilterSet(django_filters.FilterSet):  # type: ignore[misc]
    q = django_filters.CharFilter(method="about")

    class Meta:
        model = Zone
        fields = ("company", "branch", "is_active", "routers")

    def about(self, rows: QuerySet[Zone], _name: str, words: str) -> QuerySet[Zone]:
        return rows.filter(Q(name__icontains=words) | Q(city__icontains=words))


class ZoneViewSet(
    SentRows,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    mixins.CreateModelMixin,
    mixins.UpdateModelMixin,
    viewsets.GenericViewSet[Zone],
):
    """Zones that the token's owner sees. What is issued keeps its dates when a calendar changes."""

    verbs = {"GET": Verb.SEE_NETWORK, **WRITTEN}
    pagination_class = Pages
    filter_backends = (django_filters.rest_framework.DjangoFilterBackend,)
    filterset_class = ZoneFilterSet
    serializer_class = ZoneSerializer
    queryset = Zone.objects.prefetch_related("routers")

    def get_queryset(self) -> QuerySet[Zone]:
        here = Count("customers", filter=Q(customers__archived_at=None), distinct=True)
        rows: QuerySet[Zone] = visible(person(self.request), super().get_queryset())
        return rows.annotate(customers_count=here)

    @extend_schema(responses={200: DatesSerializer(many=True)})
    @action(detail=True, pagination_class=None, filter_backends=(), filterset_class=None)
    def dates(self, request: Request, pk: str) -> Response:
        """The dates of its next invoices."""
        return Response(DatesSerializer(upcoming(self.get_object()), many=True).data)

    def store(self, serializer: Any, zone: Zone) -> None:
        given = dict(serializer.validated_data)
        routers = given.pop("routers", None)
        if routers is None:
            routers = list(zone.routers.all()) if zone.pk else []
        for name, value in given.items():
            setattr(zone, name, value)
        saved = actions.save_zone(actor=actor(self.request), now=now(), zone=zone, routers=routers)
        serializer.instance = self.get_queryset().get(pk=saved.pk)
