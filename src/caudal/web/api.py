"""What every API shares: pages by cursor, money as text, refusals in the words of the screens."""

from typing import Any, TypeVar

from django.core.exceptions import ValidationError as FieldErrors
from django.db.models import Model, QuerySet
from django.http import Http404
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import exception_handler

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


def checked(serializer: serializers.BaseSerializer[Any]) -> dict[str, Any]:
    """What was sent, read; or an answer 400 that names the fields."""
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


def answer_error(error: Exception, context: dict[str, Any]) -> Response | None:
    """The answer to what a view raised: what an action refuses is a 400, as wrong fields are."""
    if isinstance(error, RuleError):
        error = refused(error)
    elif isinstance(error, FieldErrors):
        error = ValidationError(serializers.as_serializer_error(error))
    elif isinstance(error, Http404):
        error = NotFound()  # in the reader's language; Django's own sentence is English
    return exception_handler(error, context)


def refused(error: RuleError) -> ValidationError:
    """A rule's refusal as an answer 400: its code, and the sentence of the screens."""
    return ValidationError({"code": str(error.code), "detail": explain(error)})
