"""Notices to come: what is foretold is what the jobs then send, day by day."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from caudal.apps.billing.tests.world import at, d
from caudal.apps.customers.models import Contact, Customer
from caudal.apps.dunning.notices import leave_notices
from caudal.apps.dunning.tests.street import Street
from caudal.apps.dunning.upcoming import Coming, outlook_of
from caudal.apps.messaging.actions import Notice, queue_text
from caudal.apps.messaging.models import Delivery, Template

MAIL = "ana@correo.example"


def mailed(street: Street, **fields: Any) -> Customer:
    customer = street.customer(**fields)
    Contact.objects.create(customer=customer, kind="email", value=MAIL)
    return Customer.objects.select_related("zone", "company__rules").get(pk=customer.pk)


def foretold(rows: list[Coming], until: date) -> list[tuple[date, str]]:
    kinds = ("invoice_issued", "payment_reminder")
    return sorted(
        (row.on, row.occasion) for row in rows if row.occasion in kinds and row.on <= until
    )


def sent(street: Street, first: date, until: date) -> list[tuple[date, str]]:
    """What the jobs of those days leave in the outbox."""
    Delivery.objects.all().delete()
    found = []
    for number in range((until - first).days + 1):
        day = first + timedelta(days=number)
        street.create(day)
        before = set(Delivery.objects.values_list("pk", flat=True))
        leave_notices(day, at(day, 7))
        new = Delivery.objects.exclude(pk__in=before).values_list("occasion", flat=True)
        found += [(day, occasion) for occasion in new]
    return sorted(found)


@pytest.mark.parametrize(
    ("fields", "offsets"),
    [
        ({}, []),
        ({}, [-3, 2, 10]),
        ({"mail_invoices": False}, [-1]),
        ({"notice_from_day": 1, "notice_to_day": 8}, [-3, 2, 10]),
        ({"notice_from_day": 25, "notice_to_day": 2}, [-3, 2, 10]),
    ],
)
@pytest.mark.parametrize("start", [d(6, 20), d(6, 28), d(7, 1), d(7, 3)])
def test_what_is_foretold_is_what_the_jobs_send(
    street: Street, fields: dict[str, Any], offsets: list[int], start: date
) -> None:
    street.rules(reminder_days=offsets)
    customer = mailed(street, **fields)
    for number in range(8, 0, -1):
        street.create(start - timedelta(days=number))
    now, until = at(start, 5), start + timedelta(days=26)
    told = foretold(outlook_of(customer, now).rows, until)
    assert told == sent(street, start, until)
    assert told or fields


def test_after_seven_the_messages_of_the_day_are_no_longer_to_come(street: Street) -> None:
    customer = mailed(street)
    street.create(d(6, 28))
    early = [row.on for row in outlook_of(customer, at(d(7, 1), 6)).rows]
    late = [row.on for row in outlook_of(customer, at(d(7, 1), 8)).rows]
    assert d(7, 1) in early
    assert d(7, 1) not in late


def test_who_is_told_nothing_is_told_why(street: Street) -> None:
    told = {
        outlook_of(mailed(street, **fields), at(d(7, 1))).silenced
        for fields in ({}, {"is_invoiced": False}, {"may_be_notified": False})
    }
    assert len(told) == 3
    assert "" in told


def test_the_cut_a_switched_off_template_and_the_outbox_are_in_it(street: Street) -> None:
    customer = mailed(street)
    street.create(d(6, 28))
    Template.objects.filter(occasion="payment_reminder").update(is_active=False)
    notice = Notice("own:1", MAIL, "", {}, customer.pk)
    queue_text(notice, subject="Aviso", body="Mañana pasamos.", now=at(d(6, 30), 9))
    outlook = outlook_of(customer, at(d(6, 30), 6))
    rows = {row.occasion: row for row in outlook.rows}
    assert outlook.to == MAIL
    assert rows["cut_notice"].on == d(7, 5)
    assert rows["payment_reminder"].held
    assert rows[""].about == "Aviso"
    assert [row.about for row in outlook.waiting] == ["Aviso"]
    assert rows[""].since == at(d(6, 30), 9)
    assert rows[""] not in outlook.to_come


def test_the_panel_and_the_api_say_the_same_in_a_fixed_number_of_queries(
    street: Street, client_as: Callable[..., Client]
) -> None:
    customer = mailed(street)
    client = client_as("owner")

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(f"/dunning/customers/{customer.pk}/notices/")
        assert MAIL in answer.content.decode()
        return len(captured)

    street.create(d(6, 28))
    asked()
    few = asked()
    street.create(d(7, 28))
    street.create(d(8, 28))
    assert asked() == few
    told = client.get(f"/api/v1/customers/{customer.pk}/notices/").json()
    assert (told["to"], told["silenced"]) == (MAIL, "")
    assert (
        client_as("collector").get(f"/dunning/customers/{customer.pk}/notices/").status_code == 404
    )
