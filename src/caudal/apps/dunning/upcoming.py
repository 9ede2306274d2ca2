"""What a customer is going to be told if nothing changes: what, when, and to which address."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from caudal.apps.billing.calendars import calendar_of, clock_named, fixed_of, time_zone_of
from caudal.apps.billing.models import Invoice
from caudal.apps.billing.notices import Post
from caudal.apps.clock.schedule import is_silent
from caudal.apps.customers.models import Customer
from caudal.apps.dunning.notices import ALL_MONTH, SOMETHING, terms_of
from caudal.apps.dunning.why import why_of
from caudal.apps.messaging.models import Delivery, Template
from caudal.apps.messaging.occasions import Occasion
from caudal.apps.outages.reads import Held, holds_since
from caudal.core.civil import local_date
from caudal.core.notices import notifies
from caudal.core.periods import Schedule, schedules_emitted

AHEAD = timedelta(days=45)
"""Past the next invoice of any monthly calendar, with its reminders."""
JOB, HOUR = "billing.notices", time(7)
"""The job that leaves notices, and when it works by the zone's clock."""


@dataclass(frozen=True)
class Coming:
    """One message to come; where `held` says why, it will not go out."""

    on: date
    occasion: str
    about: str
    """The invoice or service that it speaks of."""
    amount: Decimal | None
    currency: str
    held: str = ""
    delivery: int | None = None
    """Number of the message where it is in the outbox already."""
    since: datetime | None = None
    """When it was left there."""
    tries: int = 0

    @property
    def label(self) -> str:
        return str(Occasion(self.occasion).label) if self.occasion else _("Message")


@dataclass(frozen=True)
class Outlook:
    """Everything to come for one customer."""

    to: str
    """His address for notices, empty where he has none."""
    silenced: str
    """Why he is told nothing at all, empty where he is."""
    rows: list[Coming]

    @property
    def waiting(self) -> list[Coming]:
        """In the outbox already: they go out as soon as they can."""
        return [row for row in self.rows if row.delivery]

    @property
    def to_come(self) -> list[Coming]:
        return [row for row in self.rows if not row.delivery]


@dataclass(frozen=True)
class _Invoice:
    """An invoice that is there, or the next one to come."""

    emission: date
    notice: date | None
    due: date
    remaining: Decimal | None
    about: str


def outlook_of(customer: Customer, now: datetime) -> Outlook:
    """As the jobs would do it from `now` on, if nobody pays and nobody changes anything.

    `customer` comes with zone, company and its rules; a fixed number of queries.
    """
    silenced = _silenced(customer)
    clock = clock_named(time_zone_of(customer.zone))
    today = local_date(now, clock)
    first = today if now.astimezone(clock).time() < HOUR else today + timedelta(days=1)
    waiting = _waiting(customer)
    found = [] if silenced else [*_told(customer, first, today)]
    rows = sorted([*waiting, *found], key=lambda row: (row.on, row.about))
    return Outlook(Post([customer.pk]).address_of(customer.pk), silenced, rows)


def _silenced(customer: Customer) -> str:
    if customer.archived_at is not None:
        return _("He is archived: he is told nothing.")
    if not customer.is_invoiced:
        return _("He is a free customer: he is not invoiced, reminded or cut.")
    if not customer.may_be_notified:
        return _("His notices are switched off: he is told nothing.")
    if is_silent(JOB):
        return _("This is a shadow month: nobody is told anything.")
    return ""


def _waiting(customer: Customer) -> list[Coming]:
    """What stands in the outbox already and has not gone out."""
    rows = Delivery.objects.filter(customer_id=customer.pk, status=Delivery.Status.WAITING)
    clock = clock_named(time_zone_of(customer.zone))
    return [
        Coming(
            local_date(row.next_try_at, clock),
            row.occasion,
            row.subject,
            None,
            "",
            delivery=row.pk,
            since=row.created_at,
            tries=row.tries,
        )
        for row in rows.order_by("next_try_at")[:20]
    ]


def _told(customer: Customer, first: date, today: date) -> Iterator[Coming]:
    unpaid = list(Invoice.objects.service().unpaid().filter(customer=customer).order_by("due"))
    currency = unpaid[0].currency if unpaid else customer.company.currency
    held = holds_since([customer.pk], today).get(customer.pk, [])
    off = _switched_off()
    for row in _of_invoices(customer, unpaid, first, today):
        yield Coming(*row, currency, off.get(row[1], "") or _outage(held, row[0], row[1]))
    for why in why_of(customer, today):
        if why.cut_on is not None and why.cut_on >= today:
            about = f"{why.service.number}. {why.service.plan.name}"
            held_by = off.get(Occasion.CUT_NOTICE, "")
            yield Coming(why.cut_on, Occasion.CUT_NOTICE, about, None, currency, held_by)


def _of_invoices(
    customer: Customer, unpaid: Iterable[Invoice], first: date, today: date
) -> Iterator[tuple[date, str, str, Decimal | None]]:
    """(day, occasion, about, amount) of the invoices that are there and of the next one."""
    last = today + AHEAD
    there = [
        _Invoice(row.emission, row.notice, row.due, row.remaining,
                 _("Invoice %(number)s") % {"number": row.label})
        for row in unpaid
    ]  # fmt: skip
    for emitted in _next_of(customer, first - timedelta(days=1), last):
        about = _("Invoice due on %(day)s") % {"day": date_format(emitted.due, "SHORT_DATE_FORMAT")}
        if customer.mail_invoices:
            yield emitted.emission, Occasion.INVOICE_ISSUED, about, None
        there.append(_Invoice(emitted.emission, emitted.notice, emitted.due, None, about))
    offsets = customer.company.rules.reminder_days
    terms = terms_of(customer)
    for row in there:
        for day in _reminded(row, offsets):
            if max(first, row.emission + timedelta(days=1)) <= day <= last and notifies(
                day, SOMETHING, terms, ALL_MONTH
            ):
                yield day, Occasion.PAYMENT_REMINDER, row.about, row.remaining


def _next_of(customer: Customer, after: date, last: date) -> Sequence[Schedule]:
    """The next invoice that is created, if any service of his is still billed."""
    if not customer.services.exclude(state="cancelled").exists():
        return []
    return schedules_emitted(calendar_of(customer), after, last, fixed_of(customer, after))[:1]


def _reminded(row: _Invoice, offsets: Iterable[int]) -> list[date]:
    """The notice day, the due date, and the company's days around it."""
    days = {row.due, *(row.due + timedelta(days=offset) for offset in offsets)}
    return sorted(days | ({row.notice} if row.notice else set()))


def _switched_off() -> dict[str, str]:
    off = Template.objects.filter(is_active=False, language="es").values_list("occasion", flat=True)
    return {occasion: _("Its template is switched off.") for occasion in off}


def _outage(held: Sequence[Held], day: date, occasion: str) -> str:
    """Reminders wait while an outage holds him; invoices do not."""
    if occasion != Occasion.PAYMENT_REMINDER:
        return ""
    holding = (each for each in held if each.since <= day and (not each.until or day <= each.until))
    found = next(holding, None)
    return _("The outage %(title)s holds it.") % {"title": found.title} if found else ""
