"""A job cuts only who owes enough, for long enough, and whom nothing protects; and says why."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal as D

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caudal.core.dunning import (
    CutPolicy,
    DebtLimit,
    DunningInvoice,
    Exemptions,
    NoCutDays,
    OutageHold,
    Promise,
    PromisePhase,
    PromiseScope,
    credit_for,
    first_cut,
    overdue_debt,
    promise_attempts,
    should_cut,
    spared,
)
from caudal.core.errors import ErrorCode, RuleError
from caudal.core.money import ZERO
from caudal.core.records import ReasonCode
from caudal.core.settlement import InvoiceKind

ONCE = CutPolicy()
TWICE = CutPolicy(after=2)
FIFTY = CutPolicy(threshold=D(50))
JULY_5 = date(2026, 7, 5)
JULY_10 = date(2026, 7, 10)
JULY_31 = date(2026, 7, 31)


def day(number: int) -> date:
    return date(2026, 7, number)


def owed(
    month: int, remaining: str = "300.00", kind: InvoiceKind = InvoiceKind.SERVICE
) -> DunningInvoice:
    return DunningInvoice(month, kind, date(2026, month, 1), date(2026, month, 5), D(remaining))


def codes(reasons: Iterable[object]) -> list[str]:
    return [str(reason.code) for reason in reasons]  # type: ignore[attr-defined]


def test_an_unpaid_invoice_cuts_on_its_cut_date_and_says_why() -> None:
    assert not should_cut(day(4), [owed(7)], ONCE).cut
    decision = should_cut(JULY_5, [owed(7)], ONCE)
    assert decision.cut
    assert codes(decision.reasons) == [ReasonCode.ENOUGH_OVERDUE, ReasonCode.DEBT_OVER_THRESHOLD]
    assert decision.reasons[0].params == {
        "count": 1,
        "needed": 1,
        "oldest_due": day(1),
        "oldest_cut": JULY_5,
    }
    assert decision.reasons[1].params == {"debt": D("300.00"), "threshold": ZERO}


def test_a_paid_or_zero_invoice_does_not_cut() -> None:
    decision = should_cut(JULY_5, [owed(7, "0.00")], ONCE)
    assert (decision.cut, codes(decision.reasons)) == (False, [ReasonCode.TOO_FEW_OVERDUE])


def test_two_unpaid_months_cut_where_two_are_needed() -> None:
    both = [owed(6), owed(7)]
    early = should_cut(date(2026, 6, 5), both, TWICE)
    assert early.reasons[0].params == {"count": 1, "needed": 2}
    assert should_cut(JULY_5, both, TWICE).cut
    assert not should_cut(day(7), [owed(6, "0.00"), owed(7)], TWICE).cut


def test_free_invoices_neither_count_nor_weigh() -> None:
    free = owed(7, "900.00", InvoiceKind.FREE)
    assert not should_cut(JULY_5, [free], ONCE).cut
    assert overdue_debt(JULY_5, [free, owed(7)]) == D("300.00")


def test_a_debt_equal_to_the_threshold_does_not_cut_unless_so_set() -> None:
    at, over = [owed(7, "50.00")], [owed(7, "50.01")]
    within = should_cut(JULY_5, at, FIFTY)
    assert (within.cut, codes(within.reasons)) == (False, [ReasonCode.DEBT_WITHIN_THRESHOLD])
    assert should_cut(JULY_5, over, FIFTY).cut
    assert should_cut(JULY_5, at, CutPolicy(threshold=D(50), limit=DebtLimit.AT_LEAST)).cut


def test_a_debt_of_zero_never_cuts() -> None:
    at_least = CutPolicy(limit=DebtLimit.AT_LEAST)
    assert not should_cut(JULY_5, [owed(7)], at_least, credit=D(300)).cut
    assert should_cut(JULY_5, [owed(7)], at_least).cut


def test_unapplied_credit_reduces_the_debt() -> None:
    assert overdue_debt(JULY_5, [owed(7)], D(1000)) == ZERO
    assert not should_cut(JULY_5, [owed(7)], ONCE, credit=D(300)).cut
    assert should_cut(JULY_5, [owed(7)], ONCE, credit=D("299.99")).cut


def test_gratis_and_never_cut_are_left_alone() -> None:
    two = [owed(6), owed(7)]
    gratis = should_cut(JULY_5, two, ONCE, exempt=Exemptions(gratis=True))
    never = should_cut(JULY_5, two, ONCE, exempt=Exemptions(never_cut=True))
    assert not gratis.cut and not never.cut
    assert codes(gratis.reasons) == [ReasonCode.CUSTOMER_GRATIS]
    assert codes(never.reasons) == [ReasonCode.NEVER_CUT]


def test_a_promise_holds_until_its_day_and_is_then_tried_for_five_more() -> None:
    promise = Promise(JULY_10)
    days = [date(2026, 7, 4) + timedelta(days=n) for n in range(14)]
    cut = [d for d in days if should_cut(d, [owed(7)], ONCE, promise=promise).cut]
    assert cut == [day(n) for n in (10, 11, 12, 13, 14, 15)] == list(promise_attempts(promise))
    held = should_cut(day(9), [owed(7)], ONCE, promise=promise)
    assert (codes(held.reasons), held.reasons[0].params) == (
        [ReasonCode.PROMISE_HOLDS],
        {"until": JULY_10},
    )
    broken = should_cut(JULY_10, [owed(7)], ONCE, promise=promise)
    assert codes(broken.reasons)[-1] == ReasonCode.PROMISE_BROKEN
    over = should_cut(day(16), [owed(7)], ONCE, promise=promise)
    assert codes(over.reasons) == [ReasonCode.PROMISE_WINDOW_OVER]


def test_a_promise_covers_every_overdue_invoice() -> None:
    assert not should_cut(day(9), [owed(5), owed(6), owed(7)], ONCE, promise=Promise(JULY_10)).cut


def test_an_invoice_that_falls_overdue_after_the_window_cuts_again() -> None:
    promise = Promise(JULY_10)
    both = [owed(7), owed(8)]
    assert not should_cut(date(2026, 8, 4), both, ONCE, promise=promise).cut
    again = should_cut(date(2026, 8, 5), both, ONCE, promise=promise)
    assert again.cut and codes(again.reasons)[-1] == ReasonCode.PROMISE_BROKEN


def test_an_invoice_cut_on_the_last_day_of_the_window_is_not_news() -> None:
    last = DunningInvoice(9, InvoiceKind.SERVICE, day(1), day(15), D(300))
    after = DunningInvoice(9, InvoiceKind.SERVICE, day(1), day(16), D(300))
    promise = Promise(JULY_10)
    assert not should_cut(day(16), [last], ONCE, promise=promise).cut
    assert should_cut(day(16), [after], ONCE, promise=promise).cut


def test_cents_are_a_debt() -> None:
    assert should_cut(JULY_5, [owed(7, "0.01")], ONCE).cut
    assert should_cut(JULY_5, [owed(7, "0.01")], CutPolicy(limit=DebtLimit.AT_LEAST)).cut


def test_what_fell_overdue_on_the_day_of_enabling_is_waived_too() -> None:
    by_hand = Exemptions(enabled_by_hand_on=JULY_5)
    assert not should_cut(JULY_5, [owed(7)], ONCE, exempt=by_hand).cut


def test_a_promise_kept_to_the_threshold_is_fulfilled() -> None:
    promise = Promise(JULY_10)
    assert not should_cut(JULY_10, [owed(7, "50.00")], FIFTY, promise=promise).cut
    assert should_cut(JULY_10, [owed(7, "50.01")], FIFTY, promise=promise).cut


def test_a_promise_may_be_one_shot() -> None:
    promise = Promise(JULY_10, control_days=0)
    assert promise_attempts(promise) == (JULY_10,)
    assert promise.phase(day(11)) is PromisePhase.OVER


def test_a_promise_may_cover_named_invoices_alone() -> None:
    promise = Promise(JULY_10, PromiseScope.INVOICES, frozenset({7}))
    assert not should_cut(day(9), [owed(7)], ONCE, promise=promise).cut
    june_too = should_cut(day(9), [owed(6), owed(7)], ONCE, promise=promise)
    assert june_too.cut
    assert ReasonCode.PROMISE_BROKEN not in codes(june_too.reasons)
    assert not should_cut(day(9), [owed(6), owed(7)], TWICE, promise=promise).cut
    assert should_cut(day(10), [owed(6), owed(7)], TWICE, promise=promise).cut


def test_a_removed_promise_leaves_the_ordinary_rule() -> None:
    assert should_cut(day(8), [owed(7)], ONCE, promise=None).cut


def test_an_operator_who_enables_and_drops_the_promise_is_not_overruled_by_the_job() -> None:
    by_hand = Exemptions(enabled_by_hand_on=day(11))
    for number in range(12, 16):
        decision = should_cut(day(number), [owed(7)], ONCE, exempt=by_hand)
        assert not decision.cut
        assert codes(decision.reasons) == [ReasonCode.ENABLED_BY_HAND, ReasonCode.TOO_FEW_OVERDUE]
    assert should_cut(date(2026, 8, 5), [owed(7), owed(8)], ONCE, exempt=by_hand).cut
    kept = should_cut(day(12), [owed(7)], ONCE, promise=Promise(JULY_10))
    assert kept.cut


def test_enabling_by_hand_explains_nothing_where_it_waived_nothing() -> None:
    by_hand = Exemptions(enabled_by_hand_on=day(1))
    assert codes(should_cut(day(4), [owed(7)], ONCE, exempt=by_hand).reasons) == [
        ReasonCode.TOO_FEW_OVERDUE
    ]


def test_no_job_cuts_on_a_day_without_cuts() -> None:
    weekend = NoCutDays(frozenset({5, 6}), frozenset({day(6)}))
    sunday = should_cut(JULY_5, [owed(7)], ONCE, no_cut=weekend)
    assert (sunday.cut, codes(sunday.reasons)) == (False, [ReasonCode.NO_CUT_DAY])
    assert not should_cut(day(6), [owed(7)], ONCE, no_cut=weekend).cut
    assert should_cut(day(7), [owed(7)], ONCE, no_cut=weekend).cut


def test_nobody_is_cut_in_an_outage_nor_in_the_days_after_it() -> None:
    lasting, over = OutageHold(day(3)), OutageHold(day(1), JULY_5)
    held = should_cut(JULY_5, [owed(7)], ONCE, outages=[over, lasting])
    assert (held.cut, codes(held.reasons)) == (False, [ReasonCode.OUTAGE_HOLDS])
    grace = should_cut(JULY_5, [owed(7)], ONCE, outages=[over])
    assert (grace.cut, codes(grace.reasons)) == (False, [ReasonCode.OUTAGE_GRACE])
    assert grace.reasons[0].params == {"since": day(1), "until": JULY_5}
    assert should_cut(day(6), [owed(7)], ONCE, outages=[over]).cut
    assert should_cut(day(2), [owed(6)], ONCE, outages=[lasting]).cut
    assert first_cut(day(1), JULY_31, [owed(7)], ONCE, outages=[over])[0] == day(6)  # type: ignore[index]


def test_a_late_job_spares_on_its_own_day_too() -> None:
    sundays, lasting = NoCutDays(frozenset({6})), OutageHold(day(6))
    assert [reason.code if reason else None for reason in (
        spared(JULY_5, sundays), spared(day(6), sundays, [lasting]), spared(JULY_5)
    )] == [ReasonCode.NO_CUT_DAY, ReasonCode.OUTAGE_HOLDS, None]  # fmt: skip


def test_attempts_move_to_allowed_days_within_a_window_that_stays() -> None:
    weekend = NoCutDays(frozenset({5, 6}))
    saturday = Promise(date(2026, 7, 11))
    assert promise_attempts(saturday, weekend) == tuple(day(n) for n in (13, 14, 15, 16))
    assert promise_attempts(saturday, NoCutDays(frozenset(range(7)))) == ()


def test_the_first_cut_counts_the_last_day_asked_for_and_credit() -> None:
    found = first_cut(day(1), JULY_5, [owed(7)], ONCE)
    assert found is not None and found[0] == JULY_5
    assert first_cut(day(1), day(4), [owed(7)], ONCE) is None
    assert first_cut(day(1), day(31), [owed(7)], ONCE, credit=D("300.00")) is None


@pytest.mark.parametrize("after", [0, -1, 100])
def test_the_number_of_unpaid_invoices_is_at_least_one(after: int) -> None:
    with pytest.raises(RuleError) as refused:
        CutPolicy(after=after)
    assert refused.value.code == ErrorCode.UNPAID_COUNT_OUT_OF_RANGE


def test_negative_settings_are_refused() -> None:
    for act in (
        lambda: CutPolicy(threshold=D("-0.01")),
        lambda: Promise(JULY_10, control_days=-1),
        lambda: overdue_debt(JULY_5, [], D(-1)),
    ):
        with pytest.raises(RuleError):
            act()


rows = st.lists(
    st.builds(
        DunningInvoice,
        st.integers(1, 99),
        st.sampled_from(InvoiceKind),
        st.just(date(2026, 1, 1)),
        st.dates(date(2026, 6, 1), date(2026, 8, 31)),
        st.integers(0, 40000).map(lambda n: D(n).scaleb(-2)),
    ),
    max_size=5,
)


@settings(max_examples=80, deadline=None)
@given(
    rows,
    st.builds(CutPolicy, st.integers(1, 3), st.sampled_from([ZERO, D(50)])),
    st.none() | st.builds(Promise, st.dates(date(2026, 7, 1), date(2026, 7, 31))),
    st.builds(Exemptions, st.booleans(), st.booleans()),
)
def test_i14_whoever_is_cut_owed_enough_and_was_not_protected(
    invoices: list[DunningInvoice],
    policy: CutPolicy,
    promise: Promise | None,
    exempt: Exemptions,
) -> None:
    today = date(2026, 7, 15)
    decision = should_cut(today, invoices, policy, promise=promise, exempt=exempt)
    assert decision.reasons
    service = [i for i in invoices if i.kind is InvoiceKind.SERVICE]
    assert decision == should_cut(today, service, policy, promise=promise, exempt=exempt)
    if decision.cut:
        assert sum(i.overdue(today) for i in service) >= policy.after
        assert overdue_debt(today, service) > policy.threshold
        assert not exempt.gratis and not exempt.never_cut
        assert promise is None or promise.phase(today) is not PromisePhase.HOLDING


def test_the_oldest_invoice_is_named_where_its_number_is_known() -> None:
    named = DunningInvoice(1, InvoiceKind.SERVICE, day(1), JULY_5, D(300), "A-102")
    assert should_cut(JULY_5, [named], ONCE).reasons[0].params["oldest"] == "A-102"
    assert "oldest" not in should_cut(JULY_5, [owed(7)], ONCE).reasons[0].params


def first(*invoices: DunningInvoice, last: date = JULY_31, **how: object) -> date | None:
    policy = how.pop("policy", ONCE)
    found = first_cut(day(2), last, invoices, policy, **how)  # type: ignore[arg-type]
    return found[0] if found else None


def test_the_first_cut_is_the_cut_date_unless_something_moves_it() -> None:
    assert first(owed(7)) == JULY_5
    assert first(owed(7), last=day(4)) is None
    assert first(owed(6)) == day(2)
    assert first(owed(7), promise=Promise(JULY_10)) == JULY_10
    assert first(owed(7), exempt=Exemptions(never_cut=True)) is None
    assert first(owed(7), policy=TWICE) is None
    assert first(owed(6), owed(7), policy=TWICE) == JULY_5


def test_the_first_cut_moves_over_days_without_cuts_inside_the_window_of_a_promise() -> None:
    sunday = NoCutDays(frozenset({6}))
    assert first(owed(7), no_cut=sunday) == day(6)
    always = NoCutDays(frozenset(range(7)))
    assert first(owed(7), no_cut=always) is None
    one_shot = Promise(JULY_5, control_days=0)
    assert first(owed(7), promise=one_shot, no_cut=sunday) is None


@given(
    st.lists(st.integers(1, 28), max_size=4),
    st.one_of(st.none(), st.integers(1, 28)),
    st.frozensets(st.integers(0, 6), max_size=6),
    st.integers(1, 3),
)
def test_the_first_cut_is_what_asking_every_day_would_find(
    cuts: list[int], until: int | None, weekdays: frozenset[int], after: int
) -> None:
    invoices = [DunningInvoice(n, InvoiceKind.SERVICE, day(1), day(n), D(10)) for n in cuts]
    policy, no_cut = CutPolicy(after=after), NoCutDays(weekdays)
    promise = Promise(day(until)) if until else None
    every = (day(2) + timedelta(days=n) for n in range(30))
    asked = [
        each
        for each in every
        if should_cut(each, invoices, policy, promise=promise, no_cut=no_cut).cut
    ]
    found = first_cut(day(2), day(31), invoices, policy, promise=promise, no_cut=no_cut)
    assert (found[0] if found else None) == (asked[0] if asked else None)


def test_credit_covers_what_cuts_first_and_no_part_of_it_speaks_for_two_services() -> None:
    one, two = owed(7), replace(owed(7), id=8)
    assert credit_for({one.id}, [one, two], D(300)) == D(300)
    assert credit_for({two.id}, [one, two], D(300)) == 0
    assert credit_for({two.id}, [one, two], D("450.50")) == D("150.50")
    early = owed(6)
    assert credit_for({one.id}, [one, early], D(300)) == 0
    assert credit_for({early.id}, [one, early], D(300)) == D(300)
    assert credit_for({one.id, two.id}, [one, two], D(900)) == D(900)


def test_a_limit_from_which_on_is_cut_is_told_as_such() -> None:
    from_50 = CutPolicy(threshold=D(50), limit=DebtLimit.AT_LEAST)
    (below,) = should_cut(JULY_5, [owed(7, "49.99")], from_50).reasons
    assert below.code is ReasonCode.DEBT_BELOW_LIMIT
    reached = should_cut(JULY_5, [owed(7, "50.00")], from_50)
    assert reached.cut
    assert reached.reasons[1].code is ReasonCode.DEBT_REACHES_LIMIT
    of_nothing = CutPolicy(limit=DebtLimit.AT_LEAST)
    assert should_cut(JULY_5, [owed(7)], of_nothing).reasons[1].code == "debt-over-threshold"
    (nothing,) = should_cut(JULY_5, [owed(7)], of_nothing, credit=D(300)).reasons
    assert nothing.code is ReasonCode.DEBT_WITHIN_THRESHOLD
