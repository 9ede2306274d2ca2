"""Columns for readings of instruments: single precision, half as wide as a float. Never money."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

if TYPE_CHECKING:
    _Float = models.FloatField[Any, Any]
else:
    _Float = models.FloatField


class MeasureField(_Float):
    """A number with seven digits: a latency, a loss, a signal."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "real"

    def cast_db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "real"
