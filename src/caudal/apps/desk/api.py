"""The API of customers, through the same actions as the screens."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError as FieldErrors
from django.db.models import QuerySet
from django.http import QueryDict
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from caudal.apps.clock.now import now
from caudal.apps.customers.contacts import ContactData, as_contacts, read_rows, split
from caudal.apps.customers.models import Contact, Customer
from caudal.apps.desk import actions
from caudal.apps.desk.filters import FIELDS, DeskFilter
from caudal.apps.desk.life_api import DatesOfCustomer
from caudal.apps.desk.list.columns import COLUMNS, every_column, sorting_of
from caudal.apps.desk.list.order import with_keys
from caudal.apps.desk.own_api import WITH_OWN, OwnParts, own_values
from caudal.apps.staff.access import person
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.scope import offer_visible, visible
from caudal.apps.staff.verbs import Verb
from caudal.web.api import BySortedColumns
from caudal.web.decimals import WITH_SENT_DECIMALS

PLAIN = (
    "code", "person_kind", "name", "first_name", "second_name", "first_surname", "second_surname",
    "nickname", "customer_type", "document_type", "document_number", "business_activity",
    "contact_person", "zone", "address", "street_1", "street_2", "neighbourhood", "city", "state",
    "postal_code", "latitude", "longitude", "medium", "rfid_card", "legal_address",
    "legal_city", "legal_state", "legal_postal_code", "tax_condition", "tax_number", "grouping",
    "is_invoiced", "may_be_cut", "may_be_notified",
    "payment_method", "electronic_payment_code", "registered_on", "extra_1", "extra_2", "notes",
)  # fmt: skip
"""Fields of a customer that are read and written alike."""


class ContactSerializer(serializers.ModelSerializer[Contact]):
    """One phone or e-mail; without a purpose it keeps the one it has."""

    class Meta:
        model = Contact
        fields = ("kind", "value", "purpose", "label")
        extra_kwargs = {"purpose": {"required": False}}


class CustomerSerializer(OwnParts, serializers.ModelSerializer[Customer]):
    """`contacts` replaces all of them. `phones` and `emails` are the plain way: each replaces those
    of its kind, and the first is the main one."""

    contacts = ContactSerializer(many=True, required=False)
    phones = serializers.ListField(child=serializers.CharField(max_length=60), required=False)
    emails = serializers.ListField(child=serializers.CharField(max_length=254), required=False)
    serializer_field_mapping = WITH_SENT_DECIMALS

    class Meta:
        model = Customer
        fields = (
            "id", *PLAIN, "contacts", "phones", "emails", "custom_fields", "tags", "company",
            "archived_at", "created_at", "updated_at",
        )  # fmt: skip
        read_only_fields = ("company", "archived_at", "created_at", "updated_at")
        extra_kwargs = {
            "code": {"required": False},
            "name": {"required": False},
            "registered_on": {"required": False},
        }

    def to_representation(self, customer: Customer) -> dict[str, Any]:
        shown = super().to_representation(_with_contacts(customer))
        return {**shown, **self.own_parts(customer)}


class CustomerViewSet(
    BySortedColumns,
    DatesOfCustomer,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    viewsets.GenericViewSet[Customer],
):
    """Customers whom the token's owner may see; archived ones with `archived=all`."""

    verbs = {
        "GET": Verb.SEE_CUSTOMERS,
        "POST": Verb.REGISTER_CUSTOMERS,
        "PATCH": Verb.EDIT_CUSTOMERS,
    }
    columns = COLUMNS
    serializer_class = CustomerSerializer
    queryset = Customer.objects.prefetch_related("contacts", *WITH_OWN)

    def get_queryset(self) -> QuerySet[Customer]:
        rows = visible(person(self.request), super().get_queryset())
        if self.action != "list":
            return rows
        return DeskFilter(self.request.query_params, user=person(self.request)).narrow(rows)

    def sortable(self) -> set[str]:
        """By the operator's own fields too (`cf_` and their code), those that he sees."""
        return {column.key for column in every_column(person(self.request)) if column.sort}

    def order_of(self, asked: str) -> tuple[str, ...]:
        return sorting_of(QueryDict(urlencode({"sort": asked})), person(self.request)).order

    def with_keys(self, rows: QuerySet[Any], order: Sequence[str]) -> QuerySet[Any]:
        return with_keys(rows, order)

    @extend_schema(
        parameters=[OpenApiParameter(name, str) for name in (*DeskFilter.base_fields, *FIELDS)]
    )
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The list, narrowed as on the screen: `q` is the search, `cf_` and its code a field of
        the operator's own."""
        return super().list(request, *args, **kwargs)

    @extend_schema(request=CustomerSerializer, responses={201: CustomerSerializer})
    def create(self, request: Request) -> Response:
        """Register a customer; his services are created at /services/."""
        given = CustomerSerializer(data=request.data)
        offer_visible(person(request), given)
        given.is_valid(raise_exception=True)
        country = given.validated_data["zone"].company.country
        data, contacts = _data_of(given.validated_data, country)
        fields = own_values(person(request), given.validated_data, country, whole=True)
        by: dict[str, Any] = {"actor": Actor.person(person(request)), "now": now()}
        row = actions.register_alone(**by, data=data, contacts=contacts or [], fields=fields)
        return Response(self.get_serializer(row).data, status.HTTP_201_CREATED)

    @extend_schema(request=CustomerSerializer, responses=CustomerSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change the fields that are given."""
        customer = self.get_object()
        given = CustomerSerializer(customer, data=request.data, partial=True)
        offer_visible(person(request), given)
        given.is_valid(raise_exception=True)
        country = customer.company.country
        data, contacts = _data_of(given.validated_data, country, customer)
        fields = own_values(person(request), given.validated_data, country, whole=False)
        by: dict[str, Any] = {"actor": Actor.person(person(request)), "now": now()}
        actions.change_customer(
            **by, customer=customer, data=data, contacts=contacts, fields=fields
        )
        return Response(self.get_serializer(self.get_object()).data)


def _data_of(
    given: dict[str, Any], country: str, customer: Customer | None = None
) -> tuple[dict[str, Any], list[ContactData] | None]:
    """Fields and contacts apart; contacts None where none were given."""
    data = {name: value for name, value in given.items() if name in (*PLAIN, "tags")}
    if not {"contacts", "phones", "emails"} & given.keys():
        return data, None
    return data, _contacts_of(given, country, customer)


def _contacts_of(
    given: dict[str, Any], country: str, customer: Customer | None
) -> list[ContactData]:
    """Raises ValidationError by field; a kind that was not given stays as it is stored."""
    found: list[ContactData] = []
    for kind, name in ((Contact.Kind.PHONE, "phones"), (Contact.Kind.EMAIL, "emails")):
        texts = [part for text in given.get(name, []) for part in split(text)]
        rows = [row for row in as_contacts(texts, texts) if row.kind == kind]
        if "contacts" in given:
            rows = [ContactData(**row) for row in given["contacts"] if row["kind"] == kind]
        elif name not in given:
            stored = customer.contacts.filter(kind=kind) if customer else ()
            found += [ContactData(row.kind, row.value, row.purpose, row.label) for row in stored]
            continue
        try:
            found += read_rows(kind, rows, country)
        except FieldErrors as error:
            raise FieldErrors({"contacts" if "contacts" in given else name: error}) from error
    return found


def _with_contacts(customer: Customer) -> Any:
    """The customer with `phones` and `emails` as lists, from the contacts read beforehand."""
    rows = list(customer.contacts.all())
    setattr(customer, "phones", [row.value for row in rows if row.kind == Contact.Kind.PHONE])  # noqa: B010
    setattr(customer, "emails", [row.value for row in rows if row.kind == Contact.Kind.EMAIL])  # noqa: B010
    return customer
