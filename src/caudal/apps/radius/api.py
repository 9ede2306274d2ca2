"""RADIUS over the API: who is in, who was refused and why, which routers ask, the policy."""

from typing import Any

import django_filters  # type: ignore[import-untyped]
from django.db.models import QuerySet
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from caudal.apps.clock.now import machine_time, now
from caudal.apps.network.models import Router
from caudal.apps.network.words import explain_fault
from caudal.apps.radius import actions
from caudal.apps.radius.models import Client, Policy, Rejection, Session
from caudal.apps.radius.signs import heard_of
from caudal.apps.radius.sync import close_session
from caudal.apps.staff.access import actor, person
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.core.ports.access import AccessError
from caudal.web.api import Pages, checked

Filters = django_filters.rest_framework.DjangoFilterBackend


@extend_schema_serializer(component_name="RadiusSession")
class SessionSerializer(serializers.ModelSerializer[Session]):
    started_at = serializers.DateTimeField(read_only=True)
    heard_at = serializers.DateTimeField(read_only=True)
    ended_at = serializers.DateTimeField(read_only=True, allow_null=True)

    class Meta:
        model = Session
        fields = (
            "id", "username", "connection", "router", "nas", "port", "address", "prefix", "mac",
            "answer", "started_at", "heard_at", "ended_at", "seconds", "up_bytes", "down_bytes",
            "cause",
        )  # fmt: skip


class SessionFilter(django_filters.rest_framework.FilterSet):  # type: ignore[misc]
    open = django_filters.BooleanFilter(field_name="ended", lookup_expr="isnull")
    customer = django_filters.NumberFilter(field_name="connection__service__customer")

    class Meta:
        model = Session
        fields = ("router", "username")


class SessionViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Session]
):
    """Stays of customers as routers report them; `open=true` are those of now."""

    verbs = {"GET": Verb.SEE_NETWORK, "POST": Verb.SYNC_NETWORK}
    pagination_class = Pages
    serializer_class = SessionSerializer
    queryset = Session.objects.all()
    filter_backends = (Filters,)
    filterset_class = SessionFilter

    def get_queryset(self) -> QuerySet[Session]:
        return visible(person(self.request), super().get_queryset())

    @extend_schema(request=None, responses={200: dict[str, bool]})
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """Close it; the device usually comes back by itself. `closed`: it was still there."""
        rows = self.get_queryset().select_related("router", "connection__service")
        session = rows.get(pk=self.get_object().pk)
        try:
            closed = close_session(actor=actor(request), now=now(), session=session)
        except AccessError as error:
            told = {"code": str(error.fault), "detail": explain_fault(str(error))}
            raise ValidationError(told) from error
        return Response({"closed": closed})


class RefusalSerializer(serializers.ModelSerializer[Rejection]):
    latest_at = serializers.DateTimeField(read_only=True)

    class Meta:
        model = Rejection
        fields = (
            "id", "username", "connection", "router", "nas", "mac", "reason", "times", "latest_at",
        )  # fmt: skip


class RefusalViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Rejection]):
    """Who was refused and why; one row for a device that insists."""

    verbs = {"GET": Verb.SEE_NETWORK}
    pagination_class = Pages
    serializer_class = RefusalSerializer
    queryset = Rejection.objects.all()
    filter_backends = (Filters,)
    filterset_fields = ("router", "username", "reason")

    def get_queryset(self) -> QuerySet[Rejection]:
        return visible(person(self.request), super().get_queryset())


class ClientSerializer(serializers.Serializer[Any]):
    """A router that may ask; its secret is never given."""

    router = serializers.IntegerField(source="client.router_id")
    address = serializers.CharField(source="client.address")
    sign = serializers.CharField()
    asked_at = serializers.DateTimeField(allow_null=True)
    reported_at = serializers.DateTimeField(allow_null=True)


class ClientViewSet(viewsets.GenericViewSet[Client]):
    """Routers that may ask, and whether they do."""

    verbs = {"GET": Verb.SEE_NETWORK}
    serializer_class = ClientSerializer
    queryset = Client.objects.all()
    filter_backends = ()
    pagination_class = None

    @extend_schema(responses={200: ClientSerializer(many=True)})
    def list(self, request: Request) -> Response:
        """`sign`: never, silent (it had sessions and misses its reports), idle or at-work."""
        routers = visible(person(request), Router.objects.all())
        clients = self.get_queryset().filter(router__in=routers)
        found = heard_of(clients, actions.policy(), machine_time())
        return Response(ClientSerializer(found, many=True).data)


class PolicySerializer(serializers.ModelSerializer[Policy]):
    class Meta:
        model = Policy
        fields = tuple(actions.POLICY_FIELDS)


ONE = forced_singular_serializer(PolicySerializer)  # type: ignore[no-untyped-call]
"""The one row that there is: not a list of one."""


class PolicyViewSet(viewsets.GenericViewSet[Policy]):
    """One for the installation."""

    verbs = {"GET": Verb.SEE_NETWORK, "POST": Verb.CONFIGURE_NETWORK}
    serializer_class = PolicySerializer
    queryset = Policy.objects.all()
    filter_backends = ()
    pagination_class = None

    @extend_schema(responses={200: ONE})
    def list(self, request: Request) -> Response:
        """What is answered to whom."""
        return Response(PolicySerializer(actions.policy()).data)

    @extend_schema(request=PolicySerializer, responses={200: PolicySerializer})
    def create(self, request: Request) -> Response:
        """Change some of it; it holds from the next sign-in on."""
        row = actions.policy()
        given = checked(PolicySerializer(row, data=request.data, partial=True))
        for name, value in given.items():
            setattr(row, name, value)
        actions.save_policy(actor=actor(request), now=now(), policy=row)
        return Response(PolicySerializer(actions.policy()).data)
