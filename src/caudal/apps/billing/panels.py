"""What billing puts on the menu and on the customer's page."""

from django.utils.translation import gettext_lazy as _

from caudal.apps.billing import errors, invoice_acts  # noqa: F401 - sentences, and acts on many
from caudal.apps.staff import acts, scope
from caudal.apps.staff.verbs import Verb
from caudal.web import badges, menu, panels
from caudal.web.menu import Item
from caudal.web.panels import Panel

SEE = Verb.SEE_BILLING

menu.register(Item(_("Invoices"), "billing:invoices", "file-invoice", SEE, 10, group="billing"))

panels.register(Panel("customer", "invoices", _("Invoices"), "billing:customer-invoices", SEE, 40))
panels.register(Panel("customer", "products", _("Products"), "billing:customer-products", SEE, 50))
panels.register(Panel("customer", "statement", _("Statement"), "billing:statement", SEE, 60))
panels.register(
    Panel(
        "customer", "billing-settings", _("Billing settings"), "billing:customer-settings", SEE, 65
    )
)
badges.register({"own": "amber", "of_zone": "blue", "of_company": "grey"})

for kind in ("adjustment", "customerproduct", "discount", "fixeddate", "parked", "pendingitem"):
    scope.register(f"billing.{kind}", "customer")

for kind in ("hold", "servicechange"):
    scope.register(f"billing.{kind}", "service__customer")

acts.register(
    {
        "bulk.invoices.pay": _("Registered payments of many invoices"),
        "bulk.invoices.print": _("Printed many invoices"),
        "bulk.invoices.send": _("Sent many invoices"),
        "bulk.invoices.letters": _("Printed reminders for many customers"),
        "bulk.invoices.merge": _("Merged many invoices"),
        "bulk.invoices.void": _("Voided many invoices"),
        "billing.add_discount": _("Gave the discount"),
        "billing.add_product": _("Sold the product"),
        "billing.adjust": _("Booked the note"),
        "billing.cancel_discount": _("Ended the discount"),
        "billing.cancel_item": _("Cancelled the pending item"),
        "billing.cancel_product": _("Cancelled the product"),
        "billing.end_product": _("Changed the end of the product"),
        "billing.move_product": _("Moved the product to another service"),
        "billing.leave_item": _("Left a pending item"),
        "billing.fix_date": _("Fixed the day of the next invoice"),
        "billing.free_date": _("Gave the next invoice its usual day back"),
        "billing.edit_invoice": _("Edited the invoice"),
        "billing.plan_change": _("Changed plan or price"),
        "billing.schedule_plan_change": _("Left a change of plan for its day"),
        "billing.schedule_cancellation": _("Left the cancellation for its day"),
        "billing.drop_change": _("Dropped a change that waited"),
        "billing.hold": _("Held the service"),
        "billing.release_hold": _("Ended the hold"),
        "billing.merge": _("Merged invoices"),
        "billing.unmerge": _("Undid a merge"),
        "billing.issue_invoice": _("Issued the invoice"),
        "billing.void_invoice": _("Voided the invoice"),
    }
)
