"""Proving boxes, parts, sessions, cheques and refunds from the rows they are made of."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _lazy

from caudal.apps.catalog.models import Series
from caudal.apps.ledger.models import Entry
from caudal.apps.ledger.verify import SHOWN, Finding, gaps, register
from caudal.apps.payments import box_checks  # noqa: F401 - its checks
from caudal.apps.payments.models import (
    CashBox,
    CashSession,
    Cheque,
    ChequeEvent,
    Movement,
    Payment,
    PaymentPart,
    Refund,
)
from caudal.store.compare import differing
from caudal.store.money import MoneyField, money, total


def payments_are_the_sum_of_their_parts() -> Iterator[Finding]:
    """A payment = its parts = the credit it opened."""
    rows: Any = Payment.objects.annotate(parted=total("parts__amount"))
    wrong = rows.filter(~Q(parted=F("amount")) | ~Q(credit__amount=F("amount")))
    for row in wrong.select_related("credit").order_by("id").iterator():
        found = f"parts {row.parted}, credit {row.credit.amount}"
        yield Finding(f"payment {row} ({row.pk})", str(row.amount), found, _parts(row))


def payments_and_refunds_are_in_the_books() -> Iterator[Finding]:
    """Each is booked on its customer for its amount, and reversed if and only if it is deleted."""
    less: Any = money(Decimal(0)) - F("amount")
    credited = Q(
        credit__customer=F("customer"),
        credit__company=F("company"),
        credit__currency=F("currency"),
    )
    yield from _unbooked(Payment, less, credited)
    yield from _unbooked(Refund, F("amount"), Q())


def parts_lie_in_the_boxes_they_name() -> Iterator[Finding]:
    """What a payment moved in each box, edits included = its parts there; a deletion is apart."""
    named = PaymentPart.objects.values_list("payment_id", "cash_box_id", "amount")
    kinds = (Movement.Kind.PAYMENT, Movement.Kind.EDIT)
    moved = Movement.objects.filter(kind__in=kinds, payment__isnull=False)
    found = moved.values_list("payment_id", "box_id", "amount")
    for (key, box), said, kept in differing([named], [found]):
        row = Payment.objects.get(pk=key)
        label = f"payment {row} ({key}), cash box {CashBox.objects.get(pk=box)}"
        yield Finding(label, str(said), str(kept), _parts(row))


def receipts_have_no_gaps() -> Iterator[Finding]:
    """I20 for receipts of payments and refunds."""
    users = {Series.Kind.RECEIPT: Payment, Series.Kind.REFUND: Refund}
    for series in Series.objects.filter(kind__in=users).select_related("company"):
        yield from gaps(series, users[Series.Kind(series.kind)]._default_manager.all())


def boxes_hold_what_moved_in_them() -> Iterator[Finding]:
    """The ledger's account of a box = its movements."""
    rows: Any = CashBox.objects.annotate(
        booked=_sum(Entry.objects.filter(account=OuterRef("account")), "account"),
        moved=_sum(Movement.objects.filter(box=OuterRef("pk")), "box"),
    )
    for row in rows.filter(~Q(booked=F("moved"))).order_by("id"):
        yield Finding(f"cash box {row} ({row.pk})", str(row.booked), str(row.moved), _moves(row))


def sessions_close_with_their_movements() -> Iterator[Finding]:
    """I21: what a closed session counted = opened with + what moved in its drawer."""
    inside = Movement.objects.filter(session=OuterRef("pk"), box=OuterRef("box"))
    rows: Any = CashSession.objects.exclude(closed_at=None).annotate(moved=_sum(inside, "session"))
    wrong = rows.filter(~Q(counted_cash=F("opened_with") + F("moved")))
    for row in wrong.select_related("box").order_by("id"):
        expected = row.opened_with + row.moved
        yield Finding(f"cash session {row}", str(expected), str(row.counted_cash))


def portfolios_hold_their_cheques() -> Iterator[Finding]:
    """CSH-3: a box of cheques holds those in portfolio, and no other money."""
    inside = Cheque.objects.filter(box=OuterRef("pk"), state=Cheque.State.PORTFOLIO)
    rows: Any = CashBox.objects.filter(kind=CashBox.Kind.CHEQUES).annotate(
        papers=_sum(inside, "box"),
        booked=_sum(Entry.objects.filter(account=OuterRef("account")), "account"),
    )
    for row in rows.filter(~Q(papers=F("booked"))).order_by("id"):
        yield Finding(f"cheques of {row} ({row.pk})", str(row.papers), str(row.booked), _moves(row))


def cheques_came_with_a_payment() -> Iterator[Finding]:
    """Each cheque is the part of one payment, of its amount, and its history ends in its state."""
    steps = ChequeEvent.objects.filter(cheque=OuterRef("pk")).order_by("-id")
    rows: Any = Cheque.objects.annotate(last=Subquery(steps.values("state")[:1]))
    same = Q(part__amount=F("amount"), last=F("state"))
    for row in rows.exclude(same).order_by("id"):
        part = PaymentPart.objects.filter(cheque=row).first()
        found = f"{part and part.amount} {row.last}"
        yield Finding(f"cheque {row} ({row.pk})", f"{row.amount} {row.state}", found)


def refunds_came_out_of_credits() -> Iterator[Finding]:
    """PAY-7: a refund = its sources."""
    rows: Any = Refund.objects.annotate(sourced=total("sources__amount"))
    for row in rows.filter(~Q(sourced=F("amount"))).order_by("id").iterator():
        yield Finding(f"refund {row} ({row.pk})", str(row.amount), str(row.sourced))


def _unbooked(model: type[Payment] | type[Refund], amount: Any, more: Q) -> Iterator[Finding]:
    kept = Q(deleted_at=None, transaction__reversed_by=None)
    undone = Q(deleted_at__isnull=False, transaction__reversed_by__isnull=False)
    rows: Any = model.objects.all()
    good = rows.filter(
        (kept | undone) & more,
        transaction__company=F("company"),
        transaction__currency=F("currency"),
        transaction__entries__customer=F("customer"),
        transaction__entries__amount=amount,
    )
    if good.count() == rows.count():  # one pass, as nearly always; only else the wrong ones
        return
    wrong = rows.exclude(pk__in=good.values("pk")).select_related("transaction")
    for row in wrong.order_by("id").iterator():
        legs = row.transaction.entries.filter(customer__isnull=False).order_by("id")
        found = ", ".join(f"{leg.customer_id} {leg.amount}" for leg in legs)
        state = "reversed" if hasattr(row.transaction, "reversed_by") else "booked"
        yield Finding(
            f"{model._meta.model_name} {row} ({row.pk})",
            f"{'reversed' if row.deleted_at else 'booked'} {row.customer_id} {row.amount}",
            f"{state} {found} {row.transaction.currency}",
        )


def _sum(rows: Any, by: str) -> Coalesce:
    summed = rows.order_by().values(by).annotate(sum=total("amount")).values("sum")
    return Coalesce(Subquery(summed, output_field=MoneyField()), money(Decimal(0)))


def _parts(row: Payment) -> tuple[str, ...]:
    return tuple(f"{part.method} {part.cash_box} {part.amount}" for part in row.parts.all())


def _moves(row: CashBox) -> tuple[str, ...]:
    last = row.movements.order_by("-id")[:SHOWN]
    return tuple(f"{each.at:%Y-%m-%d %H:%M} {each.kind} {each.amount}" for each in reversed(last))


register(_lazy("Payments are the sum of their parts"), payments_are_the_sum_of_their_parts)
register(_lazy("Payments and refunds are in the books"), payments_and_refunds_are_in_the_books)
register(_lazy("Receipts have no gaps"), receipts_have_no_gaps)
register(_lazy("Parts lie in the boxes they name"), parts_lie_in_the_boxes_they_name)
register(_lazy("Boxes hold what moved in them"), boxes_hold_what_moved_in_them)
register(_lazy("Sessions close with their movements"), sessions_close_with_their_movements)
register(_lazy("Portfolios hold their cheques"), portfolios_hold_their_cheques)
register(_lazy("Cheques came with a payment"), cheques_came_with_a_payment)
register(_lazy("Refunds came out of credits"), refunds_came_out_of_credits)
