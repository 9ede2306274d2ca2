"""What changes the catalog: companies, taxes, plans and products."""

from caudal.apps.catalog.actions.companies import create_company, edit_company
from caudal.apps.catalog.actions.items import (
    create_plan,
    create_product,
    create_tax,
    edit_plan,
    edit_product,
    edit_tax,
    set_in_use,
)
from caudal.apps.catalog.actions.rules import edit_rules
from caudal.apps.catalog.numbers import give_back_number, take_number, take_numbers

__all__ = [
    "create_company",
    "create_plan",
    "create_product",
    "create_tax",
    "edit_company",
    "edit_plan",
    "edit_product",
    "edit_rules",
    "edit_tax",
    "give_back_number",
    "set_in_use",
    "take_number",
    "take_numbers",
]
