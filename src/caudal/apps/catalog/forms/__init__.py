"""Forms of the catalog."""

from caudal.apps.catalog.forms.company import CompanyForm
from caudal.apps.catalog.forms.items import PlanForm, ProductForm, TaxForm
from caudal.apps.catalog.forms.rules import RulesForm

__all__ = ["CompanyForm", "PlanForm", "ProductForm", "RulesForm", "TaxForm"]
