"""Late fees are charged once per late invoice, reconnection once per automatic suspension."""

from datetime import date
from decimal import Decimal as D

import pytest

from caudal.core.errors import RuleError
from caudal.core.fees import (
    FeeInvoice,
    LateFeeRule,
    LateFeeTiming,
    LateFrom,
    ReconnectionStyle,
    Suspension,
    late_fee_lines,
    reconnection_lines,
)
from caudal.core.records import ReasonCode
from caudal.core.settlement import InvoiceKind

THIRTY = LateFeeRule(fixed=D(30))
EVERY = LateFeeRule(fixed=D(30), timing=LateFeeTiming.EVERY_CYCLE)
JUNE_28, JULY_28 = date(2026, 6, 28), date(2026, 7, 28)


def late(month: int, remaining: str = "300.00", borne: bool = False) -> FeeInvoice:
    due, cut = date(2026, month, 1), date(2026, month, 5)
    return FeeInvoice(month, InvoiceKind.SERVICE, due, cut, D(remaining), borne)


def sources(invoices: list[FeeInvoice], today: date, rule: LateFeeRule | None) -> list[object]:
    return [line.source for line in late_fee_lines(invoices, today, rule, 2)]


def test_each_late_invoice_bears_the_fee_once_on_the_next_service_invoice() -> None:
    assert sources([late(6), late(7)], JUNE_28, THIRTY) == [6]
    assert sources([late(6, borne=True), late(7)], JULY_28, THIRTY) == [7]
    assert sources([late(6, borne=True), late(7, borne=True)], JULY_28, THIRTY) == []


def test_the_late_fee_may_repeat_every_cycle() -> None:
    lines = late_fee_lines([late(7), late(6, borne=True)], JULY_28, EVERY, 2)
    assert [line.source for line in lines] == [6, 7]
    assert sum(line.amount for line in lines) == D(60)


def test_the_late_fee_may_fall_on_the_overdue_invoice_the_day_after_it_was_due() -> None:
    rule = LateFeeRule(fixed=D(30), timing=LateFeeTiming.DAY_AFTER_DUE)
    assert sources([late(7)], date(2026, 7, 1), rule) == []
    assert sources([late(7)], date(2026, 7, 2), rule) == [7]
    assert sources([late(7, borne=True)], date(2026, 7, 3), rule) == []


def test_the_late_fee_may_count_from_the_cut_date() -> None:
    rule = LateFeeRule(fixed=D(30), counted_from=LateFrom.CUT)
    assert sources([late(7)], date(2026, 7, 4), rule) == []
    assert sources([late(7)], date(2026, 7, 5), rule) == [7]


def test_an_invoice_is_not_late_on_its_due_date() -> None:
    assert sources([late(7)], date(2026, 7, 1), THIRTY) == []
    assert sources([late(7)], date(2026, 7, 2), THIRTY) == [7]


def test_settled_free_and_gratis_bear_no_late_fee() -> None:
    free = FeeInvoice(1, InvoiceKind.FREE, date(2026, 6, 1), date(2026, 6, 5), D(900))
    assert sources([free, late(6, "0.00")], JULY_28, THIRTY) == []
    assert late_fee_lines([late(6)], JULY_28, THIRTY, 2, gratis=True) == []
    assert sources([late(6)], JULY_28, None) == []


def test_an_invoice_paid_late_bears_the_fee_only_where_so_set() -> None:
    due, cut = date(2026, 6, 1), date(2026, 6, 5)

    def settled(on: date) -> FeeInvoice:
        return FeeInvoice(6, InvoiceKind.SERVICE, due, cut, D(0), settled_on=on)

    rule = LateFeeRule(fixed=D(30), paid_late=True)
    assert sources([settled(date(2026, 6, 2))], JUNE_28, rule) == [6]
    assert sources([settled(date(2026, 6, 1))], JUNE_28, rule) == []
    assert sources([settled(date(2026, 6, 2))], JUNE_28, THIRTY) == []
    assert sources([late(6, "0.00")], JUNE_28, rule) == []


def test_an_invoice_created_in_the_same_run_is_not_late_in_it() -> None:
    due, cut = date(2026, 7, 1), date(2026, 7, 5)
    made = FeeInvoice(7, InvoiceKind.SERVICE, due, cut, D(300), created_on=JULY_28)
    assert sources([made], JULY_28, THIRTY) == []
    assert sources([made], date(2026, 7, 29), THIRTY) == [7]


def test_a_percentage_is_of_what_is_left_and_rounds_half_up() -> None:
    five = LateFeeRule(fraction=D("0.05"))
    (line,) = late_fee_lines([late(6, "190.10")], JUNE_28, five, 2)
    assert line.amount == D("9.51")
    assert (line.reason.rule, line.reason.code) == ("FEE-1", ReasonCode.LATE_FEE)
    assert line.reason.params["remaining"] == D("190.10")
    (whole,) = late_fee_lines([late(6, "19990")], JUNE_28, LateFeeRule(D(500), D("0.015")), 0)
    assert whole.amount == D(800)


def test_a_late_fee_that_rounds_to_nothing_is_dropped() -> None:
    assert sources([late(6, "0.05")], JUNE_28, LateFeeRule(fraction=D("0.05"))) == []
    assert sources([late(6)], JUNE_28, LateFeeRule()) == []


def test_cents_bear_a_late_fee_and_late_fees_may_be_cents() -> None:
    assert sources([late(6, "0.50")], JUNE_28, LateFeeRule(fixed=D("0.30"))) == [6]
    assert reconnection_lines([cut_by_job("a", 5)], D("0.50"), 2)[0].amount == D("0.50")
    (double,) = late_fee_lines([late(6, "0.50")], JUNE_28, LateFeeRule(fraction=D(1)), 2)
    assert double.amount == D("0.50")


def test_late_fee_settings_are_checked() -> None:
    for values in ((D(-1), D(0)), (D(0), D("-0.1")), (D(0), D("1.01"))):
        with pytest.raises(RuleError):
            LateFeeRule(*values)


def cut_by_job(
    name: str, day: int, invoice: str | None = None, charged: bool = False
) -> Suspension:
    return Suspension(name, date(2026, 7, day), True, charged, invoice)


def test_each_automatic_suspension_is_charged_once() -> None:
    by_hand = Suspension("hand", date(2026, 7, 5), False)
    rows = [cut_by_job("b", 9), by_hand, cut_by_job("a", 5), cut_by_job("old", 1, charged=True)]
    lines = reconnection_lines(rows, D(50), 2)
    assert [(line.source, line.amount) for line in lines] == [("a", D(50)), ("b", D(50))]
    assert lines[0].reason.params == {"on": date(2026, 7, 5)}


def test_reconnection_may_be_charged_once_per_unpaid_invoice() -> None:
    per_invoice = ReconnectionStyle.PER_INVOICE
    twice = [cut_by_job("a", 5, "F7"), cut_by_job("b", 9, "F7"), cut_by_job("c", 9, "F8")]
    assert [line.source for line in reconnection_lines(twice, D(50), 2, per_invoice)] == ["a", "c"]
    again = [cut_by_job("a", 5, "F7"), cut_by_job("b", 9, "F7", charged=True)]
    assert reconnection_lines(again, D(50), 2, per_invoice) == []
    unknown = [cut_by_job("a", 5), cut_by_job("b", 9)]
    assert len(reconnection_lines(unknown, D(50), 2, per_invoice)) == 2


def test_a_fee_of_nothing_leaves_no_line() -> None:
    assert reconnection_lines([cut_by_job("a", 5)], D("0.00"), 2) == []
    with pytest.raises(RuleError):
        reconnection_lines([], D(-1), 2)
