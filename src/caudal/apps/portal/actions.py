"""Saving the words of a notice page."""

from datetime import datetime

from django.db import transaction

from caudal.apps.portal.models import NoticePage
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record, snapshot

FIELDS = ["headline", "body", "reminder", "how_to_pay", "portal_url", "shows_debt"]


@transaction.atomic
def save_page(*, actor: Actor, now: datetime, page: NoticePage) -> NoticePage:
    """Store the words of a company's page."""
    old = NoticePage.objects.filter(company=page.company).first()
    before = snapshot(old, FIELDS) if old else {}
    page.pk = old.pk if old else None
    page.save()
    record(actor, "portal.save_page", page, now=now, before=before, after=snapshot(page, FIELDS))
    return page
