"""Proving invoices, credits and what customers owe from the rows they are made of."""

from collections.abc import Iterator
from typing import Any

from django.db.models import (
    CharField,
    F,
    Q,
    QuerySet,
    Value,
    Window,
)
from django.db.models.functions import Cast, Concat, Lag
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from caudal.apps.billing import (  # noqa: F401 - their checks
    life_checks,
    line_checks,
    owner_checks,
    product_checks,
)
from caudal.apps.billing.models import (
    Adjustment,
    Application,
    BilledPeriod,
    Credit,
    Invoice,
)
from caudal.apps.catalog.models import Series
from caudal.apps.ledger.models import Account, Balance, Entry, Transaction
from caudal.apps.ledger.verify import Finding, gaps, register, wrong_balance
from caudal.store.compare import differing
from caudal.store.money import money, total

State = Invoice.State
LIVE = ~Q(state__in=[State.VOID, State.MERGED])
APPLIED = Application.objects.filter(undone_at=None)


def invoices_owe_what_nothing_has_paid() -> Iterator[Finding]:
    """I3: remaining = total + debits - applications; those that are void or merged owe nothing."""
    live = Invoice.objects.filter(LIVE)
    asked = live.annotate(wanted=F("total") + F("debits")).values_list("pk", "wanted")
    paid = APPLIED.filter(invoice__in=live.values("pk")).annotate(less=money() - F("amount"))
    owed = Invoice.objects.values_list("pk", "remaining")
    for (key,), left, found in differing([asked, paid.values_list("invoice_id", "less")], [owed]):
        yield _wrong_invoice(key, str(left), str(found))


def void_invoices_took_nothing() -> Iterator[Finding]:
    """What a void invoice had taken was given back."""
    void = APPLIED.filter(invoice__state=State.VOID)
    for (key,), found, _none in differing([void.values_list("invoice_id", "amount")], []):
        yield _wrong_invoice(key, "0", str(found))


def states_say_what_is_left() -> Iterator[Finding]:
    """PAY-2."""
    asked = F("total") + F("debits")
    paid, untouched = Q(remaining=money()), Q(remaining__gt=money(), remaining=asked)
    part = Q(remaining__gt=money(), remaining__lt=asked)
    wrong = (
        (paid & ~Q(state=State.PAID))
        | (untouched & ~Q(state=State.OPEN))
        | (part & ~Q(state=State.PARTIAL))
    )
    for row in Invoice.objects.filter(LIVE & wrong).order_by("id").iterator():
        yield _wrong_invoice(row.pk, f"{row.remaining} / {row.asked}", row.state)


def invoices_add_up() -> Iterator[Finding]:
    """I11: total = net + tax = what the lines add up to."""
    for row in Invoice.objects.filter(~Q(total=F("net") + F("tax"))).order_by("id").iterator():
        yield _wrong_invoice(row.pk, f"{row.net} + {row.tax}", str(row.total))
    sums = Invoice.objects.order_by().values_list("pk", "net", "tax")
    both = sums.annotate(net_sum=total("lines__net"), tax_sum=total("lines__tax"))
    wrong = both.filter(~Q(net_sum=F("net")) | ~Q(tax_sum=F("tax")))
    for key, net, tax, net_sum, tax_sum in wrong.iterator():
        yield _wrong_invoice(key, f"{net_sum} + {tax_sum}", f"{net} + {tax}")


def invoices_are_in_the_books() -> Iterator[Finding]:
    """What an invoice asks for is booked on its customer; of one that is void, or merges others,
    nothing is."""
    name = Concat(Value("invoice:"), Cast("pk", CharField()), output_field=CharField())
    booked_ones = Invoice.objects.exclude(state=State.VOID).exclude(origin=Invoice.Origin.MERGE)
    kind = Transaction.Kind.INVOICE
    entries = Entry.objects.filter(
        Q(transaction__kind=kind) | Q(transaction__reverses__kind=kind),
        account__kind=Account.Kind.RECEIVABLE,
    )
    asked = booked_ones.annotate(name=name).values_list("name", "customer_id", "total")
    booked = entries.values_list("transaction__document", "customer_id", "amount")
    for (document, _customer), expected, found in differing([asked], [booked]):
        yield _wrong_invoice(int(document.partition(":")[2]), str(expected), str(found))


def adjustments_are_in_the_books() -> Iterator[Finding]:
    """ADJ-4: what a DX or CX says is booked on its customer."""
    debit, credit = Adjustment.Kind.DEBIT, Adjustment.Kind.CREDIT
    notes: Any = Adjustment.objects.all()
    good = notes.filter(
        Q(kind=debit, transaction__entries__amount=F("amount"))
        | Q(kind=credit, transaction__entries__amount=money() - F("amount")),
        transaction__company=F("company"),
        transaction__currency=F("currency"),
        transaction__entries__customer=F("customer"),
    )
    for note in notes.exclude(pk__in=good.values("pk")).order_by("id").iterator():
        legs = Entry.objects.filter(transaction=note.transaction_id, customer__isnull=False)
        found = ", ".join(f"{leg.customer_id} {leg.amount}" for leg in legs.order_by("id"))
        row = f"{note.get_kind_display()} {note.prefix}{note.number}"
        yield Finding(row, f"{note.customer_id} {note.amount}", found)


def credits_hold_what_they_did_not_settle() -> Iterator[Finding]:
    """I3: remaining = amount - returned - applications; withdrawn ones hold and settle nothing."""
    held = Credit.objects.filter(withdrawn_at=None)
    had = held.annotate(had=F("amount") - F("returned")).values_list("pk", "had")
    used = APPLIED.annotate(less=money() - F("amount")).values_list("credit_id", "less")
    kept = Credit.objects.values_list("pk", "remaining")
    for (key,), expected, found in differing([had, used], [kept]):
        uses = Application.objects.filter(credit=key).order_by("id")
        yield Finding(_("credit %(id)s") % {"id": key}, str(expected), str(found), _told(uses))


def balances_are_what_invoices_and_credits_say() -> Iterator[Finding]:
    """I2: balance = what invoices ask - money in favour + debit notes that have not landed."""
    purse = ("customer_id", "company_id", "currency")
    owed = Invoice.objects.unpaid().values_list(*purse, "remaining")
    free = Credit.objects.filter(remaining__gt=money()).annotate(less=money() - F("remaining"))
    notes = Adjustment.objects.filter(kind=Adjustment.Kind.DEBIT, invoice=None)
    said = [owed, free.values_list(*purse, "less"), notes.values_list(*purse, "amount")]
    for key, expected, found in differing(said, [Balance.objects.values_list(*purse, "amount")]):
        yield wrong_balance(key, expected, found)


def numbers_have_no_gaps() -> Iterator[Finding]:
    """I20: each series is used up to its next number, from the first one it gave."""
    invoices = Invoice.objects.filter(gave_number_back=False)
    users: dict[str, QuerySet[Any]] = {
        Series.Kind.INVOICE: invoices.filter(kind=Invoice.Kind.SERVICE),
        Series.Kind.FREE_INVOICE: invoices.filter(kind=Invoice.Kind.FREE),
        Series.Kind.DEBIT_NOTE: Adjustment.objects.filter(kind=Adjustment.Kind.DEBIT),
        Series.Kind.CREDIT_NOTE: Adjustment.objects.filter(kind=Adjustment.Kind.CREDIT),
    }
    for series in Series.objects.filter(kind__in=users).select_related("company"):
        yield from gaps(series, users[series.kind])


def no_day_is_billed_twice() -> Iterator[Finding]:
    """I4: live periods of a service do not overlap; the database refuses it as well."""
    before = Window(Lag("last"), partition_by=F("service_id"), order_by=("first", "id"))
    rows: Any = BilledPeriod.objects.filter(is_void=False).annotate(before=before)
    for row in rows.filter(before__gte=F("first")).iterator():
        words = _("service %(service)s") % {"service": row.service_id}
        yield Finding(words, f"> {row.before}", str(row.first), _told_of(row.invoice_id))


def _wrong_invoice(key: int, expected: str, found: str) -> Finding:
    label = str(Invoice.objects.filter(pk=key).first() or "?")
    row = _("invoice %(number)s (%(id)s)") % {"number": label, "id": key}
    return Finding(row, expected, found, _told_of(key))


def _told_of(invoice: int) -> tuple[str, ...]:
    return _told(Application.objects.filter(invoice=invoice).order_by("id"))


def _told(uses: QuerySet[Application]) -> tuple[str, ...]:
    return tuple(
        f"{part.at:%Y-%m-%d} credit {part.credit_id} → invoice {part.invoice_id} {part.amount}"
        + (" undone" if part.undone_at else "")
        for part in uses
    )


register(_lazy("Invoices owe what nothing has paid"), invoices_owe_what_nothing_has_paid)
register(_lazy("Void invoices took nothing"), void_invoices_took_nothing)
register(_lazy("States of invoices say what is left"), states_say_what_is_left)
register(_lazy("Invoices add up"), invoices_add_up)
register(_lazy("Invoices are in the books"), invoices_are_in_the_books)
register(_lazy("Adjustments are in the books"), adjustments_are_in_the_books)
register(_lazy("Credits hold what they did not settle"), credits_hold_what_they_did_not_settle)
register(
    _lazy("Balances are what invoices and credits say"), balances_are_what_invoices_and_credits_say
)
register(_lazy("Numbers have no gaps"), numbers_have_no_gaps)
register(_lazy("No day is billed twice"), no_day_is_billed_twice)
