"""Notices are shown in their window, reminders on their days, and to nobody who wants none."""

from datetime import date
from decimal import Decimal as D

import pytest

from caudal.core.errors import RuleError
from caudal.core.notices import NoticeTerms, NoticeWindow, notifies, reminder_days, reminds

DUE = date(2026, 7, 1)


def notified(day: int, terms: NoticeTerms) -> bool:
    return notifies(date(2026, 7, day), D(300), terms)


def test_the_general_window_is_1_to_10_and_a_customer_may_have_his_own() -> None:
    ramirez = NoticeTerms(own_window=NoticeWindow(1, 8))
    anyone, nobody = NoticeTerms(), NoticeTerms(wanted=False)
    shown = {
        day: (notified(day, ramirez), notified(day, anyone), notified(day, nobody))
        for day in (1, 8, 9, 10, 11)
    }
    assert shown == {
        1: (True, True, False),
        8: (True, True, False),
        9: (False, True, False),
        10: (False, True, False),
        11: (False, False, False),
    }


def test_a_window_may_run_over_the_end_of_the_month() -> None:
    window = NoticeWindow(25, 5)
    assert [d for d in range(1, 32) if window.contains(date(2026, 7, d))] == [
        *range(1, 6),
        *range(25, 32),
    ]


def test_a_window_may_be_one_day() -> None:
    window = NoticeWindow(5, 5)
    assert [d for d in range(1, 32) if window.contains(date(2026, 7, d))] == [5]


def test_cents_are_owed_too() -> None:
    assert notifies(DUE, D("0.01"), NoticeTerms())
    assert reminds(DUE, DUE, D("0.01"), [0], NoticeTerms())


def test_whoever_owes_nothing_or_is_gratis_sees_no_notice() -> None:
    assert not notifies(DUE, D(0), NoticeTerms())
    assert not notified(1, NoticeTerms(gratis=True))


@pytest.mark.parametrize("window", [(0, 10), (1, 32)])
def test_a_window_is_made_of_days_of_the_month(window: tuple[int, int]) -> None:
    with pytest.raises(RuleError):
        NoticeWindow(*window)


def test_reminders_fall_before_and_after_the_due_date() -> None:
    assert reminder_days(DUE, [2, -3, 0, 2]) == [date(2026, 6, 28), DUE, date(2026, 7, 3)]
    assert reminds(date(2026, 6, 28), DUE, D(300), [-3, 2], NoticeTerms())
    assert not reminds(date(2026, 6, 29), DUE, D(300), [-3, 2], NoticeTerms())


def test_a_settled_invoice_is_not_reminded_of() -> None:
    assert not reminds(DUE, DUE, D(0), [0], NoticeTerms())
    assert not reminds(DUE, DUE, D(1), [0], NoticeTerms(wanted=False))
    assert not reminds(DUE, DUE, D(1), [0], NoticeTerms(gratis=True))
