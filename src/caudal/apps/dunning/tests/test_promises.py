"""Promises to pay: who is held, who is tried again, and what a person decides (P32, P33)."""

import pytest

from caudal.apps.billing.tests.world import CLERK, at, calendar_numbers, d
from caudal.apps.dunning import actions
from caudal.apps.dunning.attempts import settle_attempts
from caudal.apps.dunning.models import Promise
from caudal.apps.dunning.tests.street import ADDRESS, Street
from caudal.apps.messaging.models import Delivery
from caudal.apps.network.sync import reconcile
from caudal.apps.staff.models import JournalEntry
from caudal.core.errors import RuleError
from caudal.practice.routeros import PracticeRouter, Wrong

JULY_10 = d(7, 10)


def refuse(practice: PracticeRouter) -> None:
    """Its API closes every connection; who browses goes on browsing."""
    for _ in range(200):
        practice.faults.plan(Wrong.DROP, "/login")


def test_a_promise_is_tried_until_the_router_answers(
    street: Street, practice: PracticeRouter
) -> None:
    customer = street.owing()
    router = street.connect(customer, practice)
    street.promise(customer, d(7, 4), JULY_10)
    for number in range(5, 10):
        street.cut(d(7, number))
        assert street.is_active(customer)
        reconcile(router, at(d(7, number), 10))
        assert practice.can_browse(ADDRESS)
    refuse(practice)
    for number in (10, 11):
        street.cut(d(7, number))
        reconcile(router, at(d(7, number), 10))
    assert street.attempts(customer) == [(10, False), (11, False)]
    assert practice.can_browse(ADDRESS)
    practice.faults.clear()
    street.cut(d(7, 12))
    reconcile(router, at(d(7, 12), 10))
    assert not practice.can_browse(ADDRESS)
    street.cut(d(7, 13), d(7, 16))
    assert street.attempts(customer) == [(10, False), (11, False), (12, True)]
    assert street.outcome(customer) == Promise.Outcome.BROKEN
    assert not Delivery.objects.filter(occasion="promise_given_up").exists()


def test_a_router_that_stays_down_is_tried_six_times_and_told_once(
    street: Street, practice: PracticeRouter
) -> None:
    street.company.email = "dueno@example.org"
    street.company.save()
    customer = street.owing(name="José Peña")
    router = street.connect(customer, practice)
    street.promise(customer, d(7, 4), JULY_10)
    refuse(practice)
    for number in range(5, 20):
        street.cut(d(7, number))
        reconcile(router, at(d(7, number), 10))
    days = [day for day, done in street.attempts(customer) if not done]
    assert days == [10, 11, 12, 13, 14, 15]
    assert street.outcome(customer) == Promise.Outcome.GIVEN_UP
    alert = Delivery.objects.get(occasion="promise_given_up")
    assert alert.to == "dueno@example.org"
    assert "José Peña" in alert.subject
    assert "6 veces" in alert.body
    practice.faults.clear()
    reconcile(router, at(d(7, 20), 10))
    assert not practice.can_browse(ADDRESS), "the cut that waited is applied by itself"
    street.cut(d(7, 20), d(7, 22))
    assert len(street.attempts(customer)) == 6


def test_the_threshold_decides_to_the_cent(street: Street) -> None:
    street.company.unlock_value = 50
    street.company.save()
    paid, short = street.owing(), street.owing()
    for customer, amount in ((paid, "250.00"), (short, "249.99")):
        street.promise(customer, d(7, 4), JULY_10)
        street.pay(customer, amount, d(7, 9))
    street.cut(d(7, 5), JULY_10)
    assert street.is_active(paid)
    assert street.outcome(paid) == Promise.Outcome.KEPT
    assert not street.is_active(short)


def test_a_debt_that_reaches_the_threshold_cuts_where_the_company_says_so(street: Street) -> None:
    street.rules(debt_limit="at-least")
    street.company.unlock_value = 50
    street.company.save()
    customer = street.owing()
    street.promise(customer, d(7, 4), JULY_10)
    street.pay(customer, "250.00", d(7, 9))
    street.cut(JULY_10)
    assert not street.is_active(customer)


def test_a_promise_saved_blank_leaves_the_ordinary_rule(street: Street) -> None:
    customer = street.owing()
    street.promise(customer, d(7, 4), JULY_10)
    street.cut(d(7, 5), d(7, 7))
    assert street.promise(customer, d(7, 7), None) is None
    assert street.is_active(customer)
    street.cut(d(7, 8))
    assert not street.is_active(customer)
    assert street.outcome(customer) == Promise.Outcome.REMOVED
    assert street.attempts(customer) == []


@pytest.mark.parametrize(("drop", "days"), [(True, [10]), (False, [10, 12])])
def test_enabling_by_hand_asks_what_becomes_of_the_promise(
    street: Street, drop: bool, days: list[int]
) -> None:
    customer = street.owing()
    street.promise(customer, d(7, 4), JULY_10)
    street.cut(d(7, 5), JULY_10)
    assert not street.is_active(customer)
    with pytest.raises(RuleError, match="promise-asks"):
        street.enable(customer, d(7, 11))
    assert not street.is_active(customer)
    street.enable(customer, d(7, 11), drop=drop)
    street.cut(d(7, 12), d(7, 20))
    assert [day for day, _done in street.attempts(customer)] == days
    assert street.is_active(customer) is drop
    assert street.outcome(customer) == ("dropped" if drop else "broken")


def test_who_is_enabled_by_hand_is_cut_for_the_next_month_not_for_this_one(street: Street) -> None:
    customer = street.owing()
    street.cut(d(7, 5))
    street.enable(customer, d(7, 6))
    street.create(d(7, 28))
    street.cut(d(7, 7), d(8, 4))
    assert street.is_active(customer)
    street.cut(d(8, 5))
    assert not street.is_active(customer)


def test_a_customer_has_one_live_promise_and_a_new_one_replaces_it(street: Street) -> None:
    customer = street.owing()
    first = street.promise(customer, d(7, 4), JULY_10, note="llamó")
    assert street.promise(customer, d(7, 4), JULY_10, note="llamó").pk == first.pk
    second = street.promise(customer, d(7, 6), d(7, 12))
    first.refresh_from_db()
    assert (first.outcome, second.outcome) == ("replaced", "live")
    street.cut(d(7, 5), d(7, 11))
    assert street.is_active(customer)
    with pytest.raises(RuleError, match="promise-in-past"):
        street.promise(customer, d(7, 13), d(7, 12))
    acts = JournalEntry.objects.filter(verb__startswith="dunning.").order_by("id")
    assert list(acts.values_list("verb", flat=True)) == [
        "dunning.promise",
        "dunning.promise_replaced",
        "dunning.promise",
    ]


def test_a_promise_may_let_a_suspended_customer_browse_until_its_day(street: Street) -> None:
    customer = street.owing()
    street.cut(d(7, 5))
    street.promise(customer, d(7, 6), JULY_10, restore=True)
    assert street.is_active(customer)
    street.cut(d(7, 6), d(7, 9))
    assert street.is_active(customer)
    street.cut(JULY_10)
    assert not street.is_active(customer)


def test_a_part_payment_on_a_sunday_or_after_the_control_days_restores_nobody(
    street: Street,
) -> None:
    customer = street.owing()
    street.promise(customer, d(7, 4), JULY_10)
    street.cut(d(7, 5), d(7, 16))
    street.rules(no_cut_weekdays=[6])
    for day in (d(7, 18), d(7, 19)):
        street.pay(customer, "10.00", day)
        assert not street.is_active(customer)
    street.pay(customer, "280.00", d(7, 20))
    assert street.is_active(customer)


def test_no_cut_days_move_the_attempt_and_not_the_window(street: Street) -> None:
    """10 July 2026 is a Friday; Saturday and Sunday are free, Monday is a holiday."""
    street.rules(no_cut_weekdays=[4, 5, 6], promise_control_days=4)
    street.company.holidays.create(on=d(7, 13), name="Fiesta")
    customer = street.owing()
    street.promise(customer, d(7, 4), JULY_10)
    street.cut(d(7, 5), d(7, 13))
    assert street.is_active(customer)
    street.cut(d(7, 14))
    assert [day for day, _done in street.attempts(customer)] == [14]


def test_a_window_without_a_day_to_cut_is_given_up(street: Street) -> None:
    street.rules(no_cut_weekdays=[4], promise_control_days=0)
    customer = street.owing()
    street.promise(customer, d(7, 4), JULY_10)
    street.cut(d(7, 5), d(7, 12))
    assert street.is_active(customer)
    assert street.attempts(customer) == []
    assert street.outcome(customer) == Promise.Outcome.GIVEN_UP


def test_a_promise_is_not_kept_by_a_cut_day_that_has_not_come(street: Street) -> None:
    customer = street.owing(own=calendar_numbers(28, 1, 11))
    street.promise(customer, d(7, 4), JULY_10)
    street.cut(JULY_10)
    assert street.is_active(customer)
    assert street.outcome(customer) == Promise.Outcome.LIVE
    street.cut(d(7, 11))
    assert [day for day, _done in street.attempts(customer)] == [11]
    slow = street.owing(own=calendar_numbers(28, 1, 5) | {"cut_after": 2})
    street.promise(slow, d(7, 12), d(7, 13))
    street.cut(d(7, 12), d(7, 19))
    assert street.is_active(slow)
    assert street.outcome(slow) == Promise.Outcome.BROKEN


def test_a_promise_given_after_enabling_by_hand_is_kept_or_cut(street: Street) -> None:
    customer = street.owing()
    street.cut(d(7, 5))
    street.enable(customer, d(7, 6))
    street.cut(d(7, 7))
    assert street.is_active(customer), "a person enabled him"
    street.promise(customer, d(7, 8), JULY_10)
    street.cut(d(7, 8), d(7, 9))
    assert street.is_active(customer)
    street.cut(JULY_10)
    assert not street.is_active(customer)
    street.enable(customer, d(7, 16), drop=True)
    street.cut(d(7, 16), d(7, 20))
    assert street.is_active(customer), "enabled anew, after his promise"


def test_a_payment_taken_back_after_a_broken_promise_is_debt_that_cuts(street: Street) -> None:
    customer = street.owing()
    street.promise(customer, d(7, 4), JULY_10)
    street.cut(JULY_10)
    payment = street.pay(customer, "300.00", d(7, 12))
    street.cut(d(7, 13), d(7, 18))
    assert street.is_active(customer)
    assert street.outcome(customer) == Promise.Outcome.BROKEN
    street.delete(payment, d(7, 20))
    street.cut(d(7, 21))
    assert not street.is_active(customer)


def test_enabling_who_had_paid_excuses_nothing_that_is_owed_again(street: Street) -> None:
    customer = street.owing()
    street.cut(d(7, 5))
    payment = street.pay(customer, "300.00", d(7, 6), restore=False)
    street.enable(customer, d(7, 6))
    assert street.is_active(customer)
    street.delete(payment, d(7, 8))
    street.cut(d(7, 9))
    assert not street.is_active(customer)


def test_one_shot_tries_once(street: Street, practice: PracticeRouter) -> None:
    street.rules(promise_control_days=0)
    customer = street.owing()
    street.connect(customer, practice)
    street.promise(customer, d(7, 4), JULY_10)
    street.cut(d(7, 5), d(7, 14))
    assert street.attempts(customer) == [(10, False)]


def test_a_promise_that_names_invoices_holds_no_other(street: Street) -> None:
    street.rules(promise_scope="invoices")
    customer = street.owing(own=None)
    july = street.invoices(customer)[0]
    promise = street.promise(customer, d(7, 4), d(8, 20), invoices=[july])
    assert list(promise.invoices.all()) == [july]
    street.create(d(7, 28))
    street.cut(d(7, 5), d(8, 4))
    assert street.is_active(customer)
    street.cut(d(8, 5))
    assert not street.is_active(customer)
    other = street.owing()
    with pytest.raises(RuleError, match="invoice-of-another-customer"):
        street.promise(other, d(7, 4), JULY_10, invoices=[july])


def test_paying_within_the_control_days_ends_the_tries(
    street: Street, practice: PracticeRouter
) -> None:
    customer = street.owing()
    street.connect(customer, practice)
    street.promise(customer, d(7, 4), JULY_10)
    refuse(practice)
    street.cut(d(7, 5), d(7, 11))
    street.pay(customer, "300.00", d(7, 11), hour=18)
    street.cut(d(7, 12), d(7, 16))
    assert [day for day, _done in street.attempts(customer)] == [10, 11]
    assert street.outcome(customer) == Promise.Outcome.KEPT


def test_an_attempt_is_marked_done_when_its_router_holds_it(
    street: Street, practice: PracticeRouter
) -> None:
    customer = street.owing()
    router = street.connect(customer, practice)
    street.promise(customer, d(7, 4), JULY_10)
    street.cut(JULY_10)
    assert settle_attempts() == 0
    reconcile(router, at(JULY_10, 9))
    assert (settle_attempts(), settle_attempts()) == (1, 0)
    assert street.attempts(customer) == [(10, True)]


def test_an_alert_is_seen_once(street: Street) -> None:
    street.rules(no_cut_weekdays=[4], promise_control_days=0)
    customer = street.owing()
    street.promise(customer, d(7, 4), JULY_10)
    street.cut(d(7, 5), d(7, 11))
    row = Promise.objects.get(customer=customer)
    for _ in range(2):
        actions.see_alert(actor=CLERK, now=at(d(7, 12)), promise=row)
    row.refresh_from_db()
    assert row.seen_by == "clerk"
    assert JournalEntry.objects.filter(verb="dunning.see_alert").count() == 1
