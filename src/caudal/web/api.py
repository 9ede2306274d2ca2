"""What every API shares: pages by cursor, money as text, refusals in the words of the screens."""

from collections.abc import Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.core.exceptions import ValidationError as FieldErrors
from django.db.models import Model, QuerySet
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import BasePagination, CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import exception_handler

from caudal.core.errors import RuleError
from caudal.web.errors import explain
from caudal.web.table import Column, KeysetPage, Sorting

Row = TypeVar("Row", bound=Model)


class Pages(CursorPagination):
    """Newest first; `next` and `previous` are whole addresses."""

    page_size = 100
    max_page_size = 500
    page_size_query_param = "size"
    ordering = "-id"


class SortedPages(Pages):
    """The same, or in the order that `?ordering=` asks for, as the list of the screen has it.

    Its view is a `BySortedColumns`. Rows come exactly once, however many are equal.
    """

    _page: KeysetPage[Any] | None = None

    def paginate_queryset(
        self, queryset: Any, request: Request, view: Any = None
    ) -> list[Any] | None:
        asked = request.query_params.get("ordering", "")
        if not asked:
            return super().paginate_queryset(queryset, request, view)
        if asked.removeprefix("-") not in (known := view.sortable()):
            words = _("Choose one of these: %(names)s.") % {"names": ", ".join(sorted(known))}
            raise ValidationError({"ordering": [words]})
        order = view.order_of(asked)
        cursor = request.query_params.get(self.cursor_query_param, "")
        size = self.get_page_size(request) or Pages.page_size
        self.base_url = request.build_absolute_uri()
        self._page = KeysetPage.of(view.with_keys(queryset, order), order, cursor, size)
        return self._page.rows

    def get_next_link(self) -> str | None:
        return self._link(self._page.next_cursor) if self._page else super().get_next_link()

    def get_previous_link(self) -> str | None:
        if self._page is None:
            return super().get_previous_link()
        return self._link(self._page.previous_cursor)

    def _link(self, cursor: str) -> str | None:
        if not cursor:
            return None
        return str(replace_query_param(self.base_url or "", self.cursor_query_param, cursor))

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        names = ", ".join(column.key for column in view.columns if column.sort)
        text = f"By {names}; with a minus before it the other way round."
        schema = {"type": "string"}
        told = super().get_schema_operation_parameters(view)
        return [*told, {"name": "ordering", "in": "query", "description": text, "schema": schema}]


class BySortedColumns:
    """Mixin of a view: its list is sorted by the `columns` by which the screen's list is."""

    pagination_class: type[BasePagination] | None = SortedPages
    columns: Sequence[Column] = ()

    def sortable(self) -> set[str]:
        """The names that `?ordering=` may ask for."""
        return {column.key for column in self.columns if column.sort}

    def order_of(self, asked: str) -> tuple[str, ...]:
        """What is compared for one of them, with or without a minus."""
        return Sorting.read(QueryDict(urlencode({"sort": asked})), self.columns, "").order

    def with_keys(self, rows: QuerySet[Any], order: Sequence[str]) -> QuerySet[Any]:
        """The rows with what this order compares and no column holds."""
        return rows


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
        error = ValidationError({"code": str(error.code), "detail": explain(error)})
    elif isinstance(error, FieldErrors):
        error = ValidationError(serializers.as_serializer_error(error))
    elif isinstance(error, Http404):
        error = NotFound()  # in the reader's language; Django's own sentence is English
    return exception_handler(error, context)
