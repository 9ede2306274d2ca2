"""Every write of the payments room."""

from caudal.apps.payments.boxes import create_cash_box, edit_cash_box
from caudal.apps.payments.cash import Cause, hand_over, move_cash
from caudal.apps.payments.cheques import clear_cheques, deposit_cheques, reject_cheque
from caudal.apps.payments.corrections import delete_payment, edit_part, edit_payment
from caudal.apps.payments.parts import ChequeData, Part
from caudal.apps.payments.refunds import delete_refund, refund, refundable, refundable_of
from caudal.apps.payments.registration import register_payment
from caudal.apps.payments.sessions import close_session, open_session

__all__ = [
    "Cause",
    "ChequeData",
    "Part",
    "clear_cheques",
    "close_session",
    "create_cash_box",
    "delete_payment",
    "delete_refund",
    "deposit_cheques",
    "edit_cash_box",
    "edit_part",
    "edit_payment",
    "hand_over",
    "move_cash",
    "open_session",
    "refund",
    "refundable",
    "refundable_of",
    "register_payment",
    "reject_cheque",
]
