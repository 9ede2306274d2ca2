"""Imports over the API: runs and their rows, a router read for adoption, its first plan."""

from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, parsers, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from caudal.apps.catalog.models import Plan, Technology
from caudal.apps.clock.now import now, today
from caudal.apps.customers.models import Service, Zone
from caudal.apps.imports import actions, first_plan, load, reading
from caudal.apps.imports.advance import recheck
from caudal.apps.imports.custom import meanings, said_twice
from caudal.apps.imports.editing import edit_row, said_by
from caudal.apps.imports.models import FirstPlan, ImportRow, ImportRun
from caudal.apps.imports.options import Options
from caudal.apps.imports.results import counts
from caudal.apps.imports.sent import SentTableSerializer, told_of_table
from caudal.apps.network.models import Pool, Router
from caudal.apps.staff.access import actor
from caudal.apps.staff.verbs import Verb
from caudal.core.ports.access import AccessError
from caudal.core.ports.importer import Field
from caudal.web.api import Pages, checked
from caudal.web.decimals import SentDecimal


class ImportSerializer(serializers.ModelSerializer[ImportRun]):
    rows = serializers.SerializerMethodField()

    class Meta:
        model = ImportRun
        fields = (
            "id", "kind", "source", "router", "filename", "header", "mapping", "status",
            "proposals", "missing", "created_at", "actor_name", "finished_at", "rows",
        )  # fmt: skip

    def get_rows(self, run: ImportRun) -> dict[str, int]:
        found = counts(run)
        told = {"total": found.total, "done": found.done, "failed": found.failed}
        return told | {"undone": found.undone} | found.plans


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


class ImportFileSerializer(SentTableSerializer):
    """A table of customers. `source` is the system it comes from, told by its columns without it.

    `zone`, `router` and `plan` stand in where a row names none, `pool` gives PPPoE users without
    an address theirs; `first_day` is the first that is billed here, today without it.
    """

    source = serializers.CharField(required=False, max_length=20)  # type: ignore[assignment]
    zone = serializers.PrimaryKeyRelatedField(
        queryset=Zone.objects.filter(is_active=True), required=False
    )
    router = serializers.PrimaryKeyRelatedField(queryset=Router.objects.all(), required=False)
    plan = serializers.PrimaryKeyRelatedField(
        queryset=Plan.objects.filter(is_active=True), required=False
    )
    pool = serializers.PrimaryKeyRelatedField(queryset=Pool.objects.all(), required=False)
    first_day = serializers.DateField(required=False)
    debts = serializers.BooleanField(default=True)

    def validate_source(self, slug: str) -> str:
        return known_source(slug)

    def options(self) -> Options:
        said = self.validated_data
        chosen = {
            name: said[name].pk for name in ("zone", "router", "plan", "pool") if name in said
        }
        return Options(first_day=said.get("first_day") or today(), debts=said["debts"], **chosen)


class MappingSerializer(serializers.Serializer[Any]):
    """One meaning per column of the file, "" leaves it out; `source` as it was without it.

    `month_first` null: as the dates of the file themselves tell.
    """

    mapping = serializers.ListField(child=serializers.CharField(allow_blank=True), max_length=500)
    source = serializers.CharField(required=False, max_length=20)  # type: ignore[assignment]
    month_first = serializers.BooleanField(default=None, allow_null=True)

    def validate_source(self, slug: str) -> str:
        return known_source(slug)


class MissingSerializer(serializers.Serializer[Any]):
    """One of `missing`, by its kind and name; what is not given stays as it is."""

    kind = serializers.ChoiceField(choices=["plan", "zone"])
    name = serializers.CharField(max_length=120)
    approved = serializers.BooleanField(required=False)
    price = SentDecimal(required=False, max_digits=12, decimal_places=2, min_value=0)
    down_kbps = serializers.IntegerField(required=False, min_value=1, max_value=2_000_000_000)
    up_kbps = serializers.IntegerField(required=False, min_value=1, max_value=2_000_000_000)
    technology = serializers.ChoiceField(required=False, choices=Technology.choices)


class MissingListSerializer(serializers.Serializer[Any]):
    missing = MissingSerializer(many=True)


class TickSerializer(serializers.Serializer[Any]):
    """Rows of the import to tick or untick."""

    rows = serializers.ListField(child=serializers.IntegerField(min_value=1), max_length=10_000)
    selected = serializers.BooleanField()


def known_source(slug: str) -> str:
    if slug not in dict(load.sources()):
        raise serializers.ValidationError("no such system")
    return slug


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
    """Every import: `bring` a file and `choose` what its columns mean, or `adopt` a router; then
    `approve` imports what is ticked. Rows are checked and imported in the background: read
    `status`, and `import-rows` for what each would do, or did."""

    queryset = ImportRun.objects.all()
    serializer_class = ImportSerializer
    pagination_class = Pages
    verbs = {"GET": Verb.IMPORT_DATA, "POST": Verb.IMPORT_DATA}

    @extend_schema(request=AdoptSerializer, responses=ImportSerializer)
    @action(detail=False, methods=["post"])
    def adopt(self, request: Request) -> Response:
        """Read the router and check its rows. Nothing is written on it."""
        run = _opened(request, checked(AdoptSerializer(data=request.data)))
        return Response(ImportSerializer(run).data, status=201)

    @extend_schema(request=ImportFileSerializer, responses={201: ImportSerializer})
    @action(detail=False, methods=["post"], parser_classes=[parsers.MultiPartParser])
    def bring(self, request: Request) -> Response:
        """A CSV file or a workbook; the answer proposes what its columns mean."""
        said = ImportFileSerializer(data=request.data)
        given = checked(said)
        with told_of_table():
            run = actions.open_file(
                actor=actor(request), now=now(), content=given["file"].read(),
                filename=given["file"].name, options=said.options(),
                source=given.get("source", ""),
            )  # fmt: skip
        return Response(ImportSerializer(run).data, status=201)

    @extend_schema(request=MappingSerializer, responses=ImportSerializer)
    @action(detail=True, methods=["post"])
    def choose(self, request: Request, pk: str = "") -> Response:
        """Say what the columns of a file mean; every row is then checked."""
        run, given = self.get_object(), checked(MappingSerializer(data=request.data))
        mapping = given["mapping"]
        _require_mapping(run, mapping)
        return _answer(
            lambda: actions.choose(
                actor=actor(request), now=now(), run=run, mapping=mapping,
                source=given.get("source", run.source),
                month_first=given["month_first"],
                options=Options.of(run.options),
            )
        )  # fmt: skip

    @extend_schema(request=MissingListSerializer, responses=ImportSerializer)
    @action(detail=True, methods=["post"])
    def missing(self, request: Request, pk: str = "") -> Response:
        """Which plans and zones are to be created, and as what; the rows are checked again."""
        run, given = self.get_object(), checked(MissingListSerializer(data=request.data))
        rows = _with(run.missing, given["missing"])
        return _answer(
            lambda: actions.change_missing(actor=actor(request), now=now(), run=run, missing=rows)
        )

    @extend_schema(request=TickSerializer, responses=ImportSerializer)
    @action(detail=True, methods=["post"])
    def tick(self, request: Request, pk: str = "") -> Response:
        """Only rows that are ticked are imported."""
        run, given = self.get_object(), checked(TickSerializer(data=request.data))

        def act() -> ImportRun:
            actions.select(run=run, **given)
            return run

        return _answer(act)

    @extend_schema(request=None, responses=ImportSerializer)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: str = "") -> Response:
        run = self.get_object()
        actions.require_importable(run)
        return _answer(lambda: actions.approve(actor=actor(request), now=now(), run=run))

    @extend_schema(request=None, responses=ImportSerializer)
    @action(detail=True, methods=["post"])
    def discard(self, request: Request, pk: str = "") -> Response:
        """Forget an import that was not approved. Nothing was written."""
        run = self.get_object()
        return _answer(lambda: actions.discard(actor=actor(request), now=now(), run=run))


def _answer(act: Callable[[], ImportRun]) -> Response:
    try:
        return Response(ImportSerializer(act()).data)
    except actions.WrongMoment as moment:
        raise ValidationError({"code": "wrong-moment", "detail": str(moment)}) from None


def _require_mapping(run: ImportRun, mapping: list[str]) -> None:
    if run.router is not None:
        raise ValidationError({"code": "not-a-file"})
    known = {meaning for meaning, _label in meanings(run.created_by)} | {""}
    wrong = [meaning for meaning in mapping if meaning not in known]
    if len(mapping) != len(run.header) or wrong or said_twice(mapping):
        raise ValidationError({"mapping": wrong or ["one meaning per column, each once"]})


def _with(missing: list[dict[str, Any]], given: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What would be created, with what was said of it: of plans only those that are whole."""
    news = {(row["kind"], row["name"]): row for row in given}
    known = {(row["kind"], row["name"]) for row in missing}
    if unknown := [name for _kind, name in news.keys() - known]:
        raise ValidationError({"missing": unknown})
    rows = [row | _plain(news.get((row["kind"], row["name"]), {})) for row in missing]
    whole = ("price", "down_kbps", "up_kbps")
    bare = [
        row["name"]
        for row in rows
        if row["kind"] == "plan" and row["approved"] and not all(row[name] for name in whole)
    ]
    if bare:
        raise ValidationError({"missing": bare})
    return rows


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return row | ({"price": f"{row['price']:f}"} if "price" in row else {})


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
        given = checked(EditSerializer(data=request.data))
        match = given.pop("match", row.match)
        words = said_by(row) | {Field(name): text for name, text in given.items()}
        try:
            edited = edit_row(actor=actor(request), now=now(), row=row, said=words, match=match)
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
        given = checked(DigestSerializer(data=request.data))
        plan = first_plan.approve(
            actor=actor(request), now=now(), plan=self.get_object(), digest=given["digest"]
        )
        return Response(PlanSerializer(plan).data)
