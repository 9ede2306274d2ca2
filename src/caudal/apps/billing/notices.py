"""What customers are told about invoices and cuts; the same thing is never told twice."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from caudal.apps.billing.calendars import zones_in
from caudal.apps.billing.messages import Post, invoice_values, service_values
from caudal.apps.billing.models import Invoice
from caudal.apps.clock.jobs import Run
from caudal.apps.customers.models import Customer, Service
from caudal.apps.messaging.actions import Notice, queue_all
from caudal.apps.messaging.occasions import Occasion
from caudal.core.notices import NoticeTerms, NoticeWindow, notifies

__all__ = ["Post", "leave_cut_notice", "leave_issued", "leave_notices", "leave_restored_notice"]

PAGE = 250
ALL_MONTH = NoticeWindow(1, 31)
"""Reminders have their own days; only a customer's own window narrows them (CUT-7)."""

Maker = Callable[[Invoice, Post], Notice]


def leave_notices(
    today: date, now: datetime, *, zone: str = "", run: Run | None = None
) -> dict[str, Any]:
    """Leave in the outbox what is to be told on `today`: new invoices, and days to pay."""
    job = run or Run()
    told = _told().filter(customer__zone__in=zones_in(zone))
    issued = told.filter(emission=today, customer__mail_invoices=True)
    days = Q(notice=today) | Q(due=today)
    reminded = told.filter(days, emission__lt=today, kind=Invoice.Kind.SERVICE)

    def reminder(invoice: Invoice, post: Post) -> Notice:
        key = f"invoice:{invoice.pk}:reminder:{today.isoformat()}"
        return _about(invoice, post, Occasion.PAYMENT_REMINDER, key)

    def wanted(invoice: Invoice) -> bool:
        return notifies(today, invoice.remaining, _terms(invoice.customer), ALL_MONTH)

    return {
        "issued": _leave(issued, _issued, now, job),
        "reminders": _leave(reminded, reminder, now, job, wanted),
    }


def leave_issued(invoices: Iterable[Invoice], now: datetime) -> None:
    """Tell of invoices made by hand at once, those of the cycle are told by the job."""
    ids = [invoice.pk for invoice in invoices]
    _leave(_told().filter(pk__in=ids, customer__mail_invoices=True), _issued, now, Run())


def leave_cut_notice(
    service: Service, invoices: Sequence[Invoice], key: str, now: datetime
) -> None:
    """Tell a customer that his service was cut, and for which invoice."""
    customer = service.customer
    if not customer.may_be_notified or not invoices:
        return
    values = {"invoice": invoice_values(invoices[0]), "service": service_values(service)}
    post = Post([customer.pk])
    notice = post.notice(customer, Occasion.CUT_NOTICE, key, invoices[0].currency, values)
    if notice.to:
        queue_all([notice], now=now)


def leave_restored_notice(service: Service, key: str, now: datetime) -> None:
    """Tell a customer that he browses again."""
    customer = service.customer
    if not customer.may_be_notified:
        return
    values = {"service": service_values(service)}
    post = Post([customer.pk])
    notice = post.notice(customer, Occasion.SERVICE_RESTORED, key, service.plan.currency, values)
    if notice.to:
        queue_all([notice], now=now)


def _told() -> QuerySet[Invoice]:
    """Invoices that ask for something, of customers who are told (GEN-4, EXM-1)."""
    return Invoice.objects.unpaid().filter(
        customer__may_be_notified=True,
        customer__is_invoiced=True,
        customer__archived_at=None,
    )


def _leave(
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
    return _about(invoice, post, Occasion.INVOICE_ISSUED, f"invoice:{invoice.pk}:issued")


def _about(invoice: Invoice, post: Post, occasion: str, key: str) -> Notice:
    values = {"invoice": invoice_values(invoice)}
    attachment = f"invoice:{invoice.pk}"
    return post.notice(invoice.customer, occasion, key, invoice.currency, values, attachment)


def _terms(customer: Customer) -> NoticeTerms:
    first, last = customer.notice_from_day, customer.notice_to_day
    window = NoticeWindow(first, last) if first and last else None
    return NoticeTerms(
        wanted=customer.may_be_notified, gratis=not customer.is_invoiced, own_window=window
    )
