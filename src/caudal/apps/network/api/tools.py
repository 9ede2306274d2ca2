"""What people look up on routers, and their backups, over the API."""

from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Any

import django_filters  # type: ignore[import-untyped]
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_serializer
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from caudal.apps.clock.now import now
from caudal.apps.network import actions
from caudal.apps.network.models import Connection, Router, RouterBackup
from caudal.apps.network.tools import asking, matching
from caudal.apps.network.tools.answers import not_done
from caudal.apps.network.tools.backups import take
from caudal.apps.staff.access import actor, person
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.core.configs import difference
from caudal.core.ports.access import AccessDriver, AccessError
from caudal.web.api import Pages, checked

MOST_PINGS = 10
Rows = list[dict[str, Any]]
Lines = list[dict[str, str]]
Question = Callable[[AccessDriver], Any]
Sorted = Callable[[Any, matching.Seen], Iterable[matching.Owned]]


class PingSerializer(serializers.Serializer[Any]):
    address = serializers.IPAddressField()
    count = serializers.IntegerField(min_value=1, max_value=MOST_PINGS, default=3)


@extend_schema_serializer(component_name="ImportNeighbours")
class ImportSerializer(serializers.Serializer[Any]):
    """`bind_mac`: only that equipment may use the address from now on."""

    addresses = serializers.ListField(
        child=serializers.IPAddressField(), allow_empty=False, max_length=100
    )
    bind_mac = serializers.BooleanField(default=False)


class ToolsViewSet(viewsets.GenericViewSet[Router]):
    """Each asks the router while you wait; a router that does not answer is a 400 with why.

    Rows name the `service` and `customer` they are of, where you may see him; a router that has
    nothing of the kind, as one without radios, has no rows.
    """

    verbs = {"GET": Verb.USE_TOOLS, "POST": Verb.USE_TOOLS}
    serializer_class = PingSerializer
    queryset = Router.objects.all()

    def get_queryset(self) -> QuerySet[Router]:
        return visible(person(self.request), super().get_queryset())

    @extend_schema(request=None, responses={200: dict[str, Any]})
    @action(detail=True)
    def vitals(self, request: Request, pk: str) -> Response:
        """Identity, version, uptime, processor and memory."""
        return Response(asdict(self._ask(asking.vitals)))

    @extend_schema(request=None, responses={200: Rows})
    @action(detail=True)
    def online(self, request: Request, pk: str) -> Response:
        """Who has signed in by PPP or HotSpot."""
        return self._owned(asking.online_users, matching.users)

    @extend_schema(request=None, responses={200: Rows})
    @action(detail=True)
    def leases(self, request: Request, pk: str) -> Response:
        """DHCP leases."""
        return self._owned(asking.leases, matching.leases)

    @extend_schema(request=None, responses={200: Rows})
    @action(detail=True)
    def radios(self, request: Request, pk: str) -> Response:
        """Clients of its radios, with signal."""
        return self._owned(asking.stations, matching.stations)

    @extend_schema(request=None, responses={200: Rows})
    @action(detail=True)
    def arp(self, request: Request, pk: str) -> Response:
        """The ARP table; `match`: same, other-mac, no-mac or unknown."""
        return Response(
            [
                {**asdict(each.seen), "match": str(each.match), **_whose(each.connection)}
                for each in self._neighbours()
            ]
        )

    @extend_schema(request=ImportSerializer, responses={200: dict[str, Any]})
    @action(detail=True, methods=["post"], url_path="import-arp")
    def import_arp(self, request: Request, pk: str) -> Response:
        """Note MAC and interface of the customers at these addresses, as the router sees them."""
        self.check_verb(Verb.EDIT_SERVICES)
        given = checked(ImportSerializer(data=request.data))
        asked = set(given["addresses"])
        rows = [r for r in self._neighbours() if r.seen.address in asked and r.importable]
        done = actions.import_neighbours(
            actor=actor(request),
            now=now(),
            found=[(row.connection, row.seen) for row in rows if row.connection],
            bind=given["bind_mac"],
        )
        refusals = [
            {"service": row.service_id, "code": str(error.code)} for row, error in done.refused
        ]
        return Response({"found": len(rows), "changed": done.changed, "refused": refusals})

    @extend_schema(request=PingSerializer, responses={200: dict[str, Any]})
    @action(detail=True, methods=["post"])
    def ping(self, request: Request, pk: str) -> Response:
        """Ping an address from the router."""
        values = checked(PingSerializer(data=request.data))
        found = self._ask(lambda driver: asking.ping(driver, values["address"], values["count"]))
        return Response(asdict(found))

    @extend_schema(request=PingSerializer, responses={200: Rows})
    @action(detail=True, methods=["post"])
    def trace(self, request: Request, pk: str) -> Response:
        """The way from the router to an address."""
        address = checked(PingSerializer(data=request.data))["address"]
        hops = self._ask(lambda driver: list(asking.trace(driver, address)))
        return Response([asdict(hop) for hop in (hops[-1] if hops else [])])

    def _ask(self, question: Question) -> Any:
        router = self.get_object()
        try:
            with asking.line_to(router) as driver:
                return question(driver)
        except AccessError as error:
            raise not_done(error) from error

    def _owned(self, question: Question, match: Sorted) -> Response:
        found = self._ask(lambda driver: asking.known(driver, question))
        known = matching.known_on(self.get_object(), person(self.request))
        rows = match(found, known)
        return Response([{**asdict(row.seen), **_whose(row.connection)} for row in rows])

    def _neighbours(self) -> list[matching.SeenNeighbour]:
        found = self._ask(lambda driver: asking.known(driver, asking.neighbours))
        return matching.neighbours(
            found, matching.known_on(self.get_object(), person(self.request))
        )

    def check_verb(self, verb: Verb) -> None:
        """403 for who may look, and not change."""
        if not person(self.request).may(verb):
            self.permission_denied(self.request)


def _whose(row: Connection | None) -> dict[str, int | None]:
    if row is None:
        return {"service": None, "customer": None}
    return {"service": row.service_id, "customer": row.service.customer_id}


class BackupSerializer(serializers.ModelSerializer[RouterBackup]):
    class Meta:
        model = RouterBackup
        fields = ("id", "router", "taken_at", "seen_at", "version", "digest")


class WholeBackupSerializer(BackupSerializer):
    class Meta(BackupSerializer.Meta):
        fields = (*BackupSerializer.Meta.fields, "text")  # type: ignore[assignment]


class TakeSerializer(serializers.Serializer[Any]):
    router = serializers.IntegerField(min_value=1)


class BackupViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[RouterBackup]
):
    """Configurations of routers, without secrets, kept whenever they are others; one has `text`."""

    verbs = {"GET": Verb.SEE_BACKUPS, "POST": Verb.SEE_BACKUPS}
    pagination_class = Pages
    serializer_class = BackupSerializer
    queryset = RouterBackup.objects.all()
    filter_backends = (django_filters.rest_framework.DjangoFilterBackend,)
    filterset_fields = ("router",)

    def get_queryset(self) -> QuerySet[RouterBackup]:
        routers = visible(person(self.request), Router.objects.all())
        rows = super().get_queryset().filter(router__in=routers)
        if words := self.request.query_params.get("q", "").strip():
            rows = rows.filter(text__icontains=words)
        return rows if self.detail else rows.defer("text")

    def get_serializer_class(self) -> type[BackupSerializer]:
        return WholeBackupSerializer if self.action == "retrieve" else BackupSerializer

    @extend_schema(parameters=[OpenApiParameter("q", str, description="Words in the text.")])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @extend_schema(request=TakeSerializer, responses={200: BackupSerializer})
    @action(detail=False, methods=["post"])
    def take(self, request: Request) -> Response:
        """Take one now; where nothing changed, the last one with a new `seen_at`."""
        given = checked(TakeSerializer(data=request.data))
        routers = visible(person(request), Router.objects.all())
        router = get_object_or_404(routers, pk=given["router"])
        try:
            taken = take(router, now())
        except AccessError as error:
            raise not_done(error) from error
        return Response(BackupSerializer(taken).data)

    @extend_schema(
        parameters=[OpenApiParameter("than", int, required=True, description="Another backup.")],
        responses={200: Lines},
    )
    @action(detail=True, pagination_class=None, filter_backends=())
    def difference(self, request: Request, pk: str) -> Response:
        """Lines that differ from an older (or newer) backup of the same router: `sign`, `text`."""
        found = self.get_object()
        number = request.query_params.get("than", "")
        others = self.get_queryset().filter(router=found.router_id)
        other = get_object_or_404(others, pk=int(number) if number.isdecimal() else 0)
        old, new = sorted((found, other), key=lambda each: (each.taken_at, each.pk))
        return Response([asdict(line) for line in difference(old.text, new.text)])
