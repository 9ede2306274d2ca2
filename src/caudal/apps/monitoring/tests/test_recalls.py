"""An outage that turned out to be none: what was granted for it is told and taken back."""

from collections.abc import Callable
from decimal import Decimal as D

import pytest
from django.test import Client
from django.urls import reverse

from caudal.apps.billing.models import Adjustment
from caudal.apps.billing.tests.world import CLERK, d, verify
from caudal.apps.clock.jobs import Run
from caudal.apps.customers.models import Customer
from caudal.apps.monitoring import actions
from caudal.apps.monitoring.actions import recalls
from caudal.apps.monitoring.actions.credits import post_approved
from caudal.apps.monitoring.actions.recalls import book_recalled
from caudal.apps.monitoring.errors import MonitoringCode
from caudal.apps.monitoring.models import CreditProposal
from caudal.apps.monitoring.tests.conftest import Tower
from caudal.apps.monitoring.tests.test_credits import FIRST, LAST, approve, post, propose
from caudal.apps.outages.models import Outage
from caudal.apps.staff.models import JournalEntry, User
from caudal.core.errors import RuleError

ClientAs = Callable[..., Client]
Status = CreditProposal.Status


@pytest.fixture(autouse=True)
def english(settings: object) -> None:
    settings.LANGUAGE_CODE = "en"  # type: ignore[attr-defined]


@pytest.fixture
def granted(tower: Tower) -> Outage:
    """Two customers got 10.48 each, a third's credit is approved and not posted yet."""
    people = [tower.customer(name=name) for name in ("Ana", "Eva", "Ivo")]
    outage = tower.outage(FIRST, LAST, customer=people)
    propose(outage)
    approve(outage)
    third = outage.credits.get(customer=people[2])
    CreditProposal.objects.filter(pk=third.pk).update(status=Status.PROPOSED)
    post()
    CreditProposal.objects.filter(pk=third.pk).update(status=Status.APPROVED)
    return outage


def states(outage: Outage) -> list[str]:
    return list(outage.credits.order_by("customer__name").values_list("status", flat=True))


def page(client: Client, name: str, outage: Outage) -> str:
    response = client.get(reverse(f"monitoring:{name}", args=[outage.pk]))
    assert response.status_code == 200
    return response.content.decode()


def test_the_form_tells_what_was_granted_and_takes_it_back_in_the_same_act(
    tower: Tower, granted: Outage, client_as: ClientAs
) -> None:
    owner = client_as("owner")
    found = page(owner, "void_outage", granted)
    assert "2 credits of" in found and "20.96" in found
    assert "1 approved credit that is not posted yet is not posted any more" in found
    owner.post(reverse("monitoring:void_outage", args=[granted.pk]), {"take_back": "1"})
    assert states(granted) == [Status.RECALLED, Status.RECALLED, Status.REJECTED]
    assert (post(), book_recalled(Run(), LAST)) == (0, {"taken_back": 2})
    assert book_recalled(Run(), LAST) == {"taken_back": 0}, "twice is once"
    assert states(granted) == [Status.TAKEN_BACK, Status.TAKEN_BACK, Status.REJECTED]
    assert {tower.balance(each) for each in Customer.objects.all()} == {D(0)}
    row = granted.credits.select_related("adjustment", "reversal").order_by("pk")[0]
    assert row.adjustment and row.reversal
    assert (row.reversal.kind, row.reversal.amount) == ("debit", row.adjustment.amount)
    assert str(row.adjustment) in row.reversal.reason
    verify()


def test_without_asking_for_it_posted_credits_stay_and_are_taken_back_later(
    tower: Tower, granted: Outage, client_as: ClientAs
) -> None:
    owner = client_as("owner")
    owner.post(reverse("monitoring:void_outage", args=[granted.pk]))
    assert states(granted) == [Status.POSTED, Status.POSTED, Status.REJECTED]
    found = page(owner, "credits", granted)
    assert "was a false alarm" in found and "Take the posted ones back" in found
    owner.post(reverse("monitoring:take_back_credits", args=[granted.pk]))
    book_recalled(Run(), LAST)
    assert "Take the posted ones back" not in page(owner, "credits", granted)
    shown = page(owner, "outage", granted)
    assert "2 taken back" in shown and "Review credits" in shown
    assert "Work out credits" not in shown
    assert Adjustment.objects.filter(kind="debit").count() == 2
    verbs = set(JournalEntry.objects.values_list("verb", flat=True))
    assert {"outage.void", "outage.credits_rejected", "outage.take_back_credits"} <= verbs


def test_who_may_not_issue_is_told_that_they_stay_and_takes_nothing_back(
    granted: Outage, client_as: ClientAs
) -> None:
    technician = client_as("technician")
    found = page(technician, "void_outage", granted)
    assert "They stay until somebody who may issue invoices" in found
    assert 'name="take_back"' not in found
    technician.post(reverse("monitoring:void_outage", args=[granted.pk]), {"take_back": "1"})
    assert states(granted)[:2] == [Status.POSTED, Status.POSTED]
    refused = technician.post(reverse("monitoring:take_back_credits", args=[granted.pk]))
    assert refused.status_code == 403


def test_a_standing_outage_keeps_its_credits(granted: Outage) -> None:
    with pytest.raises(RuleError) as refused:
        actions.take_back_credits(actor=CLERK, now=LAST, outage=granted)
    assert refused.value.code == MonitoringCode.NOT_VOID
    assert states(granted)[:2] == [Status.POSTED, Status.POSTED]


def test_one_that_was_spent_on_an_invoice_is_owed_again(tower: Tower, granted: Outage) -> None:
    """The debit note is the same whether the credit has met an invoice or not."""
    row = granted.credits.filter(status=Status.POSTED).order_by("pk")[0]
    tower.create(d(8, 5))
    before = tower.balance(row.customer)
    actions.void_outage(actor=CLERK, now=LAST, outage=granted, take_back=[row.pk])
    assert book_recalled(Run(), LAST) == {"taken_back": 1}
    assert tower.balance(row.customer) == before + row.amount
    verify()


def test_a_note_that_cannot_be_booked_leaves_the_credit_posted_and_stops_nobody(
    granted: Outage, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = list(granted.credits.values_list("pk", flat=True))
    actions.void_outage(actor=CLERK, now=LAST, outage=granted, take_back=keys)
    plain, first = recalls.adjust, granted.credits.order_by("pk")[0].customer

    def refusing(*, customer: Customer, **order: object) -> Adjustment:
        if customer.pk == first.pk:
            raise RuleError("no")
        return plain(customer=customer, **order)  # type: ignore[arg-type]

    monkeypatch.setattr(recalls, "adjust", refusing)
    run = Run()
    assert (book_recalled(run, LAST), run.failures) == ({"taken_back": 1}, 1)
    assert states(granted) == [Status.POSTED, Status.TAKEN_BACK, Status.REJECTED]


def test_a_credit_approved_in_the_last_moment_is_not_posted_for_a_false_alarm(
    granted: Outage,
) -> None:
    actions.void_outage(actor=CLERK, now=LAST, outage=granted)
    third = granted.credits.get(status=Status.REJECTED)
    CreditProposal.objects.filter(pk=third.pk).update(status=Status.APPROVED)
    assert post_approved(Run(), LAST) == {"posted": 0}
    assert states(granted)[2] == Status.REJECTED


def test_the_hours_of_a_false_alarm_are_credited_to_the_outage_that_was_one(
    tower: Tower, granted: Outage
) -> None:
    keys = list(granted.credits.values_list("pk", flat=True))
    actions.void_outage(actor=CLERK, now=LAST, outage=granted, take_back=keys[:1])
    book_recalled(Run(), LAST)
    people = list(Customer.objects.order_by("name"))
    real = tower.outage(FIRST, LAST, customer=people)
    propose(real)
    owed = dict(real.credits.values_list("customer__name", "minutes"))
    assert owed == {"Ana": 1560, "Ivo": 1560}, "Eva's were credited and stay credited"


def test_programs_void_and_take_back_too(
    granted: Outage, client_as: ClientAs, user_with_role: Callable[..., object]
) -> None:
    address = f"/api/v1/outages/{granted.pk}/void/"
    json = {"content_type": "application/json"}
    owner = client_as("owner")
    kept = owner.post(address, {}, **json).json()
    assert kept == {"taken_back": 0, "still_posted": 2}
    done = owner.post(address, {"take_back_credits": True}, **json).json()
    assert done == {"taken_back": 2, "still_posted": 0}
    user = user_with_role("collector")
    assert isinstance(user, User)
    assert client_as("collector").post(address, {}, **json).status_code == 403
