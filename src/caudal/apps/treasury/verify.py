"""Proving that money from outside became the payments that it says, and that none was lost."""

from collections.abc import Iterator
from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _lazy

from caudal.apps.ledger.verify import Finding, register
from caudal.apps.treasury.models import Assignment, BankLine, GatewayPayment, ReportedPayment
from caudal.core.ports.gateway import PaymentStatus
from caudal.store.compare import differing


def bank_lines_went_to_their_payments() -> Iterator[Finding]:
    """A matched line is shared out to the last cent; each share is a payment of its amount."""
    live = Assignment.objects.filter(undone_at=None)
    matched = BankLine.objects.filter(state=BankLine.State.MATCHED).values_list("pk", "amount")
    for (key,), expected, found in differing([matched], [live.values_list("line_id", "amount")]):
        yield Finding(f"bank line {key}", str(expected), str(found))
    wrong: Any = live.exclude(payment__amount=F("amount"), payment__customer=F("customer"))
    for row in wrong.select_related("payment").order_by("id").iterator():
        paid = f"{row.payment and row.payment.customer_id} {row.payment and row.payment.amount}"
        yield Finding(f"bank line {row.line_id}", f"{row.customer_id} {row.amount}", paid)


def gateway_money_is_paid_or_waits() -> Iterator[Finding]:
    """PAY-6: what was approved is a payment of its amount, waits, or a person set it aside."""
    paid: Any = GatewayPayment.objects.filter(payment__isnull=False)
    wrong = paid.exclude(
        payment__amount=F("amount"),
        payment__customer=F("customer"),
        payment__currency=F("currency"),
    )
    for row in wrong.select_related("payment").order_by("id").iterator():
        found = f"{row.payment.customer_id} {row.payment.amount} {row.payment.currency}"
        yield Finding(_named(row), f"{row.customer_id} {row.amount} {row.currency}", found)
    lost = GatewayPayment.objects.filter(
        status=PaymentStatus.APPROVED, payment=None, unmatched="", settled_by=""
    )
    for row in lost.order_by("id").iterator():
        yield Finding(_named(row), f"{row.amount} {row.currency}", "0")


def approved_reports_are_payments() -> Iterator[Finding]:
    """A report is a payment of its amount once it is approved, and none before."""
    approved = Q(state=ReportedPayment.State.APPROVED)
    right = Q(payment__amount=F("amount"), payment__customer=F("customer"))
    good = (approved & right) | (~approved & Q(payment=None))
    for row in ReportedPayment.objects.exclude(good).select_related("payment").order_by("id"):
        found = f"{row.payment and row.payment.amount}"
        yield Finding(f"report {row.pk}", f"{row.state} {row.amount}", found)


def _named(row: GatewayPayment) -> str:
    return f"gateway payment {row.gateway_id} {row.external_id}"


register(_lazy("Bank lines went to their payments"), bank_lines_went_to_their_payments)
register(_lazy("Gateway money is paid or waits"), gateway_money_is_paid_or_waits)
register(_lazy("Approved reports are payments"), approved_reports_are_payments)
