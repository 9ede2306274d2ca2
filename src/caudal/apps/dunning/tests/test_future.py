"""The report of cuts to come, and of who escapes."""

from decimal import Decimal
from typing import Any

from caudal.apps.billing.tests.world import calendar_numbers, d
from caudal.apps.customers.models import Customer, Service
from caudal.apps.dunning.future import by_day, escaped, foreseen, told, totals
from caudal.apps.dunning.tests.street import Street

ALL = Service.objects.all


def days(street: Street, on: Any, number: int = 60) -> dict[str, Any]:
    return {row.name: row.on for row in foreseen(ALL(), on, number)}


def test_everybody_stands_on_the_day_on_which_he_is_really_cut(street: Street) -> None:
    street.rules(no_cut_weekdays=[6])  # 5 July 2026 is a Sunday
    twice = calendar_numbers(28, 1, 5) | {"cut_after": 2}
    for name, fields in {
        "plain": {},
        "promised": {},
        "late": {"own": calendar_numbers(28, 1, 20)},
        "twice": {"own": twice},
        "gratis": {"may_be_cut": False},
        "paid": {},
    }.items():
        street.customer(name=name, **fields)
    street.create(d(6, 28))
    people = {row.name: row for row in Customer.objects.all()}
    street.promise(people["promised"], d(7, 2), d(7, 10))
    street.pay(people["paid"], "300.00", d(7, 2))
    seen = days(street, d(7, 2))
    assert seen == {"plain": d(7, 6), "promised": d(7, 10), "late": d(7, 20)}
    assert days(street, d(7, 2), 5) == {"plain": d(7, 6)}
    for number in range(2, 21):
        street.cut(d(7, number))
        for name, on in seen.items():
            assert street.is_active(people[name]) is (number < on.day)


def test_days_and_totals_add_up(street: Street) -> None:
    small = street.create_plan("100.50")
    for _ in range(2):
        street.customer()
    street.customer(plan=small, own=calendar_numbers(28, 1, 8))
    street.create(d(6, 28))
    rows = foreseen(ALL(), d(7, 2), 30)
    assert [(day.on, day.services, dict(day.debts)) for day in by_day(rows)] == [
        (d(7, 5), 2, {"MXN": Decimal("600.00")}),
        (d(7, 8), 1, {"MXN": Decimal("100.50")}),
    ]
    assert totals(rows) == [("MXN", Decimal("700.50"))]


def test_who_escapes_is_told_with_the_reason(street: Street) -> None:
    names = ("promised", "protected", "cut", "not yet")
    promised, _protected, _cut, late = (
        street.customer(name=name, may_be_cut=name != "protected") for name in names
    )
    street.create(d(6, 28))
    street.promise(promised, d(7, 4), d(7, 10))
    street.pay(late, "300.00", d(7, 4))
    street.cut(d(7, 5))
    found = told(escaped(ALL(), d(7, 6)), d(7, 6))
    assert [(each.row.name, each.reasons[0].rule) for each in found] == [
        ("promised", "PRM-1"),
        ("protected", "EXM-2"),
    ]


def test_many_ask_as_many_queries_as_few(
    street: Street, django_assert_max_num_queries: Any
) -> None:
    def queries() -> int:
        with django_assert_max_num_queries(26) as captured:
            foreseen(ALL(), d(7, 2), 30)
            escaped(ALL(), d(7, 6))
        return len(captured)

    street.owing()
    few = queries()
    for _ in range(15):
        street.promise(street.customer(), d(6, 27), d(7, 10))
    street.create(d(6, 28))
    assert queries() == few + 2  # the invoices that promises name, once for each report
