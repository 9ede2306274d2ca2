"""What customers are told about days to pay, cuts and coming back; nothing is told twice."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

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
from caudal.apps.catalog.models import BillingRules
from caudal.apps.clock.jobs import Run
from caudal.apps.customers.models import Customer, Service
from caudal.apps.dunning.models import Promise
from caudal.apps.messaging.actions import Notice, queue_all
from caudal.apps.messaging.occasions import Occasion
from caudal.apps.outages.reads import in_outage
from caudal.core.notices import NoticeTerms, NoticeWindow, notifies

SOMETHING = Decimal(1)
"""Owed: the rule asks only whether there is any."""
ALL_MONTH = NoticeWindow(1, 31)
"""Reminders have their own days; only a customer's own window narrows them (CUT-7)."""


def leave_notices(
    today: date, now: datetime, *, zone: str = "", run: Run | None = None
) -> dict[str, Any]:
    """Leave in the outbox what is to be told on `today`: new invoices, and days to pay."""
    job = run or Run()
    reminded = told().filter(
        _reminded_on(today),
        ~in_outage(today),
        customer__zone__in=zones_in(zone),
        emission__lt=today,
        kind=Invoice.Kind.SERVICE,
    )

    def reminder(invoice: Invoice, post: Post) -> Notice:
        key = f"invoice:{invoice.pk}:reminder:{today.isoformat()}"
        return about(invoice, post, Occasion.PAYMENT_REMINDER, key)

    def wanted(invoice: Invoice) -> bool:
        return notifies(today, invoice.remaining, terms_of(invoice.customer), ALL_MONTH)

    return {
        "issued": leave_new(today, now, zone=zone, run=job),
        "reminders": leave(reminded, reminder, now, job, wanted),
    }


def notified(customers: QuerySet[Customer], today: date) -> set[int]:
    """Who of them sees the notice that he owes on that day (CUT-7): his id.

    From the notice day of an unpaid service invoice on, within his own window of days of the
    month or his company's; never free customers, those who want no notices and those in an outage.
    """
    owed = Invoice.objects.service().unpaid().filter(customer=OuterRef("pk"))
    begun = owed.filter(Q(notice__lte=today) | Q(notice=None, due__lte=today))
    rows = customers.filter(
        Exists(begun),
        ~in_outage(today, "pk"),
        may_be_notified=True,
        is_invoiced=True,
        archived_at=None,
    ).select_related("company__rules")
    return {row.pk for row in rows if notifies(today, SOMETHING, terms_of(row), _general(row))}


def sees_notice(customer: Customer, today: date) -> bool:
    """Whether the customer sees the notice on that day: for the portal and the page of the cut."""
    return bool(notified(Customer.objects.filter(pk=customer.pk), today))


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


def _reminded_on(today: date) -> Q:
    """The notice day, the due date, and as many days before or after it as each company says."""
    days = Q(notice=today) | Q(due=today)
    for company, offsets in BillingRules.objects.values_list("company", "reminder_days"):
        dues = [today - timedelta(days=offset) for offset in offsets]
        if dues:
            days |= Q(company=company, due__in=dues)
    return days


def _general(customer: Customer) -> NoticeWindow:
    rules = customer.company.rules
    return NoticeWindow(rules.notice_from_day, rules.notice_to_day)


def terms_of(customer: Customer) -> NoticeTerms:
    """The customer's own say about notices."""
    first, last = customer.notice_from_day, customer.notice_to_day
    window = NoticeWindow(first, last) if first and last else None
    return NoticeTerms(
        wanted=customer.may_be_notified, gratis=not customer.is_invoiced, own_window=window
    )
