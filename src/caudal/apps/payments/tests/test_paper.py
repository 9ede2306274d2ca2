"""Money on paper: each line in the prices that were agreed, and everything asked beside them."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from caudal.apps.billing.actions import ManualLine, adjust
from caudal.apps.billing.documents import invoice_pdf, invoice_pdfs, note_pdf, print_invoices
from caudal.apps.billing.models import Adjustment, Invoice
from caudal.apps.billing.papers.invoices import invoice_sheets
from caudal.apps.billing.tests.world import CLERK, at, d
from caudal.apps.catalog.models import Company, Tax
from caudal.apps.documents.actions import save_template
from caudal.apps.documents.styles import Style
from caudal.apps.documents.verification import facts_of, link_to
from caudal.apps.payments.actions import Part, refund
from caudal.apps.payments.documents import receipt_pdf, refund_pdf
from caudal.apps.payments.tests.till import Till
from tests.rig.queries import queries_of

ClientAs = Callable[..., Client]

NAMES = (
    '#let x = [ $y$ *bold* _it_ @ref <label> "quote" \\ `raw`',
    "María 😀 Ñandú ¿qué?",
    "شركة الإنترنت — בזק",
    "]] #panic() [[",
    '#read("/etc/passwd")',
    "<script>alert(1)</script>",
    "= Título // comentario /* otro */",
)


def text_of(content: bytes) -> str:
    pages = PdfReader(BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def styled(till: Till, **style: Any) -> None:
    save_template(
        actor=CLERK, now=at(d(6, 1)), company=till.company, kind="invoice",
        style=replace(Style(), **style), source="",
    )  # fmt: skip


def taxed(till: Till, mode: str) -> None:
    Company.objects.filter(pk=till.company.pk).update(tax_mode=mode)
    till.company.taxes.add(Tax.objects.get_or_create(name="IVA", rate=Decimal(16))[0])
    till.company.refresh_from_db()


@pytest.mark.parametrize("name", NAMES)
def test_no_name_is_ever_source(till: Till, name: str) -> None:
    customer = till.customer(name=name, address=name)
    till.create(d(6, 28))
    (invoice,) = till.invoices(customer)
    text = text_of(invoice_pdf(invoice))
    assert "$300.00" in text
    if name.isascii():
        assert "".join(name.split()) in "".join(text.split())


def test_prices_with_tax_are_gross_from_the_line_to_the_total(till: Till) -> None:
    taxed(till, "included")
    customer = till.customer()
    invoice = till.issue(
        customer, d(6, 20), kind="free",
        lines=[ManualLine("Cable", Decimal("104.00"), Decimal(2)), ManualLine("Rebaja",
               Decimal("-8.00"))],
    )  # fmt: skip
    text = text_of(invoice_pdf(invoice))
    for part in ("$104.00 $208.00", "-$8.00 -$8.00", "$200.00", "$172.41", "$27.59"):
        assert part in text
    ((_, sheet),) = invoice_sheets([invoice.pk])
    assert [row.cells["amount_gross"] for row in sheet.rows] == ["$208.00", "-$8.00"]


def test_net_prices_with_a_subtotal_where_the_company_wants_them(till: Till) -> None:
    taxed(till, "included")
    styled(till, prices="net")
    customer = till.customer()
    till.create(d(6, 28))
    (invoice,) = till.invoices(customer)
    text = text_of(invoice_pdf(invoice))
    assert "$258.62 $258.62" in text  # price and amount of the line, both net
    assert "Subtotal $258.62" in text and "$41.38" in text and "$300.00" in text


def test_added_tax_prints_net_prices_and_what_is_added(till: Till) -> None:
    taxed(till, "added")
    customer = till.customer()
    till.create(d(6, 28))
    (invoice,) = till.invoices(customer)
    text = text_of(invoice_pdf(invoice))
    assert "$300.00 $300.00" in text
    assert "Subtotal $300.00" in text and "$48.00" in text and "$348.00" in text


def test_notes_and_credit_stand_beside_the_fiscal_total(till: Till) -> None:
    customer = till.customer()
    for amount, reason in (("45.50", "Cambio de módem"), ("-20.25", "Falla del enlace")):
        adjust(actor=CLERK, now=at(d(6, 10)), customer=customer, amount=Decimal(amount),
               currency="MXN", on=d(6, 10), reason=reason)  # fmt: skip
    till.pay(customer, "100.00", d(6, 12))
    till.create(d(6, 28))
    (invoice,) = till.invoices(customer)
    ((_, sheet),) = invoice_sheets([invoice.pk])
    assert [row.value for row in sheet.totals] == ["$300.00", "$45.50", "-$20.25", "-$100.00"]
    assert sheet.asked == "$225.25"
    text = text_of(invoice_pdf(invoice))
    assert "Cambio de módem" in text and "TRESCIENTOS PESOS" in text


def test_what_was_owed_before_and_why_are_printed_when_wanted(till: Till) -> None:
    customer = till.customer(started=d(6, 10))
    till.create(d(5, 28))
    till.create(d(6, 28))
    first, second = till.invoices(customer)[-2:]
    assert "$510.00" not in text_of(invoice_pdf(second))
    styled(till, show_previous=True, show_why=True)
    text = text_of(invoice_pdf(second))
    owed = first.remaining + second.remaining
    assert f"${owed:.2f}" in text
    assert "PRO-1" in text_of(invoice_pdf(first))


def test_five_hundred_lines_fill_numbered_pages(till: Till) -> None:
    lines = [ManualLine(f"Concepto {n}", Decimal("1.50")) for n in range(500)]
    invoice = till.issue(till.customer(), d(6, 20), kind="free", lines=lines)
    reader = PdfReader(BytesIO(invoice_pdf(invoice)))
    count = len(reader.pages)
    assert count > 10
    texts = [page.extract_text() for page in reader.pages]
    for number, text in enumerate(texts, start=1):
        assert f"{number} / {count}" in " ".join(text.split())
    assert all(f"Concepto {n} 1 $1.50" in " ".join(" ".join(texts).split()) for n in (0, 250, 499))
    assert "$750.00" in texts[-1]


def test_each_of_many_counts_its_own_pages(till: Till) -> None:
    lines = [ManualLine(f"Concepto {n}", Decimal("1.50")) for n in range(60)]
    ids = [till.issue(till.customer(), d(6, 20), kind="free", lines=lines).pk for _ in range(2)]
    (content,) = print_invoices(ids)
    pages = [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(content)).pages]
    each = len(pages) // 2
    assert each > 1
    assert f"1 / {each}" in pages[0] and f"1 / {each}" in pages[each]


def test_fifty_invoices_take_as_many_queries_as_five(till: Till) -> None:
    for _ in range(20):
        till.customer()
    till.create(d(6, 28))
    ids = list(Invoice.objects.values_list("pk", flat=True))

    def queries(count: int) -> int:
        return queries_of(lambda: list(print_invoices(ids[:count])))

    assert queries(5) == queries(20) <= 12


def test_files_of_messages_are_the_same_as_one_by_one(till: Till) -> None:
    for _ in range(3):
        till.customer()
    till.create(d(6, 28))
    rows = {row.pk: row for row in Invoice.objects.all()}
    together = invoice_pdfs(list(rows))
    assert {pk: text_of(content) for pk, content in together.items()} == {
        pk: text_of(invoice_pdf(row)) for pk, row in rows.items()
    }


def test_a_document_proves_itself_to_whoever_holds_it(
    till: Till, client: Client, settings: Any
) -> None:
    customer = till.customer(name="José Peña")
    till.create(d(6, 28))
    (invoice,) = till.invoices(customer)
    assert link_to("i", invoice.pk) == ""
    settings.PUBLIC_URL = "https://isp.example/"
    link = link_to("i", invoice.pk)
    path = link.removeprefix("https://isp.example")
    page = client.get(path)
    assert page.status_code == 200
    text = page.content.decode()
    assert invoice.label in text and "$300.00" in text
    assert "José" not in text and "Peña" not in text  # nothing of the customer
    token = path.strip("/").rsplit("/", 1)[-1]
    forged = token.replace(f"i{invoice.pk}", f"i{invoice.pk + 1}", 1)
    assert facts_of(forged) is None
    assert client.get(path.replace(token, forged)).status_code == 404


def test_a_receipt_tells_each_part_of_a_mixed_payment(till: Till) -> None:
    customer = till.customer()
    till.create(d(6, 28))
    payment = till.pay(
        customer, "300.00", d(7, 2), method="", cash_box=None,
        parts=[Part("cash", Decimal("100.00"), cash_box=till.box),
               Part("card", Decimal("200.00"), cash_box=till.box, reference="V-99")],
    )  # fmt: skip
    for paper in ("", "ticket58", "a4"):
        text = text_of(receipt_pdf(payment, paper=paper))
        for part in ("$100.00", "$200.00", "V-99", "$300.00"):
            assert part in text


def test_a_refund_has_a_receipt_to_sign(till: Till, client_as: ClientAs) -> None:
    customer = till.customer(name="José Peña")
    till.pay(customer, "100.00", d(7, 2))
    row = refund(
        actor=CLERK, now=at(d(7, 3)), customer=customer, amount=Decimal("40.00"), currency="MXN",
        method="cash", cash_box=till.box, reason="Pagó de más", operator=None,
    )  # fmt: skip
    text = text_of(refund_pdf(row))
    assert "José Peña" in text and "$40.00" in text and "Pagó de más" in text
    assert "CUARENTA PESOS" in text and "$60.00" in text
    address = reverse("payments:refund_receipt", args=[row.pk])
    assert client_as("owner").get(address).content.startswith(b"%PDF")
    assert client_as("collector").get(address).status_code == 404


def test_notes_say_that_they_bear_no_tax(till: Till) -> None:
    customer = till.customer()
    adjust(actor=CLERK, now=at(d(6, 10)), customer=customer, amount=Decimal("-20.25"),
           currency="MXN", on=d(6, 10), reason="Falla")  # fmt: skip
    text = text_of(note_pdf(Adjustment.objects.get()))
    assert "(CX)" in text and "$20.25" in text and "Falla" in text


def test_screens_give_every_paper_and_a_page_for_the_browser(
    till: Till, client_as: ClientAs
) -> None:
    customer = till.customer(name="<b>José</b>")
    till.create(d(6, 28))
    (invoice,) = till.invoices(customer)
    client = client_as("owner")
    for paper, width in (("a4", 210), ("half", 140), ("ticket58", 58)):
        content = client.get(reverse("billing:pdf", args=[invoice.pk]), {"paper": paper}).content
        box = PdfReader(BytesIO(content)).pages[0].mediabox
        assert round(float(box.width) / 72 * 25.4) == width
    html = client.get(reverse("billing:ticket", args=[invoice.pk]), {"width": "58"})
    assert "&lt;b&gt;José" in html.content.decode() and "<b>José" not in html.content.decode()
