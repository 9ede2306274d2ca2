"""What updates put on the menu and into the journal's words."""

from django.utils.translation import gettext_lazy as _

from caudal.apps.staff import acts
from caudal.apps.staff.verbs import Verb
from caudal.apps.updates import errors  # noqa: F401 - its sentences
from caudal.web import menu
from caudal.web.menu import Item

menu.register(
    Item(_("Update by file"), "updates:updates", "table-export", Verb.EDIT_CUSTOMERS, order=61,
         group="customers")
)  # fmt: skip
acts.register(
    {
        "updates.open": _("Brought a file for an update"),
        "updates.discard": _("Discarded the file of an update"),
        "bulk.customers.update": _("Updated customers by a file"),
    }
)
