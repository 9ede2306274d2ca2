"""P17..P22, P34, P35: who is cut, who is not, and what it adds to the next invoice."""

from decimal import Decimal

from caudal.apps.billing.models import Invoice
from caudal.apps.billing.tests.world import at, calendar_numbers, d
from caudal.apps.customers.models import CutStyle
from caudal.apps.dunning.notices import leave_notices, sees_notice
from caudal.apps.messaging.models import Delivery
from caudal.apps.treasury.reads import offered, payable
from tests.flows.provider import Provider


def grace_of_five(isp: Provider) -> dict[str, object]:
    return {
        "zone": isp.create_zone(
            "grace", payment_day=1, create_value=3, cut_style=CutStyle.GRACE_DAYS, cut_value=5
        )
    }


def test_p17_grace_days(isp: Provider) -> None:
    zone = grace_of_five(isp)
    a, b = isp.customer(**zone), isp.customer(**zone)
    isp.run(d(6, 28))
    isp.run(d(7, 6))
    assert isp.states(a, b) == ["active", "active"]
    isp.pay(b, "300.00", d(7, 6), hour=20)
    isp.run(d(7, 7))
    assert isp.states(a, b) == ["suspended", "active"]


def test_p18_the_cut_at_eight_and_the_payment_at_nine(isp: Provider) -> None:
    a, b, c, e = people = [isp.customer() for _ in range(4)]
    isp.run(d(6, 28))
    isp.pay(a, "300.00", d(7, 4))
    isp.pay(c, "300.00", d(7, 5), hour=7)
    isp.run(d(7, 5))
    assert isp.states(*people) == ["active", "suspended", "active", "suspended"]
    isp.pay(e, "300.00", d(7, 5), hour=9)
    assert isp.states(*people) == ["active", "suspended", "active", "active"]
    isp.run(d(7, 5))
    assert isp.states(*people) == ["active", "suspended", "active", "active"]
    assert [isp.balance(person) for person in people] == [0, Decimal("300.00"), 0, 0]
    assert isp.state(b) == "suspended"


def test_p19_cut_after_two_unpaid_invoices(isp: Provider) -> None:
    zone = isp.create_zone("two", **calendar_numbers(28, 1, 5), cut_after=2)
    customer = isp.customer(zone=zone)
    isp.run(d(5, 28))
    isp.run(d(6, 5))
    assert isp.state(customer) == "active"
    isp.run(d(6, 28))
    isp.run(d(7, 5))
    assert isp.state(customer) == "suspended"
    june = isp.invoices(customer)[0]
    assert june.due == d(6, 1)
    isp.pay(customer, "300.00", d(7, 6), invoice=june)
    assert isp.state(customer) == "active"
    assert isp.balance(customer) == Decimal("300.00")
    isp.run(d(7, 7))
    assert isp.state(customer) == "active"


def test_p20_free_invoices_never_cut_nor_go_to_gateways_nor_bear_late_fees(
    isp: Provider,
) -> None:
    isp.settings(late_fee=Decimal("30.00"))
    customer = isp.customer()
    isp.run(d(6, 28))
    isp.free_invoice(customer, "900.00", d(6, 20), due=d(7, 1))
    july = Invoice.objects.get(customer=customer, kind="service")
    isp.pay(customer, "300.00", d(7, 2), invoice=july)
    isp.run(d(7, 5))
    assert isp.state(customer) == "active"
    assert offered(customer) == 0
    isp.run(d(7, 28))
    assert Invoice.objects.filter(kind="service").latest("id").total == Decimal("300.00")
    assert isp.balance(customer) == Decimal("1200.00")


def test_p21_a_late_fee_once_per_overdue_invoice(isp: Provider) -> None:
    isp.settings(late_fee=Decimal("30.00"))
    customer = isp.customer(may_be_cut=False)
    isp.run(d(5, 28))
    isp.run(d(6, 28))
    isp.run(d(7, 28))
    isp.run(d(7, 28))
    assert isp.totals(customer) == [Decimal(300), Decimal(330), Decimal(330)]
    assert isp.balance(customer) == Decimal("960.00")


def test_p22_a_reconnection_fee_only_after_an_automatic_suspension(isp: Provider) -> None:
    isp.settings(reconnection_fee=Decimal("50.00"))
    a, b = isp.customer(), isp.customer()
    isp.run(d(6, 28))
    isp.pay(b, "300.00", d(7, 2))
    isp.run(d(7, 5))
    isp.suspend_by_hand(b, d(7, 5))
    assert isp.states(a, b) == ["suspended", "suspended"]
    isp.restore_by_hand(b, d(7, 6))
    isp.pay(a, "300.00", d(7, 10))
    isp.run(d(7, 28))
    assert isp.totals(a)[-1] == Decimal("350.00")
    assert isp.totals(b)[-1] == Decimal("300.00")
    isp.pay(a, "350.00", d(8, 1))
    isp.run(d(8, 28))
    assert isp.totals(a)[-1] == Decimal("300.00")


def test_p34_gratis(isp: Provider) -> None:
    gratis = isp.customer(is_invoiced=False)
    isp.run(d(6, 28))
    leave_notices(d(6, 28), at(d(6, 28), 7))
    isp.run(d(7, 5))
    assert (isp.invoices(gratis), isp.state(gratis)) == ([], "active")
    assert not sees_notice(gratis, d(7, 3))
    assert not Delivery.objects.exists()
    isp.free_invoice(gratis, "100.00", d(7, 6), due=d(7, 6))
    for day in (d(7, 7), d(8, 5), d(9, 5)):
        isp.run(day)
    assert isp.state(gratis) == "active"
    assert not payable(gratis).exists()
    assert isp.balance(gratis) == Decimal("100.00")


def test_p35_never_cut_bears_late_fees_like_anyone(isp: Provider) -> None:
    isp.settings(late_fee=Decimal("30.00"))
    customer = isp.customer(may_be_cut=False)
    for day in (d(5, 28), d(6, 5), d(6, 28), d(7, 5), d(7, 28), d(8, 5)):
        isp.run(day)
    assert isp.state(customer) == "active"
    assert isp.totals(customer)[-1] == Decimal("330.00")


def test_p35_notice_windows(isp: Provider) -> None:
    isp.rules(notice_from_day=1, notice_to_day=10)
    others = isp.customer()
    ramirez = isp.customer(name="Ramírez", notice_from_day=1, notice_to_day=8)
    never = isp.customer(may_be_notified=False)
    isp.run(d(6, 28))

    def seen(day: int) -> list[bool]:
        return [sees_notice(who, d(7, day)) for who in (others, ramirez, never)]

    assert seen(8) == [True, True, False]
    assert seen(9) == seen(10) == [True, False, False]
    assert seen(11) == [False, False, False]
