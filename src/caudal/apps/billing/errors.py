"""The sentences for what billing refuses."""

from django.utils.translation import gettext_lazy as _

from caudal.web import errors

errors.register(
    {
        "already-billed-period": _(
            "Invoice {number} already charges from {first} to {last}: void it or choose other days."
        ),
        "already-reversed": _("That booking was already reversed."),
        "already-void": _("Invoice {number} is already void."),
        "change-not-scheduled": _("That change is done or dropped already."),
        "date-in-the-past": _("Choose today or a later day."),
        "dates-out-of-order": _(
            "The emission comes first, then the due date, and the cut after it."
        ),
        "item-landed": _("Invoice {number} has it already: void that invoice first."),
        "service-ended": _("That service has ended: choose one that is still invoiced."),
        "service-of-another": _("That service belongs to another customer."),
        "product-without-name": _("Choose a product or write what is sold."),
        "hold-over": _("That hold ended on {last}."),
        "hold-overlaps": _("There is a hold from {first} to {last} already."),
        "edit-fiscal": _(
            "Invoice {number} is fiscal and never changes: void it and issue another one."
        ),
        "edit-merge": _("Invoice {number} stands for others: undo the merge and edit those."),
        "edit-merged": _("Invoice {number} is part of {merged}: undo that merge first."),
        "edit-paid": _(
            "Invoice {number} has a payment or credit on it: delete the payment, or void the "
            "invoice and issue another one."
        ),
        "edit-void": _("Invoice {number} is void: issue another one."),
        "invoice-asks-nothing": _("Invoice {number} is void or merged: it asks for nothing."),
        "invoice-is-merged": _(
            "Invoice {number} is part of {merged}: undo that merge first, or void that one."
        ),
        "merge-different": _(
            "Only invoices of one customer, company, currency and kind are merged."
        ),
        "merge-needs-two": _("Choose two invoices or more."),
        "merge-settled": _("Invoice {number} has nothing left to pay."),
        "invoice-settled": _("Invoice {number} has nothing left to pay."),
        "no-address": _("{customer} has no e-mail for invoices."),
        "nobody-owes": _("None of these customers owes anything."),
        "not-merged": _("Invoice {number} merges no others, or not any more."),
        "nothing-to-charge": _(
            "There is nothing to charge: choose days of a service or add a line."
        ),
        "plan-in-another-currency": _(
            "That plan is in {currency}: cancel the service and open another one."
        ),
        "total-negative": _("The discounts are larger than the charges."),
        "transaction-not-zero": _("The booking does not add up to zero."),
    }
)
