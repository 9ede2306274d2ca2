"""P13..P16: none, added or included taxes, on invoices as they are written."""

from decimal import Decimal

import pytest

from caudal.apps.billing.actions import ManualLine
from caudal.apps.billing.models import Invoice
from caudal.apps.billing.tests.world import d
from caudal.apps.catalog.models import Tax
from caudal.core.periods import Period
from tests.flows.provider import Provider

Amounts = tuple[Decimal, Decimal, Decimal]


def amounts(invoice: Invoice) -> Amounts:
    return invoice.net, invoice.tax, invoice.total


def money(*texts: str) -> tuple[Decimal, ...]:
    return tuple(Decimal(text) for text in texts)


def tax_at(isp: Provider, percent: int, mode: str, **more: str) -> None:
    tax, _ = Tax.objects.get_or_create(name=f"IVA {percent} %", defaults={"rate": percent})
    isp.company.taxes.set([tax])
    isp.settings(tax_mode=mode, **more)


def invoice_of(isp: Provider, *prices: str) -> Invoice:
    lines = [ManualLine("Internet", Decimal(price)) for price in prices]
    return isp.issue(isp.customer(), d(6, 28), lines=lines)


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("none", ("250.00", "0.00", "250.00")),
        ("added", ("250.00", "40.00", "290.00")),
        ("included", ("215.52", "34.48", "250.00")),
    ],
)
def test_p13_the_three_tax_modes(isp: Provider, mode: str, expected: tuple[str, ...]) -> None:
    tax_at(isp, 16, mode)
    customer = isp.customer(plan=isp.create_plan("250.00"))
    isp.run(d(6, 28))
    (invoice,) = isp.invoices(customer)
    assert amounts(invoice) == money(*expected)
    assert isp.balance(customer) == Decimal(expected[2])


@pytest.mark.parametrize(
    ("gross", "percent", "net", "tax"),
    [
        ("1210.00", 21, "1000.00", "210.00"),
        ("1000.00", 21, "826.45", "173.55"),
        ("1000.00", 16, "862.07", "137.93"),
        ("100.00", 19, "84.03", "15.97"),
        ("59.00", 18, "50.00", "9.00"),
        ("104.00", 16, "89.66", "14.34"),
    ],
)
def test_p14_included_tax_never_changes_the_total(
    isp: Provider, gross: str, percent: int, net: str, tax: str
) -> None:
    tax_at(isp, percent, "included")
    assert amounts(invoice_of(isp, gross)) == money(net, tax, gross)


def test_p15_tax_is_rounded_over_the_document_or_line_by_line(isp: Provider) -> None:
    tax_at(isp, 16, "added")
    invoice = invoice_of(isp, "33.33", "33.33", "33.33")
    assert amounts(invoice) == money("99.99", "16.00", "115.99")
    assert [line.tax for line in invoice.lines.all()] == [*money("5.33", "5.33", "5.34")]
    assert (invoice.taxes.get().base, invoice.taxes.get().amount) == money("99.99", "16.00")
    tax_at(isp, 16, "added", tax_rounding="line")
    assert amounts(invoice_of(isp, "33.33", "33.33", "33.33")) == money("99.99", "15.99", "115.98")


def test_p16_proration_with_tax_included(isp: Provider) -> None:
    tax_at(isp, 16, "included")
    customer = isp.customer(plan=isp.create_plan("500.00"), started=d(6, 23))
    invoice = isp.bill_days(customer, d(6, 20), d(5, 28), Period(d(6, 23), d(6, 30)))
    assert amounts(invoice) == money("114.94", "18.39", "133.33")
