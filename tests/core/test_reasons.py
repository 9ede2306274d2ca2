"""What decisions and refusals say, whole: the rule, the sentence and every value in it."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal as D

import pytest

from caudal.core.dunning import (
    CutPolicy,
    Decision,
    DunningInvoice,
    Exemptions,
    NoCutDays,
    Promise,
    should_cut,
)
from caudal.core.errors import ErrorCode, RuleError
from caudal.core.money import CurrencyMismatch, Money, require_decimal, require_scale
from caudal.core.money import require_not_negative as not_negative
from caudal.core.money import require_positive as positive
from caudal.core.periods import Calendar, DaysAfter, DaysBefore, GraceDays, Period, schedule_for
from caudal.core.proration import explain_part, part_price, plan_change
from caudal.core.records import Reason, ReasonCode
from caudal.core.settlement import InvoiceKind
from caudal.core.taxes import TaxableLine, TaxRate

JULY = Period(date(2026, 7, 1), date(2026, 7, 31))
OWED = DunningInvoice(1, InvoiceKind.SERVICE, date(2026, 7, 1), date(2026, 7, 5), D("300.00"))
UNTIL_10 = Promise(date(2026, 7, 10))


def on(number: int) -> date:
    return date(2026, 7, number)


def judged(day: int, **circumstances: object) -> Decision:
    policy = circumstances.pop("policy", CutPolicy())
    return should_cut(on(day), [OWED], policy, **circumstances)  # type: ignore[arg-type]


TOO_FEW = Reason("CUT-4", ReasonCode.TOO_FEW_OVERDUE, {"count": 0, "needed": 1})
DROPPED = Reason("PRM-5", ReasonCode.ENABLED_BY_HAND, {"on": on(6)})
WITHIN = {"debt": D("300.00"), "threshold": D(500)}
WINDOW = {"until": on(10), "last": on(15)}


@pytest.mark.parametrize(
    ("day", "circumstances", "said"),
    [
        (5, {"exempt": Exemptions(gratis=True)}, [Reason("EXM-1", ReasonCode.CUSTOMER_GRATIS)]),
        (5, {"exempt": Exemptions(never_cut=True)}, [Reason("EXM-2", ReasonCode.NEVER_CUT)]),
        (
            5,
            {"no_cut": NoCutDays(holidays=frozenset({on(5)}))},
            [Reason("PRM-6", ReasonCode.NO_CUT_DAY, {"day": on(5)})],
        ),
        (7, {"exempt": Exemptions(enabled_by_hand_on=on(6))}, [DROPPED, TOO_FEW]),
        (4, {}, [TOO_FEW]),
        (
            5,
            {"policy": CutPolicy(threshold=D(500))},
            [Reason("CUT-6", ReasonCode.DEBT_WITHIN_THRESHOLD, WITHIN)],
        ),
        (
            9,
            {"promise": UNTIL_10},
            [Reason("PRM-1", ReasonCode.PROMISE_HOLDS, {"until": on(10)})],
        ),
        (
            16,
            {"promise": UNTIL_10},
            [Reason("PRM-2", ReasonCode.PROMISE_WINDOW_OVER, WINDOW)],
        ),
    ],
)
def test_who_is_not_cut_is_told_why(
    day: int, circumstances: dict[str, object], said: list[Reason]
) -> None:
    decision = judged(day, **circumstances)
    assert decision == Decision(False, tuple(said))
    assert decision.cut is False


def test_who_is_cut_after_a_broken_promise_is_told_why() -> None:
    overdue = {"count": 1, "needed": 1, "oldest_due": on(1), "oldest_cut": on(5)}
    owed = {"debt": D("290.00"), "threshold": D(0)}
    assert judged(10, promise=UNTIL_10, credit=D("10.00")) == Decision(
        True,
        (
            Reason("CUT-4", ReasonCode.ENOUGH_OVERDUE, overdue),
            Reason("CUT-6", ReasonCode.DEBT_OVER_THRESHOLD, owed),
            Reason("PRM-2", ReasonCode.PROMISE_BROKEN, {"until": on(10)}),
        ),
    )


def test_prices_of_days_are_explained() -> None:
    half = Period(on(1), on(10))
    part = {
        "first": on(1),
        "last": on(10),
        "days": 10,
        "cycle_days": 31,
        "price": D("310.00"),
        "amount": D("100.00"),
    }
    assert explain_part(D("310.00"), JULY, half, D("100.00")) == Reason(
        "PRO-1", ReasonCode.PART_OF_CYCLE, part
    )


def test_both_sides_of_a_plan_change_are_explained() -> None:
    days = {"first": on(11), "last": on(31)}
    assert plan_change(D(300), D(500), JULY, on(11), 2).reasons() == (
        Reason("PRO-3", ReasonCode.PLAN_CHANGE_CREDIT, {**days, "amount": D("203.23")}),
        Reason("PRO-3", ReasonCode.PLAN_CHANGE_CHARGE, {**days, "amount": D("338.71")}),
    )


VAT = TaxRate("IVA", D("0.16"))
JUNE_DAY = {"first": date(2026, 6, 30), "last": date(2026, 6, 30)}
OF_JULY = {"cycle_first": on(1), "cycle_last": on(31)}


@pytest.mark.parametrize(
    ("refused", "code", "params"),
    [
        (lambda: require_decimal(1.5), ErrorCode.AMOUNT_NOT_DECIMAL, {"amount": "1.5"}),
        (lambda: require_decimal(D("NaN")), ErrorCode.AMOUNT_NOT_FINITE, {"amount": "NaN"}),
        (lambda: positive(D(0)), ErrorCode.AMOUNT_NOT_POSITIVE, {"amount": D(0)}),
        (lambda: not_negative(D(-1)), ErrorCode.AMOUNT_NEGATIVE, {"amount": D(-1)}),
        (
            lambda: require_scale(D("10.005"), 2),
            ErrorCode.AMOUNT_TOO_FINE,
            {"amount": D("10.005"), "digits": 2},
        ),
        (lambda: Money(D(1), "pesos"), ErrorCode.CURRENCY_UNKNOWN, {"currency": "pesos"}),
        (lambda: Money(D(1), "MXN") * 0.5, ErrorCode.AMOUNT_NOT_DECIMAL, {"amount": "0.5"}),
        (
            lambda: TaxRate("IVA", D(2)),
            ErrorCode.TAX_RATE_OUT_OF_RANGE,
            {"tax": "IVA", "rate": D(2)},
        ),
        (
            lambda: TaxableLine(D(1), (VAT, VAT)),
            ErrorCode.TAX_REPEATED,
            {"taxes": "IVA, IVA"},
        ),
        (
            lambda: Period(on(2), on(1)),
            ErrorCode.PERIOD_REVERSED,
            {"first": on(2), "last": on(1)},
        ),
        (
            lambda: schedule_for(Calendar(1, DaysBefore(5), GraceDays(5)), on(2)),
            ErrorCode.NOT_A_DUE_DATE,
            {"due": on(2), "payment_day": 1},
        ),
        (
            lambda: part_price(D(1), JULY, Period(date(2026, 6, 30), date(2026, 6, 30)), 2),
            ErrorCode.PART_OUTSIDE_CYCLE,
            JUNE_DAY | OF_JULY,
        ),
        (
            lambda: plan_change(D(1), D(2), JULY, date(2026, 6, 30), 2),
            ErrorCode.PART_OUTSIDE_CYCLE,
            JUNE_DAY | OF_JULY,
        ),
        (
            lambda: Promise(on(1), control_days=32),
            ErrorCode.DAYS_OUT_OF_RANGE,
            {"value": 32, "low": 0, "high": 31},
        ),
        (
            lambda: DaysAfter(367),
            ErrorCode.DAYS_OUT_OF_RANGE,
            {"value": 367, "low": 0, "high": 366},
        ),
        (
            lambda: DaysBefore(367),
            ErrorCode.DAYS_OUT_OF_RANGE,
            {"value": 367, "low": 0, "high": 366},
        ),
        (
            lambda: GraceDays(367),
            ErrorCode.DAYS_OUT_OF_RANGE,
            {"value": 367, "low": 0, "high": 366},
        ),
    ],
)
def test_refusals_name_what_was_wrong(
    refused: Callable[[], object], code: ErrorCode, params: dict[str, object]
) -> None:
    with pytest.raises(RuleError) as caught:
        refused()
    assert (caught.value.code, caught.value.params) == (code, params)


def test_two_currencies_are_named_by_their_refusal() -> None:
    with pytest.raises(CurrencyMismatch) as caught:
        _ = Money(D(1), "MXN") + Money(D(1), "USD")
    assert caught.value.code == ErrorCode.CURRENCY_MISMATCH
    assert caught.value.params == {"left": "MXN", "right": "USD"}


def test_the_ends_of_what_is_allowed_are_allowed() -> None:
    assert TaxRate("exento", D(0)).rate == 0
    assert TaxRate("doble", D(1)).rate == 1
    assert DaysAfter(0).n == 0
    assert [rule(366).n for rule in (DaysAfter, DaysBefore, GraceDays)] == [366] * 3
