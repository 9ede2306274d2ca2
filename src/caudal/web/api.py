"""What every API shares: pages by cursor, money as text, refusals in the words of the screens."""

from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request

from caudal.core.errors import RuleError
from caudal.web.errors import explain

Row = TypeVar("Row", bound=Model)


class Pages(CursorPagination):
    """Newest first; `next` and `previous` are whole addresses."""

    page_size = 100
    max_page_size = 500
    page_size_query_param = "size"
    ordering = "-id"


class AmountField(serializers.DecimalField):
    """Money that is shown, as text with its decimals, e.g. "250.00"."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_digits": 14, "decimal_places": 2, "read_only": True, **options})


OF_CUSTOMER = OpenApiParameter("customer", int)


def of_customer(request: Request, rows: QuerySet[Row], path: str = "customer__id") -> QuerySet[Row]:
    """The rows of the customer whom `?customer=` asks for; all without it, none for nonsense."""
    asked = request.query_params.get("customer", "")
    if not asked:
        return rows
    return rows.filter(**{path: int(asked)}) if asked.isdecimal() else rows.none()


def refused(error: RuleError) -> ValidationError:
    """A rule's refusal as an answer 400: its code, and the sentence of the screens."""
    return ValidationError({"code": str(error.code), "detail": explain(error)})
