"""Tables of payments."""

from caudal.apps.payments.models.box import CashBox, CashSession, Method, Movement
from caudal.apps.payments.models.cheque import Cheque, ChequeEvent
from caudal.apps.payments.models.payment import Payment, PaymentPart, Refund, RefundSource

__all__ = [
    "CashBox",
    "CashSession",
    "Cheque",
    "ChequeEvent",
    "Method",
    "Movement",
    "Payment",
    "PaymentPart",
    "Refund",
    "RefundSource",
]
