"""The creation job, by the cases of billing-cases.md that speak of it alone."""

from datetime import date
from decimal import Decimal

from caudal.apps.billing.actions import ManualLine, Order, create_invoices, issue_invoice
from caudal.apps.billing.models import BilledPeriod, Invoice
from caudal.apps.billing.tests.world import CLERK, World, at, calendar_numbers, d
from caudal.apps.catalog.models import Company
from caudal.apps.customers.models import CutStyle, DayStyle, PaymentMode
from caudal.core.periods import Period


def days_of(invoice: Invoice) -> tuple[date, date]:
    return invoice.periods.values_list("first", "last").get()


def test_p03_first_invoice_prorated_with_a_back_dated_emission(world: World) -> None:
    customer = world.customer(started=d(6, 23))
    service = customer.services.get()
    first = issue_invoice(
        actor=CLERK,
        now=at(d(6, 20)),
        customer=customer,
        order=Order(emission=d(5, 28), service=service, days=Period(d(6, 23), d(6, 30))),
    )
    assert first.total == Decimal("80.00")
    world.run(d(6, 28))
    first, july = world.invoices(customer)
    assert (july.emission, july.due, july.cut) == (d(6, 28), d(7, 1), d(7, 5))
    assert days_of(july) == (d(7, 1), d(7, 31))
    assert july.total == Decimal("300.00")
    assert world.balance(customer) == Decimal("380.00")


def test_p05_a_zero_invoice_blocks_its_period_and_is_settled_at_birth(world: World) -> None:
    customer = world.customer(started=d(6, 23))
    free = issue_invoice(
        actor=CLERK,
        now=at(d(6, 23)),
        customer=customer,
        order=Order(
            emission=d(6, 28),
            service=customer.services.get(),
            days=Period(d(7, 1), d(7, 31)),
            price=Decimal(0),
        ),
    )
    assert (free.state, free.remaining) == (Invoice.State.PAID, Decimal(0))
    world.run(d(6, 28))
    assert world.balance(customer) == 0
    world.run(d(7, 5))
    assert world.state(customer) == "active"
    world.run(d(7, 28))
    _, august = world.invoices(customer)
    assert (august.emission, august.due) == (d(7, 28), d(8, 1))
    assert days_of(august) == (d(8, 1), d(8, 31))
    assert world.balance(customer) == Decimal("300.00")


def test_p06_the_creation_run_is_idempotent(world: World) -> None:
    world.series(101)
    people = [world.customer() for _ in range(3)]
    assert world.create(d(6, 28))["created"] == 3
    assert world.create(d(6, 28))["created"] == 0
    assert world.create(d(6, 28), hour=23)["created"] == 0
    assert list(Invoice.objects.order_by("id").values_list("prefix", "number")) == [
        ("A-", 101),
        ("A-", 102),
        ("A-", 103),
    ]
    assert [world.balance(person) for person in people] == [Decimal("300.00")] * 3


def test_p07_an_operators_service_invoice_of_the_month_blocks_and_a_free_one_does_not(
    world: World,
) -> None:
    def issue(customer: object, kind: str) -> None:
        line = ManualLine("Visita técnica", Decimal("150.00"))
        order = Order(kind=kind, emission=d(6, 10), lines=[line])
        issue_invoice(actor=CLERK, now=at(d(6, 10)), customer=customer, order=order)

    a, b = world.customer(), world.customer()
    issue(a, "service")
    issue(b, "free")
    world.create(d(6, 28))
    assert world.balance(a) == Decimal("150.00")
    assert world.balance(b) == Decimal("450.00")
    world.create(d(7, 28))
    assert world.balance(a) == Decimal("450.00")
    assert world.balance(b) == Decimal("750.00")


def test_p09_postpaid_bills_the_period_that_ends_the_day_before_the_payment_day(
    world: World,
) -> None:
    numbers = {
        "mode": PaymentMode.POSTPAID,
        "payment_day": 1,
        "create_style": DayStyle.DAYS_BEFORE,
        "create_value": 1,
    }
    zone = world.create_zone("postpaid", **numbers)
    a = world.customer(zone=zone, started=d(6, 1))
    b = world.customer(zone=zone, started=d(6, 10))
    world.create(d(5, 31))
    assert not Invoice.objects.exists()
    world.create(d(6, 30))
    (of_a,), (of_b,) = world.invoices(a), world.invoices(b)
    assert (days_of(of_a), of_a.due, of_a.total) == ((d(6, 1), d(6, 30)), d(7, 1), 300)
    assert (days_of(of_b), of_b.due, of_b.total) == ((d(6, 10), d(6, 30)), d(7, 1), 210)


def test_p10_a_payment_day_in_mid_month(world: World) -> None:
    plan = world.create_plan("310.00")
    zone = world.create_zone("mid", payment_day=15, create_value=5)
    customer = world.customer(zone=zone, plan=plan)
    late = world.customer(zone=zone, plan=plan, started=d(7, 20))
    world.create(d(7, 10))
    (invoice,) = world.invoices(customer)
    assert (days_of(invoice), invoice.due) == ((d(7, 15), d(8, 14)), d(7, 15))
    assert invoice.total == Decimal("310.00")
    (first,) = world.invoices(late)
    assert (days_of(first), first.total) == ((d(7, 20), d(8, 14)), Decimal("260.00"))


def test_p11_payment_day_31_does_not_drift(world: World) -> None:
    zone = world.create_zone("end", payment_day=31, create_value=0)
    customer = world.customer(zone=zone, started=d(1, 31))
    for day in (d(1, 31), d(2, 28), d(3, 31), d(4, 30)):
        world.create(day)
    invoices = world.invoices(customer)
    assert [invoice.due for invoice in invoices] == [d(1, 31), d(2, 28), d(3, 31), d(4, 30)]
    assert [days_of(invoice) for invoice in invoices] == [
        (d(1, 31), d(2, 27)),
        (d(2, 28), d(3, 30)),
        (d(3, 31), d(4, 29)),
        (d(4, 30), d(5, 30)),
    ]
    assert world.totals(customer) == [Decimal("300.00")] * 4


def test_p12_day_numbers_in_february_and_a_cut_that_is_never_on_the_due_date(
    world: World,
) -> None:
    first = world.customer(zone=world.create_zone("A", **calendar_numbers(25, 28, 30)))
    second = world.customer(zone=world.create_zone("B", **calendar_numbers(28, 30, 2)))
    for day in (d(1, 25), d(2, 25), d(2, 28), d(3, 25)):
        world.create(day)
    dates = [(row.emission, row.due, row.cut) for row in world.invoices(first)]
    assert dates == [
        (d(1, 25), d(1, 28), d(1, 30)),
        (d(2, 25), d(2, 28), d(3, 1)),
        (d(3, 25), d(3, 28), d(3, 30)),
    ]
    (february,) = world.invoices(second)
    assert (february.emission, february.due, february.cut) == (d(2, 28), d(2, 28), d(3, 2))


def test_p39_one_invoice_per_contract_in_order_or_one_for_all(world: World) -> None:
    world.series(51, "RS1-")
    customer = world.customer(services=2)
    second = customer.services.get(number=2)
    second.price = Decimal("450.00")
    second.save()
    world.create(d(6, 28))
    assert [(row.label, row.total) for row in world.invoices(customer)] == [
        ("RS1-51", 300),
        ("RS1-52", 450),
    ]
    Company.objects.update(grouping=Company.Grouping.PER_CUSTOMER)
    world.create(d(7, 28))
    together = world.invoices(customer)[-1]
    assert (together.total, together.service, together.lines.count()) == (750, None, 2)
    assert BilledPeriod.objects.filter(invoice=together).count() == 2


def test_documents_created_late_shift_their_due_and_cut_dates(world: World) -> None:
    customer = world.customer(own={"cut_style": CutStyle.GRACE_DAYS, "cut_value": 5})
    world.create(d(6, 26), hour=6)
    on_time = world.invoices(customer)[0]
    assert (on_time.due, on_time.cut) == (d(7, 1), d(7, 7))
    other = world.customer()
    create_invoices(d(6, 28), at(d(7, 10)))
    (late,) = world.invoices(other)
    assert (late.emission, late.due, late.cut) == (d(6, 28), d(7, 13), d(7, 17))
    assert "adjusted-by-late-creation" in str(late.lines.get().trace)


def test_exempt_archived_cancelled_and_pending_ones_are_not_billed(world: World) -> None:
    world.customer(is_invoiced=False)
    world.customer(archived_at=at(d(1, 1)))
    pending = world.customer()
    pending.services.update(state="pending")
    gone = world.customer()
    gone.services.update(state="cancelled", cancelled_on=d(6, 20))
    assert world.create(d(6, 28))["created"] == 0


def test_suspended_customers_are_still_billed(world: World) -> None:
    customer = world.customer()
    customer.services.update(state="suspended")
    world.create(d(6, 28))
    assert world.totals(customer) == [Decimal("300.00")]
