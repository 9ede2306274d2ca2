"""What the desk puts on the menu, and the customers room's panels of the customer's page."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from caudal.apps.desk import errors  # noqa: F401 - its sentences
from caudal.apps.staff import acts, critical, scope
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

menu.register(
    Item(
        _("Custom fields"),
        "desk:fields",
        "forms",
        Verb.CONFIGURE_CUSTOMERS,
        order=61,
        group="catalog",
    )
)

menu.register(
    Item(_("Tags"), "desk:tags", "tags", Verb.CONFIGURE_CUSTOMERS, order=60, group="catalog")
)

menu.register(
    Item(
        _("Reasons to leave"),
        "desk:causes",
        "door-exit",
        Verb.CONFIGURE_CUSTOMERS,
        order=62,
        group="catalog",
    )
)

menu.register(
    Item(
        _("Localities"),
        "desk:localities",
        "map-search",
        Verb.CONFIGURE_CUSTOMERS,
        order=98,
        group="catalog",
    )
)

SEE = Verb.SEE_CUSTOMERS
panels.register(Panel("customer", "fields", _("More fields"), "desk:customer_fields", SEE, 25, 6))
panels.register(Panel("customer", "services", _("Services"), "desk:services", SEE, 10, 6))
panels.register(
    Panel("customer", "summary", pgettext_lazy("customer", "Summary"), "desk:summary", SEE, 20, 6)
)
panels.register(Panel("customer", "equipment", _("Equipment"), "desk:equipment", SEE, 31, 6))
panels.register(Panel("customer", "files", _("Documents"), "desk:files", SEE, 77, 6))
panels.register(Panel("customer", "notes", _("Notes"), "desk:notes", SEE, 78, 6))
panels.register(Panel("customer", "traffic", _("Traffic"), "desk:traffic", SEE, 37, 6))
panels.register(Panel("customer", "tickets", _("Tickets"), "desk:tickets", SEE, 79, 6))
panels.register(Panel("customer", "history", _("States"), "desk:history", SEE, 24, 6))

for table in ("fieldvalue", "note", "attachment"):
    scope.register(f"customers.{table}", "customer")

for order, (key, title, url_name, verb) in enumerate(
    (
        ("contract", _("Contract"), "desk:services", SEE),
        ("nodes", _("Network"), "network:proof", SEE),
        ("map", _("Map"), "desk:place", SEE),
        ("gateways", _("Payment gateways"), "treasury:customer", Verb.SEE_PAYMENTS),
        ("devices", _("Devices"), "desk:devices", SEE),
        ("audit", _("Journal"), "staff:customer-journal", Verb.SEE_JOURNAL),
    )
):
    panels.register(Panel("customer_side", key, title, url_name, verb, 10 + order * 10))

panels.register(
    Panel(
        "branches", "zones", _("Zones of no branch"), "desk:zones_without_branch",
        Verb.MANAGE_STAFF,
    )
)  # fmt: skip

panels.register(
    Panel("dashboard", "income", _("Income by month"), "desk:income", Verb.SEE_INCOME, 10)
)
panels.register(
    Panel("dashboard", "jobs", _("Last runs of jobs"), "desk:last_runs", Verb.SEE_JOBS, 90, 6)
)

acts.register(
    {
        "customer.register": _("Registered the customer"),
        "customer.edit": _("Edited the customer"),
        "customer.set_fields": _("Filled in the customer's fields"),
        "customer.set_tags": _("Changed the customer's tags"),
        "bulk.customers.tag": _("Tagged many customers"),
        "tag.create": _("Defined a tag"),
        "tag.edit": _("Changed a tag"),
        "tag.archive": _("Took a tag out of use"),
        "tag.unarchive": _("Brought a tag back into use"),
        "note.add": _("Wrote a note"),
        "note.edit": _("Mended a note"),
        "note.pin": _("Pinned a note"),
        "note.unpin": _("Unpinned a note"),
        "file.attach": _("Attached a file"),
        "file.describe": _("Described a file"),
        "file.remove": _("Took a file away"),
        "field.create": _("Defined a field of customers"),
        "field.edit": _("Changed a field of customers"),
        "field.move": _("Changed the order of the fields of customers"),
        "field.archive": _("Archived a field of customers"),
        "field.unarchive": _("Brought back a field of customers"),
        "cause.create": _("Wrote a reason to leave"),
        "cause.edit": _("Renamed a reason to leave"),
        "cause.move": _("Changed the order of reasons to leave"),
        "cause.archive": _("Archived a reason to leave"),
        "cause.unarchive": _("Brought back a reason to leave"),
        "cause.merge": _("Counted texts as a reason to leave"),
        "cause.split": _("Let a text stand for itself again"),
        "cause.rules": _("Changed whether reasons are needed"),
        "locality.save": _("Saved the locality"),
        "locality.take": _("Took localities from a file"),
        "locality.remove": _("Removed the locality"),
        "customer.portal_password": _("Changed the portal password"),
        "bulk.customers.activate": _("Activated many customers"),
        "bulk.customers.archive": _("Archived many customers"),
        "bulk.customers.cancel": _("Cancelled many customers"),
        "bulk.customers.delete": _("Deleted many customers"),
        "bulk.customers.delete_on_router": _("Deleted many customers, from their routers too"),
        "bulk.customers.edit": _("Edited many customers"),
        "bulk.customers.export": _("Exported customers"),
        "bulk.customers.invoice": _("Issued invoices for many customers"),
        "bulk.customers.message": _("Sent a message to many customers"),
        "bulk.customers.move": _("Moved many customers to another zone"),
        "bulk.customers.portal_password": _("Made portal passwords"),
        "bulk.customers.suspend": _("Suspended many customers"),
        "bulk.customers.unarchive": _("Took many customers out of the archive"),
        "bulk.customers.welcome": _("Sent the welcome message to many customers"),
        "customer.archive": _("Archived the customer"),
        "customer.remove": _("Removed the customer: an import was taken back"),
        "customer.unarchive": _("Took the customer out of the archive"),
        "customer.set_payment_day": _("Changed the payment day"),
        "customer.set_own_calendar": _("Changed the billing dates"),
        "service.add": _("Added a service"),
        "service.activate": _("Activated the service"),
        "service.change_plan": _("Changed the plan"),
        "service.change_price": _("Changed the price"),
        "service.suspend": _("Suspended the service"),
        "service.lift": _("Lifted a suspension"),
        "service.keep_suspended": _("Took the money and left the service suspended"),
        "service.cancel": _("Cancelled the service"),
        "service.reactivate": _("Took the service up again"),
        "service.remove": _("Removed the service: an import was taken back"),
    }
)

critical.register(
    "ending",
    _("Cancelling, archiving and deleting customers and services, one or many"),
    ["desk:archive", "desk:cancel"],
)
