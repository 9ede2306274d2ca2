"""Pools, blocks and who had which address over the API, and free addresses checked on request."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from caudal.apps.clock.now import now
from caudal.apps.network import actions
from caudal.apps.network.api.settings import SentRows, WrittenViewSet
from caudal.apps.network.forms.addresses import HistoryForm
from caudal.apps.network.forms.routers import PoolForm
from caudal.apps.network.history import uses_of
from caudal.apps.network.models import AddressBlock, AddressUse, Pool
from caudal.apps.network.tools import picking
from caudal.apps.staff.access import actor, person
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.web.api import Pages

ASKED = [
    OpenApiParameter("q", str, description="An address, a customer, his code or his user."),
    OpenApiParameter("at", str, description="Only who had it then, e.g. 2026-07-05T10:30."),
]
CHECK = [OpenApiParameter("check", bool, description="Ask the router first: ARP, leases, pings.")]


class BlockSerializer(serializers.ModelSerializer[AddressBlock]):
    class Meta:
        model = AddressBlock
        fields = (
            "id", "name", "network", "purpose", "zone", "site", "router", "gateway", "reserved",
            "notes",
        )  # fmt: skip


class BlockViewSet(SentRows, viewsets.ModelViewSet[AddressBlock]):
    """Networks of the provider; what lies inside what follows from the networks themselves."""

    verbs = {
        "GET": Verb.SEE_NETWORK,
        "POST": Verb.CONFIGURE_NETWORK,
        "PUT": Verb.CONFIGURE_NETWORK,
        "PATCH": Verb.CONFIGURE_NETWORK,
        "DELETE": Verb.CONFIGURE_NETWORK,
    }
    pagination_class = Pages
    serializer_class = BlockSerializer
    queryset = AddressBlock.objects.all()

    def get_queryset(self) -> QuerySet[AddressBlock]:
        return visible(person(self.request), super().get_queryset())

    def perform_destroy(self, instance: AddressBlock) -> None:
        actions.remove_block(actor=actor(self.request), now=now(), block=instance)

    def store(self, serializer: Any, block: AddressBlock) -> None:
        for name, value in serializer.validated_data.items():
            setattr(block, name, value)
        serializer.instance = actions.save_block(actor=actor(self.request), now=now(), block=block)


class PoolSerializer(serializers.ModelSerializer[Pool]):
    class Meta:
        model = Pool
        fields = ("id", "router", "name", "network", "gateway", "first", "last", "excluded")


class PoolViewSet(WrittenViewSet):
    """Networks from which the customers of a router get their addresses."""

    serializer_class = PoolSerializer
    queryset = Pool.objects.select_related("router")
    form, store, called = PoolForm, staticmethod(actions.save_pool), "pool"

    @extend_schema(parameters=CHECK, responses={200: dict})
    @action(detail=True, methods=["get"])
    def free(self, request: Request, pk: str = "") -> Response:
        """The first free addresses; checked ones that somebody uses come last, with the reason."""
        pool = self.get_object()
        check = request.query_params.get("check", "") in ("1", "true")
        found = picking.offers(pool.router, [pool], check=check)
        offers = [
            {
                "address": each.address,
                "answers": each.answers,
                "arp": each.neighbour.mac if each.neighbour else None,
                "lease": each.lease.mac if each.lease else None,
            }
            for each in found.offers
        ]
        return Response({"checked": found.checked, "error": found.error, "addresses": offers})


class UseSerializer(serializers.ModelSerializer[AddressUse]):
    customer = serializers.IntegerField(source="connection.service.customer_id")
    service = serializers.IntegerField(source="connection.service_id")
    username = serializers.CharField(source="connection.username")

    class Meta:
        model = AddressUse
        fields = (
            "id", "address", "router", "customer", "service", "username", "since", "until", "seen",
        )  # fmt: skip


class UseViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[AddressUse]):
    """Who had which address, newest first; `seen`: the router gave it, readings told so."""

    verbs = {"GET": Verb.SEE_NETWORK}
    pagination_class = Pages
    serializer_class = UseSerializer
    queryset = AddressUse.objects.all()

    @extend_schema(parameters=ASKED)
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[AddressUse]:
        form = HistoryForm(self.request.query_params)
        if not form.is_valid():
            errors = form.errors.items()
            raise ValidationError({name: [str(each) for each in told] for name, told in errors})
        return uses_of(person(self.request), form.words(), form.moment())
