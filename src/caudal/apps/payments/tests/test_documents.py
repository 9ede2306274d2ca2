"""Invoices and receipts on paper, whatever people are called."""

from decimal import Decimal
from io import BytesIO

from pypdf import PdfReader

from caudal.apps.billing.actions import void_invoice
from caudal.apps.billing.documents import invoice_pdf
from caudal.apps.billing.tests.world import CLERK, at, d
from caudal.apps.messaging import attachments
from caudal.apps.payments import jobs  # noqa: F401 - registers what can be attached
from caudal.apps.payments.documents import receipt_pdf
from caudal.apps.payments.tests.till import Till

NASTY = 'María 😀 Núñez #let x = [ $y$ *bold* _it_ @ref <label> "quote" \\ `raw` // ¿Ñandú?'


def text_of(content: bytes) -> str:
    pages = PdfReader(BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_an_invoice_says_who_what_when_and_how_much(till: Till) -> None:
    customer = till.customer(name="José Peña", document_type="RFC", document_number="PEPJ800101")
    till.create(d(6, 28))
    (invoice,) = till.invoices(customer)
    text = text_of(invoice_pdf(invoice))
    for part in ("José Peña", "RFC PEPJ800101", "Plan 300.00", "$300.00", "01/07/2026"):
        assert part in text
    assert "TRESCIENTOS PESOS 00/100 M.N." in text


def test_what_people_typed_is_never_source(till: Till) -> None:
    customer = till.customer(name=NASTY, address=NASTY)
    till.create(d(6, 28))
    (invoice,) = till.invoices(customer)
    assert "#let x = [ $y$ *bold* _it_ @ref <label>" in text_of(invoice_pdf(invoice))


def test_a_name_of_200_letters_and_many_lines_fit(till: Till) -> None:
    from caudal.apps.billing.actions import ManualLine

    customer = till.customer(name="Ñ" * 200)
    lines = [ManualLine(f"Concepto {n} " + "largo " * 30, Decimal("1.50")) for n in range(60)]
    invoice = till.issue(customer, d(6, 20), kind="free", lines=lines)
    content = invoice_pdf(invoice)
    assert len(PdfReader(BytesIO(content)).pages) > 1
    assert "Concepto 59" in text_of(content)


def test_a_void_invoice_and_a_deleted_payment_are_marked(till: Till) -> None:
    customer = till.customer()
    till.create(d(6, 28))
    (invoice,) = till.invoices(customer)
    payment = till.pay(customer, "300.00", d(7, 2))
    before = text_of(invoice_pdf(invoice)), text_of(receipt_pdf(payment))
    deleted = till.delete(payment, d(7, 3))
    void = void_invoice(
        actor=CLERK, now=at(d(7, 3)), today=d(7, 3), invoice=invoice, reason="mistake"
    )
    after = text_of(invoice_pdf(void)), text_of(receipt_pdf(deleted))
    assert after[0] != before[0]
    assert after[1] != before[1]


def test_receipts_come_as_letter_and_as_ticket(till: Till) -> None:
    customer = till.customer(name=NASTY)
    till.create(d(6, 28))
    payment = till.pay(customer, "310.00", d(7, 2), reference="REF-1")
    letter, ticket = receipt_pdf(payment), receipt_pdf(payment, ticket=True)
    for content in (letter, ticket):
        text = text_of(content)
        assert "$310.00" in text
        assert "REF-1" in text
        assert "$10.00" in text
    assert round(PdfReader(BytesIO(ticket)).pages[0].mediabox.width / 72 * 25.4) == 80


def test_messages_can_carry_both(till: Till) -> None:
    customer = till.customer()
    till.create(d(6, 28))
    (invoice,) = till.invoices(customer)
    payment = till.pay(customer, "300.00", d(7, 2))
    for name in (f"invoice:{invoice.pk}", f"payment:{payment.pk}"):
        (attachment,) = attachments.make(name)
        assert attachment.content.startswith(b"%PDF")
