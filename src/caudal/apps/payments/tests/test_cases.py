"""From invoice to cut to payment to restored service; the numbered cases are in tests/flows."""

from decimal import Decimal

from caudal.apps.billing.tests.world import CLERK, at, d
from caudal.apps.customers import actions as customers
from caudal.apps.customers.models import Suspension
from caudal.apps.dunning.actions import cut_overdue
from caudal.apps.payments.tests.till import Till


def test_registering_only_leaves_the_service_suspended(till: Till) -> None:
    customer = till.customer()
    till.run(d(6, 28))
    till.run(d(7, 5))
    till.pay(customer, "300.00", d(7, 5), restore=False)
    assert till.state(customer) == "suspended"
    assert till.balance(customer) == 0


def test_a_payment_lifts_only_the_suspension_for_non_payment(till: Till) -> None:
    customer = till.customer()
    till.run(d(6, 28))
    till.run(d(7, 5))
    service = customer.services.get()
    customers.suspend(actor=CLERK, now=at(d(7, 6)), today=d(7, 6), service=service, reason="abuse")
    till.pay(customer, "300.00", d(7, 7))
    assert till.state(customer) == "suspended"
    assert list(service.suspensions.filter(closed_at=None).values_list("reason")) == [("abuse",)]


def test_the_cut_leaves_its_reasons_and_cuts_once(till: Till) -> None:
    customer = till.customer()
    till.run(d(6, 28))
    assert cut_overdue(d(7, 4), at(d(7, 4), 8)) == {"cut": 0}
    assert cut_overdue(d(7, 5), at(d(7, 5), 8)) == {"cut": 1}
    assert cut_overdue(d(7, 5), at(d(7, 5), 9)) == {"cut": 0}
    suspension = Suspension.objects.get(service__customer=customer)
    assert [reason["code"] for reason in suspension.trace] == [
        "enough-overdue",
        "debt-over-threshold",
    ]


def test_a_debt_of_the_unlock_value_is_not_cut_and_a_cent_more_is(till: Till) -> None:
    till.company.unlock_value = Decimal("50.00")
    till.company.save()
    a, b = till.customer(), till.customer()
    till.run(d(6, 28))
    till.pay(a, "250.00", d(7, 2))
    till.pay(b, "249.99", d(7, 2))
    till.run(d(7, 5))
    assert (till.state(a), till.state(b)) == ("active", "suspended")


def test_an_exempt_one_and_one_who_may_not_be_cut_stay_active(till: Till) -> None:
    people = [till.customer(may_be_cut=False), till.customer(automatic_state=False)]
    till.run(d(6, 28))
    exempt = till.customer()
    till.run(d(6, 28))
    exempt.is_invoiced = False
    exempt.save()
    till.run(d(7, 5))
    assert {till.state(person) for person in [*people, exempt]} == {"active"}
