"""An unpaid invoice is edited under its number; the books keep what it was and what it is."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from caudal.apps.billing.actions import (
    Edit,
    EditedLine,
    Sale,
    add_discount,
    add_product,
    adjust,
    edit_invoice,
    leave_item,
    merge_invoices,
    void_invoice,
)
from caudal.apps.billing.editing import refusal
from caudal.apps.billing.models import BilledPeriod, Invoice
from caudal.apps.billing.tests.world import CLERK, at, d, verify
from caudal.apps.catalog.models import Company, Product, Tax
from caudal.apps.clock import now as clock_now
from caudal.apps.customers.models import Customer
from caudal.apps.ledger.reads import statement
from caudal.apps.payments.tests.till import Till
from caudal.apps.staff.models import JournalEntry
from caudal.core.errors import RuleError

ClientAs = Callable[..., Client]


@pytest.fixture(autouse=True)
def noon_of_30_june(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock_now, "machine_time", lambda: at(d(6, 30)))


@pytest.fixture
def customer(till: Till) -> Customer:
    made = till.customer()
    till.create(d(6, 28))
    return made


def edited(invoice: Invoice, *lines: EditedLine, **dates: Any) -> Invoice:
    edit = Edit(
        lines=lines,
        emission=dates.get("emission", invoice.emission),
        due=dates.get("due", invoice.due),
        cut=dates.get("cut", invoice.cut),
        note=dates.get("note", ""),
    )
    return edit_invoice(actor=CLERK, now=at(d(6, 30)), today=d(6, 30), invoice=invoice, edit=edit)


PLAN = EditedLine("Plan 300.00", Decimal("300.00"), position=1)


def test_lines_change_and_the_books_keep_both(till: Till, customer: Customer) -> None:
    (invoice,) = till.invoices(customer)
    changed = edited(
        invoice, PLAN, EditedLine("Cable", Decimal("12.50"), Decimal(4)),
        EditedLine("Descuento", Decimal("-20.00")),
    )  # fmt: skip
    assert (changed.label, changed.total, changed.remaining) == (invoice.label, 330, 330)
    assert till.balance(customer) == Decimal("330.00")
    rows = statement(customer, till.company, "MXN").rows
    assert [(row.kind, row.amount) for row in rows] == [
        ("invoice", 300), ("reversal", -300), ("invoice", 330),
    ]  # fmt: skip
    assert [row.on for row in rows] == [d(6, 28), d(6, 30), d(6, 30)]
    verify()


def test_its_days_stay_billed_once(till: Till, customer: Customer) -> None:
    (invoice,) = till.invoices(customer)
    before = list(BilledPeriod.objects.values("first", "last", "is_void"))
    edited(invoice, EditedLine("Plan", Decimal("250.00"), position=1))
    assert list(BilledPeriod.objects.values("first", "last", "is_void")) == before
    till.create(d(6, 28), hour=20)
    assert len(till.invoices(customer)) == 1


def test_a_line_that_is_not_touched_keeps_its_cents_and_reasons(till: Till) -> None:
    Company.objects.filter(pk=till.company.pk).update(tax_mode="included")
    till.company.taxes.add(Tax.objects.create(name="IVA", rate=Decimal(16)))
    customer = till.customer(started=d(6, 10))
    till.create(d(5, 28))
    till.create(d(6, 28))
    invoice = till.invoices(customer)[-1]
    line = invoice.lines.get(position=1)
    same = EditedLine(line.description, line.unit_price, line.quantity, line.position)
    changed = edited(invoice, same, note="x")
    again = changed.lines.get(position=1)
    assert (again.net, again.tax, again.trace) == (line.net, line.tax, line.trace)
    assert (changed.net, changed.tax, changed.total) == (invoice.net, invoice.tax, invoice.total)
    verify()


def test_what_is_taken_off_waits_for_the_next_invoice(till: Till) -> None:
    customer = till.customer(may_be_cut=False)
    act: dict[str, Any] = {"actor": CLERK, "now": at(d(6, 20)), "customer": customer}
    for sale in (
        Sale(description="Instalación", price=Decimal(1000), billing="instalments", instalments=3),
        Sale(description="Router", price=Decimal(450), billing="once"),
        Sale(description="TV", price=Decimal("99.90")),
    ):
        add_product(**act, sale=sale)
    add_discount(**act, description="Promo", amount=Decimal(50), months=1)
    leave_item(
        **act, service=None, amount=Decimal("-20.00"), currency="MXN", on=d(6, 20),
        description="Cortesía",
    )  # fmt: skip
    till.create(d(6, 28))
    (july,) = till.invoices(customer)
    assert july.total == Decimal("1113.23")
    edited(july, PLAN)
    assert till.balance(customer) == Decimal("300.00")
    verify()
    till.create(d(7, 28))
    till.create(d(8, 28))
    _, august, september = till.invoices(customer)
    names = set(august.lines.values_list("description", flat=True))
    assert names >= {"Instalación (1/3)", "Router", "TV", "Promo", "Cortesía"}
    assert (august.total, september.total) == (Decimal("1113.23"), Decimal("733.23"))
    verify()


def test_a_line_that_stays_at_another_price_is_charged_for_good(till: Till) -> None:
    customer = till.customer(may_be_cut=False)
    sale = Sale(description="Router", price=Decimal(450), billing="once")
    add_product(actor=CLERK, now=at(d(6, 20)), customer=customer, sale=sale)
    till.create(d(6, 28))
    (july,) = till.invoices(customer)
    edited(july, PLAN, EditedLine("Router", Decimal(400), position=2))
    till.create(d(7, 28))
    assert till.totals(customer) == [Decimal("700.00"), Decimal("300.00")]
    verify()


def test_dates_move_and_must_be_in_order(till: Till, customer: Customer) -> None:
    (invoice,) = till.invoices(customer)
    changed = edited(invoice, PLAN, due=d(7, 10), cut=d(7, 15))
    assert (changed.due, changed.cut) == (d(7, 10), d(7, 15))
    till.run(d(7, 5))
    assert till.state(customer) == "active"
    with pytest.raises(RuleError) as refused:
        edited(changed, PLAN, due=d(7, 20), cut=d(7, 15))
    assert refused.value.code == "dates-out-of-order"


def test_the_journal_tells_before_and_after(till: Till, customer: Customer) -> None:
    (invoice,) = till.invoices(customer)
    edited(invoice, EditedLine("Plan", Decimal("250.00"), position=1))
    entry = JournalEntry.objects.get(verb="billing.edit_invoice")
    assert entry.before["lines"] == ["Plan 300.00: 1 × 300.00"]
    assert entry.after["lines"] == ["Plan: 1 × 250.00"]
    assert (entry.before["total"], entry.after["total"]) == ("300.00", "250.00")


def test_debit_notes_stay_beside_the_new_total(till: Till) -> None:
    customer = till.customer()
    adjust(actor=CLERK, now=at(d(6, 10)), customer=customer, amount=Decimal("45.50"),
           currency="MXN", on=d(6, 10), reason="modem")  # fmt: skip
    till.create(d(6, 28))
    (invoice,) = till.invoices(customer)
    changed = edited(invoice, EditedLine("Plan", Decimal("200.00"), position=1))
    assert (changed.total, changed.remaining) == (Decimal("200.00"), Decimal("245.50"))
    assert till.balance(customer) == Decimal("245.50")
    verify()


def test_an_edited_invoice_can_be_edited_again_and_voided(till: Till, customer: Customer) -> None:
    (invoice,) = till.invoices(customer)
    for price in ("250.00", "280.00"):
        invoice = edited(invoice, EditedLine("Plan", Decimal(price), position=1))
    void_invoice(actor=CLERK, now=at(d(6, 30)), today=d(6, 30), invoice=invoice, reason="x")
    assert till.balance(customer) == 0
    verify()


def test_an_invoice_of_nothing_left_is_settled(till: Till, customer: Customer) -> None:
    (invoice,) = till.invoices(customer)
    changed = edited(invoice, PLAN, EditedLine("Cortesía", Decimal("-300.00")))
    assert (changed.total, changed.state) == (0, "paid")
    assert till.balance(customer) == 0
    verify()


def test_discounts_cannot_exceed_the_charges(till: Till, customer: Customer) -> None:
    (invoice,) = till.invoices(customer)
    with pytest.raises(RuleError) as refused:
        edited(invoice, PLAN, EditedLine("Cortesía", Decimal("-300.01")))
    assert refused.value.code == "total-negative"
    assert till.balance(customer) == Decimal("300.00")


@pytest.mark.parametrize("amount", ["300.00", "10.00"])
def test_what_money_has_touched_is_refused(till: Till, customer: Customer, amount: str) -> None:
    (invoice,) = till.invoices(customer)
    payment = till.pay(customer, amount, d(6, 29))
    with pytest.raises(RuleError) as refused:
        edited(invoice, PLAN)
    assert refused.value.code == "edit-paid"
    till.delete(payment, d(6, 30))
    invoice.refresh_from_db()
    assert edited(invoice, PLAN, note="now it may be").note == "now it may be"


def test_merged_fiscal_and_void_ones_are_refused(till: Till, customer: Customer) -> None:
    (invoice,) = till.invoices(customer)
    other = till.open_invoice(customer, "50.00", d(6, 1))
    merged = merge_invoices(actor=CLERK, now=at(d(6, 30)), invoices=[invoice, other])
    invoice.refresh_from_db()
    for row, code in ((invoice, "edit-merged"), (merged, "edit-merge")):
        with pytest.raises(RuleError) as refused:
            edited(row, PLAN)
        assert refused.value.code == code
    fiscal = till.open_invoice(customer, "50.00", d(5, 1))
    Company.objects.filter(pk=till.company.pk).update(is_fiscal=True)
    fiscal = Invoice.objects.select_related("company").get(pk=fiscal.pk)
    error = refusal(fiscal)
    assert error is not None and error.code == "edit-fiscal"


def test_the_form_changes_lines_and_shows_the_total_before(
    till: Till, customer: Customer, client_as: ClientAs
) -> None:
    client = client_as("owner")
    (invoice,) = till.invoices(customer)
    product = Product.objects.create(name="Router", price=Decimal("450.00"))
    page = client.get(reverse("billing:edit", args=[invoice.pk])).content.decode()
    assert 'name="line-0-text"' in page
    data = {
        "emission": "2026-06-28", "due": "2026-07-01", "cut": "2026-07-05", "note": "",
        "line-TOTAL_FORMS": "3", "line-INITIAL_FORMS": "1",
        "line-0-position": "1", "line-0-text": "Plan", "line-0-quantity": "1",
        "line-0-price": "300.00",
        "line-1-product": product.pk, "line-1-quantity": "2",
        "line-2-text": "Instalación", "line-2-price": "100", "line-2-DELETE": "on",
    }  # fmt: skip
    shown = client.post(reverse("billing:edit_preview", args=[invoice.pk]), data).content.decode()
    assert "$1,200.00" in shown
    assert till.balance(customer) == Decimal("300.00")
    assert client.post(reverse("billing:edit", args=[invoice.pk]), data).status_code == 302
    invoice.refresh_from_db()
    assert [line.description for line in invoice.lines.all()] == ["Plan", "Router"]
    assert till.balance(customer) == Decimal("1200.00")


def test_the_page_of_a_paid_one_says_what_to_do(
    till: Till, customer: Customer, client_as: ClientAs
) -> None:
    (invoice,) = till.invoices(customer)
    till.pay(customer, "300.00", d(6, 29))
    answer = client_as("owner").get(reverse("billing:edit", args=[invoice.pk]))
    assert answer.status_code == 409
    assert reverse("billing:void", args=[invoice.pk]) in answer.content.decode()


def test_a_new_invoice_takes_products_and_discounts_with_live_totals(
    till: Till, customer: Customer, client_as: ClientAs
) -> None:
    client = client_as("owner")
    product = Product.objects.create(name="Antena", price=Decimal("80.00"))
    data = {
        "kind": "free", "emission": "2026-06-30", "line-TOTAL_FORMS": "2",
        "line-INITIAL_FORMS": "0", "line-0-product": product.pk, "line-0-quantity": "3",
        "line-1-text": "Descuento", "line-1-price": "-40",
    }  # fmt: skip
    shown = client.post(reverse("billing:issue_preview", args=[customer.pk]), data)
    assert "$200.00" in shown.content.decode()
    assert client.post(reverse("billing:issue", args=[customer.pk]), data).status_code == 302
    assert Invoice.objects.get(kind="free").total == Decimal("200.00")


def test_the_form_proposes_the_rest_of_the_cycle_and_a_free_one(
    till: Till, client_as: ClientAs
) -> None:
    customer = till.customer(started=d(6, 23))
    page = client_as("owner").get(reverse("billing:issue", args=[customer.pk])).content.decode()
    assert "2026-06-23" in page and "2026-06-30" in page
    assert "2026-07-01" in page and "2026-07-31" in page


def test_a_void_invoice_is_issued_again_with_its_lines(
    till: Till, customer: Customer, client_as: ClientAs
) -> None:
    (invoice,) = till.invoices(customer)
    address = reverse("billing:issue", args=[customer.pk]) + f"?like={invoice.pk}"
    page = client_as("owner").get(address).content.decode()
    assert "Plan 300.00" in page and 'value="300.00"' in page
