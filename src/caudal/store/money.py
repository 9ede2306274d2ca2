"""Exact money columns: NUMERIC where the database has it, on SQLite whole ten-thousandths."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Combinable, register_combinable_fields
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from caudal.core.errors import ErrorCode, RuleError

DIGITS, PLACES = 14, 4
SCALE = Decimal(10) ** PLACES
STEP = Decimal(1).scaleb(-PLACES)


if TYPE_CHECKING:
    _Field = models.Field[Any, Decimal]
else:
    _Field = models.Field


class MoneyField(_Field):
    """An amount of the row's currency as Decimal(14, 4).

    SQLite keeps decimals as binary floats, whose sums drift; there the column holds the amount
    times 10,000 as an integer, so that sums and comparisons in SQL are exact on both databases.
    """

    description = "amount of money"

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "bigint" if connection.vendor == "sqlite" else f"numeric({DIGITS}, {PLACES})"

    def get_internal_type(self) -> str:
        return "MoneyField"

    def to_python(self, value: Any) -> Decimal | None:
        if value is None or isinstance(value, Decimal):
            return value
        if isinstance(value, float):
            raise TypeError("money is never a float")
        try:
            return Decimal(value)
        except ArithmeticError as error:
            raise ValidationError(_("Enter an amount such as 250.00."), code="invalid") from error

    def from_db_value(
        self, value: Any, expression: Any, connection: BaseDatabaseWrapper
    ) -> Decimal | None:
        if value is None:
            return None
        if connection.vendor == "sqlite":
            return (Decimal(value) / SCALE).quantize(STEP)
        return Decimal(value).quantize(STEP)

    def get_db_prep_value(
        self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False
    ) -> Any:
        if value is None or hasattr(value, "resolve_expression"):
            return value
        amount = self.to_python(value)
        if amount is None:
            return None
        if amount != amount.quantize(STEP):
            raise ValueError(f"{amount} has more than {PLACES} decimals")
        if amount.copy_abs() >= Decimal(10) ** (DIGITS - PLACES):
            raise RuleError(ErrorCode.AMOUNT_TOO_LARGE, amount=amount)
        return int(amount * SCALE) if connection.vendor == "sqlite" else amount

    def get_db_prep_save(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        return self.get_db_prep_value(value, connection)

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.value_from_object(obj))

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        return super().formfield(
            **{
                "form_class": forms.DecimalField,
                "max_digits": DIGITS,
                "decimal_places": 2,
                **kwargs,
            }
        )


for operator in (Combinable.ADD, Combinable.SUB):
    register_combinable_fields(MoneyField, operator, MoneyField, MoneyField)


def money(amount: Decimal | int = 0) -> models.Value:
    """A literal amount in queries, e.g. `filter(remaining__gt=money())` or a `Coalesce` default."""
    return models.Value(Decimal(amount), output_field=MoneyField())


def total(expression: str | Combinable, **kwargs: Any) -> Coalesce:
    """SUM of a money column, 0 where there are no rows."""
    return Coalesce(models.Sum(expression, output_field=MoneyField(), **kwargs), money())
