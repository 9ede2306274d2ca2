"""Saving the words of a notice page, and leading to it who is to be reminded."""

from datetime import date, datetime

from django.db import transaction

from caudal.apps.network import actions as network
from caudal.apps.portal.models import NoticePage, Reading
from caudal.apps.portal.reads import unread
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record, snapshot

FIELDS = [
    "headline", "body", "reminder", "how_to_pay", "portal_url", "shows_debt", "every_hours",
    "for_seconds",
]  # fmt: skip


@transaction.atomic
def save_page(*, actor: Actor, now: datetime, page: NoticePage) -> NoticePage:
    """Store the words of a company's page."""
    old = NoticePage.objects.filter(company=page.company).first()
    before = snapshot(old, FIELDS) if old else {}
    page.pk = old.pk if old else None
    page.save()
    record(actor, "portal.save_page", page, now=now, before=before, after=snapshot(page, FIELDS))
    return page


def remind(*, today: date, now: datetime) -> int:
    """Lead to the notice who owes on that day and has not read it lately; how many changed."""
    return network.remind(now=now, customers=unread(today, now))


@transaction.atomic
def go_on(*, now: datetime, customer_id: int) -> None:
    """A customer has read his reminder and goes on browsing until it is due again (IC-72)."""
    Reading.objects.update_or_create(customer_id=customer_id, defaults={"read_at": now})
    network.stop_reminding(now=now, customer_id=customer_id)
