"""What the desk puts on the menu, and the customers room's panels of the customer's page."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from caudal.apps.staff import acts
from caudal.apps.staff.verbs import Verb
from caudal.web import menu, panels
from caudal.web.menu import Item
from caudal.web.panels import Panel

menu.register(Item(_("Summary"), "desk:dashboard", "layout-dashboard", "", 1, on_phone=True))
menu.register(
    Item(
        _("Customers"),
        "desk:customers",
        "users",
        Verb.SEE_CUSTOMERS,
        order=10,
        group="customers",
        on_phone=True,
    )
)
menu.register(
    Item(
        _("New customer"),
        "desk:register",
        "user-plus",
        Verb.REGISTER_CUSTOMERS,
        order=15,
        group="customers",
    )
)

SEE = Verb.SEE_CUSTOMERS
panels.register(Panel("customer", "services", _("Services"), "desk:services", SEE, 10, 6))
panels.register(
    Panel("customer", "summary", pgettext_lazy("customer", "Summary"), "desk:summary", SEE, 20, 6)
)
panels.register(Panel("customer", "notes", _("Notes"), "desk:notes", SEE, 35, 6))
panels.register(Panel("customer", "suspensions", _("Suspensions"), "desk:suspensions", SEE, 80, 6))

panels.register(
    Panel("dashboard", "income", _("Income by month"), "desk:income", Verb.SEE_INCOME, 10)
)
panels.register(
    Panel("dashboard", "jobs", _("Last runs of jobs"), "desk:last_runs", Verb.SEE_JOBS, 90)
)

acts.register(
    {
        "customer.register": _("Registered the customer"),
        "customer.edit": _("Edited the customer"),
        "customer.archive": _("Archived the customer"),
        "customer.unarchive": _("Took the customer out of the archive"),
        "customer.set_payment_day": _("Changed the payment day"),
        "customer.set_own_calendar": _("Changed the billing dates"),
        "service.add": _("Added a service"),
        "service.activate": _("Activated the service"),
        "service.change_plan": _("Changed the plan"),
        "service.change_price": _("Changed the price"),
        "service.suspend": _("Suspended the service"),
        "service.lift": _("Lifted a suspension"),
        "service.cancel": _("Cancelled the service"),
        "service.reactivate": _("Took the service up again"),
    }
)
