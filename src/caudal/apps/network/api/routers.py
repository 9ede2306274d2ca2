"""Routers over the API: how they stand, what differs, a pass asked for, frozen, rows decided."""

from typing import Any

import django_filters  # type: ignore[import-untyped]
from django.db.models import Count, QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from caudal.apps.clock.now import now
from caudal.apps.network import actions
from caudal.apps.network.api.settings import WRITTEN, WrittenRouters
from caudal.apps.network.models import CutRules, Router, RowDecision
from caudal.apps.network.seen import require_all_of, told_by
from caudal.apps.network.sync import adopt
from caudal.apps.network.sync.rules import check_rules, install_rules
from caudal.apps.network.tools.answers import not_done
from caudal.apps.network.views.differences import NOT_WANTED
from caudal.apps.staff.access import actor, person
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.core.ports.access import AccessError
from caudal.web.api import Pages, checked

APPLIED = {"POST": Verb.SYNC_NETWORK}


class RouterSerializer(serializers.ModelSerializer[Router]):
    condition = serializers.SerializerMethodField()
    decided = serializers.IntegerField(read_only=True)
    requested = serializers.CharField(
        read_only=True, help_text="What waits for the worker, or empty."
    )
    clock_skew_s = serializers.SerializerMethodField()

    class Meta:
        model = Router
        fields = (
            "id", "name", "site", "zones", "driver", "host", "port", "tls", "is_active",
            "is_frozen", "serial", "found_serial", "identity", "version", "board", "last_seen_at",
            "verified_at", "failing_since", "failures", "last_error", "retry_at", "dirty_since",
            "alarmed_at", "requested", "requested_by", "condition", "decided", "ssh_port",
            "clock_skew_s",
        )  # fmt: skip

    def get_condition(self, router: Router) -> str:
        return router.condition(now()).value

    def get_clock_skew_s(self, router: Router) -> int | None:
        """Seconds that its clock was ahead of this computer's when it last answered."""
        skew: int | None = router.facts.get("clock_skew_s")
        return skew


class RequestSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=Router.Request.choices)


class ForeignRowSerializer(serializers.Serializer[Any]):
    kind = serializers.CharField(max_length=20)
    key = serializers.CharField(max_length=200)


class DecideSerializer(serializers.Serializer[Any]):
    """`count` is how many rows are removed, as a person types it; not asked for to ignore."""

    choice = serializers.ChoiceField(choices=["ignore", "remove"])
    rows = ForeignRowSerializer(many=True, allow_empty=False)
    count = serializers.IntegerField(required=False, allow_null=True, min_value=0)


@extend_schema_serializer(component_name="AdoptRow")
class AdoptSerializer(ForeignRowSerializer):
    """`service` is the id of the service that the row serves; it is on this router already."""

    service = serializers.IntegerField(min_value=1)


class CutRulesSerializer(serializers.ModelSerializer[CutRules]):
    check_only = serializers.BooleanField(required=False, write_only=True)

    class Meta:
        model = CutRules
        fields = (
            "wan_list", "wan_interfaces", "notice_address", "notice_port", "allowed", "check_only",
        )  # fmt: skip


class RuleProblemSerializer(serializers.Serializer[Any]):
    fault = serializers.CharField()
    what = serializers.CharField()
    detail = serializers.CharField()


class RulesReportSerializer(serializers.Serializer[Any]):
    """What stands on the router, read back."""

    ok = serializers.BooleanField()
    written = serializers.IntegerField()
    safe = serializers.BooleanField()
    problems = RuleProblemSerializer(many=True)


class DecisionSerializer(serializers.ModelSerializer[RowDecision]):
    class Meta:
        model = RowDecision
        fields = (
            "id", "router", "kind", "key", "choice", "shown", "decided_by", "decided_at",
            "done_at", "error", "undoes",
        )  # fmt: skip


class RouterViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, WrittenRouters):
    """Routers; their password is never given."""

    verbs = {"GET": Verb.SEE_NETWORK, **WRITTEN}
    pagination_class = Pages
    serializer_class = RouterSerializer
    queryset = Router.objects.annotate(decided=Count("decisions")).prefetch_related("zones")
    filter_backends = (django_filters.rest_framework.DjangoFilterBackend,)
    filterset_fields = ("is_active", "is_frozen", "driver", "site")

    def get_queryset(self) -> "QuerySet[Router]":
        return visible(person(self.request), super().get_queryset())

    @extend_schema(responses={200: dict[str, Any]})
    @action(detail=True)
    def differences(self, request: Request, pk: str) -> Response:
        """What the last reading left, both ways: `missing` (or different), `extra` (ours and no
        longer wanted), `unknown` (rows of others), `strangers` (sessions of nobody here)."""
        router = self.get_object()
        last = actions.last_reading(router)
        told = told_by(person(request), last)
        left = told.get("left", [])
        return Response(
            {
                "verified_at": RouterSerializer(router).data["verified_at"],
                "sync_pass": last.pk if last else None,
                "missing": [each for each in left if each["code"] not in NOT_WANTED],
                "extra": [each for each in left if each["code"] in NOT_WANTED],
                "left_count": told.get("left_count", 0),
                "unknown": told.get("unknown", []),
                "unknown_count": told.get("unknown_count", 0),
                "strangers": told.get("strangers", []),
                "plan": told.get("plan", []),
                "plan_count": told.get("plan_count", 0),
            }
        )

    @extend_schema(request=RequestSerializer, responses={200: RouterSerializer})
    @action(detail=True, methods=["post"], url_path="request", verbs=APPLIED)
    def ask(self, request: Request, pk: str) -> Response:
        """Ask the worker for a reading, a dry run or an application."""
        kind = checked(RequestSerializer(data=request.data))["kind"]
        actions.request_pass(actor=actor(request), now=now(), router=self.get_object(), kind=kind)
        return self._shown()

    @extend_schema(request=None, responses={200: RouterSerializer})
    @action(detail=True, methods=["post"], verbs=APPLIED)
    def freeze(self, request: Request, pk: str) -> Response:
        """From now on it is read and not written."""
        actions.freeze(actor=actor(request), now=now(), router=self.get_object())
        return self._shown()

    @extend_schema(request=None, responses={200: RouterSerializer})
    @action(detail=True, methods=["post"], verbs=APPLIED)
    def unfreeze(self, request: Request, pk: str) -> Response:
        """Write it again."""
        actions.unfreeze(actor=actor(request), now=now(), router=self.get_object())
        return self._shown()

    @extend_schema(request=DecideSerializer, responses={200: dict[str, int]})
    @action(detail=True, methods=["post"], verbs=APPLIED)
    def decide(self, request: Request, pk: str) -> Response:
        """Ignore or remove unknown rows that the last reading found."""
        values, router = checked(DecideSerializer(data=request.data)), self.get_object()
        require_all_of(person(request), router)
        count = actions.decide(
            actor=actor(request), now=now(), router=router,
            choice=values["choice"], count=values.get("count"),
            rows=[(row["kind"], row["key"]) for row in values["rows"]],
        )  # fmt: skip
        return Response({"decided": count})

    @extend_schema(request=AdoptSerializer, responses={200: dict[str, int]})
    @action(detail=True, methods=["post"], verbs=APPLIED)
    def adopt(self, request: Request, pk: str) -> Response:
        """Take over one row of somebody else for the service it serves, which gets its user,
        password and address; the next pass writes our mark."""
        values, router = checked(AdoptSerializer(data=request.data)), self.get_object()
        rows = visible(person(request), router.connections.live())
        chosen = get_object_or_404(rows, service=values["service"])
        try:
            adopt(
                actor=actor(request), now=now(), router=router, kind=values["kind"],
                key=values["key"], connection=chosen,
            )  # fmt: skip
        except AccessError as error:
            raise not_done(error) from error
        return Response({"service": values["service"]})

    @extend_schema(request=CutRulesSerializer, responses={200: RulesReportSerializer})
    @action(detail=True, methods=["post"], verbs=APPLIED)
    def rules(self, request: Request, pk: str) -> Response:
        """Install the blocking rules and read them back; `check_only` only looks."""
        row = actions.cut_rules(self.get_object())
        given = checked(CutRulesSerializer(row, data=request.data, partial=True))
        only_look = given.pop("check_only", False)
        for name, value in given.items():
            setattr(row, name, value)
        try:
            if only_look:
                report = check_rules(now=now(), rules=row)
            elif person(request).may(Verb.CONFIGURE_NETWORK):
                actions.save_cut_rules(actor=actor(request), now=now(), rules=row)
                report = install_rules(actor=actor(request), now=now(), rules=row)
            else:
                raise PermissionDenied
        except AccessError as error:
            raise not_done(error) from error
        return Response(RulesReportSerializer(report).data)

    def _shown(self) -> Response:
        return Response(RouterSerializer(self.get_object()).data)


class DecisionViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[RowDecision]
):
    """What people decided about rows of routers."""

    verbs = {"GET": Verb.SEE_NETWORK, **APPLIED}
    pagination_class = Pages
    serializer_class = DecisionSerializer
    queryset = RowDecision.objects.all()
    filter_backends = (django_filters.rest_framework.DjangoFilterBackend,)
    filterset_fields = ("router", "kind", "choice")

    def get_queryset(self) -> "QuerySet[RowDecision]":
        return visible(person(self.request), super().get_queryset())

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def forget(self, request: Request, pk: str) -> Response:
        """Take it back: the row is shown again, or put right again."""
        actions.forget(actor=actor(request), now=now(), decision=self.get_object())
        return Response(status=204)
