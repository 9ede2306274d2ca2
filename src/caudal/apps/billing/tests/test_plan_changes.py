"""P36: a plan or a price that changes within a cycle, in whatever order things happen."""

from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from caudal.apps.billing import plan_changes
from caudal.apps.billing.models import Invoice, ServiceChange
from caudal.apps.billing.tests.life import Life, price_by_day
from caudal.apps.billing.tests.world import CLERK, at, d, verify
from caudal.apps.billing.voiding import void_invoice
from caudal.apps.catalog.models import Company, Tax
from caudal.apps.customers.models import Customer, DayStyle, PaymentMode, Service
from caudal.core.errors import RuleError
from caudal.core.periods import Period


@pytest.fixture
def life(db: None) -> Life:
    return Life()


def postpaid(life: Life) -> Any:
    return life.create_zone(
        "postpaid",
        mode=PaymentMode.POSTPAID,
        payment_day=1,
        create_style=DayStyle.DAYS_BEFORE,
        create_value=1,
    )


def served(life: Life, **fields: Any) -> tuple[Customer, Service]:
    customer = life.customer(**fields)
    return customer, customer.services.get()


@pytest.mark.parametrize("price", ["350.005", "-1.00"])
def test_a_price_that_nobody_can_pay_is_refused_before_its_day(life: Life, price: str) -> None:
    service = life.customer().services.get()
    with pytest.raises((RuleError, ValidationError)):
        life.change(service, life.plan, d(8, 16), today=d(7, 1), price=Decimal(price))
    assert not service.changes.exists()


def test_p36_a_plan_change_in_mid_cycle(life: Life) -> None:
    customer, service = served(life)
    life.run(d(6, 28))
    life.pay(customer, "300.00", d(7, 1))
    life.change(service, life.create_plan("500.00"), d(7, 11))
    assert life.waiting(customer) == [Decimal("-203.23"), Decimal("338.71")]
    assert service.revision == 2
    life.run(d(7, 28))
    _, august = life.invoices(customer)
    assert august.total == Decimal("635.48")
    assert life.waiting(customer) == []
    assert life.balance(customer) == Decimal("635.48")
    life.run(d(8, 28))
    assert life.totals(customer)[-1] == Decimal("500.00")
    verify()


def test_p36_at_once_on_an_invoice_of_its_own(life: Life) -> None:
    customer, service = served(life)
    life.run(d(6, 28))
    life.change(service, life.create_plan("500.00"), d(7, 11), style="at-once")
    own = life.invoices(customer)[-1]
    assert (own.kind, own.total, own.emission) == ("free", Decimal("135.48"), d(7, 11))
    life.run(d(7, 28))
    assert life.totals(customer)[-1] == Decimal("500.00")
    verify()


def test_p36_at_once_to_a_cheaper_plan_waits_as_credit(life: Life) -> None:
    customer, service = served(life)
    life.run(d(6, 28))
    life.change(service, life.create_plan("100.00"), d(7, 11), style="at-once")
    assert sum(life.waiting(customer)) == Decimal("-135.49")
    life.run(d(7, 28))
    assert life.totals(customer) == [Decimal("300.00"), Decimal(0)]
    life.run(d(8, 28))
    assert life.totals(customer)[-1] == Decimal("64.51")
    verify()


def test_p36_from_the_next_cycle_prorates_nothing(life: Life) -> None:
    customer, service = served(life)
    life.run(d(6, 28))
    change = life.change(service, life.create_plan("500.00"), d(7, 11), style="next-cycle")
    assert (change.status, change.on) == (ServiceChange.Status.SCHEDULED, d(8, 1))
    life.run(d(7, 28))
    assert life.totals(customer) == [Decimal("300.00"), Decimal("500.00")]
    life.turn(d(8, 1))
    service.refresh_from_db()
    assert service.plan.price == Decimal("500.00")
    assert life.waiting(customer) == []


def test_from_the_next_cycle_begins_after_what_is_billed(life: Life) -> None:
    _, service = served(life)
    life.run(d(6, 28))
    life.run(d(7, 28))
    change = life.change(service, life.create_plan("500.00"), d(7, 30), style="next-cycle")
    assert change.on == d(9, 1)


def test_changes_of_one_cycle_add_up_in_any_order(life: Life) -> None:
    plans = [life.create_plan(price) for price in ("500.00", "120.00", "77.77")]
    changes = list(zip([d(7, 11), d(7, 5), d(7, 20)], plans, strict=True))
    results = set()
    for order in permutations(changes):
        customer, service = served(life)
        life.run(d(6, 28))
        for on, plan in order:
            life.change(service, plan, on, today=d(7, 25))
        service.refresh_from_db()
        results.add((sum(life.waiting(customer)), service.plan_id, *price_by_day(service).values()))
    assert len(results) == 1
    prices = [price for price in next(iter(results))[2:]]
    expected = ["300.00"] * 4 + ["120.00"] * 6 + ["500.00"] * 9 + ["77.77"] * 12
    assert prices == [Decimal(price) for price in expected]


def test_a_back_dated_change_corrects_every_cycle_since(life: Life) -> None:
    customer, service = served(life)
    for day in (d(5, 28), d(6, 28), d(7, 28)):
        life.run(day)
    life.change(service, life.create_plan("500.00"), d(6, 16), today=d(7, 30))
    assert sum(life.waiting(customer)) == Decimal("100.00") + 200 + 200
    assert price_by_day(service)[d(6, 15)] == Decimal("300.00")
    assert price_by_day(service)[d(8, 31)] == Decimal("500.00")


def test_postpaid_charges_each_part_at_its_price_instead_of_items(life: Life) -> None:
    customer, service = served(life, zone=postpaid(life), started=d(7, 1))
    life.change(service, life.create_plan("500.00"), d(7, 11))
    assert life.waiting(customer) == []
    life.run(d(7, 31))
    (july,) = life.invoices(customer)
    assert july.total == Decimal("435.48")
    assert [line.net for line in july.lines.all()] == [Decimal("96.77"), Decimal("338.71")]
    assert "Plan 300.00" in july.lines.all()[0].description
    assert "Plan 500.00" in july.lines.all()[1].description


def test_a_scheduled_change_is_billed_ahead_and_done_on_its_day(life: Life) -> None:
    customer, service = served(life)
    life.run(d(6, 28))
    life.change(service, life.create_plan("500.00"), d(8, 11), today=d(7, 10))
    life.live(d(7, 11), d(8, 12))
    service.refresh_from_db()
    assert service.plan.price == Decimal("500.00")
    assert life.totals(customer)[-1] == Decimal("435.48")
    assert life.waiting(customer) == []


def test_a_dropped_change_gives_back_what_was_billed_ahead(life: Life) -> None:
    customer, service = served(life)
    change = life.change(service, life.create_plan("500.00"), d(8, 11), today=d(7, 10))
    life.run(d(7, 28))
    plan_changes.drop_change(actor=CLERK, now=at(d(8, 2)), today=d(8, 2), change=change)
    assert sum(life.waiting(customer)) == Decimal("-135.48")
    life.live(d(8, 3), d(8, 28))
    assert life.totals(customer)[-1] == Decimal("164.52")
    service.refresh_from_db()
    assert service.plan.price == Decimal("300.00")
    with pytest.raises(RuleError, match="change-not-scheduled"):
        plan_changes.drop_change(actor=CLERK, now=at(d(8, 2)), today=d(8, 2), change=change)


def test_a_price_alone_changes_without_telling_the_router(life: Life) -> None:
    customer, service = served(life)
    life.run(d(6, 28))
    life.change(service, service.plan, d(7, 11), price=Decimal("500.00"))
    service.refresh_from_db()
    assert (service.price, service.revision) == (Decimal("500.00"), 1)
    assert sum(life.waiting(customer)) == Decimal("135.48")


@pytest.mark.parametrize(("mode", "july", "august"), [
    ("added", "348.00", "737.16"), ("included", "300.00", "635.48"),
])  # fmt: skip
def test_p36_with_tax(life: Life, mode: str, july: str, august: str) -> None:
    Company.objects.update(tax_mode=mode)
    life.company.taxes.add(Tax.objects.create(name="IVA", rate=Decimal(16)))
    customer, service = served(life)
    life.run(d(6, 28))
    life.change(service, life.create_plan("500.00"), d(7, 11))
    life.run(d(7, 28))
    assert life.totals(customer) == [Decimal(july), Decimal(august)]
    verify()


def test_days_given_at_an_agreed_price_keep_it(life: Life) -> None:
    customer, service = served(life)
    life.issue(
        customer, d(6, 20), service=service, days=Period(d(7, 1), d(7, 31)), price=Decimal(0)
    )
    life.change(service, life.create_plan("500.00"), d(7, 11))
    assert life.waiting(customer) == []


def test_a_plan_in_another_currency_is_refused(life: Life) -> None:
    _, service = served(life)
    dollars = life.create_plan("20.00")
    dollars.currency = "USD"
    dollars.save()
    with pytest.raises(RuleError, match="plan-in-another-currency"):
        life.change(service, dollars, d(7, 11))


def test_a_preview_says_what_would_be_left_and_leaves_nothing(life: Life) -> None:
    customer, service = served(life)
    life.run(d(6, 28))
    plan = life.create_plan("500.00")
    preview = plan_changes.preview_plan_change(service=service, plan=plan, on=d(7, 11))
    assert [(each.credit, each.charge) for each in preview.differences] == [
        (Decimal("203.23"), Decimal("338.71"))
    ]
    assert (life.waiting(customer), ServiceChange.objects.count()) == ([], 0)
    assert service.plan != plan


def test_voiding_the_invoice_undoes_what_was_corrected_of_it(life: Life) -> None:
    customer, service = served(life)
    life.run(d(6, 28))
    life.change(service, life.create_plan("500.00"), d(7, 11))
    (july,) = life.invoices(customer)
    void_invoice(actor=CLERK, now=at(d(7, 12)), today=d(7, 12), invoice=july, reason="x")
    assert life.waiting(customer) == []
    life.create(d(6, 28), hour=7)
    assert life.invoices(customer)[-1].total == Decimal("435.48")
    verify()


def test_voiding_after_the_items_landed_leaves_the_opposite(life: Life) -> None:
    customer, service = served(life)
    life.run(d(6, 28))
    life.change(service, life.create_plan("500.00"), d(7, 11))
    life.run(d(7, 28))
    july = life.invoices(customer)[0]
    void_invoice(actor=CLERK, now=at(d(7, 29)), today=d(7, 29), invoice=july, reason="x")
    assert sum(life.waiting(customer)) == Decimal("-135.48")
    assert life.balance(customer) == Decimal("635.48")
    assert Invoice.objects.filter(state="void").count() == 1
    verify()


def test_money_of_a_charge_at_once_does_not_pay_the_invoice_that_is_being_voided(
    life: Life,
) -> None:
    customer, service = served(life)
    life.run(d(6, 28))
    life.change(service, life.create_plan("500.00"), d(7, 11), style="at-once")
    july, extra = life.invoices(customer)
    life.pay(customer, "135.48", d(7, 12), invoice=extra)
    void_invoice(actor=CLERK, now=at(d(7, 13)), today=d(7, 13), invoice=july, reason="x")
    assert life.balance(customer) == Decimal("-135.48")
    assert not july.applications.filter(undone_at=None).exists()
    verify()
