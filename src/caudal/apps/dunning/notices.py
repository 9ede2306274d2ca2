"""What customers are told about days to pay, cuts and coming back; nothing is told twice."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from caudal.apps.billing.calendars import zones_in
from caudal.apps.billing.models import Invoice
from caudal.apps.billing.notices import (
    Post,
    about,
    invoice_values,
    leave,
    leave_new,
    service_values,
    told,
)
from caudal.apps.clock.jobs import Run
from caudal.apps.customers.models import Customer, Service
from caudal.apps.dunning.models import Promise
from caudal.apps.messaging.actions import Notice, queue_all
from caudal.apps.messaging.occasions import Occasion
from caudal.core.notices import NoticeTerms, NoticeWindow, notifies

ALL_MONTH = NoticeWindow(1, 31)
"""Reminders have their own days; only a customer's own window narrows them (CUT-7)."""


def leave_notices(
    today: date, now: datetime, *, zone: str = "", run: Run | None = None
) -> dict[str, Any]:
    """Leave in the outbox what is to be told on `today`: new invoices, and days to pay."""
    job = run or Run()
    days = Q(notice=today) | Q(due=today)
    reminded = told().filter(
        days,
        customer__zone__in=zones_in(zone),
        emission__lt=today,
        kind=Invoice.Kind.SERVICE,
    )

    def reminder(invoice: Invoice, post: Post) -> Notice:
        key = f"invoice:{invoice.pk}:reminder:{today.isoformat()}"
        return about(invoice, post, Occasion.PAYMENT_REMINDER, key)

    def wanted(invoice: Invoice) -> bool:
        return notifies(today, invoice.remaining, _terms(invoice.customer), ALL_MONTH)

    return {
        "issued": leave_new(today, now, zone=zone, run=job),
        "reminders": leave(reminded, reminder, now, job, wanted),
    }


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


def leave_alert(promise: Promise, now: datetime) -> None:
    """Tell the company, by its own e-mail, that a promise was given up without a cut; once."""
    customer = promise.customer
    tries = promise.attempts.values("on").distinct().count()
    values = {"promise": {"until": promise.until, "last_day": promise.last_day, "attempts": tries}}
    post = Post([customer.pk])
    key = f"promise:{promise.pk}:given-up"
    currency = customer.company.currency
    notice = post.notice(customer, Occasion.PROMISE_GIVEN_UP, key, currency, values)
    queue_all([replace(notice, to=customer.company.email, customer_id=None)], now=now)


def _terms(customer: Customer) -> NoticeTerms:
    first, last = customer.notice_from_day, customer.notice_to_day
    window = NoticeWindow(first, last) if first and last else None
    return NoticeTerms(
        wanted=customer.may_be_notified, gratis=not customer.is_invoiced, own_window=window
    )
