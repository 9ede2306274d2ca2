"""The states that a customer's services went through: when, why, by whom, and what is to come."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from caudal.apps.billing.calendars import clock_named, time_zone_of
from caudal.apps.billing.models import Hold, ServiceChange
from caudal.apps.customers.models import Customer, Service, ServiceState, Stay, Suspension
from caudal.apps.dunning.why import why_suspended
from caudal.apps.staff.models import JournalEntry
from caudal.core.civil import local_date

ACTS = ("service.add", "service.activate", "service.cancel", "service.reactivate")
Authors = Mapping[tuple[int, str], JournalEntry]


@dataclass(frozen=True)
class Event:
    """A turn in the life of a service, or of the customer where `service` is empty."""

    on: date
    title: str
    state: str
    """The state that begins with it: its colour."""
    at: datetime | None = None
    detail: str = ""
    by: str = ""
    service: str = ""
    is_to_come: bool = False


def history_of(customer: Customer, today: date) -> list[Event]:
    """From what is to come back to his registration; by a fixed number of queries.

    `customer` comes with zone and company.
    """
    services = {row.pk: row for row in customer.services.select_related("plan")}
    authors = _authors(customer)
    found = [
        Event(customer.registered_on, _("Registered"), "pending"),
        *_lives(services, authors),
        *_suspensions(customer, services, today),
        *_to_come(services, today),
    ]
    if customer.archived_at:
        on = local_date(customer.archived_at, clock_named(time_zone_of(customer.zone)))
        found.append(Event(on, _("Archived"), "archived", customer.archived_at))
    indexed = sorted(enumerate(found), key=lambda each: (each[1].on, each[0]), reverse=True)
    return [event for _at, event in indexed]


def times_suspended(events: list[Event]) -> str:
    """How often he was suspended, in words; empty where he never was."""
    count = sum(1 for event in events if event.state == "suspended" and not event.is_to_come)
    return (
        ngettext("Suspended %(n)d time", "Suspended %(n)d times", count) % {"n": count}
        if count
        else ""
    )


def _authors(customer: Customer) -> Authors:
    """(service, act) -> the last entry of it: who did it."""
    rows = JournalEntry.objects.filter(
        customer_id=customer.pk, verb__in=ACTS, subject_kind="customers.service"
    ).order_by("at", "id")
    return {(row.subject_id or 0, row.verb): row for row in rows}


def _lives(services: Mapping[int, Service], authors: Authors) -> Iterator[Event]:
    stays: dict[int, list[Stay]] = {}
    for stay in Stay.objects.filter(service__in=services).order_by("first"):
        stays.setdefault(stay.service_id, []).append(stay)
    for service in services.values():
        name, before = str(service.plan), stays.get(service.pk, [])
        for at, stay in enumerate(before):
            yield Event(stay.first, _began(at), "active", service=name)
            yield Event(stay.last, _("Cancelled"), "cancelled", detail=stay.reason, service=name)
        if service.state == ServiceState.PENDING:
            yield _by(authors, service, "service.add", service.started_on,
                      _("Waits for its installation"), "pending")  # fmt: skip
        elif service.cancelled_on is None or service.cancelled_on >= service.started_on:
            act = "service.reactivate" if before else "service.activate"
            known = act if (service.pk, act) in authors else "service.add"
            title = _began(len(before))
            yield _by(authors, service, known, service.started_on, title, "active")
        if service.cancelled_on is not None:
            yield _by(authors, service, "service.cancel", service.cancelled_on, _("Cancelled"),
                      "cancelled", service.cancel_reason)  # fmt: skip


def _began(stays_before: int) -> str:
    return _("Came back") if stays_before else _("Installed")


def _by(
    authors: Authors, service: Service, act: str, on: date, title: str, state: str, detail: str = ""
) -> Event:
    entry = authors.get((service.pk, act))
    by = entry.actor_name if entry else ""
    return Event(on, title, state, detail=detail, by=by, service=str(service.plan))


def _suspensions(
    customer: Customer, services: Mapping[int, Service], today: date
) -> Iterator[Event]:
    clock = clock_named(time_zone_of(customer.zone))
    for row in Suspension.objects.filter(service__in=services).order_by("opened_at", "id"):
        plan = services[row.service_id].plan
        title = _("Suspended: %(reason)s") % {"reason": row.get_reason_display()}
        told = why_suspended(row, plan.currency, today)
        yield Event(
            row.opened_on, title, "suspended", row.opened_at, told, row.opened_by, str(plan)
        )
        if row.closed_at:
            title = _("Restored: %(reason)s") % {"reason": row.get_reason_display()}
            on = local_date(row.closed_at, clock)
            yield Event(on, title, "active", row.closed_at, "", row.closed_by, str(plan))


def _to_come(services: Mapping[int, Service], today: date) -> Iterator[Event]:
    scheduled = ServiceChange.Status.SCHEDULED
    changes = ServiceChange.objects.filter(service__in=services, status=scheduled)
    for row in changes.select_related("plan"):
        name = str(services[row.service_id].plan)
        if row.plan is None:
            yield Event(row.on, _("Will be cancelled"), "cancelled", detail=row.reason,
                        service=name, is_to_come=True)  # fmt: skip
        else:
            title = _("Will change to %(plan)s") % {"plan": row.plan}
            yield Event(row.on, title, "active", service=name, is_to_come=True)
    holds = Hold.objects.filter(service__in=services, dropped_at=None, first__gt=today)
    for hold in holds:
        name = str(services[hold.service_id].plan)
        title = _("Hold at his own request")
        yield Event(hold.first, title, "suspended", detail=hold.note, service=name, is_to_come=True)
