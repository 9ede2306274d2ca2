"""Telling customers what became of a payment that they reported."""

from datetime import datetime

from caudal.apps.billing.notices import Post
from caudal.apps.messaging.actions import queue_all
from caudal.apps.messaging.occasions import Occasion
from caudal.apps.treasury.models import ReportedPayment


def leave_rejection(report: ReportedPayment, now: datetime) -> None:
    """Leave in the outbox why the payment was not accepted."""
    customer = report.customer
    if not customer.may_be_notified:
        return
    values = {
        "report": {
            "amount": report.amount,
            "paid_on": report.paid_on,
            "reference": report.reference,
            "reason": report.reason,
        }
    }
    notice = Post([customer.pk]).notice(
        customer,
        Occasion.PAYMENT_REJECTED,
        f"report:{report.pk}:rejected",
        report.currency,
        values,
        "",
    )
    if notice.to:
        queue_all([notice], now=now)
