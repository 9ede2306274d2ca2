"""The sentences for what payments refuse."""

from django.utils.translation import gettext_lazy as _

from caudal.web import errors

errors.register(
    {
        "already-deleted": _("Payment {payment} was already deleted."),
        "cash-box-missing": _("Say into which cash box the money goes."),
        "cash-box-not-usable": _(
            "The cash box {cash_box} is not in use, or belongs to another company or currency."
        ),
        "cheque-cleared": _(
            "A cheque of payment {payment} was already paid by the bank. If the bank took it back,"
            " reject the cheque."
        ),
        "cheque-incomplete": _("A cheque needs its bank, its number and its deposit date."),
        "cheque-is-paper": _("A cheque is deposited or rejected; it does not change its box."),
        "cheque-known": _("Cheque {number} of that bank is already registered."),
        "cheque-not-in-state": _("The cheque {cheque} is not in that state: {state}."),
        "count-differs": _(
            "The books hold another sum for this cash box. Count again: the same sum, sent once"
            " more, opens it and books the difference."
        ),
        "deposit-too-early": _("The bank does not take the cheque {cheque} before its date."),
        "external-id-taken": _("That identifier belongs to payment {payment}, which is another."),
        "invoice-of-another-customer": _(
            "Invoice {number} is of another customer or another currency."
        ),
        "invoices-of-two-companies": _("One payment pays invoices of one company."),
        "method-unknown": _("There is no form of payment {method}."),
        "more-than-credit": _("There is not so much to give back."),
        "not-a-bank": _("Cheques are deposited in a bank account."),
        "not-a-drawer": _("{cash_box} is not a cash box in use."),
        "not-enough-in-box": _("There is not so much money in the cash box {cash_box}."),
        "paid-in-future": _("The payment cannot be dated in the future."),
        "parts-do-not-add-up": _("The parts do not add up to the amount of the payment."),
        "payment-of-another-customer": _("Payment {payment} is of another customer."),
        "payment-of-parts": _("Payment {payment} came in parts: edit each of them."),
        "refund-already-deleted": _("Refund {refund} was already deleted."),
        "same-box": _("Choose another cash box."),
        "session-closed": _("The session {session} was already closed."),
        "session-needed": _("The cash box {cash_box} has no open session: open one first."),
        "session-of-another": _("Somebody else has opened the cash box {cash_box}."),
        "session-open": _("The cash box {cash_box} is already open."),
    }
)
