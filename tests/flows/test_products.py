"""P30, P31, P36..P39: products, changes of plan, cancellation, merging, several services."""

from decimal import Decimal
from typing import Any

from caudal.apps.billing import actions as billing
from caudal.apps.billing.actions import Sale
from caudal.apps.billing.models import CustomerProduct, Invoice, PendingItem
from caudal.apps.billing.tests.world import CLERK, at, d
from caudal.apps.catalog.models import Company, Series
from caudal.apps.customers.models import Customer, Service
from tests.flows.provider import Provider


def money(*texts: str) -> list[Decimal]:
    return [Decimal(text) for text in texts]


def sell(isp: Provider, customer: Customer, name: str, price: str, how: str, **more: Any) -> Any:
    sale = Sale(description=name, price=Decimal(price), billing=how, **more)
    return billing.add_product(actor=CLERK, now=at(d(6, 20)), customer=customer, sale=sale)


def test_p30_once_in_instalments_and_recurring(isp: Provider) -> None:
    customer = isp.customer(may_be_cut=False)
    router = sell(isp, customer, "Router Wifi", "450.00", "once")
    installation = sell(isp, customer, "Instalación", "1000.00", "instalments", instalments=3)
    tv = sell(isp, customer, "Servicio de TV", "99.90", "recurring")

    def completed() -> list[bool]:
        rows = [CustomerProduct.objects.get(pk=row.pk) for row in (router, installation, tv)]
        return [row.completed_at is not None for row in rows]

    isp.run(d(6, 28))
    assert completed() == [True, False, False]
    isp.run(d(7, 28))
    isp.run(d(8, 28))
    assert completed() == [True, True, False]
    isp.run(d(9, 28))
    assert isp.totals(customer) == money("1183.23", "733.23", "733.24", "399.90")
    charged = installation.charges.order_by("number").values_list("amount", flat=True)
    assert list(charged) == money("333.33", "333.33", "333.34")


def test_p31_start_and_end_dates_of_a_product(isp: Provider) -> None:
    customer = isp.customer(may_be_cut=False)
    sell(isp, customer, "IP fija", "75.00", "recurring", starts=d(7, 15), ends=d(9, 28))
    for month in range(6, 11):
        isp.run(d(month, 28))
    assert isp.totals(customer) == money("300.00", "375.00", "375.00", "375.00", "300.00")


def test_p36_plan_change_in_mid_cycle(isp: Provider) -> None:
    customer, faster = isp.customer(), isp.create_plan("500.00")
    isp.run(d(6, 28))
    isp.pay(customer, "300.00", d(7, 1))
    billing.schedule_plan_change(
        actor=CLERK, now=at(d(7, 11)), today=d(7, 11), service=isp.service(customer), plan=faster,
        on=d(7, 11),
    )  # fmt: skip
    waiting = PendingItem.objects.filter(customer=customer).order_by("amount")
    assert [item.amount for item in waiting] == money("-203.23", "338.71")
    isp.run(d(7, 28))
    august = isp.invoices(customer)[-1]
    assert august.total == Decimal("635.48")
    nets = sorted(august.lines.values_list("net", flat=True))
    assert nets == money("-203.23", "338.71", "500.00")


def cancel(isp: Provider, customer: Customer, on: Any, **how: bool) -> None:
    billing.cancel_service(
        actor=CLERK, now=at(on), today=on, service=isp.service(customer), last_day=on,
        reason="moved away", **how,
    )  # fmt: skip


def test_p37_cancellation(isp: Provider) -> None:
    plan = isp.create_plan("310.00")
    paid = isp.customer(plan=plan)
    voided, kept = (isp.customer(plan=plan, may_be_cut=False) for _ in range(2))
    isp.run(d(5, 28))
    isp.run(d(6, 28))
    isp.pay(paid, "620.00", d(7, 1))
    cancel(isp, paid, d(7, 20), credit_unused=True)
    cancel(isp, voided, d(7, 20), void_pending=True)
    cancel(isp, kept, d(7, 20))
    assert [isp.balance(who) for who in (paid, voided, kept)] == money("-110.00", "0", "620.00")
    isp.run(d(7, 28))
    assert {len(isp.invoices(who)) for who in (voided, kept)} == {2}
    assert not Invoice.objects.filter(emission=d(7, 28)).exists()
    assert {row.state for row in isp.invoices(voided)} == {"void"}
    billing.return_service(
        actor=CLERK, now=at(d(9, 1)), today=d(9, 1), service=isp.service(kept), started_on=d(9, 1)
    )
    assert isp.balance(kept) == Decimal("620.00")


def test_p38_merging_the_old_debt_with_the_new_invoice(isp: Provider) -> None:
    customer = isp.customer(plan=isp.create_plan("250.00"), may_be_cut=False)
    isp.run(d(5, 28))
    (june,) = isp.invoices(customer)
    isp.pay(customer, "100.00", d(6, 2), invoice=june)
    service = isp.service(customer)
    service.started_on = d(8, 1)  # away in July
    service.save()
    isp.run(d(7, 28))
    Customer.objects.update(may_be_cut=True)
    before = isp.balance(customer)
    merged = billing.merge_invoices(
        actor=CLERK, now=at(d(7, 29)), invoices=list(Invoice.objects.unpaid())
    )
    assert (before, isp.balance(customer)) == (Decimal("400.00"), Decimal("400.00"))
    assert (merged.remaining, merged.due, merged.cut) == (Decimal("400.00"), d(8, 1), d(8, 5))
    others = Invoice.objects.exclude(pk=merged.pk)
    assert set(others.values_list("state", "remaining")) == {("merged", Decimal(0))}
    isp.run(d(7, 30))
    assert isp.state(customer) == "active"
    count = Invoice.objects.count()
    isp.run(d(8, 28))
    assert Invoice.objects.count() == count + 1
    september = isp.invoices(customer)[-1]
    assert isp.days_of(september) == (d(9, 1), d(9, 30))


def two_contracts(isp: Provider) -> tuple[Customer, Customer]:
    """A 300.00 and B 450.00 of one customer of RS1; another customer of RS2."""
    isp.series(51, "RS1-")
    other = Company.objects.create(name="RS2", currency="MXN")
    Series.objects.create(company=other, kind="invoice", prefix="RS2-", next_number=9)
    customer, another = isp.customer(services=2), isp.customer(company=other)
    Service.objects.filter(customer=customer, number=2).update(price=Decimal("450.00"))
    return customer, another


def test_p39_two_contracts_and_two_issuing_companies(isp: Provider) -> None:
    customer, another = two_contracts(isp)
    isp.run(d(6, 28))
    a, b = isp.invoices(customer)
    assert [(row.label, row.total) for row in (a, b)] == [("RS1-51", 300), ("RS1-52", 450)]
    assert [row.label for row in isp.invoices(another)] == ["RS2-9"]
    isp.pay(customer, "300.00", d(7, 2), invoice=a)
    isp.run(d(7, 5))
    states = Service.objects.filter(customer=customer).order_by("number")
    assert list(states.values_list("state", flat=True)) == ["active", "suspended"]
    isp.settings(grouping="customer")
    isp.run(d(7, 28))
    together = isp.invoices(customer)[-1]
    assert (together.total, together.service) == (Decimal("750.00"), None)
    assert together.periods.count() == 2
