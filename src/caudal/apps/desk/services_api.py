"""The API of services: opened, suspended, restored and ended by the same actions as the screens."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from caudal.apps.catalog.models import Plan, Technology
from caudal.apps.clock.now import now, today
from caudal.apps.customers import actions as customers
from caudal.apps.customers.models import Cause, Customer, Service, SuspensionReason
from caudal.apps.desk import actions
from caudal.apps.desk.causes_api import with_reason
from caudal.apps.desk.life_api import LifeOfService
from caudal.apps.network.models import Connection, Router
from caudal.apps.staff.access import person
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.scope import offer_visible, visible
from caudal.apps.staff.verbs import Verb
from caudal.web.api import OF_CUSTOMER, AmountField, Pages, checked, of_customer
from caudal.web.decimals import SentDecimal


class ConnectionSerializer(serializers.ModelSerializer[Connection]):
    sync = serializers.CharField(source="state", read_only=True)

    class Meta:
        model = Connection
        fields = (
            "router", "technology", "username", "address", "mac", "sync", "verified_at",
            "released_at",
        )  # fmt: skip


class ServiceSerializer(serializers.ModelSerializer[Service]):
    """`price` null is the plan's. `suspensions` are the reasons that are open."""

    price = AmountField(allow_null=True)
    connection = ConnectionSerializer(read_only=True)
    suspensions = serializers.SerializerMethodField()

    class Meta:
        model = Service
        fields = (
            "id", "customer", "number", "plan", "price", "state", "started_on", "cancelled_on",
            "suspensions", "connection",
        )  # fmt: skip

    def get_suspensions(self, service: Service) -> list[str]:
        return [each.reason for each in service.suspensions.all() if each.closed_at is None]


MORE = ("server", "interface", "prefix", "duid", "iaid", "bind_mac")
"""What only some technologies know."""


class NewServiceSerializer(serializers.Serializer[Any]):
    """`router` connects it; without a user, password or address they are made or taken free."""

    customer = serializers.PrimaryKeyRelatedField(queryset=Customer.objects.all())
    plan = serializers.PrimaryKeyRelatedField(queryset=Plan.objects.all())
    started_on = serializers.DateField(required=False)
    price = SentDecimal(
        max_digits=12, decimal_places=2, min_value=0, required=False, allow_null=True
    )
    router = serializers.PrimaryKeyRelatedField(
        queryset=Router.objects.all(), required=False, allow_null=True
    )
    username = serializers.CharField(max_length=80, required=False, allow_blank=True)
    password = serializers.CharField(max_length=80, required=False, allow_blank=True)
    address = serializers.IPAddressField(required=False, allow_blank=True)
    mac = serializers.CharField(max_length=17, required=False, allow_blank=True)
    technology = serializers.ChoiceField(choices=Technology.choices, required=False)
    server = serializers.CharField(max_length=60, required=False, allow_blank=True)
    interface = serializers.CharField(max_length=60, required=False, allow_blank=True)
    prefix = serializers.CharField(max_length=50, required=False, allow_blank=True)
    duid = serializers.CharField(max_length=60, required=False, allow_blank=True)
    iaid = serializers.CharField(max_length=12, required=False, allow_blank=True)
    bind_mac = serializers.BooleanField(required=False)

    def new_service(self) -> actions.NewService:
        given = self.validated_data
        plan, router = given["plan"], given.get("router")
        access = None
        if router is not None:
            texts = {name: given.get(name, "") for name in ("username", "password", "address")}
            technology = given.get("technology") or plan.technology
            more = {name: given[name] for name in MORE if name in given}
            access = actions.Access(
                router, technology, **texts, mac=given.get("mac", ""), more=more
            )
        started_on = given.get("started_on") or today()
        return actions.NewService(plan, started_on, given.get("price"), access=access)


class SuspendSerializer(serializers.Serializer[Any]):
    reason = serializers.ChoiceField(
        choices=[(each.value, each.label) for each in SuspensionReason if each.value != "unpaid"]
    )
    note = serializers.CharField(max_length=250, required=False, allow_blank=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        is_by_hand = attrs["reason"] == SuspensionReason.MANUAL
        return with_reason(attrs, "note", Cause.Use.SUSPEND) if is_by_hand else attrs


class RestoreSerializer(serializers.Serializer[Any]):
    """`drop_promise` is asked for (400 "promise-asks") where he has a live promise to pay."""

    reason = serializers.ChoiceField(choices=SuspensionReason.choices)
    drop_promise = serializers.BooleanField(default=None, allow_null=True)


class CancelSerializer(serializers.Serializer[Any]):
    """`reason` is the name of one of the `causes`, or any text."""

    last_day = serializers.DateField()
    reason = serializers.CharField(max_length=200, allow_blank=True, default="")
    void_pending = serializers.BooleanField(default=False)
    credit_unused = serializers.BooleanField(default=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return with_reason(attrs, "reason", Cause.Use.CANCEL)


class ServiceViewSet(
    LifeOfService,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    viewsets.GenericViewSet[Service],
):
    """Services of the customers whom the token's owner may see."""

    verbs = {"GET": Verb.SEE_CUSTOMERS, "POST": Verb.EDIT_SERVICES}
    pagination_class = Pages
    serializer_class = ServiceSerializer
    queryset = Service.objects.prefetch_related(
        "suspensions", Prefetch("connection", Connection.objects.select_related("service"))
    )

    def get_queryset(self) -> QuerySet[Service]:
        rows = visible(person(self.request), super().get_queryset())
        return of_customer(self.request, rows) if self.action == "list" else rows

    @extend_schema(parameters=[OF_CUSTOMER])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """All services, or those of one customer."""
        return super().list(request, *args, **kwargs)

    @extend_schema(request=NewServiceSerializer, responses={201: ServiceSerializer})
    def create(self, request: Request) -> Response:
        """One more service of a customer, connected where a router is given."""
        given = NewServiceSerializer(data=request.data)
        offer_visible(person(request), given)
        given.is_valid(raise_exception=True)
        customer = given.validated_data["customer"]
        row = actions.open_service(
            actor=Actor.person(person(request)),
            now=now(),
            customer=customer,
            new=given.new_service(),
        )
        return Response(self._shown(row), status.HTTP_201_CREATED)

    @extend_schema(request=SuspendSerializer, responses=ServiceSerializer)
    @action(detail=True, methods=["post"], verbs={"POST": Verb.SUSPEND_SERVICES})
    def suspend(self, request: Request, pk: str) -> Response:
        """Suspend it for a reason; the router follows."""
        given, service = checked(SuspendSerializer(data=request.data)), self.get_object()
        customers.suspend(
            actor=Actor.person(person(request)),
            now=now(),
            today=today(),
            service=service,
            **given,
        )
        return Response(self._shown(service))

    @extend_schema(request=RestoreSerializer, responses=ServiceSerializer)
    @action(detail=True, methods=["post"], verbs={"POST": Verb.RESTORE_SERVICES})
    def restore(self, request: Request, pk: str) -> Response:
        """Lift one reason; the customer browses again when no other is open."""
        given, service = checked(RestoreSerializer(data=request.data)), self.get_object()
        actions.restore(
            actor=Actor.person(person(request)),
            now=now(),
            today=today(),
            service=service,
            reasons=[given["reason"]],
            drop_promise=given["drop_promise"],
        )
        return Response(self._shown(service))

    @extend_schema(request=CancelSerializer, responses=ServiceSerializer)
    @action(detail=True, methods=["post"], verbs={"POST": Verb.CANCEL_SERVICES})
    def cancel(self, request: Request, pk: str) -> Response:
        """End it: its address is free at once, its history stays. A day to come is left for it."""
        given, service = checked(CancelSerializer(data=request.data)), self.get_object()
        actions.cancel(
            actor=Actor.person(person(request)),
            now=now(),
            today=today(),
            service=service,
            **given,
        )
        return Response(self._shown(service))

    def _shown(self, service: Service) -> dict[str, Any]:
        return dict(ServiceSerializer(self.get_queryset().get(pk=service.pk)).data)
