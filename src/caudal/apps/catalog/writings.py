"""How the rows of each shelf are written and found, whoever asks: a screen or the API."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet

from caudal.apps.catalog import actions
from caudal.apps.catalog.models import Company, Plan, Product, Tax
from caudal.core.text import fold


@dataclass(frozen=True)
class Writing:
    add: Callable[..., Any]
    edit: Callable[..., Any]
    argument: str
    """What `edit` calls the row."""

    def change(self, row: Any, **given: Any) -> Any:
        return self.edit(**given, **{self.argument: row})


WRITINGS: dict[type[Model], Writing] = {
    Company: Writing(actions.create_company, actions.edit_company, "company"),
    Tax: Writing(actions.create_tax, actions.edit_tax, "tax"),
    Plan: Writing(actions.create_plan, actions.edit_plan, "plan"),
    Product: Writing(actions.create_product, actions.edit_product, "product"),
}


def named(rows: QuerySet[Any], words: str) -> QuerySet[Any]:
    """Those whose name has the words, accents and case aside; all for no words."""
    if not (text := fold(words)):
        return rows
    # A catalog has dozens of rows; SQLite does not know that Ñ and ñ are one letter.
    names = rows.order_by().values_list("pk", "name")
    return rows.filter(pk__in=[pk for pk, name in names if text in fold(name)])
