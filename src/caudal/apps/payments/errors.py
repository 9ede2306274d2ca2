"""The sentences for what payments refuse."""

from django.utils.translation import gettext_lazy as _

from caudal.web import errors

errors.register(
    {
        "already-deleted": _("Payment {payment} was already deleted."),
        "cash-box-not-usable": _(
            "The cash box {cash_box} is not in use, or belongs to another company or currency."
        ),
        "external-id-taken": _("That identifier belongs to payment {payment}, which is another."),
        "invoice-of-another-customer": _(
            "Invoice {number} is of another customer or another currency."
        ),
        "paid-in-future": _("The payment cannot be dated in the future."),
    }
)
