"""Plans, products, taxes and issuing companies over the API, written as their forms write them."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import reverse
from drf_spectacular.utils import (
    OpenApiParameter,
    extend_schema,
    extend_schema_serializer,
    extend_schema_view,
)
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from caudal.apps.catalog import actions
from caudal.apps.catalog.models import BillingRules, Company, Plan, Product, Series, Tax
from caudal.apps.catalog.places import countries, currencies
from caudal.apps.catalog.shelves import COMPANIES, PLANS, PRODUCTS, TAXES, Shelf
from caudal.apps.catalog.writings import WRITINGS, named
from caudal.apps.staff.access import by
from caudal.apps.staff.verbs import Verb
from caudal.web.api import BySortedColumns, checked
from caudal.web.decimals import WITH_SENT_DECIMALS, SentDecimal

FOUND = [
    OpenApiParameter("q", str, description="A part of its name."),
    OpenApiParameter("all", bool, description="Those out of use too."),
]


class PriceField(SentDecimal):
    """An amount of the row's currency."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=12, decimal_places=2, min_value=0, **options)


class ItemSerializer(serializers.ModelSerializer[Any]):
    serializer_field_mapping = WITH_SENT_DECIMALS

    def validate_currency(self, code: str) -> str:
        return _one_of(code, currencies())

    def validate_country(self, code: str) -> str:
        return _one_of(code, countries())


@extend_schema_serializer(component_name="CatalogTax")
class TaxSerializer(ItemSerializer):
    """`rate` in percent."""

    class Meta:
        model = Tax
        fields = ("id", "name", "rate", "is_active")


@extend_schema_serializer(component_name="CatalogProduct")
class ProductSerializer(ItemSerializer):
    price = PriceField()

    class Meta:
        model = Product
        fields = ("id", "name", "price", "currency", "description", "is_active")


@extend_schema_serializer(component_name="CatalogPlan")
class PlanSerializer(ItemSerializer):
    """Speeds in kbit/s, seen from the customer; a burst is whole or absent."""

    price = PriceField()

    class Meta:
        model = Plan
        fields = (
            "id", "name", "technology", "price", "currency", "description", "down_kbps",
            "up_kbps", "guaranteed_down_kbps", "guaranteed_up_kbps", "burst_down_kbps",
            "burst_up_kbps", "burst_threshold_down_kbps", "burst_threshold_up_kbps",
            "burst_seconds", "profile", "priority", "is_active",
        )  # fmt: skip


class SeriesSerializer(serializers.ModelSerializer[Series]):
    """The numbers of one kind of document; they go on or jump ahead, never back."""

    class Meta:
        model = Series
        fields = ("kind", "prefix", "next_number")


class CompanySerializer(ItemSerializer):
    """`logo`: a PNG or JPEG, sent as a form's file; where it can be read by who is signed in."""

    unlock_value = PriceField(required=False)
    late_fee = PriceField(required=False)
    reconnection_fee = PriceField(required=False)
    series = SeriesSerializer(many=True, required=False)
    logo = serializers.FileField(required=False, allow_null=True, use_url=False)
    taxes = serializers.PrimaryKeyRelatedField(many=True, queryset=Tax.objects, required=False)

    class Meta:
        model = Company
        fields = (
            "id", "name", "legal_name", "tax_id", "tax_condition", "is_fiscal", "country",
            "currency", "address", "phone", "email", "website", "logo", "footer", "tax_mode",
            "tax_rounding", "taxes", "grouping", "prorate_base", "unlock_value", "late_fee",
            "reconnection_fee", "series", "is_active",
        )  # fmt: skip

    def to_representation(self, company: Company) -> dict[str, Any]:
        shown = super().to_representation(company)
        shown["logo"] = reverse("catalog:logo", args=[company.pk]) if company.logo else None
        return dict(shown)


class HolidaySerializer(serializers.Serializer[Any]):
    on = serializers.DateField()
    name = serializers.CharField(max_length=80)


class RulesSerializer(serializers.ModelSerializer[BillingRules]):
    """`no_cut_weekdays`: Monday is 0. `reminder_days`: days from the due date, before it negative.
    `holidays`: the dates on which nobody is cut, all of them."""

    serializer_field_mapping = WITH_SENT_DECIMALS
    no_cut_weekdays = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=6), required=False
    )
    reminder_days = serializers.ListField(
        child=serializers.IntegerField(min_value=-60, max_value=60), required=False
    )
    holidays = HolidaySerializer(many=True, required=False, source="company.holidays")

    class Meta:
        model = BillingRules
        exclude = ("company",)


@extend_schema_view(list=extend_schema(parameters=FOUND))
class ItemViewSet(
    BySortedColumns,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    mixins.CreateModelMixin,
    mixins.UpdateModelMixin,
    viewsets.GenericViewSet[Any],
):
    """What is out of use is given to nobody new, and whoever has it keeps it."""

    verbs: ClassVar[dict[str, Verb]] = {
        "GET": Verb.SEE_CATALOG,
        "POST": Verb.EDIT_CATALOG,
        "PUT": Verb.EDIT_CATALOG,
        "PATCH": Verb.EDIT_CATALOG,
    }
    shelf: Shelf

    def get_queryset(self) -> QuerySet[Any]:
        rows = super().get_queryset()
        if self.action != "list":
            return rows
        asked = self.request.query_params
        rows = named(rows, asked.get("q", ""))
        return rows if asked.get("all", "") in ("1", "true") else rows.filter(is_active=True)

    def perform_create(self, serializer: Any) -> None:
        given = self._given(serializer.validated_data)
        serializer.instance = WRITINGS[self.shelf.model].add(**by(self.request), **given)

    def perform_update(self, serializer: Any) -> None:
        row = self.get_object()
        given = self._given(serializer.validated_data, row)
        WRITINGS[self.shelf.model].change(row, **by(self.request), **given)
        serializer.instance = self.get_object()

    def _given(self, data: dict[str, Any], row: Any = None) -> dict[str, Any]:
        """What the action is told: the columns as they were sent."""
        return data


class PlanViewSet(ItemViewSet):
    """Plans. A new price counts from the next invoice on; new speeds go to the routers at once."""

    queryset = Plan.objects.all()
    serializer_class = PlanSerializer
    shelf, columns = PLANS, PLANS.columns


class ProductViewSet(ItemViewSet):
    """Products: installation, equipment, television, anything else on an invoice."""

    queryset = Product.objects.all()
    serializer_class = ProductSerializer
    shelf, columns = PRODUCTS, PRODUCTS.columns


class TaxViewSet(ItemViewSet):
    """Taxes. Issued invoices keep the rate they were issued with."""

    queryset = Tax.objects.all()
    serializer_class = TaxSerializer
    shelf, columns = TAXES, TAXES.columns


class CompanyViewSet(ItemViewSet):
    """Issuing companies. Issued documents keep the name and numbers they were issued with."""

    queryset = Company.objects.prefetch_related("taxes", "series")
    serializer_class = CompanySerializer
    parser_classes = (JSONParser, MultiPartParser)
    shelf, columns = COMPANIES, COMPANIES.columns

    @extend_schema(methods=["GET"], responses=RulesSerializer)
    @extend_schema(methods=["PATCH"], request=RulesSerializer, responses=RulesSerializer)
    @action(detail=True, methods=["get", "patch"])
    def rules(self, request: Request, pk: str) -> Response:
        """How it reads the billing rules. What is on invoices already stays as it is."""
        rules = self.get_object().rules
        if request.method == "PATCH":
            given = checked(RulesSerializer(rules, data=request.data, partial=True))
            sent = given.pop("company", {}).get("holidays")
            days = None if sent is None else {day["on"]: day["name"] for day in sent}.items()
            rules = actions.edit_rules(**by(request), rules=rules, holidays=days, **given)
        return Response(RulesSerializer(rules).data)

    def _given(self, data: dict[str, Any], row: Company | None = None) -> dict[str, Any]:
        given = dict(data)
        series = {each["kind"]: each for each in given.pop("series", [])}
        given["series"] = {
            kind: (each.get("prefix", ""), each.get("next_number", 1))
            for kind, each in series.items()
        }
        if row is not None:
            given.setdefault("taxes", row.taxes.all())
        if given.get("logo", "") is None:
            given["logo"] = ""
        return given


def _one_of(code: str, known: list[tuple[str, str]]) -> str:
    """As a choice refuses what is not among its own."""
    return str(serializers.ChoiceField(choices=known).run_validation(code))
