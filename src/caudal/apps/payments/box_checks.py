"""Proving that boxes, cheques and refunds say what was booked for them, row by row."""

from collections.abc import Iterator
from typing import Any

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _lazy

from caudal.apps.billing.models import Credit
from caudal.apps.ledger.models import Entry, Transaction
from caudal.apps.ledger.verify import Finding, register
from caudal.apps.payments.models import (
    CashBox,
    CashSession,
    Cheque,
    Movement,
    Payment,
    PaymentPart,
    Refund,
    RefundSource,
)
from caudal.core.money import ZERO
from caudal.store.compare import differing
from caudal.store.money import MoneyField, money, total


def movements_are_in_the_books() -> Iterator[Finding]:
    """What a transaction booked in a box is what moved there by it."""
    moved = Movement.objects.values_list("transaction_id", "box__account_id", "amount")
    booked = Entry.objects.filter(account__in=CashBox.objects.values("account"))
    entries = booked.values_list("transaction_id", "account_id", "amount")
    for (key, account), expected, found in differing([entries], [moved]):
        box = CashBox.objects.filter(account=account).first()
        yield Finding(f"transaction {key}, cash box {box}", str(expected), str(found))


def sessions_tell_their_difference() -> Iterator[Finding]:
    """CSH-2: what was over or short at the closing is what was booked so."""
    booked = Movement.objects.filter(
        session=OuterRef("pk"), box=OuterRef("box"), kind=Movement.Kind.DIFFERENCE
    )
    sums = booked.order_by().values("session").annotate(sum=total("amount")).values("sum")
    rows: Any = CashSession.objects.exclude(closed_at=None).annotate(
        booked=Coalesce(Subquery(sums, output_field=MoneyField()), money(ZERO))
    )
    right = {"difference": F("booked"), "expected_cash": F("counted_cash") - F("difference")}
    for row in rows.exclude(**right).select_related("box").order_by("id"):
        found = f"{row.counted_cash} - {row.expected_cash}: {row.difference}"
        yield Finding(f"cash session {row}", str(row.booked), found)


def cheques_are_of_who_paid() -> Iterator[Finding]:
    wrong = Cheque.objects.exclude(part__payment__customer=F("customer"))
    for row in wrong.order_by("id"):
        payment = Payment.objects.filter(parts__cheque=row).first()
        found = str(payment and payment.customer_id)
        yield Finding(f"cheque {row} ({row.pk})", str(row.customer_id), found)


def payments_name_the_box_of_their_first_part() -> Iterator[Finding]:
    first = PaymentPart.objects.filter(payment=OuterRef("pk")).order_by("position")
    rows: Any = Payment.objects.annotate(first=Subquery(first.values("cash_box")[:1]))
    for row in rows.exclude(cash_box=F("first")).order_by("id").iterator():
        yield Finding(f"payment {row} ({row.pk})", str(row.first), str(row.cash_box_id))


def refunds_left_their_box() -> Iterator[Finding]:
    """PAY-7: out of the box they name, and out of the credits they came of."""
    less: Any = money(ZERO) - F("amount")
    good = Refund.objects.filter(
        transaction__entries__account=F("cash_box__account"), transaction__entries__amount=less
    )
    for row in Refund.objects.exclude(pk__in=good.values("pk")).order_by("id"):
        yield Finding(f"refund {row} ({row.pk})", str(row.amount), f"cash box {row.cash_box_id}")
    yield from _wrong_returns()


def what_was_booked_has_its_paper() -> Iterator[Finding]:
    """A payment or refund of the books is one of those that people see."""
    for kind, paper in ((Transaction.Kind.PAYMENT, "payment"), (Transaction.Kind.REFUND, "refund")):
        lost = Transaction.objects.filter(kind=kind, reverses=None, **{f"{paper}__isnull": True})
        for row in lost.order_by("sequence").iterator():
            yield Finding(f"{row.document} #{row.sequence}", str(row.kind), "-")


def _wrong_returns() -> Iterator[Finding]:
    """What a credit gave back went into refunds, or bounced with a cheque of a mixed payment."""
    refunded = RefundSource.objects.filter(refund__deleted_at=None, credit__withdrawn_at=None)
    bounced = PaymentPart.objects.filter(
        cheque__state=Cheque.State.REJECTED, payment__credit__withdrawn_at=None
    )
    said = [
        refunded.values_list("credit_id", "amount"),
        bounced.values_list("payment__credit_id", "amount"),
    ]
    kept = Credit.objects.filter(withdrawn_at=None).values_list("pk", "returned")
    for (key,), expected, found in differing(said, [kept]):
        yield Finding(f"credit {key}", str(expected), str(found))


register(_lazy("Movements are in the books"), movements_are_in_the_books)
register(_lazy("Sessions tell their difference"), sessions_tell_their_difference)
register(_lazy("Cheques are of who paid"), cheques_are_of_who_paid)
register(
    _lazy("Payments name the box of their first part"), payments_name_the_box_of_their_first_part
)
register(_lazy("Refunds left their box"), refunds_left_their_box)
register(_lazy("What was booked has its paper"), what_was_booked_has_its_paper)
