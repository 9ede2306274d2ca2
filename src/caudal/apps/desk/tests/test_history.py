"""The states of a customer, in order, with reasons, dates and who did it."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from caudal.apps.catalog.models import Plan
from caudal.apps.customers import actions
from caudal.apps.customers.models import Customer, Service
from caudal.apps.desk import actions as desk
from caudal.apps.desk.history import Event, history_of, times_suspended
from caudal.apps.staff.actor import Actor

CLERK = Actor.system("clerk")


@pytest.fixture
def life(customer: Customer, service: Service, now: datetime) -> list[Event]:
    """Installed, suspended for two reasons, restored, cancelled, back, to be cancelled again."""
    day = now.date()

    def later(days: int) -> datetime:
        return now + timedelta(days=days)

    for reason, at in (("unpaid", 10), ("abuse", 12)):
        actions.suspend(actor=CLERK, now=later(at), today=later(at).date(), service=service,
                        reason=reason)  # fmt: skip
    for reason, at in (("unpaid", 14), ("abuse", 15)):
        actions.lift(actor=CLERK, now=later(at), service=service, reason=reason)
    actions.cancel(actor=CLERK, now=later(40), service=service, last_day=day + timedelta(days=40),
                   reason="Se mudó")  # fmt: skip
    actions.reactivate(actor=CLERK, now=later(60), service=service,
                       started_on=day + timedelta(days=60))  # fmt: skip
    desk.cancel(actor=CLERK, now=later(70), today=later(70).date(), service=service,
                last_day=day + timedelta(days=90), reason="Sin dinero")  # fmt: skip
    found = Customer.objects.select_related("zone", "company").get(pk=customer.pk)
    return history_of(found, later(70).date())


def test_turns_come_from_the_newest_back_with_what_is_to_come_on_top(
    life: list[Event], now: datetime
) -> None:
    states = [event.state for event in life]
    assert states == [
        "cancelled", "active", "cancelled", "active", "active", "suspended", "suspended", "active",
        "pending",
    ]  # fmt: skip
    assert [event.is_to_come for event in life] == [True, *[False] * 8]
    days = [(event.on - now.date()).days for event in life]
    assert days == [91, 60, 40, 15, 14, 12, 10, 0, 0]


def test_each_turn_says_why_and_who(life: list[Event]) -> None:
    cancelled = life[2]
    assert (cancelled.detail, cancelled.by) == ("Se mudó", "")
    assert life[0].detail == "Sin dinero"
    assert life[1].by == "clerk"
    assert all(event.by == "clerk" and event.at for event in life[3:7])
    assert times_suspended(life)


def test_who_was_never_installed_has_no_day_of_service(
    customer: Customer, plan: Plan, now: datetime
) -> None:
    service = actions.add_service(
        actor=CLERK, now=now, customer=customer, plan=plan, started_on=now.date(), state="pending"
    )
    states = [event.state for event in history_of(customer, now.date())]
    assert states == ["pending", "pending"]
    on = now.date() + timedelta(days=3)
    actions.cancel(actor=CLERK, now=now, service=service, last_day=on, reason="No quiso")
    states = [event.state for event in history_of(customer, now.date())]
    assert states == ["cancelled", "pending"]


def test_the_panel_asks_as_often_for_many_turns_as_for_few(
    client_as: Callable[..., Client], customer: Customer, service: Service, now: datetime
) -> None:
    client = client_as("owner")

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/customers/{customer.pk}/history/").status_code == 200
        return len(captured)

    asked()
    few = asked()
    for number in range(40):
        at = now + timedelta(days=number)
        actions.suspend(
            actor=CLERK, now=at, today=at.date(), service=service, reason="unpaid", trace=[]
        )
        actions.lift(actor=CLERK, now=at, service=service, reason="unpaid")
    assert asked() == few
    assert client_as("collector").get(f"/customers/{customer.pk}/history/").status_code == 404
