"""What the catalog adds to the menu, and the words of its acts in the journal."""

from django.utils.translation import gettext_lazy as _

from caudal.apps.catalog.shelves import SHELVES
from caudal.apps.staff import acts
from caudal.apps.staff.verbs import Verb
from caudal.web.menu import Item, register

for order, shelf in enumerate(SHELVES, start=50):
    register(
        Item(shelf.title, f"catalog:{shelf.key}", shelf.icon, Verb.SEE_CATALOG, order, "catalog")
    )

acts.register(
    {
        "plan.create": _("Created the plan"),
        "plan.edit": _("Edited the plan"),
        "product.create": _("Created the product"),
        "product.edit": _("Edited the product"),
        "tax.create": _("Created the tax"),
        "tax.edit": _("Edited the tax"),
        "company.create": _("Created the company"),
        "company.edit": _("Edited the company"),
        "company.rules": _("Changed how the company reads the billing rules"),
        "company.taxes": _("Changed the company's taxes"),
        "series.edit": _("Changed a series of numbers"),
    }
)
