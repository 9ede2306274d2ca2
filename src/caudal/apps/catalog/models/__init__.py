"""Tables of the catalog: issuing companies with their rules and numbers, taxes, plans, products."""

from caudal.apps.catalog.models.company import Company, Series, Tax, TaxMode
from caudal.apps.catalog.models.items import Plan, Product, Technology
from caudal.apps.catalog.models.rules import BillingRules, Holiday

__all__ = [
    "BillingRules",
    "Company",
    "Holiday",
    "Plan",
    "Product",
    "Series",
    "Tax",
    "TaxMode",
    "Technology",
]
