"""Tables of payments."""

from caudal.apps.payments.models.box import CashBox, CashSession, Method, Movement
from caudal.apps.payments.models.cheque import Cheque, ChequeEvent
from caudal.apps.payments.models.commission import CommissionRate
from caudal.apps.payments.models.payment import Payment, PaymentPart, Refund, RefundSource

__all__ = [
    "CashBox",
    "CashSession",
    "Cheque",
    "ChequeEvent",
    "CommissionRate",
    "Method",
    "Movement",
    "Payment",
    "PaymentPart",
    "Refund",
    "RefundSource",
]
