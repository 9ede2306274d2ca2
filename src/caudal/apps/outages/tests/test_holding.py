"""Whoever is behind an outage is not cut, charged for being late or reminded until it is over."""

from datetime import date
from decimal import Decimal

from django.utils import translation

from caudal.apps.billing.late_fees import charge_late_fees
from caudal.apps.billing.models import LateFee
from caudal.apps.billing.tests.world import CLERK, at, d
from caudal.apps.customers import actions as customers
from caudal.apps.customers.models import Contact, Customer, Service, SuspensionReason
from caudal.apps.dunning.cuts import cut_overdue
from caudal.apps.dunning.future import escaped, foreseen
from caudal.apps.dunning.notices import leave_notices, sees_notice
from caudal.apps.dunning.tests.street import Street
from caudal.apps.dunning.why import why_of
from caudal.apps.messaging.models import Delivery
from caudal.apps.outages import actions
from caudal.apps.outages.tests.conftest import OutageOf, end
from caudal.apps.runs.models import Run
from caudal.apps.runs.tests.world import executed, planned, refused


def test_who_is_in_an_outage_is_cut_after_its_days_of_grace(
    street: Street, outage_of: OutageOf
) -> None:
    held, neighbour = street.owing(), street.owing()
    outage = outage_of(held, since=d(7, 3), grace=2)
    street.cut(d(7, 5), d(7, 7))
    assert street.is_active(held)
    assert not street.is_active(neighbour)
    end(outage, d(7, 7))
    street.cut(d(7, 8), d(7, 9))
    assert street.is_active(held), "the 9th is the second day of grace"
    street.cut(d(7, 10))
    assert not street.is_active(held)


def test_an_outage_of_yesterday_with_no_grace_holds_nobody(
    street: Street, outage_of: OutageOf
) -> None:
    customer = street.owing()
    outage_of(customer, since=d(7, 3), until=d(7, 4), grace=0)
    street.cut(d(7, 5))
    assert not street.is_active(customer)


def test_the_job_of_a_past_date_holds_who_was_without_service_on_that_date(
    street: Street, outage_of: OutageOf
) -> None:
    """The worker was off for days: each date is judged as it was."""
    customer = street.owing()
    outage_of(customer, since=d(7, 5), until=d(7, 5), grace=0)
    street.cut(d(7, 5))
    assert street.is_active(customer)
    street.cut(d(7, 6))
    assert not street.is_active(customer)


def test_the_job_of_a_past_date_cuts_nobody_who_is_in_an_outage_now(
    street: Street, outage_of: OutageOf
) -> None:
    customer = street.owing()
    outage_of(customer, since=d(7, 6))
    cut_overdue(d(7, 5), at(d(7, 7), 8))
    assert street.is_active(customer)


def test_a_false_alarm_holds_nobody(street: Street, outage_of: OutageOf) -> None:
    customer = street.owing()
    outage = outage_of(customer, since=d(7, 3))
    actions.void_outage(actor=CLERK, now=at(d(7, 4)), outage=outage)
    street.cut(d(7, 5))
    assert not street.is_active(customer)


def test_who_is_suspended_already_stays_so(street: Street, outage_of: OutageOf) -> None:
    customer = street.owing()
    street.cut(d(7, 5))
    outage_of(customer, since=d(7, 6))
    street.cut(d(7, 6))
    assert not street.is_active(customer)


def test_a_plan_made_before_the_outage_refuses_who_is_in_it(
    street: Street, outage_of: OutageOf
) -> None:
    held, other = street.owing(name="Ana"), street.owing(name="Luis")
    run = planned(Run.Kind.CUT, d(7, 5), at(d(7, 5), 7))
    outage_of(held, since=d(7, 5))
    run = executed(run, at(d(7, 5), 13))
    assert (street.is_active(held), street.is_active(other)) == (True, False)
    assert list(refused(run)) == ["Ana"]


def test_why_says_it_in_plain_words(street: Street, outage_of: OutageOf) -> None:
    customer = street.owing()
    outage = outage_of(customer, since=d(7, 4))
    with translation.override("en"):
        (why,) = why_of(customer, d(7, 5))
        assert (why.sentence, why.cut_on) == (
            "He is not cut because an outage has left him without service since 4 July.",
            None,
        )
        end(outage, d(7, 5))
        (why,) = why_of(customer, d(7, 5))
    assert (why.sentence, why.cut_on) == (
        "He is not cut because an outage left him without service on 4 July: until 6 July nobody"
        " who was in it is cut. He is cut on 7 July if he does not pay.",
        d(7, 7),
    )


def test_reports_of_cuts_know_of_the_outage(street: Street, outage_of: OutageOf) -> None:
    customer = street.owing()
    outage_of(customer, since=d(7, 3), until=d(7, 5))
    everybody = Service.objects.all()
    assert [row.on for row in foreseen(everybody, d(7, 5), 30)] == [d(7, 7)]
    assert [row.name for row in escaped(everybody, d(7, 5))] == [customer.name]


def test_the_late_fee_waits_for_the_end_of_the_outage(street: Street, outage_of: OutageOf) -> None:
    street.rules(late_fee_timing="day-after-due", late_fee_percent=Decimal(10))
    held, other = street.owing(), street.owing()
    outage_of(held, since=d(7, 2), until=d(7, 3), grace=1)

    def charged(on: date) -> set[int]:
        charge_late_fees(on, at(on, 5))
        return set(LateFee.objects.values_list("invoice__customer", flat=True))

    assert charged(d(7, 2)) == charged(d(7, 4)) == {other.pk}
    assert charged(d(7, 5)) == {held.pk, other.pk}


def test_the_next_invoice_bears_no_fee_while_the_outage_holds(
    street: Street, outage_of: OutageOf
) -> None:
    street.company.late_fee = Decimal(30)
    street.company.save()
    held, other = street.owing(), street.owing()
    outage = outage_of(held, since=d(7, 27))
    street.create(d(7, 28))
    assert (street.totals(held)[1], street.totals(other)[1]) == (Decimal(300), Decimal(330))
    end(outage, d(7, 29))
    street.create(d(8, 28))
    # July and August are both late by then.
    assert street.totals(held)[2] == Decimal(360)


def mailed(customer: Customer) -> Customer:
    Contact.objects.create(customer=customer, kind="email", purpose="main", value="a@b.example")
    return customer


def test_nobody_in_an_outage_is_reminded_of_what_he_owes(
    street: Street, outage_of: OutageOf
) -> None:
    held, other = mailed(street.customer()), mailed(street.customer())
    street.create(d(6, 28))
    outage_of(held, since=d(6, 30), until=d(7, 1), grace=3)
    leave_notices(d(7, 1), at(d(7, 1), 7))
    reminded = Delivery.objects.filter(occasion="payment_reminder")
    assert set(reminded.values_list("customer_id", flat=True)) == {other.pk}
    assert not sees_notice(held, d(7, 4))
    assert sees_notice(held, d(7, 5))
    assert sees_notice(other, d(7, 4))


def test_a_suspension_by_hand_is_not_held(street: Street, outage_of: OutageOf) -> None:
    """An outage holds what the rules do by themselves, not what a person decides."""
    customer = street.owing()
    outage_of(customer, since=d(7, 3))
    assert customers.suspend(
        actor=CLERK, now=at(d(7, 4)), today=d(7, 4), service=street.service(customer),
        reason=SuspensionReason.MANUAL,
    )  # fmt: skip
