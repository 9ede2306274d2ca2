"""What a customer owes, on the screen, on paper and behind the debt button."""

import csv
from collections.abc import Callable
from decimal import Decimal
from io import BytesIO, StringIO

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from caudal.apps.billing.actions import adjust
from caudal.apps.billing.tests.world import CLERK, at, d
from caudal.apps.clock import now as clock_now
from caudal.apps.customers.models import Customer
from caudal.apps.ledger.reads import statement
from caudal.apps.payments.tests.till import Till
from tests.rig.queries import queries_of

ClientAs = Callable[..., Client]


@pytest.fixture(autouse=True)
def noon_of_6_july(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock_now, "machine_time", lambda: at(d(7, 6)))


@pytest.fixture
def customer(till: Till) -> Customer:
    """P25: a debit of 45.50, a credit of 20.25, July, and a payment of everything."""
    made = till.customer(name="José Peña")
    for amount, on in (("45.50", d(6, 10)), ("-20.25", d(6, 12))):
        adjust(actor=CLERK, now=at(on), customer=made, amount=Decimal(amount), currency="MXN",
               on=on, reason="ajuste")  # fmt: skip
    till.create(d(6, 28))
    till.pay(made, "325.25", d(7, 2))
    return made


def text_of(content: bytes) -> str:
    pages = PdfReader(BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def page(client: Client, name: str, pk: int, **query: str) -> str:
    answer = client.get(reverse(f"billing:{name}", args=[pk]), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_range_opens_with_what_was_owed_before(customer: Customer, client_as: ClientAs) -> None:
    text = page(
        client_as("owner"), "statement_page", customer.pk, first="2026-06-11", last="2026-06-30"
    )
    assert "$45.50" in text and "$25.25" in text and "$325.25" in text
    assert "$0.00" not in text


def test_ranges_join_without_a_gap(till: Till, customer: Customer) -> None:
    whole = statement(customer, till.company, "MXN")
    early = statement(customer, till.company, "MXN", None, d(6, 15))
    late = statement(customer, till.company, "MXN", d(6, 16), None)
    assert early.rows + late.rows == whole.rows
    assert late.opening == early.closing


def test_a_kind_alone_keeps_the_true_balances(customer: Customer, client_as: ClientAs) -> None:
    text = page(client_as("owner"), "statement_page", customer.pk, kind="payment")
    assert text.count("<tr>") == 4  # head, opening, the payment, foot
    assert "$0.00" in text


def test_movements_lead_to_their_documents(
    till: Till, customer: Customer, client_as: ClientAs
) -> None:
    (invoice,) = till.invoices(customer)
    text = page(client_as("owner"), "statement_page", customer.pk)
    assert reverse("billing:invoice", args=[invoice.pk]) in text
    note = customer.adjustments.first()
    assert note is not None
    address = reverse("billing:note_pdf", args=[note.pk])
    assert address in text
    assert "$45.50" in text_of(client_as("owner").get(address).content)


def test_it_is_printed_on_every_paper(customer: Customer, client_as: ClientAs) -> None:
    client = client_as("owner")
    for paper, width in (("letter", 216), ("a4", 210), ("half", 140), ("ticket80", 80)):
        address = reverse("billing:statement_pdf", args=[customer.pk])
        content = client.get(address, {"paper": paper, "first": "2026-06-01"}).content
        text = text_of(content)
        assert "José Peña" in text and "$325.25" in text
        box = PdfReader(BytesIO(content)).pages[0].mediabox
        assert round(float(box.width) / 72 * 25.4) == width


def test_it_leaves_as_a_file(customer: Customer, client_as: ClientAs) -> None:
    address = reverse("billing:statement_export", args=[customer.pk, "csv"])
    answer = client_as("owner").get(address, {"first": "2026-06-01"})
    lines = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.reader(StringIO(lines)))
    assert [Decimal(row[5]) for row in rows[1:]] == [
        Decimal(text) for text in ("0", "45.50", "25.25", "325.25", "0.00")
    ]


def test_the_debt_button_shows_what_is_owed_and_what_can_be_done(
    till: Till, customer: Customer, client_as: ClientAs
) -> None:
    till.create(d(7, 28))
    invoice = till.invoices(customer)[-1]
    text = page(client_as("owner"), "debt", customer.pk)
    assert "$300.00" in text and invoice.label in text
    assert reverse("payments:register", args=[customer.pk]) in text
    assert "invoices.send" in text
    assert "invoices.send" not in page(client_as("cashier"), "debt", customer.pk)


def test_letters_and_coupons_say_what_is_owed(
    till: Till, customer: Customer, client_as: ClientAs
) -> None:
    till.create(d(7, 28))
    for kind in ("reminder", "coupon"):
        address = reverse("billing:letter", args=[customer.pk, kind])
        text = text_of(client_as("owner").get(address).content)
        assert "José Peña" in text and "$300.00" in text


def test_ten_years_take_as_many_queries_as_one_month(
    till: Till, customer: Customer, client_as: ClientAs
) -> None:
    client = client_as("owner")
    page(client, "statement_page", customer.pk)

    def queries() -> int:
        return queries_of(lambda: page(client, "statement_page", customer.pk))

    few = queries()
    for month in range(7, 12):
        till.create(d(month, 28))
    assert queries() == few


def test_a_collector_sees_only_his_own(till: Till, customer: Customer, client_as: ClientAs) -> None:
    client = client_as("collector")
    for name in ("statement_page", "debt", "statement_pdf"):
        assert client.get(reverse(f"billing:{name}", args=[customer.pk])).status_code == 404
