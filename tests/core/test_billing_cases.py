"""Acceptance cases of the billing rules that are pure arithmetic, with their figures."""

from datetime import date
from decimal import Decimal as D

from caudal.core.periods import (
    Calendar,
    DayOfMonth,
    DaysBefore,
    PaymentMode,
    Period,
    civil_date,
    schedule_for,
    schedules_emitted,
)
from caudal.core.proration import part_price
from caudal.core.recharge import RechargeDays, RechargeStyle, recharge, recharge_days
from caudal.core.taxes import TaxableLine, TaxMode, TaxRate, TaxRounding, tax_document

ZONE_Z = Calendar(1, create=DayOfMonth(28), cut=DayOfMonth(5))
JUNE = Period(date(2026, 6, 1), date(2026, 6, 30))


def own(create: int, notice: int, payment: int, cut: int) -> Calendar:
    return Calendar(payment, DayOfMonth(create), DayOfMonth(cut), DayOfMonth(notice))


def taxed(amount: str, percent: str, mode: TaxMode) -> tuple[D, D, D]:
    line = TaxableLine(D(amount), (TaxRate.percent("IVA", D(percent)),))
    done = tax_document([line], mode, 2)
    return done.net, done.tax, done.total


def test_p01_recharge_paid_28_april() -> None:
    moved = recharge(own(26, 26, 1, 8), date(2026, 4, 28))
    assert moved == own(22, 24, 28, 4)
    assert schedules_emitted(moved, date(2026, 4, 28), date(2026, 5, 21)) == []
    (schedule,) = schedules_emitted(moved, date(2026, 4, 28), date(2026, 5, 22))
    assert (schedule.emission, schedule.notice) == (date(2026, 5, 22), date(2026, 5, 24))
    assert (schedule.due, schedule.cut) == (date(2026, 5, 28), date(2026, 6, 4))


def test_p01_alternative_offsets_applied_every_month() -> None:
    moved = recharge(own(26, 26, 1, 8), date(2026, 4, 28), RechargeStyle.OFFSETS)
    schedule = schedule_for(moved, date(2026, 5, 28))
    assert (schedule.emission, schedule.notice) == (date(2026, 5, 22), date(2026, 5, 24))
    assert schedule.cut == date(2026, 6, 3)


def test_p02_recharge_paid_24_april() -> None:
    assert recharge_days(date(2026, 4, 24)) == RechargeDays(18, 20, 24, 30)
    moved = recharge(own(19, 20, 22, 29), date(2026, 4, 24))
    (schedule,) = schedules_emitted(moved, date(2026, 4, 24), date(2026, 5, 31))
    assert (schedule.emission, schedule.notice) == (date(2026, 5, 18), date(2026, 5, 20))
    assert (schedule.due, schedule.cut) == (date(2026, 5, 24), date(2026, 5, 30))


def test_p03_first_invoice_23_to_30_june() -> None:
    part = Period(civil_date(2026, 6, 23), civil_date(2026, 6, 31))
    assert part == Period(date(2026, 6, 23), date(2026, 6, 30))
    assert part.days == 8
    first = part_price(D(300), JUNE, part, 2)
    assert first == D("80.00")
    (july,) = schedules_emitted(ZONE_Z, date(2026, 6, 27), date(2026, 6, 28))
    assert (july.emission, july.due, july.cut) == (
        date(2026, 6, 28),
        date(2026, 7, 1),
        date(2026, 7, 5),
    )
    assert july.period == Period(date(2026, 7, 1), date(2026, 7, 31))
    assert first + part_price(D(300), july.period, july.period, 2) == D("380.00")


def test_p04_parts_add_up_to_the_month() -> None:
    def price(first: int, last: int) -> D:
        return part_price(D(250), JUNE, Period(date(2026, 6, first), date(2026, 6, last)), 2)

    assert price(1, 22) == D("183.33")
    assert price(23, 30) == D("66.67")
    assert price(20, 30) == D("91.67")
    assert price(1, 30) == price(1, 22) + price(23, 30) == D("250.00")


def test_p08_prepaid_created_one_day_before() -> None:
    calendar = Calendar(1, DaysBefore(1), DayOfMonth(5))
    found = schedules_emitted(calendar, date(2026, 2, 19), date(2026, 8, 2))
    assert [s.emission for s in found] == [
        date(2026, 2, 28),
        date(2026, 3, 31),
        date(2026, 4, 30),
        date(2026, 5, 31),
        date(2026, 6, 30),
        date(2026, 7, 31),
    ]
    assert found[0].period == Period(date(2026, 3, 1), date(2026, 3, 31))
    assert (found[4].due, found[4].period.last) == (date(2026, 7, 1), date(2026, 7, 31))
    assert (found[5].due, found[5].period.last) == (date(2026, 8, 1), date(2026, 8, 31))


def test_p09_postpaid_bills_the_period_before_the_payment_day() -> None:
    calendar = Calendar(1, DaysBefore(1), DayOfMonth(5), mode=PaymentMode.POSTPAID)
    may, june = schedules_emitted(calendar, date(2026, 5, 30), date(2026, 6, 30))
    assert (may.emission, june.emission) == (date(2026, 5, 31), date(2026, 6, 30))
    assert june.due == date(2026, 7, 1)
    prices = []
    for starts in (date(2026, 6, 1), date(2026, 6, 10)):
        assert may.period.last < starts
        served = june.period.common(Period(starts, date.max))
        assert served == Period(starts, date(2026, 6, 30))
        prices.append(part_price(D(300), june.period, served, 2))
    assert prices == [D("300.00"), D("210.00")]


def test_p10_payment_day_in_mid_month() -> None:
    calendar = Calendar(15, DaysBefore(5), DayOfMonth(20))
    (schedule,) = schedules_emitted(calendar, date(2026, 7, 9), date(2026, 7, 10))
    assert schedule.due == date(2026, 7, 15)
    assert schedule.period == Period(date(2026, 7, 15), date(2026, 8, 14))
    assert schedule.period.days == 31
    assert part_price(D(310), schedule.period, schedule.period, 2) == D("310.00")
    first = Period(date(2026, 7, 20), schedule.period.last)
    assert first.days == 26
    assert part_price(D(310), schedule.period, first, 2) == D("260.00")


def test_p11_payment_day_31_never_drifts() -> None:
    calendar = Calendar(31, DaysBefore(5), DayOfMonth(31))
    found = schedules_emitted(calendar, date(2026, 1, 25), date(2026, 4, 25))
    assert [s.due for s in found] == [
        date(2026, 1, 31),
        date(2026, 2, 28),
        date(2026, 3, 31),
        date(2026, 4, 30),
    ]
    assert [s.period.last for s in found] == [
        date(2026, 2, 27),
        date(2026, 3, 30),
        date(2026, 4, 29),
        date(2026, 5, 30),
    ]
    assert [s.period.days for s in found] == [28, 31, 30, 31]
    assert {part_price(D(300), s.period, s.period, 2) for s in found} == {D("300.00")}


def test_p12_day_numbers_in_february() -> None:
    late = Calendar(28, DayOfMonth(25), DayOfMonth(30))
    dates = [
        (s.emission, s.due, s.cut)
        for s in schedules_emitted(late, date(2026, 1, 1), date(2026, 3, 31))
    ]
    assert dates == [
        (date(2026, 1, 25), date(2026, 1, 28), date(2026, 1, 30)),
        (date(2026, 2, 25), date(2026, 2, 28), date(2026, 3, 1)),
        (date(2026, 3, 25), date(2026, 3, 28), date(2026, 3, 30)),
    ]
    early = Calendar(30, DayOfMonth(28), DayOfMonth(2))
    february = schedule_for(early, date(2026, 2, 28))
    assert (february.emission, february.cut) == (date(2026, 2, 28), date(2026, 3, 2))


def test_p13_three_tax_modes() -> None:
    assert taxed("250.00", "16", TaxMode.NONE) == (D("250.00"), D(0), D("250.00"))
    assert taxed("250.00", "16", TaxMode.ADDED) == (D("250.00"), D("40.00"), D("290.00"))
    assert taxed("250.00", "16", TaxMode.INCLUDED) == (D("215.52"), D("34.48"), D("250.00"))


def test_p14_included_tax_never_changes_the_total() -> None:
    for gross, percent, net, tax in (
        ("1210.00", "21", "1000.00", "210.00"),
        ("1000.00", "21", "826.45", "173.55"),
        ("1000.00", "16", "862.07", "137.93"),
        ("100.00", "19", "84.03", "15.97"),
        ("59.00", "18", "50.00", "9.00"),
        ("104.00", "16", "89.66", "14.34"),
    ):
        assert taxed(gross, percent, TaxMode.INCLUDED) == (D(net), D(tax), D(gross))


def test_p15_tax_per_document_and_per_line() -> None:
    lines = [TaxableLine(D("33.33"), (TaxRate.percent("IVA", D(16)),))] * 3
    document = tax_document(lines, TaxMode.ADDED, 2)
    assert (document.net, document.tax, document.total) == (D("99.99"), D("16.00"), D("115.99"))
    assert [line.tax for line in document.lines] == [D("5.33"), D("5.33"), D("5.34")]
    per_line = tax_document(lines, TaxMode.ADDED, 2, TaxRounding.PER_LINE)
    assert (per_line.tax, per_line.total) == (D("15.99"), D("115.98"))


def test_p16_proration_with_tax_included() -> None:
    gross = part_price(D(500), JUNE, Period(date(2026, 6, 23), date(2026, 6, 30)), 2)
    assert gross == D("133.33")
    assert taxed(str(gross), "16", TaxMode.INCLUDED) == (D("114.94"), D("18.39"), D("133.33"))
