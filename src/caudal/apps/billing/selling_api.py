"""The API of what is sold and waits for invoices: products, discounts, items, fixed dates."""

from decimal import Decimal
from typing import Any

import django_filters  # type: ignore[import-untyped]
from django.db.models import Model, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from caudal.apps.billing import actions
from caudal.apps.billing.calendars import time_zone_of
from caudal.apps.billing.models import CustomerProduct, Discount, FixedDate, PendingItem
from caudal.apps.catalog.models import Product
from caudal.apps.clock.now import now, today
from caudal.apps.customers.models import Customer, Service
from caudal.apps.staff.access import actor, by, person
from caudal.apps.staff.scope import require_visible, visible
from caudal.apps.staff.verbs import Verb
from caudal.core.products import MOST_INSTALMENTS
from caudal.web.api import AmountField, Pages, checked
from caudal.web.decimals import SentDecimal


class SoldSerializer(serializers.ModelSerializer[CustomerProduct]):
    """`billed` counts the invoices that charged it; `rest` is on none of them yet."""

    price, rest = AmountField(), AmountField()

    class Meta:
        model = CustomerProduct
        fields = (
            "id", "customer", "service", "product", "description", "billing", "price", "currency",
            "instalments", "starts", "ends", "billed", "rest", "completed_at", "cancelled_at",
        )  # fmt: skip


class DiscountSerializer(serializers.ModelSerializer[Discount]):
    amount = AmountField(allow_null=True)

    class Meta:
        model = Discount
        fields = (
            "id", "customer", "service", "description", "percent", "amount", "currency", "months",
            "used", "starts", "ends", "cancelled_at",
        )  # fmt: skip


class ItemSerializer(serializers.ModelSerializer[PendingItem]):
    """`invoice` is where it landed; null while it waits. Below zero it is in his favour."""

    amount = AmountField()

    class Meta:
        model = PendingItem
        fields = (
            "id", "customer", "service", "kind", "amount", "currency", "description", "on",
            "invoice", "cancelled_at",
        )  # fmt: skip


class FixedDateSerializer(serializers.ModelSerializer[FixedDate]):
    class Meta:
        model = FixedDate
        fields = ("id", "customer", "due", "on")
        read_only_fields = ("due",)


class _ForCustomer(serializers.Serializer[Any]):
    customer = serializers.PrimaryKeyRelatedField(
        queryset=Customer.objects.select_related("company__rules", "zone")
    )
    service = serializers.PrimaryKeyRelatedField(
        queryset=Service.objects.select_related("plan"), required=False, allow_null=True
    )
    starts = serializers.DateField(required=False, allow_null=True)
    ends = serializers.DateField(required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        service = attrs.get("service")
        if service is not None and service.customer_id != attrs["customer"].pk:
            raise ValidationError({"service": "The service belongs to another customer."})
        return attrs


class NewSaleSerializer(_ForCustomer):
    """`price` is of each period, or of all instalments; null is the product's."""

    product = serializers.PrimaryKeyRelatedField(
        queryset=Product.objects.filter(is_active=True), required=False, allow_null=True
    )
    description = serializers.CharField(max_length=200, required=False, default="")
    billing = serializers.ChoiceField(choices=CustomerProduct.Billing.choices)
    price = SentDecimal(max_digits=12, decimal_places=2, required=False, allow_null=True)
    instalments = serializers.IntegerField(min_value=2, max_value=MOST_INSTALMENTS, required=False)

    def sale(self) -> actions.Sale:
        given = self.validated_data
        return actions.Sale(
            product=given.get("product"),
            description=given["description"],
            billing=given["billing"],
            price=given.get("price"),
            instalments=given.get("instalments", 1),
            starts=given.get("starts"),
            ends=given.get("ends"),
        )


class NewDiscountSerializer(_ForCustomer):
    """Either `percent` or `amount`; `months` null ends it by date alone."""

    description = serializers.CharField(max_length=200)
    percent = SentDecimal(
        max_digits=7, decimal_places=4, min_value=Decimal("0.01"), max_value=Decimal(100),
        required=False, allow_null=True,
    )  # fmt: skip
    amount = SentDecimal(max_digits=12, decimal_places=2, required=False, allow_null=True)
    months = serializers.IntegerField(min_value=1, max_value=1200, required=False, allow_null=True)


class MoveSerializer(serializers.Serializer[Any]):
    """`service` null: the customer's first one that is invoiced."""

    service = serializers.PrimaryKeyRelatedField(
        queryset=Service.objects.select_related("plan"), allow_null=True
    )


class EndSerializer(serializers.Serializer[Any]):
    ends = serializers.DateField(allow_null=True)


class _Rows(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Any]):
    """Rows of the customers whom the token's owner may see; `customer` filters them."""

    pagination_class = Pages
    filter_backends = (django_filters.rest_framework.DjangoFilterBackend,)
    filterset_fields: tuple[str, ...] = ("customer", "service")

    def get_queryset(self) -> QuerySet[Any]:
        return visible(person(self.request), super().get_queryset())

    def _answer(self, row: Model, code: int = status.HTTP_200_OK) -> Response:
        return Response(self.get_serializer_class()(row).data, code)


class SoldViewSet(_Rows):
    """Products of customers, which their service invoices charge."""

    verbs = {"GET": Verb.SEE_BILLING, "POST": Verb.SELL_PRODUCTS}
    serializer_class = SoldSerializer
    queryset = CustomerProduct.objects.all()

    @extend_schema(request=NewSaleSerializer, responses={201: SoldSerializer})
    def create(self, request: Request) -> Response:
        """Sell a product."""
        sent = NewSaleSerializer(data=request.data)
        given = checked(sent)
        customer = given["customer"]
        require_visible(person(request), customer=customer)
        return self._answer(
            actions.add_product(
                actor=actor(request), now=now(), customer=customer, sale=sent.sale(),
                service=given.get("service"),
            ),
            status.HTTP_201_CREATED,
        )  # fmt: skip

    @extend_schema(request=EndSerializer, responses=SoldSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        """Set the last emission date that charges it."""
        given = checked(EndSerializer(data=request.data))
        sold, ends = self.get_object(), given["ends"]
        return self._answer(
            actions.end_product(actor=actor(request), now=now(), sold=sold, ends=ends)
        )

    @extend_schema(request=MoveSerializer, responses=SoldSerializer)
    @action(detail=True, methods=["post"])
    def move(self, request: Request, pk: str) -> Response:
        """Charge it with another service of the same customer."""
        given = checked(MoveSerializer(data=request.data))
        sold, service = self.get_object(), given["service"]
        return self._answer(
            actions.move_product(actor=actor(request), now=now(), sold=sold, service=service)
        )

    @extend_schema(request=None, responses=SoldSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """No invoice charges it any more."""
        sold = self.get_object()
        return self._answer(actions.cancel_product(actor=actor(request), now=now(), sold=sold))


class DiscountViewSet(_Rows):
    """Discounts on the plans of customers."""

    verbs = {"GET": Verb.SEE_BILLING, "POST": Verb.SELL_PRODUCTS}
    serializer_class = DiscountSerializer
    queryset = Discount.objects.all()

    @extend_schema(request=NewDiscountSerializer, responses={201: DiscountSerializer})
    def create(self, request: Request) -> Response:
        """Give a discount."""
        given = checked(NewDiscountSerializer(data=request.data))
        require_visible(person(request), customer=given["customer"])
        return self._answer(
            actions.add_discount(actor=actor(request), now=now(), **given),
            status.HTTP_201_CREATED,
        )

    @extend_schema(request=None, responses=DiscountSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """No invoice gets it any more."""
        row = self.get_object()
        return self._answer(actions.cancel_discount(actor=actor(request), now=now(), discount=row))


class ItemViewSet(_Rows):
    """What waits for a customer's next service invoice, or has landed on one."""

    verbs = {"GET": Verb.SEE_BILLING, "POST": Verb.ISSUE_INVOICES}
    serializer_class = ItemSerializer
    queryset = PendingItem.objects.all()

    @extend_schema(request=None, responses=ItemSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """No invoice will take it."""
        item = self.get_object()
        return self._answer(actions.cancel_item(actor=actor(request), now=now(), item=item))


class FixedDateViewSet(_Rows):
    """Days to which the next invoice of a customer was moved (GEN-7)."""

    verbs = {
        "GET": Verb.SEE_BILLING,
        "POST": Verb.ISSUE_INVOICES,
        "DELETE": Verb.ISSUE_INVOICES,
    }
    serializer_class = FixedDateSerializer
    filterset_fields = ("customer",)
    queryset = FixedDate.objects.all()

    @extend_schema(request=FixedDateSerializer, responses={201: FixedDateSerializer})
    def create(self, request: Request) -> Response:
        """Create the customer's next invoice on that day."""
        given = checked(FixedDateSerializer(data=request.data))
        customer = given["customer"]
        require_visible(person(request), customer=customer)
        day = today(time_zone_of(customer.zone))
        return self._answer(
            actions.fix_date(
                actor=actor(request), now=now(), today=day, customer=customer,
                on=given["on"],
            ),
            status.HTTP_201_CREATED,
        )  # fmt: skip

    def destroy(self, request: Request, pk: str) -> Response:
        """Give the invoice its usual day back."""
        actions.free_date(**by(request), fixed=self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)
