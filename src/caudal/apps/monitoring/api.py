"""The API of devices, alarms and outages, and of sites for a map."""

from typing import Any

import django_filters  # type: ignore[import-untyped]
from django.db.models import Count, QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from caudal.apps.clock.now import now
from caudal.apps.customers.models import Customer, Zone
from caudal.apps.monitoring import actions
from caudal.apps.monitoring.models import Alarm, Announcement, Device, Rules
from caudal.apps.monitoring.places import places
from caudal.apps.network.models import Router, Site
from caudal.apps.outages import actions as outages
from caudal.apps.outages.models import Affected, Outage
from caudal.apps.staff.access import actor, person
from caudal.apps.staff.scope import offer_visible, visible
from caudal.apps.staff.verbs import Verb
from caudal.web.api import Pages, checked

PARTS = ("sites", "devices", "routers", "zones", "customers")
Filters = (django_filters.rest_framework.DjangoFilterBackend,)


class DeviceSerializer(serializers.ModelSerializer[Device]):
    """`blamed` is the device because of which this one is unreachable."""

    class Meta:
        model = Device
        fields = (
            "id", "name", "kind", "address", "site", "parent", "router", "template", "is_active",
            "health", "blamed", "checked_at", "failing_since", "answering_since", "latency_ms",
            "loss", "signal",
        )  # fmt: skip
        read_only_fields = fields


class AlarmSerializer(serializers.ModelSerializer[Alarm]):
    class Meta:
        model = Alarm
        fields = ("id", "device", "kind", "began_at", "raised_at", "ended_at", "outage")


class OutageSerializer(serializers.ModelSerializer[Outage]):
    """`customers` counts those behind it; until `held_until` their cuts and late fees wait."""

    state = serializers.CharField(read_only=True)
    customers = serializers.IntegerField(read_only=True)

    class Meta:
        model = Outage
        fields = (
            "id", "title", "cause", "state", "started_at", "ended_at", "grace_days", "held_from",
            "held_until", "is_automatic", "opened_by", "customers",
        )  # fmt: skip


class NewOutageSerializer(serializers.Serializer[Any]):
    """At least one of the five lists says what fails; without `grace_days` the rules' hold."""

    title = serializers.CharField(max_length=160)
    cause = serializers.CharField(required=False, default="", allow_blank=True)
    started_at = serializers.DateTimeField(required=False)
    grace_days = serializers.IntegerField(required=False, min_value=0, max_value=60)
    sites = serializers.PrimaryKeyRelatedField(
        queryset=Site.objects.all(), many=True, required=False
    )
    devices = serializers.PrimaryKeyRelatedField(
        queryset=Device.objects.all(), many=True, required=False
    )
    routers = serializers.PrimaryKeyRelatedField(
        queryset=Router.objects.all(), many=True, required=False
    )
    zones = serializers.PrimaryKeyRelatedField(
        queryset=Zone.objects.all(), many=True, required=False
    )
    customers = serializers.PrimaryKeyRelatedField(
        queryset=Customer.objects.all(), many=True, required=False
    )


class OutageEndSerializer(serializers.Serializer[Any]):
    """Without `ended_at` it is over now."""

    ended_at = serializers.DateTimeField(required=False)


@extend_schema_serializer(component_name="VoidOutage")
class VoidSerializer(serializers.Serializer[Any]):
    """`take_back_credits`: those that were posted are undone by debit notes, in the same act."""

    take_back_credits = serializers.BooleanField(default=False)


@extend_schema_serializer(component_name="VoidedOutage")
class VoidedSerializer(serializers.Serializer[Any]):
    """`taken_back`: so many posted credits are being undone; `still_posted` stay."""

    taken_back = serializers.IntegerField()
    still_posted = serializers.IntegerField()


class TellSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=["begun", "ended"])


class AffectedSerializer(serializers.ModelSerializer[Affected]):
    class Meta:
        model = Affected
        fields = ("id", "customer", "service", "through")


class DeviceViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Device]
):
    """Devices with what their last check said."""

    verbs = {"GET": Verb.SEE_NETWORK}
    pagination_class = Pages
    filter_backends = Filters
    filterset_fields = ("site", "kind", "health", "is_active")
    serializer_class = DeviceSerializer
    queryset = Device.objects.all()

    def get_queryset(self) -> QuerySet[Device]:
        return visible(person(self.request), super().get_queryset())


class AlarmViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Alarm]):
    """Alarms; those that go on have no `ended_at`."""

    verbs = {"GET": Verb.SEE_NETWORK}
    pagination_class = Pages
    filter_backends = Filters
    filterset_fields = {"device": ["exact"], "ended_at": ["isnull"]}
    serializer_class = AlarmSerializer
    queryset = Alarm.objects.all()

    def get_queryset(self) -> QuerySet[Alarm]:
        return visible(person(self.request), super().get_queryset())


class OutageViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Outage]
):
    """Outages: what fails, since when, and for whom cuts, late fees and reminders wait."""

    verbs = {"GET": Verb.SEE_NETWORK, "POST": Verb.MANAGE_OUTAGES}
    pagination_class = Pages
    filter_backends = Filters
    filterset_fields = {"ended_at": ["isnull"], "is_automatic": ["exact"]}
    serializer_class = OutageSerializer
    queryset = Outage.objects.all()

    def get_queryset(self) -> QuerySet[Outage]:
        return super().get_queryset().annotate(customers=Count("affected__customer", distinct=True))

    @extend_schema(request=NewOutageSerializer, responses={201: OutageSerializer})
    def create(self, request: Request) -> Response:
        """Open an outage of what fails."""
        given = NewOutageSerializer(data=request.data)
        offer_visible(person(request), given)
        values = checked(given)
        parts = {name[:-1]: values.get(name, []) for name in PARTS}
        present = now()
        row = actions.begin_outage(
            actor=actor(request),
            now=present,
            title=values["title"],
            cause=values["cause"],
            started_at=values.get("started_at", present),
            grace_days=values.get("grace_days", Rules.current().grace_days),
            parts=parts,
        )
        return self._answer(row, status.HTTP_201_CREATED)

    @extend_schema(request=OutageEndSerializer, responses=OutageSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: int) -> Response:
        """It works again; twice is nothing."""
        given = checked(OutageEndSerializer(data=request.data))
        present = now()
        row = outages.end_outage(
            actor=actor(request),
            now=present,
            outage=get_object_or_404(Outage, pk=pk),
            ended_at=given.get("ended_at", present),
        )
        return self._answer(row, status.HTTP_200_OK)

    @extend_schema(request=VoidSerializer, responses=VoidedSerializer)
    @action(detail=True, methods=["post"])
    def void(self, request: Request, pk: int) -> Response:
        """It was a false alarm. Asked again, it takes back what was left posted."""
        given = checked(VoidSerializer(data=request.data))
        found = get_object_or_404(Outage, pk=pk)
        posted = visible(person(request), found.credits.filter(status="posted"))
        keys = list(posted.values_list("pk", flat=True))
        wanted = given["take_back_credits"]
        if wanted and not person(request).may(Verb.ISSUE_INVOICES):
            self.permission_denied(request)
        count = actions.void_outage(
            actor=actor(request), now=now(), outage=found, take_back=keys if wanted else []
        )
        return Response({"taken_back": count, "still_posted": len(keys) - count})

    @extend_schema(request=TellSerializer, responses={202: None})
    @action(detail=True, methods=["post"])
    def tell(self, request: Request, pk: int) -> Response:
        """Have everybody behind it told, once."""
        given = checked(TellSerializer(data=request.data))
        found = get_object_or_404(Outage, pk=pk)
        kind = Announcement.Kind(given["kind"])
        actions.announce(actor=actor(request), now=now(), outage=found, kind=kind)
        return Response(status=status.HTTP_202_ACCEPTED)

    @extend_schema(responses=AffectedSerializer(many=True))
    @action(detail=True, pagination_class=Pages)
    def affected(self, request: Request, pk: int) -> Response:
        """The services behind it whose customers the token's owner may see."""
        found = get_object_or_404(Outage, pk=pk)
        rows = visible(person(request), Affected.objects.filter(outage=found).all())
        page: list[Affected] = list(self.paginate_queryset(rows) or [])  # type: ignore[arg-type]
        return self.get_paginated_response(AffectedSerializer(page, many=True).data)

    def _answer(self, row: Outage, code: int) -> Response:
        return Response(OutageSerializer(self.get_queryset().get(pk=row.pk)).data, code)


class MapViewSet(viewsets.ViewSet):
    """Sites with a position and their states, as GeoJSON."""

    verbs = {"GET": Verb.SEE_NETWORK}

    @extend_schema(operation_id="network_map", responses=OpenApiTypes.OBJECT)
    def list(self, request: Request) -> Response:
        return Response(places(person(request)))
