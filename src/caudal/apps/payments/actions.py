"""Every write of the payments room."""

from caudal.apps.payments.boxes import create_cash_box, edit_cash_box
from caudal.apps.payments.corrections import delete_payment, edit_payment
from caudal.apps.payments.registration import register_payment

__all__ = [
    "create_cash_box",
    "delete_payment",
    "edit_cash_box",
    "edit_payment",
    "register_payment",
]
