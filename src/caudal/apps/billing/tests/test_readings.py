"""Each reading of the rules that a company may choose, against the one it has by default (RD)."""

from datetime import date
from decimal import Decimal

import pytest

from caudal.apps.billing.actions import (
    ManualLine,
    Order,
    adjust,
    charge_late_fees,
    create_invoices,
    fix_date,
    free_date,
    issue_invoice,
    void_invoice,
)
from caudal.apps.billing.models import LateFee
from caudal.apps.billing.tests.readings import by_hand, dates, days, owing, rules, totals
from caudal.apps.billing.tests.world import CLERK, World, at, calendar_numbers, d, verify
from caudal.apps.catalog.models import Company, Tax
from caudal.apps.customers.actions import suspend
from caudal.apps.customers.models import (
    CutStyle,
    PaymentMode,
)
from caudal.core.errors import RuleError


@pytest.mark.parametrize(
    ("guard", "made"),
    [("operator-made", 1), ("period-only", 2), ("any", 1)],
)
def test_p07_what_blocks_an_automatic_invoice_besides_its_days(
    world: World, guard: str, made: int
) -> None:
    rules(emission_guard=guard)
    customer = world.customer()
    by_hand(customer, d(6, 10))
    world.create(d(6, 28))
    assert len(world.invoices(customer)) == made
    world.create(d(7, 28))
    assert len(world.invoices(customer)) == made + 1


@pytest.mark.parametrize(("guard", "made"), [("operator-made", 2), ("any", 1)])
def test_an_automatic_invoice_of_the_month_blocks_another_only_where_any_does(
    world: World, guard: str, made: int
) -> None:
    """With creation long before the payment day, two emissions may fall into one month."""
    rules(emission_guard=guard)
    numbers = {"payment_day": 1, "create_style": "before", "create_value": 31}
    customer = world.customer(zone=world.create_zone("early", **numbers))
    world.create(d(3, 1))  # 31 days before 1 April
    world.create(d(3, 31))  # 31 days before 1 May
    assert len(world.invoices(customer)) == made


@pytest.mark.parametrize(
    ("style", "emitted", "due", "period"),
    [
        ("before-due", d(6, 30), d(7, 1), (d(6, 1), d(6, 30))),
        ("after-period", d(7, 1), d(7, 1), (d(6, 1), d(6, 30))),
        ("month-later", d(5, 31), d(7, 1), (d(6, 1), d(6, 30))),
    ],
)
def test_postpaid_invoices_are_created_when_the_company_says(
    world: World, style: str, emitted: date, due: date, period: tuple[date, date]
) -> None:
    rules(postpaid_style=style)
    numbers = {"mode": PaymentMode.POSTPAID, "payment_day": 1, "create_value": 1}
    customer = world.customer(zone=world.create_zone("post", **numbers), started=d(6, 1))
    for day in (d(5, 30), d(5, 31), d(6, 29), d(6, 30), d(7, 1)):
        world.create(day)
    invoice = world.invoices(customer)[0]
    assert (invoice.emission, invoice.due, days(invoice)) == (emitted, due, period)


@pytest.mark.parametrize(("counting", "cut"), [("after", d(7, 7)), ("on", d(7, 6))])
def test_p17_grace_counts_as_the_company_reads_it(world: World, counting: str, cut: date) -> None:
    rules(grace_counting=counting)
    numbers = {"payment_day": 1, "cut_style": CutStyle.GRACE_DAYS, "cut_value": 5}
    customer = world.customer(zone=world.create_zone("grace", **numbers))
    world.create(d(6, 26))
    assert world.invoices(customer)[0].cut == cut


@pytest.mark.parametrize(("clamp", "cut"), [("next-day", d(3, 1)), ("same-day", d(2, 28))])
def test_p12_a_cut_day_on_the_due_date_moves_or_stays(world: World, clamp: str, cut: date) -> None:
    rules(cut_clamp=clamp)
    customer = world.customer(zone=world.create_zone("feb", **calendar_numbers(25, 28, 30)))
    world.create(d(2, 25))
    assert dates(world.invoices(customer)[0]) == (d(2, 25), d(2, 28), cut)


def test_customers_of_one_zone_follow_the_rules_of_their_own_company(world: World) -> None:
    other = Company.objects.create(name="Otra", currency="MXN")
    other.rules.grace_counting = "on"
    other.rules.save()
    numbers = {"payment_day": 1, "create_value": 5, "cut_style": "grace", "cut_value": 5}
    zone = world.create_zone("shared", **numbers)
    mine, theirs = world.customer(zone=zone), world.customer(zone=zone, company=other)
    assert world.create(d(6, 26))["created"] == 2
    assert world.invoices(mine)[0].cut == d(7, 7)
    assert world.invoices(theirs)[0].cut == d(7, 6)
    assert world.create(d(6, 26))["created"] == 0


@pytest.mark.parametrize(
    ("style", "due", "cut"),
    [("shift", d(7, 6), d(7, 10)), ("keep", d(7, 1), d(7, 5))],
)
def test_an_invoice_created_late_moves_its_dates_or_keeps_them(
    world: World, style: str, due: date, cut: date
) -> None:
    rules(late_style=style)
    customer = world.customer()
    create_invoices(d(6, 28), at(d(7, 3)))
    assert dates(world.invoices(customer)[0]) == (d(6, 28), due, cut)


@pytest.mark.parametrize(
    ("style", "months", "made"),
    [("always", 0, 4), ("stop-at-cut", 0, 1), ("stop-after-months", 2, 3)],
)
def test_suspended_services_are_invoiced_as_long_as_the_company_says(
    world: World, style: str, months: int, made: int
) -> None:
    rules(suspended_billing=style, months_while_suspended=months)
    customer = world.customer()
    world.create(d(6, 28))
    suspend(
        actor=CLERK, now=at(d(7, 5)), today=d(7, 5), service=customer.services.get(),
        reason="unpaid",
    )  # fmt: skip
    for month in (7, 8, 9):
        world.create(d(month, 28))
    assert len(world.invoices(customer)) == made


def test_p21_once_per_overdue_invoice_on_the_next_one(world: World) -> None:
    customer = owing(world)
    world.create(d(6, 28))
    world.create(d(7, 28))
    world.create(d(7, 28), hour=9)
    assert totals(world, customer) == ["300.00", "330.00", "330.00"]
    assert world.balance(customer) == Decimal("960.00")


def test_p21_on_every_invoice_while_it_is_owed(world: World) -> None:
    rules(late_fee_timing="every-cycle")
    customer = owing(world)
    world.create(d(6, 28))
    world.create(d(7, 28))
    world.create(d(7, 28), hour=9)
    assert totals(world, customer) == ["300.00", "330.00", "360.00"]
    assert world.balance(customer) == Decimal("990.00")
    verify()


def test_p21_on_the_overdue_invoice_itself_the_day_after(world: World) -> None:
    rules(late_fee_timing="day-after-due")
    tax = Tax.objects.create(name="IVA", rate=Decimal(16))
    customer = owing(world, tax_mode="added")
    void_invoice(
        actor=CLERK, now=at(d(5, 28)), today=d(5, 28), invoice=world.invoices(customer)[0],
        reason="x",
    )  # fmt: skip
    world.company.taxes.add(tax)
    world.create(d(5, 28), hour=9)
    assert charge_late_fees(d(6, 1), at(d(6, 1), 5)) == {}
    assert charge_late_fees(d(6, 2), at(d(6, 2), 5)) == {"charged": 1}
    assert charge_late_fees(d(6, 2), at(d(6, 2), 6)) == {}
    assert charge_late_fees(d(6, 3), at(d(6, 3), 5)) == {}
    invoice = world.invoices(customer)[-1]
    assert (invoice.net, invoice.tax, invoice.total) == (330, Decimal("52.80"), Decimal("382.80"))
    assert invoice.remaining == invoice.total
    assert invoice.taxes.get().base == 330
    world.create(d(6, 28))
    assert totals(world, customer)[-1] == "348.00"
    assert world.balance(customer) == Decimal("730.80")
    void_invoice(actor=CLERK, now=at(d(7, 1)), today=d(7, 1), invoice=invoice, reason="x")
    assert world.balance(customer) == Decimal("348.00")
    assert not LateFee.objects.filter(is_void=False).exists()
    verify()


def test_a_late_fee_in_percent_of_what_is_owed(world: World) -> None:
    rules(late_fee_percent=Decimal("2.5"))
    customer = owing(world)
    Company.objects.update(late_fee=0)
    world.create(d(6, 28))
    assert totals(world, customer) == ["300.00", "307.50"]


@pytest.mark.parametrize(("start", "second"), [("due", "330.00"), ("cut", "300.00")])
def test_lateness_is_counted_from_the_due_or_from_the_cut_date(
    world: World, start: str, second: str
) -> None:
    rules(late_from=start)
    Company.objects.update(late_fee=Decimal(30))
    zone = world.create_zone("late", **calendar_numbers(28, 1, 30))
    customer = world.customer(zone=zone, may_be_cut=False)
    world.create(d(5, 28))
    world.create(d(6, 28))  # due on 1 June, cut on 30 June
    assert totals(world, customer) == ["300.00", second]


@pytest.mark.parametrize(
    ("style", "asks"), [("note", ("300.00", "45.50")), ("line", ("352.78", "0.00"))]
)
def test_a_debit_note_is_an_amount_apart_or_a_taxed_line(
    world: World, style: str, asks: tuple[str, str]
) -> None:
    rules(debit_style=style)
    tax = Tax.objects.create(name="IVA", rate=Decimal(16))
    customer = world.customer()
    if style == "line":
        Company.objects.update(tax_mode="added")
        world.company.taxes.add(tax)
        world.plan.price = Decimal("258.62")
        world.plan.save()
    note = adjust(
        actor=CLERK, now=at(d(6, 10)), customer=customer, amount=Decimal("45.50"),
        currency="MXN", on=d(6, 10), reason="Visita",
    )  # fmt: skip
    assert world.balance(customer) == Decimal("45.50")
    world.create(d(6, 28))
    (invoice,) = world.invoices(customer)
    assert (f"{invoice.total:.2f}", f"{invoice.debits:.2f}") == asks
    assert world.balance(customer) == invoice.total + invoice.debits
    void_invoice(actor=CLERK, now=at(d(6, 29)), today=d(6, 29), invoice=invoice, reason="x")
    note.refresh_from_db()
    assert note.invoice is None
    assert world.balance(customer) == Decimal("45.50")
    world.create(d(6, 28), hour=9)
    assert world.balance(customer) == Decimal(asks[0]) + Decimal(asks[1])
    verify()


def test_a_fixed_date_moves_the_next_creation_once(world: World) -> None:
    moved, usual = world.customer(), world.customer()
    fix_date(actor=CLERK, now=at(d(6, 1)), today=d(6, 1), customer=moved, on=d(6, 10))
    world.create(d(6, 10))
    assert [dates(each) for each in world.invoices(moved)] == [(d(6, 10), d(7, 1), d(7, 5))]
    assert world.invoices(usual) == []
    for day in (d(6, 28), d(7, 10), d(7, 28)):
        world.create(day)
    assert [each.emission for each in world.invoices(moved)] == [d(6, 10), d(7, 28)]
    assert [each.emission for each in world.invoices(usual)] == [d(6, 28), d(7, 28)]


def test_a_fixed_date_after_the_due_date_takes_due_and_cut_along(world: World) -> None:
    customer = world.customer()
    fix_date(actor=CLERK, now=at(d(6, 1)), today=d(6, 1), customer=customer, on=d(7, 3))
    world.create(d(6, 28))
    assert world.invoices(customer) == []
    world.create(d(7, 3))
    (invoice,) = world.invoices(customer)
    assert dates(invoice) == (d(7, 3), d(7, 3), d(7, 7))
    assert days(invoice) == (d(7, 1), d(7, 31))


def test_a_fixed_date_is_changed_freed_and_never_in_the_past(world: World) -> None:
    customer = world.customer()
    now, today = at(d(6, 1)), d(6, 1)
    fix_date(actor=CLERK, now=now, today=today, customer=customer, on=d(6, 10))
    fixed = fix_date(actor=CLERK, now=now, today=today, customer=customer, on=d(6, 12))
    world.create(d(6, 10))
    assert world.invoices(customer) == []
    free_date(actor=CLERK, now=now, fixed=fixed)
    world.create(d(6, 12))
    world.create(d(6, 28))
    assert [each.emission for each in world.invoices(customer)] == [d(6, 28)]
    with pytest.raises(RuleError, match="date-in-the-past"):
        fix_date(actor=CLERK, now=now, today=today, customer=customer, on=d(5, 31))


def test_a_date_fixed_on_the_day_itself_creates_at_once(world: World) -> None:
    customer, other = world.customer(), world.customer()
    world.create(d(6, 20))
    fix_date(actor=CLERK, now=at(d(6, 20)), today=d(6, 20), customer=customer, on=d(6, 20))
    for day in (d(6, 21), d(6, 28), d(7, 28)):
        world.create(day)
    assert [each.emission for each in world.invoices(customer)] == [d(6, 20), d(7, 28)]
    assert [each.emission for each in world.invoices(other)] == [d(6, 28), d(7, 28)]
    verify()


def test_a_creation_that_waits_for_its_fixed_date_is_moved_again_and_not_lost(
    world: World,
) -> None:
    customer = world.customer()
    fix_date(actor=CLERK, now=at(d(6, 20)), today=d(6, 20), customer=customer, on=d(7, 10))
    fix_date(actor=CLERK, now=at(d(7, 5)), today=d(7, 5), customer=customer, on=d(7, 20))
    for day in (d(6, 28), d(7, 10), d(7, 20), d(7, 28)):
        world.create(day)
    found = [(each.emission, *days(each)) for each in world.invoices(customer)]
    assert found == [(d(7, 20), d(7, 1), d(7, 31)), (d(7, 28), d(8, 1), d(8, 31))]


def test_a_date_freed_after_the_usual_day_creates_at_once(world: World) -> None:
    customer = world.customer()
    fixed = fix_date(actor=CLERK, now=at(d(6, 20)), today=d(6, 20), customer=customer, on=d(7, 10))
    world.create(d(6, 28))
    free_date(actor=CLERK, now=at(d(6, 30)), fixed=fixed)
    for day in (d(7, 10), d(7, 28)):
        world.create(day)
    assert [dates(each) for each in world.invoices(customer)] == [
        (d(6, 30), d(7, 1), d(7, 5)),
        (d(7, 28), d(8, 1), d(8, 5)),
    ]


def test_the_creation_after_one_that_came_ahead_is_fixed_next(world: World) -> None:
    customer = world.customer()
    fix_date(actor=CLERK, now=at(d(6, 1)), today=d(6, 1), customer=customer, on=d(6, 10))
    world.create(d(6, 10))
    fix_date(actor=CLERK, now=at(d(6, 15)), today=d(6, 15), customer=customer, on=d(7, 20))
    for day in (d(6, 28), d(7, 20), d(7, 28), d(8, 28)):
        world.create(day)
    assert [each.emission for each in world.invoices(customer)] == [d(6, 10), d(7, 20), d(8, 28)]


def test_p15_taxes_are_rounded_over_the_document_or_line_by_line(world: World) -> None:
    tax = Tax.objects.create(name="IVA", rate=Decimal(16))
    world.company.taxes.add(tax)
    lines = [ManualLine("x", Decimal("33.33"))] * 3

    def total(rounding: str) -> Decimal:
        Company.objects.update(tax_mode="added", tax_rounding=rounding)
        order = Order(kind="free", lines=lines)
        now = at(d(6, 1))
        customer = world.customer()
        return issue_invoice(actor=CLERK, now=now, customer=customer, order=order).total

    assert (total("document"), total("line")) == (Decimal("115.99"), Decimal("115.98"))
