"""A year of many customers, straight, with a dying worker, and in other time zones: equal rows."""

import os
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import date
from functools import partial
from random import Random
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings
from django.utils import translation

from caudal.apps.billing.models import (
    Application,
    BilledPeriod,
    Invoice,
    LateFee,
    PendingItem,
    ReconnectionCharge,
)
from caudal.apps.billing.tests.world import verify
from caudal.apps.customers.models import Suspension
from caudal.apps.payments.models import Payment
from tests.flows.dump import Rows, differences, money_rows
from tests.flows.year import DAYS, LAST, QUIET, Event, Year, events_of
from tests.rig.kill import Killed, killed_at

SEED = 2026
PEOPLE = 200 if os.environ.get("CAUDAL_LONG_TESTS") else 30
CHANGE, CREATE, CUT = "desk.changes", "billing.create_invoices", "billing.cut"

OF_CATCHING_UP = (
    "customers.Suspension.opened_on",
    "dunning.PromiseAttempt.on",
    "billing.InvoiceLine.description",
    "billing.InvoiceLine.trace",
)
"""A worker that was off cuts later than on the date (CUT-8), and a reconnection says when."""

Do = Callable[[Callable[[], object], bool], None]
"""Does an act, which is a job of the clock or something that a person does."""


@pytest.fixture(scope="module")
def straight(django_db_setup: None, django_db_blocker: Any) -> tuple[Rows, Rows]:
    """All rows of the undisturbed year, and without what a late worker changes."""
    with django_db_blocker.unblock(), undone():
        refused = live("America/Mexico_City", lambda act, is_job: act())
        verify()
        assert_that_much_happened()
        return money_rows() | refused, money_rows(OF_CATCHING_UP) | refused


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside never happened; the next way begins with an empty provider."""
    try:
        with transaction.atomic():
            yield
            raise Killed
    except Killed:
        pass


def live(zone: str, do: Do, off: tuple[int, ...] = ()) -> Rows:
    """Live the whole year; `do` does each act; returns what was refused.

    On days of the month `off` no worker is there: their jobs are done on the next other day.
    """
    year = Year(SEED, PEOPLE, zone)
    happens: dict[date, list[Event]] = defaultdict(list)
    for event in events_of(SEED, PEOPLE):
        happens[event.on].append(event)
    missed: list[date] = []
    for day in DAYS:
        if day.day in off and day != LAST:
            missed.append(day)
            continue
        for late in missed:
            for job in (CHANGE, CREATE, CUT):
                do(partial(year.work, job, late, year.moment(day, 5)), True)
        missed = []
        live_day(year, day, happens[day], do)
    return {
        "refused": [(event.on, event.customer, event.what, code) for event, code in year.refused]
    }


def live_day(year: Year, day: date, events: list[Event], do: Do) -> None:
    """Invoices at six, then the early events, the cut at eight, then the others."""
    early = [event for event in events if event.hour < 8]
    do(partial(year.work, CHANGE, day, year.moment(day, 5)), True)
    do(partial(year.work, CREATE, day, year.moment(day, 6)), True)
    for event in early:
        do(partial(year.happen, event), False)
    do(partial(year.work, CUT, day, year.moment(day, 8)), True)
    for event in events[len(early) :]:
        do(partial(year.happen, event), False)


def assert_that_much_happened() -> None:
    """Else equal rows would prove little."""
    assert Invoice.objects.count() > PEOPLE * 9
    assert Payment.objects.count() > PEOPLE * 3
    for model in (LateFee, ReconnectionCharge, Suspension, BilledPeriod, PendingItem):
        assert model._default_manager.count() > PEOPLE / 4
    assert Application.objects.exclude(undone_at=None).count() > PEOPLE / 10


@pytest.mark.django_db(transaction=True)
def test_i6_i7_a_worker_that_dies_and_misses_days_ends_at_the_same_rows(
    straight: tuple[Rows, Rows],
) -> None:
    dice = Random(7)
    refused = live("America/Mexico_City", partial(disturbed, dice), off=QUIET)
    verify()
    assert differences(straight[1], money_rows(OF_CATCHING_UP) | refused) == []


def disturbed(dice: Random, act: Callable[[], object], is_job: bool) -> None:
    """A job may die anywhere, twice, and is done once more; who was served by a dying till comes
    again if he finds nothing done."""
    for _ in range(dice.choice((0, 0, 0, 0, 1, 1, 2))):
        try:
            with killed_at(dice.randrange(60)), nullcontext() if is_job else transaction.atomic():
                act()
        except Killed:
            continue
        if not is_job:
            return
    act()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("zone", "server", "language"),
    [("Pacific/Kiritimati", "Pacific/Pago_Pago", "en"), ("America/Santiago", "Asia/Tokyo", "es")],
)
def test_i19_the_year_is_the_same_in_every_time_zone_of_provider_and_server(
    straight: tuple[Rows, Rows], zone: str, server: str, language: str
) -> None:
    with override_settings(TIME_ZONE=server), translation.override(language):
        refused = live(zone, lambda act, is_job: act())
        verify()
    assert differences(straight[0], money_rows() | refused) == []
