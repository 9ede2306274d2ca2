"""What payments put on the menu and on the customer's page."""

from django.utils.translation import gettext_lazy as _

from caudal.apps.payments import errors  # noqa: F401 - its sentences
from caudal.apps.staff import acts
from caudal.apps.staff.verbs import Verb
from caudal.web import menu, panels
from caudal.web.menu import Item
from caudal.web.panels import Panel

SEE = Verb.SEE_PAYMENTS

menu.register(
    Item(_("Payments"), "payments:payments", "cash", SEE, 20, group="billing", on_phone=True)
)
menu.register(
    Item(_("Cash boxes"), "payments:boxes", "building-bank", Verb.SEE_INCOME, 30, group="billing")
)
panels.register(Panel("customer", "payments", _("Payments"), "payments:customer-payments", SEE, 50))

acts.register(
    {
        "payments.register": _("Registered the payment"),
        "payments.edit": _("Edited the payment"),
        "payments.delete": _("Deleted the payment"),
        "payments.create_cash_box": _("Created the cash box"),
        "payments.edit_cash_box": _("Edited the cash box"),
    }
)
