"""What payments put on the menu and on the customer's page."""

from django.utils.translation import gettext_lazy as _

from caudal.apps.payments import errors  # noqa: F401 - its sentences
from caudal.apps.staff import acts, critical, scope
from caudal.apps.staff.verbs import Verb
from caudal.web import menu, panels
from caudal.web.menu import Item
from caudal.web.panels import Panel

SEE = Verb.SEE_PAYMENTS

menu.register(
    Item(_("Payments"), "payments:payments", "cash", SEE, 20, group="payments", on_phone=True)
)
menu.register(
    Item(
        _("Cash desk"),
        "payments:desk",
        "cash-register",
        Verb.REGISTER_PAYMENTS,
        18,
        group="payments",
        on_phone=True,
    )
)
menu.register(
    Item(
        _("Cash sessions"),
        "payments:sessions",
        "lock-open",
        Verb.OPERATE_CASH,
        27,
        group="payments",
    )
)
menu.register(Item(_("Cheques"), "payments:cheques", "signature", SEE, 28, group="payments"))
menu.register(
    Item(_("Cash boxes"), "payments:boxes", "building-bank", Verb.SEE_INCOME, 30, group="payments")
)
menu.register(
    Item(_("Commissions"), "payments:commissions", "percentage", SEE, 31, group="payments")
)
panels.register(Panel("customer", "payments", _("Payments"), "payments:customer-payments", SEE, 50))

acts.register(
    {
        "payments.register": _("Registered the payment"),
        "payments.edit": _("Edited the payment"),
        "payments.delete": _("Deleted the payment"),
        "payments.refund": _("Refunded"),
        "payments.delete_refund": _("Deleted the refund"),
        "cheques.deposit": _("Deposited the cheque"),
        "cheques.clear": _("Marked the cheque as cleared"),
        "cheques.reject": _("Rejected the cheque"),
        "cash.open": _("Opened the cash session"),
        "cash.close": _("Closed the cash session"),
        "cash.move": _("Recorded cash in or out"),
        "cash.hand_over": _("Handed money over"),
        "payments.create_cash_box": _("Created the cash box"),
        "payments.edit_cash_box": _("Edited the cash box"),
        "payments.set_commission": _("Set the percentage of a salesperson"),
    }
)

for table, path in (
    ("payments.paymentpart", "payment__customer"),
    ("payments.cheque", "customer"),
    ("payments.refund", "customer"),
    ("payments.movement", "payment__customer"),
):
    scope.register(table, path)

critical.register(
    "money",
    _("Changing and undoing payments, refunds and matches"),
    ["payments:delete", "payments:edit", "payments:edit-part", "payments:delete-refund"],
)
