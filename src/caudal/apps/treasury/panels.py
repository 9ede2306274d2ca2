"""What the treasury puts on the menu, on the first page and on the customer's page."""

from django.utils.translation import gettext_lazy as _

from caudal.apps.staff import acts, critical, scope
from caudal.apps.staff.verbs import Verb
from caudal.apps.treasury import errors  # noqa: F401 - its sentences
from caudal.web import badges, menu, panels
from caudal.web.menu import Item
from caudal.web.panels import Panel

SEE = Verb.SEE_ARRIVALS

menu.register(Item(_("Unmatched money"), "treasury:waiting", "inbox", SEE, 40, group="payments"))
menu.register(Item(_("Banks"), "treasury:lines", "arrows-join", SEE, 41, group="payments"))
menu.register(
    Item(_("Reported payments"), "treasury:reports", "receipt", SEE, 43, group="payments")
)
menu.register(
    Item(_("Payment gateways"), "treasury:gateways", "credit-card", SEE, 44, group="payments")
)
panels.register(Panel("dashboard", "arrivals", _("Unmatched money"), "treasury:card", SEE, 60, 6))
panels.register(
    Panel("customer", "arrivals", _("Payments from outside"), "treasury:customer",
          Verb.SEE_PAYMENTS, 46)
)  # fmt: skip

for table, path in {
    "reportedpayment": "customer",
    "paymentlink": "customer",
    "gatewaypayment": "customer",
    "gatewayevent": "about__customer",
    "bankline": "assignments__customer",
    "assignment": "customer",
}.items():
    scope.register(f"treasury.{table}", path)

badges.register(
    {
        "approved": "green",
        "matched": "green",
        "rejected": "grey",
        "refunded": "grey",
        "charged_back": "red",
        "ignored": "grey",
        "outgoing": "grey",
        "late": "grey",
        "other": "grey",
    }
)
acts.register(
    {
        "treasury.create_gateway": _("Created the gateway"),
        "treasury.edit_gateway": _("Edited the gateway"),
        "treasury.link": _("Asked for a payment by link"),
        "treasury.retry_event": _("Worked a notice off again"),
        "treasury.assign": _("Gave money of a gateway to a customer"),
        "treasury.set_aside": _("Set money of a gateway aside"),
        "treasury.create_bank_account": _("Created the bank account"),
        "treasury.edit_bank_account": _("Edited the bank account"),
        "treasury.read_statement": _("Read a bank statement"),
        "treasury.match": _("Gave a bank line to a customer"),
        "treasury.link_payment": _("Linked a bank line to its payment"),
        "treasury.ignore": _("Ignored a bank line"),
        "treasury.reopen": _("Opened a bank line again"),
        "treasury.accept_many": _("Accepted bank lines together"),
        "treasury.undo_batch": _("Took back bank lines accepted together"),
        "treasury.report": _("Reported a payment"),
        "treasury.approve_report": _("Approved a reported payment"),
        "treasury.reject_report": _("Rejected a reported payment"),
    }
)

critical.register(
    "money", _("Changing and undoing payments, refunds and matches"), ["treasury:undo_batch"]
)
critical.register(
    "accounts",
    _("Changing gateways and bank accounts"),
    ["treasury:new_gateway", "treasury:edit_gateway", "treasury:edit_account"],
)
