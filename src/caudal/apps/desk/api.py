"""The API of customers and their services, through the same actions as the screens."""

from typing import Any, cast

from django.core.exceptions import ValidationError as FieldErrors
from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from caudal.apps.catalog.models import Plan, Technology
from caudal.apps.clock.now import now, today
from caudal.apps.customers import actions as customers
from caudal.apps.customers.contacts import ContactData, as_contacts, read_rows, split
from caudal.apps.customers.models import Cause, Contact, Customer, Service, SuspensionReason
from caudal.apps.desk import actions
from caudal.apps.desk.causes_api import with_reason
from caudal.apps.desk.filters import DeskFilter
from caudal.apps.desk.life_api import DatesOfCustomer, LifeOfService
from caudal.apps.desk.own_api import WITH_OWN, OwnParts, own_values
from caudal.apps.network.models import Connection, Router
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.models import User
from caudal.apps.staff.scope import offer_visible, visible
from caudal.apps.staff.verbs import Verb
from caudal.core.errors import RuleError
from caudal.web.api import OF_CUSTOMER, AmountField, Pages, of_customer, refused

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


def person(request: Request) -> User:
    """The permission has let only members of the staff in."""
    return cast(User, request.user)


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


MORE = ("server", "interface", "prefix", "duid", "iaid", "bind_mac")
"""What only some technologies know."""


class NewServiceSerializer(serializers.Serializer[Any]):
    """`router` connects it; without a user, password or address they are made or taken free."""

    customer = serializers.PrimaryKeyRelatedField(queryset=Customer.objects.all())
    plan = serializers.PrimaryKeyRelatedField(queryset=Plan.objects.all())
    started_on = serializers.DateField(required=False)
    price = serializers.DecimalField(
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


class CustomerViewSet(
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
    pagination_class = Pages
    serializer_class = CustomerSerializer
    queryset = Customer.objects.prefetch_related("contacts", *WITH_OWN)

    def get_queryset(self) -> QuerySet[Customer]:
        rows = visible(person(self.request), super().get_queryset())
        if self.action != "list":
            return rows
        return DeskFilter(self.request.query_params, user=person(self.request)).narrow(rows)

    @extend_schema(
        parameters=[
            OpenApiParameter(name, str)
            for name in ("q", "state", "zone", "plan", "router", "debt", "collector", "archived")
        ]
    )
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The list, narrowed as on the screen: `q` is the search."""
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
        row = _written(
            lambda: actions.register_alone(**by, data=data, contacts=contacts or [], fields=fields)
        )
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
        _written(
            lambda: actions.change_customer(
                **by, customer=customer, data=data, contacts=contacts, fields=fields
            )
        )
        return Response(self.get_serializer(self.get_object()).data)


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
        row = _written(
            lambda: actions.open_service(
                actor=Actor.person(person(request)),
                now=now(),
                customer=customer,
                new=given.new_service(),
            )
        )
        return Response(self._shown(row), status.HTTP_201_CREATED)

    @extend_schema(request=SuspendSerializer, responses=ServiceSerializer)
    @action(detail=True, methods=["post"], verbs={"POST": Verb.SUSPEND_SERVICES})
    def suspend(self, request: Request, pk: str) -> Response:
        """Suspend it for a reason; the router follows."""
        given, service = _given(SuspendSerializer, request), self.get_object()
        _written(
            lambda: customers.suspend(
                actor=Actor.person(person(request)),
                now=now(),
                today=today(),
                service=service,
                **given,
            )
        )
        return Response(self._shown(service))

    @extend_schema(request=RestoreSerializer, responses=ServiceSerializer)
    @action(detail=True, methods=["post"], verbs={"POST": Verb.RESTORE_SERVICES})
    def restore(self, request: Request, pk: str) -> Response:
        """Lift one reason; the customer browses again when no other is open."""
        given, service = _given(RestoreSerializer, request), self.get_object()
        _written(
            lambda: actions.restore(
                actor=Actor.person(person(request)),
                now=now(),
                today=today(),
                service=service,
                reasons=[given["reason"]],
                drop_promise=given["drop_promise"],
            )
        )
        return Response(self._shown(service))

    @extend_schema(request=CancelSerializer, responses=ServiceSerializer)
    @action(detail=True, methods=["post"], verbs={"POST": Verb.CANCEL_SERVICES})
    def cancel(self, request: Request, pk: str) -> Response:
        """End it: its address is free at once, its history stays. A day to come is left for it."""
        given, service = _given(CancelSerializer, request), self.get_object()
        _written(
            lambda: actions.cancel(
                actor=Actor.person(person(request)),
                now=now(),
                today=today(),
                service=service,
                **given,
            )
        )
        return Response(self._shown(service))

    def _shown(self, service: Service) -> dict[str, Any]:
        return dict(ServiceSerializer(self.get_queryset().get(pk=service.pk)).data)


def _given(serializer: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    given = serializer(data=request.data)
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)


def _written(act: Any) -> Any:
    """What the action returns; its refusals become an answer 400 with the words of the screens."""
    try:
        return act()
    except RuleError as error:
        raise refused(error) from error
    except FieldErrors as error:
        raise ValidationError(serializers.as_serializer_error(error)) from error


def _data_of(
    given: dict[str, Any], country: str, customer: Customer | None = None
) -> tuple[dict[str, Any], list[ContactData] | None]:
    """Fields and contacts apart; contacts None where none were given."""
    data = {name: value for name, value in given.items() if name in (*PLAIN, "tags")}
    if not {"contacts", "phones", "emails"} & given.keys():
        return data, None
    return data, _written(lambda: _contacts_of(given, country, customer))


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
