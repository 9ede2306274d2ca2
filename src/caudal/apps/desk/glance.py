"""What the head of a customer's page says: state and why, debt, and the dates that come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from caudal.apps.billing.calendars import calendar_of, fixed_of
from caudal.apps.billing.models import Invoice
from caudal.apps.customers.models import Customer, OwnCalendar, Service, ServiceState
from caudal.apps.desk.listing import Row, price_of, rows_of
from caudal.apps.dunning.actions import live_promise
from caudal.apps.dunning.models import Promise
from caudal.apps.dunning.why import Why, why_of
from caudal.core.periods import Schedule, schedules_emitted
from caudal.web.money import format_money

AHEAD = timedelta(days=70)
"""Long enough to hold one emission of any monthly calendar."""

ORDER = (ServiceState.SUSPENDED, ServiceState.ACTIVE, ServiceState.PENDING, ServiceState.CANCELLED)
"""The state of the page is the one that asks most for attention."""


@dataclass(frozen=True)
class Glance:
    """The customer at one look."""

    row: Row
    state: str
    state_label: str
    why: str
    cuts: list[Why]
    """Of each service that owes: why it is suspended, threatened, or not cut."""
    upcoming: Schedule | None
    cut_on: date | None
    """The first day on which he is cut if he does not pay."""
    unpaid: int
    plan: str
    """The plan and its price; how many services where there are several."""
    promise: Promise | None
    """By when he promises to pay, while it counts."""
    is_recharge: bool
    """Each payment moves his billing dates (WH-108)."""

    @property
    def owes(self) -> bool:
        return self.row.debt_css == "owes"


def glance(customer: Customer, today: date) -> Glance:
    """By a fixed number of queries."""
    row = rows_of([customer])[0]
    service = _foremost(row.services)
    state = "archived" if customer.archived_at else str(service.state) if service else ""
    label = _state_label(customer, service)
    unpaid = Invoice.objects.unpaid().filter(customer=customer).count()
    told = why_of(customer, today)
    cuts = [each.cut_on for each in told if each.cut_on is not None]
    return Glance(
        row=row,
        state=state,
        state_label=label,
        why=_why(customer, service),
        cuts=[each for each in told if each.sentence],
        upcoming=_upcoming(customer, row.services, today),
        cut_on=min(cuts) if cuts else None,
        unpaid=unpaid,
        plan=_plan(row.services),
        promise=live_promise(customer),
        is_recharge=OwnCalendar.objects.filter(customer=customer, recharge=True).exists(),
    )


def _foremost(services: Sequence[Service]) -> Service | None:
    ranked = sorted(services, key=lambda each: ORDER.index(ServiceState(each.state)))
    return ranked[0] if ranked else None


def _plan(services: Sequence[Service]) -> str:
    """Of the services that are not cancelled, or the last one he had; "" if he never had any."""
    if not services:
        return ""
    live = [each for each in services if each.state != ServiceState.CANCELLED]
    shown = live or list(services[-1:])
    if len(shown) == 1:
        service = shown[0]
        return f"{service.plan.name} · {format_money(price_of(service), service.plan.currency)}"
    return ngettext("%(count)d service", "%(count)d services", len(shown)) % {"count": len(shown)}


def _state_label(customer: Customer, service: Service | None) -> str:
    if customer.archived_at:
        return _("Archived")
    return str(service.get_state_display()) if service else _("Without service")


def _why(customer: Customer, service: Service | None) -> str:
    """One line: what led to the state."""
    if customer.archived_at:
        return _("Archived on %(day)s; his invoices and payments stay.") % {
            "day": _day(customer.archived_at)
        }
    if service is None:
        return _("He has no service yet.")
    if service.state == ServiceState.SUSPENDED:
        return ""  # its suspensions say it
    if service.state == ServiceState.CANCELLED:
        day = {"day": _day(service.cancelled_on), "reason": service.cancel_reason or "–"}
        return _("Cancelled: last served day %(day)s (%(reason)s).") % day
    if service.state == ServiceState.PENDING:
        return _("It waits for its installation.")
    return _("Served since %(day)s; nothing holds it.") % {"day": _day(service.started_on)}


def _upcoming(customer: Customer, services: Sequence[Service], today: date) -> Schedule | None:
    """The dates of the next invoice, None for who is not invoiced."""
    is_served = any(each.state != ServiceState.CANCELLED for each in services)
    if not customer.is_invoiced or not is_served or customer.archived_at:
        return None
    fixed = fixed_of(customer, today)
    found = schedules_emitted(calendar_of(customer), today, today + AHEAD, fixed)
    return found[0] if found else None


def _day(day: date | datetime | None) -> str:
    return date_format(day, "SHORT_DATE_FORMAT") if day else "–"
