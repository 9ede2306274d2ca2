"""The months since the takeover: the real jobs of each date, and people who pay as people do."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.conf import settings

from caudal.apps.billing.models import Invoice
from caudal.apps.clock.jobs import Run as Job
from caudal.apps.customers.models import Customer
from caudal.apps.dunning.notices import leave_notices
from caudal.apps.payments.actions import register_payment
from caudal.apps.payments.models import CashBox, Payment
from caudal.apps.runs.actions import approve, automatic
from caudal.apps.runs.models import Run
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.models import User

DAY = timedelta(days=1)
WAYS = (
    ("Caja principal", "cajera", Payment.Method.CASH),
    ("Caja principal", "cajera", Payment.Method.CASH),
    ("Banco", "gerente", Payment.Method.TRANSFER),
    ("Cobranza en ruta", "cobrador", Payment.Method.CASH),
)
"""Cash box, who takes it and how, by turns."""


def live(first: date, last: date, now: datetime) -> None:
    """Every date from `first` to `last`: invoices, notices, cuts, and payments at noon.

    Everything in it is done once however often it is called; `now` is never passed.
    """
    for day in _days(first, last):
        for hour, work in ((6, _create), (7, leave_notices), (8, _cut)):
            if _at(day, hour) <= now:
                work(day, _at(day, hour))
        if _at(day, 12) <= now:
            _pay(day)


def _create(day: date, now: datetime) -> None:
    _run(Run.Kind.CREATE, day, now)


def _cut(day: date, now: datetime) -> None:
    _run(Run.Kind.CUT, day, now)


def _run(kind: str, day: date, now: datetime) -> None:
    """As the clock does it; the manager lets go what a brake has stopped."""
    automatic(kind, day, settings.TIME_ZONE, now, Job())
    manager = Actor.person(User.objects.get(username="gerente"))
    for run in Run.objects.waiting_for_a_person():
        approve(actor=manager, now=now, today=day, run=run, typed=run.totals["rows"])
        automatic(kind, day, settings.TIME_ZONE, now, Job())


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + number * DAY


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), ZoneInfo(settings.TIME_ZONE))


def _pay(day: date) -> None:
    """Those whose day has come: most before the due date, some when they are cut, a few never."""
    boxes = {box.name: box for box in CashBox.objects.all()}
    people = {user.username: user for user in User.objects.all()}
    unpaid = Invoice.objects.filter(remaining__gt=0, emission__lte=day, kind="service")
    places = _places()
    for invoice in unpaid.select_related("customer__company").order_by("pk"):
        place = places[invoice.customer_id]
        if _pays_on(invoice, place) != day:
            continue
        box, username, method = WAYS[place % len(WAYS)]
        user = people[username]
        register_payment(
            actor=Actor.person(user),
            now=_at(day, 12),
            customer=invoice.customer,
            amount=_amount(invoice, place),
            currency=invoice.currency,
            method=method,
            cash_box=boxes[box],
            paid_at=_at(day, 12),
            invoice=invoice,
            external_id=f"demo:{invoice.pk}",
            restore=True,
            operator=user,
        )


def _places() -> dict[int, int]:
    """1, 2 ... in the order in which customers came: their keys have gaps where rows were tried."""
    keys = Customer.objects.order_by("pk").values_list("pk", flat=True)
    return {pk: place for place, pk in enumerate(keys, start=1)}


def _habit(invoice: Invoice, place: int) -> int:
    """0 to 99, the same for a customer and month whenever it is asked."""
    return (place * 37 + invoice.due.month * 11) % 100


def _pays_on(invoice: Invoice, place: int) -> date | None:
    habit = _habit(invoice, place)
    if place % 40 == 7:
        return None
    if habit < 6 and invoice.cut:
        return invoice.cut + (habit % 4) * DAY
    return min(invoice.emission + (1 + habit % 7) * DAY, (invoice.cut or invoice.due) - DAY)


def _amount(invoice: Invoice, place: int) -> Decimal:
    """One in a hundred pays a part."""
    if _habit(invoice, place) == 17:
        return (invoice.remaining / 2).quantize(Decimal("1."))
    return invoice.remaining
