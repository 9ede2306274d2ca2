"""Imports over the API: runs and their rows, a router read for adoption, its first plan."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from caudal.apps.clock.now import now, today
from caudal.apps.customers.models import Service, Zone
from caudal.apps.imports import actions, first_plan, reading
from caudal.apps.imports.advance import recheck
from caudal.apps.imports.editing import edit_row, said_by
from caudal.apps.imports.models import FirstPlan, ImportRow, ImportRun
from caudal.apps.imports.options import Options
from caudal.apps.imports.results import counts
from caudal.apps.network.models import Pool, Router
from caudal.apps.staff.access import actor
from caudal.apps.staff.verbs import Verb
from caudal.core.errors import RuleError
from caudal.core.ports.access import AccessError
from caudal.core.ports.importer import Field
from caudal.web.api import Pages, refused


class ImportSerializer(serializers.ModelSerializer[ImportRun]):
    rows = serializers.SerializerMethodField()

    class Meta:
        model = ImportRun
        fields = (
            "id", "kind", "source", "router", "filename", "status", "proposals", "missing",
            "created_at", "actor_name", "finished_at", "rows",
        )  # fmt: skip

    def get_rows(self, run: ImportRun) -> dict[str, int]:
        found = counts(run)
        return {"total": found.total, "done": found.done, "failed": found.failed, **found.plans}


class RowSerializer(serializers.ModelSerializer[ImportRow]):
    class Meta:
        model = ImportRow
        fields = (
            "id", "line", "label", "plan", "selected", "confidence", "reasons", "match", "changes",
            "problems", "status", "customer", "service",
        )  # fmt: skip


class AdoptSerializer(serializers.Serializer[Any]):
    """A router to read. `zone` is of customers who are new, `pool` of users without address."""

    router = serializers.PrimaryKeyRelatedField(queryset=Router.objects.filter(is_active=True))
    zone = serializers.PrimaryKeyRelatedField(queryset=Zone.objects.filter(is_active=True))
    pool = serializers.PrimaryKeyRelatedField(
        queryset=Pool.objects.all(), required=False, allow_null=True
    )
    first_day = serializers.DateField(required=False)


class EditSerializer(serializers.Serializer[Any]):
    """What is not given stays as it is."""

    name = serializers.CharField(required=False, max_length=200)
    phones = serializers.CharField(required=False, allow_blank=True, max_length=200)
    address = serializers.CharField(required=False, allow_blank=True, max_length=250)
    plan = serializers.CharField(required=False, allow_blank=True, max_length=120)
    notes = serializers.CharField(required=False, allow_blank=True)
    match = serializers.PrimaryKeyRelatedField(
        queryset=Service.objects.all(), required=False, allow_null=True
    )


class PlanSerializer(serializers.ModelSerializer[FirstPlan]):
    """`digest` is of the changes that the newest dry run would write; approving names it."""

    digest = serializers.SerializerMethodField()
    changes = serializers.SerializerMethodField()

    class Meta:
        model = FirstPlan
        fields = ("router", "held_at", "approved_at", "approved_by", "digest", "changes")

    def get_digest(self, plan: FirstPlan) -> str:
        shown = first_plan.proposal(plan, now()) if plan.is_waiting else None
        return shown.digest if shown and not shown.is_old else ""

    def get_changes(self, plan: FirstPlan) -> int | None:
        shown = first_plan.proposal(plan, now())
        return shown.sync_pass.planned if shown else None


class DigestSerializer(serializers.Serializer[Any]):
    digest = serializers.CharField(max_length=64)


class ImportViewSet(viewsets.ReadOnlyModelViewSet[ImportRun]):
    """Every import; `adopt` reads a router, `approve` imports what is ticked."""

    queryset = ImportRun.objects.all()
    serializer_class = ImportSerializer
    pagination_class = Pages
    verbs = {"GET": Verb.IMPORT_DATA, "POST": Verb.IMPORT_DATA}

    @extend_schema(request=AdoptSerializer, responses=ImportSerializer)
    @action(detail=False, methods=["post"])
    def adopt(self, request: Request) -> Response:
        """Read the router and check its rows. Nothing is written on it."""
        said = AdoptSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        run = _opened(request, said.validated_data)
        return Response(ImportSerializer(run).data, status=201)

    @extend_schema(request=None, responses=ImportSerializer)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: str = "") -> Response:
        try:
            run = actions.approve(actor=actor(request), now=now(), run=self.get_object())
        except actions.WrongMoment as moment:
            raise ValidationError({"code": "wrong-moment", "detail": str(moment)}) from None
        return Response(ImportSerializer(run).data)


def _opened(request: Request, said: dict[str, Any]) -> ImportRun:
    pool = said.get("pool")
    options = Options(
        first_day=said.get("first_day") or today(),
        zone=said["zone"].pk,
        pool=pool.pk if pool else None,
    )
    who, moment = actor(request), now()
    try:
        run = reading.open_router(actor=who, now=moment, router=said["router"], options=options)
    except AccessError as error:
        raise ValidationError({"code": str(error.fault), "detail": error.detail}) from error
    return actions.choose(
        actor=who, now=moment, run=run, source=run.source, mapping=run.mapping, options=options
    )


class ImportRowViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin,
                       viewsets.GenericViewSet[ImportRow]):  # fmt: skip
    """Rows of imports; `?run=` and `?plan=` narrow them down. PATCH changes a router's row."""

    queryset = ImportRow.objects.select_related("run__router", "match")
    serializer_class = RowSerializer
    pagination_class = Pages
    filterset_fields = ("run", "plan", "status", "selected")
    verbs = {"GET": Verb.IMPORT_DATA, "PATCH": Verb.IMPORT_DATA}

    @extend_schema(request=EditSerializer, responses=RowSerializer)
    def partial_update(self, request: Request, pk: str = "") -> Response:
        row: ImportRow = self.get_object()
        said = EditSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        given = dict(said.validated_data)
        match = given.pop("match", row.match)
        words = said_by(row) | {Field(name): text for name, text in given.items()}
        try:
            edited = edit_row(actor=actor(request), now=now(), row=row, said=words, match=match)
        except RuleError as error:
            raise refused(error) from error
        except actions.WrongMoment as moment:
            raise ValidationError({"code": "wrong-moment", "detail": str(moment)}) from None
        return Response(RowSerializer(recheck(edited, now=now())).data)


class FirstPlanViewSet(viewsets.ReadOnlyModelViewSet[FirstPlan]):
    """Adopted routers and the plans they wait for, by the number of the router."""

    queryset = FirstPlan.objects.select_related("router")
    serializer_class = PlanSerializer
    pagination_class = Pages
    lookup_field = "router_id"
    lookup_value_regex = r"\d{1,18}"
    verbs = {"GET": Verb.SEE_NETWORK, "POST": Verb.SYNC_NETWORK}

    @extend_schema(request=DigestSerializer, responses=PlanSerializer)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, router_id: str = "") -> Response:
        said = DigestSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        try:
            plan = first_plan.approve(
                actor=actor(request), now=now(), plan=self.get_object(),
                digest=said.validated_data["digest"],
            )  # fmt: skip
        except RuleError as error:
            raise refused(error) from error
        return Response(PlanSerializer(plan).data)
