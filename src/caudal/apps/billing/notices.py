"""What customers are told about their invoices; the same thing is never told twice."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime

from django.db.models import QuerySet

from caudal.apps.billing.calendars import zones_in
from caudal.apps.billing.messages import Post, invoice_values, service_values
from caudal.apps.billing.models import Invoice
from caudal.apps.clock.jobs import Run
from caudal.apps.messaging.actions import Notice, queue_all
from caudal.apps.messaging.occasions import Occasion

__all__ = [
    "Post",
    "about",
    "invoice_values",
    "leave",
    "leave_issued",
    "leave_new",
    "service_values",
    "told",
]

PAGE = 250
Maker = Callable[[Invoice, Post], Notice]


def leave_new(today: date, now: datetime, *, zone: str = "", run: Run | None = None) -> int:
    """Leave in the outbox the invoices whose emission date is `today`; returns how many."""
    found = told().filter(
        customer__zone__in=zones_in(zone), emission=today, customer__mail_invoices=True
    )
    return leave(found, _issued, now, run or Run())


def leave_issued(invoices: Iterable[Invoice], now: datetime) -> None:
    """Tell of invoices made by hand at once, those of the cycle are told by the job."""
    ids = [invoice.pk for invoice in invoices]
    leave(told().filter(pk__in=ids, customer__mail_invoices=True), _issued, now, Run())


def told() -> QuerySet[Invoice]:
    """Invoices that ask for something, of customers who are told (GEN-4, EXM-1)."""
    return Invoice.objects.unpaid().filter(
        customer__may_be_notified=True,
        customer__is_invoiced=True,
        customer__archived_at=None,
    )


def leave(
    found: QuerySet[Invoice],
    make: Maker,
    now: datetime,
    run: Run,
    wanted: Callable[[Invoice], bool] = lambda invoice: True,
) -> int:
    left = 0
    for page in _pages(found):
        post = Post(invoice.customer_id for invoice in page)
        notices = [make(invoice, post) for invoice in page if wanted(invoice)]
        notices = [notice for notice in notices if notice.to]
        queue_all(notices, now=now)
        left += len(notices)
        run.advance(len(page))
    return left


def _pages(found: QuerySet[Invoice]) -> Iterator[list[Invoice]]:
    last = 0
    while True:
        rest = found.filter(pk__gt=last).select_related("customer", "customer__company")
        page = list(rest.order_by("pk")[:PAGE])
        if not page:
            return
        yield page
        last = page[-1].pk


def _issued(invoice: Invoice, post: Post) -> Notice:
    return about(invoice, post, Occasion.INVOICE_ISSUED, f"invoice:{invoice.pk}:issued")


def about(invoice: Invoice, post: Post, occasion: str, key: str) -> Notice:
    values = {"invoice": invoice_values(invoice)}
    attachment = f"invoice:{invoice.pk}"
    return post.notice(invoice.customer, occasion, key, invoice.currency, values, attachment)
