"""Churn: months that add up, reasons, returns, the parts, the files, and who may see them."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from django.db import connection
from django.db.models import Q
from django.test import Client
from django.test.utils import CaptureQueriesContext

from caudal.apps.customers.models import Customer, Service, Stay
from caudal.apps.reports.churn import Churn, churn, churn_by
from caudal.apps.reports.tests.town import YEAR, Town
from caudal.apps.staff.models import User


def told(report: Churn, kind: str) -> list[int]:
    return [getattr(row, kind) for _month, row in report.months]


def test_each_month_begins_where_the_last_one_ended(town: Town, owner: User) -> None:
    old, gone = town.service(date(2025, 3, 1)), town.service(date(2025, 4, 1))
    town.service(date(2026, 2, 10))
    town.cancel(gone, date(2026, 1, 31))
    town.suspend(old, date(2026, 3, 5))
    town.lift(old, date(2026, 3, 7))
    town.suspend(old, date(2026, 3, 20), "hold")
    found = churn(owner, YEAR)
    assert told(found, "at_start") == [2, 1, 2, 2, 2, 2, 2]
    assert told(found, "activations") == [0, 1, 0, 0, 0, 0, 0]
    assert told(found, "cancellations") == [1, 0, 0, 0, 0, 0, 0]
    assert told(found, "suspensions") == [0, 0, 2, 0, 0, 0, 0]
    assert found.months[0][1].rate == Decimal("50.00")
    assert {why.key: why.count for why in found.suspended_for} == {"unpaid": 1, "hold": 1}
    assert (found.total.at_start, found.total.at_end, found.total.rate) == (2, 2, Decimal("50.00"))


def test_a_reason_is_the_same_however_it_was_typed(town: Town, owner: User) -> None:
    for day, reason in enumerate(("Se mudó", "SE MUDÓ.", " se  mudó", "Precio", ""), start=1):
        town.cancel(town.service(date(2025, 1, 1)), date(2026, 5, day), reason)
    found = [(why.label, why.count) for why in churn(owner, YEAR).left_for]
    assert found == [("Se mudó", 3), ("Precio", 1), ("", 1)]


def test_who_was_never_installed_neither_came_nor_left(town: Town, owner: User) -> None:
    pending = town.service(date(2026, 2, 1))
    Service.objects.filter(pk=pending.pk).update(state="pending")
    town.cancel(pending, date(2026, 4, 1))
    mistaken = town.service(date(2026, 3, 1))
    town.cancel(mistaken, date(2026, 2, 28))
    town.service(date(2026, 3, 3))
    Service.objects.filter(customer__name="Cliente 3").update(state="pending")
    found = churn(owner, YEAR).total
    assert (found.at_start, found.activations, found.cancellations) == (0, 0, 0)


def test_who_returns_is_told_apart_and_his_first_reason_stays(town: Town, owner: User) -> None:
    service = town.service(date(2025, 1, 1))
    town.cancel(service, date(2026, 2, 10), "Precio")
    town.back(service, date(2026, 5, 2))
    found = churn(owner, YEAR)
    assert told(found, "cancellations") == [0, 1, 0, 0, 0, 0, 0]
    assert told(found, "returns") == told(found, "activations") == [0, 0, 0, 0, 1, 0, 0]
    assert [(why.label, why.count) for why in found.left_for] == [("Precio", 1)]
    assert Stay.objects.get().reason == "Precio"


def test_a_cancellation_that_was_undone_at_once_never_was(town: Town, owner: User) -> None:
    service = town.service(date(2025, 1, 1))
    town.cancel(service, date(2026, 2, 10))
    town.back(service, date(2026, 2, 11))
    found = churn(owner, YEAR)
    assert (found.total.cancellations, found.total.activations, found.total.at_end) == (0, 0, 1)
    assert churn_by(owner, YEAR, "plan")[town.plans[0].pk].at_end == 1


def test_months_and_parts_agree_with_a_count_of_every_day(town: Town, owner: User) -> None:
    town.live(30)
    found = churn(owner, YEAR)
    for span, row in found.months:
        assert row.at_start == standing(span.first - timedelta(days=1)), span
        assert row.at_end == standing(span.last), span
    for group in ("plan", "zone", "seller"):
        parts = churn_by(owner, YEAR, group).values()
        for kind in ("at_start", "activations", "returns", "cancellations", "suspensions"):
            assert sum(getattr(each, kind) for each in parts) == getattr(found.total, kind), kind


def standing(day: date) -> int:
    """Services that are served on that day and on the next one, looked at one by one."""
    return sum(
        served(service, day) and served(service, day + timedelta(days=1))
        for service in Service.objects.prefetch_related("stays")
    )


def served(service: Service, day: date) -> bool:
    times = [(stay.first, stay.last) for stay in service.stays.all()]
    times.append((service.started_on, service.cancelled_on or date.max))
    return any(first <= day <= last for first, last in times)


def test_only_what_a_person_sees_is_counted_and_filters_narrow_it(
    town: Town, owner: User, user_with_role: Callable[..., User]
) -> None:
    collector = user_with_role("collector")
    mine = town.service(date(2026, 2, 1), collector=collector)
    town.service(date(2026, 2, 1), zone=1, plan=1)
    assert churn(collector, YEAR).total.activations == 1
    assert churn(owner, YEAR, Q(plan=mine.plan)).total.activations == 1
    assert set(churn_by(collector, YEAR, "zone")) == {town.zones[0].pk}


def test_the_screen_asks_a_fixed_number_of_queries(
    town: Town, client_as: Callable[..., Client]
) -> None:
    client = client_as("owner")

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert (
                client.get("/reports/churn/?first=2026-01&last=2026-06&by=zone").status_code == 200
            )
        return len(captured)

    town.cancel(town.service(date(2026, 1, 1)), date(2026, 2, 1))
    asked()
    few = asked()
    for number in range(12):
        service = town.service(date(2026, 1 + number % 6, 1), zone=number % 2)
        town.suspend(service, date(2026, 6, 20))
    assert asked() == few <= 26


def test_nonsense_in_the_address_is_as_if_it_was_not_given(
    town: Town, client_as: Callable[..., Client]
) -> None:
    client = client_as("owner")
    for query in ("first=x", "first=2030-01&last=1999-01", "by=nothing", "zone=999999", "plan=a"):
        assert client.get(f"/reports/churn/?{query}").status_code == 200, query
    long = client.get("/reports/churn/?first=1990-01").context["report"]
    assert len(long.months) == 36


def test_files_and_api_hold_the_same_numbers(town: Town, client_as: Callable[..., Client]) -> None:
    client = client_as("owner")
    town.cancel(town.service(date(2026, 1, 5)), date(2026, 2, 1), "=Precio")
    address = "/reports/churn/export/{}.csv?first=2026-01&last=2026-06"
    files = {
        what: b"".join(client.get(address.format(what)).streaming_content).decode("utf-8-sig")
        for what in ("months", "parts", "reasons")
    }
    assert "2026-02,1,0,0,0,1,0,100.00" in files["months"]
    assert "Básico,0,1,0,0,1,0," in files["parts"]
    assert ",=precio" not in files["reasons"].lower()
    answer = client.get("/api/v1/reports/churn/?first=2026-01&last=2026-06&by=zone").json()
    assert answer["total"]["cancellations"] == 1
    [told] = answer["cancelled_for"]
    assert (told["reason"], told["services"], told["cause"]) == ("=precio", 1, None)
    assert [row["key"] for row in answer["parts"]] == [town.zones[0].pk]


def test_cashiers_do_not_see_it(town: Town, client_as: Callable[..., Client]) -> None:
    cashier = client_as("cashier")
    for address in (
        "/reports/churn/",
        "/reports/churn/export/months.csv",
        "/api/v1/reports/churn/",
        "/api/v1/reports/churn/services/",
        "/reports/churn/services/",
        "/reports/churn/services.csv",
    ):
        assert cashier.get(address).status_code == 403
    assert not Customer.objects.exists()
