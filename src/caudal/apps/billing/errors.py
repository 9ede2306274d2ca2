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
        "date-in-the-past": _("Choose today or a later day."),
        "dates-out-of-order": _(
            "The emission comes first, then the due date, and the cut after it."
        ),
        "item-landed": _("Invoice {number} has it already: void that invoice first."),
        "product-without-name": _("Choose a product or write what is sold."),
        "nothing-to-charge": _(
            "There is nothing to charge: choose days of a service or add a line."
        ),
        "total-negative": _("The discounts are larger than the charges."),
        "transaction-not-zero": _("The booking does not add up to zero."),
    }
)
