"""Forms of the catalog."""

from caudal.apps.catalog.forms.company import CompanyForm
from caudal.apps.catalog.forms.items import PlanForm, ProductForm, TaxForm

__all__ = ["CompanyForm", "PlanForm", "ProductForm", "TaxForm"]
