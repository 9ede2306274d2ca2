"""Telling customers that their money arrived, with the receipt."""

from datetime import date, datetime

from django.conf import settings
from django.utils import translation

from caudal.apps.billing.notices import Post
from caudal.apps.messaging.actions import queue_all
from caudal.apps.messaging.occasions import Occasion
from caudal.apps.payments.models import Payment


def leave_receipt(payment: Payment, paid_on: date, now: datetime) -> None:
    """Leave the receipt in the outbox, for customers who want it by e-mail."""
    customer = payment.customer
    if not (customer.may_be_notified and customer.mail_payments):
        return
    with translation.override(settings.LANGUAGE_CODE):
        values = {
            "payment": {
                "number": str(payment),
                "amount": payment.amount,
                "paid_on": paid_on,
                "method": payment.get_method_display(),
            }
        }
    notice = Post([customer.pk]).notice(
        customer,
        Occasion.PAYMENT_RECEIPT,
        f"payment:{payment.pk}:received",
        payment.currency,
        values,
        f"payment:{payment.pk}",
    )
    if notice.to:
        queue_all([notice], now=now)
