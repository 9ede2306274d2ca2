"""The books are proved every night and on request, and a screen says what came out."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from caudal.apps.clock.jobs import Run
from caudal.apps.customers.models import Customer
from caudal.apps.ledger import jobs
from caudal.apps.ledger.models import Account, Balance, Verification
from caudal.apps.ledger.proving import prove_requested, request_verification
from caudal.apps.ledger.tests.conftest import NOW, charge
from caudal.apps.staff.actor import Actor

pytestmark = [pytest.mark.django_db, pytest.mark.database]

CLERK = Actor.system("clerk")
NIGHT = datetime(2026, 7, 2, 10, tzinfo=UTC)


def test_honest_books_agree(customer: Customer, receivable: Account, revenue: Account) -> None:
    charge(customer, receivable, revenue, "300.00", date(2026, 7, 1))
    jobs.verify_every_night(Run(), date(2026, 7, 2), "America/Mexico_City", NIGHT)
    assert jobs.verify_when_asked(Run(), NIGHT) == {"proofs": 1}
    row = Verification.objects.get()
    assert row.status == Verification.Status.AGREES
    assert all(result["ok"] for result in row.results)
    assert jobs.verify_when_asked(Run(), NIGHT) == {}


def test_a_forged_balance_is_shown_with_its_history(
    customer: Customer, receivable: Account, revenue: Account, client_as: Callable[..., Client]
) -> None:
    charge(customer, receivable, revenue, "300.00", date(2026, 7, 1))
    Balance.objects.update(amount=1)
    request_verification(actor=CLERK, now=NOW)
    with translation.override("en"):
        prove_requested(Run(), NIGHT)
    page = client_as("owner").get(reverse("ledger:verification")).content.decode()
    assert f"balance of customer {customer.pk}" in page
    assert re.search(r"2026-07-01 #\d+ invoice", page)


def test_a_second_request_is_the_one_that_waits(client_as: Callable[..., Client]) -> None:
    first = request_verification(actor=CLERK, now=NOW)
    client_as("owner").post(reverse("ledger:verify"))
    assert Verification.objects.get() == first


def test_a_proof_left_half_done_is_done_again(customer: Customer) -> None:
    row = request_verification(actor=CLERK, now=NOW)
    Verification.objects.update(status=Verification.Status.RUNNING)
    assert prove_requested(Run(), NIGHT) == 1
    row.refresh_from_db()
    assert row.finished_at == NIGHT
