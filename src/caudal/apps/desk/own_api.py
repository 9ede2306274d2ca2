"""The API of what the operator defines of customers: fields, tags, and what a customer has."""

from collections.abc import Mapping
from typing import Any, cast

from django.core.exceptions import ValidationError as FieldErrors
from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from caudal.apps.customers import actions
from caudal.apps.customers.fields import Value, by_code, fields_for, read_new, value_in
from caudal.apps.customers.models import Customer, CustomField, FieldKind, FieldValue, Tag
from caudal.apps.staff.access import by, person
from caudal.apps.staff.models import Role, User
from caudal.apps.staff.verbs import Verb
from caudal.web.api import Pages, checked

WITH_OWN = (
    "tags",
    Prefetch(
        "field_values",
        FieldValue.objects.select_related("field", "choice").order_by("choice__position", "id"),
    ),
)
"""What `OwnParts` reads of a page of customers."""


class OwnParts(serializers.Serializer[Customer]):
    """Mixin of the customer's serializer: `custom_fields` by code, `tags` by name."""

    custom_fields = serializers.DictField(
        child=serializers.JSONField(allow_null=True), required=False
    )
    tags = serializers.SlugRelatedField(
        slug_field="name", many=True, required=False, queryset=Tag.objects.filter(archived_at=None)
    )

    def own_parts(self, customer: Customer) -> dict[str, Any]:
        """As JSON; of the fields those that the reader sees."""
        values: dict[int, Value] = {}
        for row in customer.field_values.all():
            values[row.field_id] = value_in(row, values.get(row.field_id))
        return {
            "custom_fields": by_code(self._fields_of_reader(), values),
            "tags": [tag.name for tag in customer.tags.all()],
        }

    def _fields_of_reader(self) -> list[CustomField]:
        """Asked once for a whole page."""
        shared = cast(dict[str, Any], self.context)
        if "own_fields" not in shared:
            request = shared.get("request")
            shared["own_fields"] = fields_for(person(request) if request else None)
        return cast(list[CustomField], shared["own_fields"])


def own_values(
    user: User, given: Mapping[str, Any], country: str, *, whole: bool
) -> dict[CustomField, Value | None]:
    """What was sent in `custom_fields`; with `whole` what registration asks for may not lack."""
    if not whole and "custom_fields" not in given:
        return {}
    fields = fields_for(user)
    asked = [field for field in fields if field.at_registration or not whole]
    sent = given.get("custom_fields", {})
    others = [field for field in fields if field not in asked and field.code in sent]
    try:
        return read_new([*asked, *others], sent, country, whole=whole)
    except FieldErrors as error:
        raise serializers.ValidationError({"custom_fields": error.message_dict}) from error


class ChoiceNames(serializers.ListField):
    """The answers that a list still offers, by name."""

    def to_representation(self, data: Any) -> list[str]:
        return [choice.name for choice in data.all() if choice.archived_at is None]


class CustomFieldSerializer(serializers.ModelSerializer[CustomField]):
    """`kind` and `code` stay; `choices` are the answers of kinds that have a list, and on a change
    those to add."""

    choices = ChoiceNames(child=serializers.CharField(max_length=80), required=False)
    roles = serializers.SlugRelatedField(
        slug_field="code", many=True, required=False, queryset=Role.objects.all()
    )
    kind = serializers.ChoiceField(choices=FieldKind.choices)

    class Meta:
        model = CustomField
        fields = (
            "id", "code", "name", "kind", "help_text", "is_required", "at_registration",
            "position", "roles", "choices",
        )  # fmt: skip
        read_only_fields = ("code", "position")
        extra_kwargs: dict[str, Any] = {"name": {"validators": []}}


class TagSerializer(serializers.ModelSerializer[Tag]):
    class Meta:
        model = Tag
        fields = ("id", "name", "color", "text", "archived_at")
        read_only_fields = ("archived_at",)
        extra_kwargs: dict[str, Any] = {"name": {"validators": []}}


class CustomFieldViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[CustomField]
):
    """The operator's own fields that the token's owner sees."""

    verbs = {
        "GET": Verb.SEE_CUSTOMERS,
        "POST": Verb.CONFIGURE_CUSTOMERS,
        "PATCH": Verb.CONFIGURE_CUSTOMERS,
        "DELETE": Verb.CONFIGURE_CUSTOMERS,
    }
    pagination_class = Pages
    serializer_class = CustomFieldSerializer
    queryset = CustomField.objects.prefetch_related("choices", "roles")

    def get_queryset(self) -> QuerySet[CustomField]:
        keys = CustomField.objects.in_use().shown_to(person(self.request)).values("pk")
        return super().get_queryset().filter(pk__in=keys)

    @extend_schema(request=CustomFieldSerializer, responses={201: CustomFieldSerializer})
    def create(self, request: Request) -> Response:
        """Define a field; its code is made of its name."""
        data = checked(CustomFieldSerializer(data=request.data))
        row = actions.create_field(**by(request), **data)
        return Response(CustomFieldSerializer(row).data, status.HTTP_201_CREATED)

    @extend_schema(request=CustomFieldSerializer, responses=CustomFieldSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change how it is called, where it is asked and who sees it; its kind stays."""
        row = self.get_object()
        data = checked(CustomFieldSerializer(row, data=request.data, partial=True))
        data.pop("kind", None)
        actions.edit_field(**by(request), field=row, **data)
        return Response(CustomFieldSerializer(CustomField.objects.get(pk=row.pk)).data)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        """Archive it: what customers have in it stays."""
        actions.archive_field(**by(request), field=self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)


class TagViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Tag]):
    """Tags; a customer's own are in his `tags`."""

    verbs = CustomFieldViewSet.verbs
    pagination_class = Pages
    serializer_class = TagSerializer
    queryset = Tag.objects.all()

    @extend_schema(request=TagSerializer, responses={201: TagSerializer})
    def create(self, request: Request) -> Response:
        """Define a tag."""
        data = checked(TagSerializer(data=request.data))
        row = actions.create_tag(**by(request), **data)
        return Response(TagSerializer(row).data, status.HTTP_201_CREATED)

    @extend_schema(request=TagSerializer, responses=TagSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Another name, colour or meaning."""
        row = self.get_object()
        data = checked(TagSerializer(row, data=request.data, partial=True))
        return Response(TagSerializer(actions.edit_tag(**by(request), tag=row, **data)).data)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        """Take it out of use; customers who have it keep it."""
        actions.archive_tag(**by(request), tag=self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)
