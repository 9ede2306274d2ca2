"""The sentences for what the treasury refuses, and for the faults of gateways and bank files."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from caudal.core.ports.gateway import GatewayError, GatewayFault
from caudal.core.ports.statement import StatementFault
from caudal.web import errors

errors.register(
    {
        "not-offered": _(
            "Gateways are not offered free invoices, nor customers who are not invoiced."
        ),
        "nothing-to-pay": _("The customer has nothing to pay."),
        "gateway-not-in-use": _("That gateway is not in use, or is of another company."),
        "already-settled": _("Somebody has already decided about this money."),
        "not-matched": _("This line is not matched."),
        "not-money-in": _("Only money that came in can be given to a customer."),
        "parts-differ": _("The parts add up to {sum}, and the line is {amount}."),
        "other-company": _("{customer} is a customer of another company or currency."),
        "changed-meanwhile": _("The proposals have changed meanwhile. Look at them again."),
        "payment-does-not-fit": _("Payment {payment} does not fit this line."),
        "reason-missing": _("Say why."),
        "already-decided": _("Somebody has already decided about this report."),
        "proof-not-read": _("The proof must be a photo (JPEG, PNG or WebP) or a PDF."),
        "proof-too-large": _("The proof is larger than 5 MB."),
    }
)

GATEWAY_FAULTS: dict[str, str | Promise] = {
    GatewayFault.FORGED: _("The signature is wrong."),
    GatewayFault.MALFORMED: _("The answer is not what the gateway's documentation describes."),
    GatewayFault.UNREACHABLE: _("The gateway does not answer."),
    GatewayFault.LOGIN_REFUSED: _("The gateway refuses the credentials."),
    GatewayFault.NOT_FOUND: _("The gateway does not know that payment."),
    GatewayFault.REFUSED: _("The gateway refused the request."),
    GatewayFault.BAD_CONFIG: _("The settings are not complete."),
}
STATEMENT_FAULTS: dict[str, str | Promise] = {
    StatementFault.EMPTY: _("The file is empty."),
    StatementFault.TOO_LARGE: _("The file is too large."),
    StatementFault.NOT_A_STATEMENT: _("No bank statement is found in the file."),
    StatementFault.FORBIDDEN_XML: _("The file holds XML that no bank sends. It was not read."),
    StatementFault.BROKEN: _("The file is damaged or not complete."),
    StatementFault.NO_DATE_COLUMN: _("Say which column is the date."),
    StatementFault.NO_AMOUNT_COLUMN: _("Say which column is the amount, or the credit."),
    StatementFault.NO_DATE: _("The date cannot be read"),
    StatementFault.NO_AMOUNT: _("The amount cannot be read"),
    StatementFault.TWO_AMOUNTS: _("It has a credit and a debit"),
    StatementFault.NOT_BOOKED: _("The bank has not booked it yet"),
}


def told_of_gateway(error: GatewayError) -> str:
    """What the screen says, with the other side's own word where there is one."""
    sentence = str(GATEWAY_FAULTS[error.fault])
    return f"{sentence} ({error.detail})" if error.detail else sentence
