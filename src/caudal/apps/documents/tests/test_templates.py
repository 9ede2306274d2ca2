"""A company changes how its documents look, sees it at once, and can always go back."""

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from caudal.apps.catalog.models import Company
from caudal.apps.documents import sandbox
from caudal.apps.documents.actions import save_template
from caudal.apps.documents.models import Template, TemplateVersion
from caudal.apps.documents.printing import look_of, render
from caudal.apps.documents.samples import sample
from caudal.apps.documents.styles import Kind, Paper, Style
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.models import JournalEntry

ClientAs = Callable[..., Client]


@pytest.fixture(scope="module", autouse=True)
def _ended() -> Iterator[None]:
    yield
    sandbox._cell.close()


@pytest.fixture
def company(db: None) -> Company:
    return Company.objects.create(name="Río Net", country="MX", currency="MXN", footer="Gracias")


def text_of(content: bytes) -> str:
    pages = PdfReader(BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def sent(**changes: Any) -> dict[str, Any]:
    return {
        "paper": "letter", "accent": "#0b4f5f", "prices": "auto", "qr": "verify",
        "show_words": "on", "columns": ["description", "quantity", "price", "amount"],
        "source": "", **changes,
    }  # fmt: skip


def post(client: Client, company: Company, view: str = "template", **changes: Any) -> Any:
    address = reverse(f"documents:{view}", args=[company.pk, "invoice"])
    return client.post(address, sent(**changes))


def printed(company: Company, kind: str = "invoice", **options: Any) -> str:
    return text_of(render(kind, company, sample(kind, "MXN"), **options))


@pytest.mark.parametrize("kind", Kind.values)
def test_every_template_can_be_opened_and_tried(
    kind: str, company: Company, client_as: ClientAs
) -> None:
    client = client_as("owner")
    page = client.get(reverse("documents:template", args=[company.pk, kind]))
    assert page.status_code == 200
    made = client.get(reverse("documents:sample", args=[company.pk, kind])).content
    assert "María Peña Núñez" in text_of(made)


def test_choices_reach_the_paper(company: Company, client_as: ClientAs) -> None:
    before = printed(company)
    assert "Importe en letras" in before and "Gracias" in before
    answer = post(
        client_as("owner"), company, paper="a4", heading="Aviso de cobro", terms="Sin devoluciones",
        footer="Río para todos", label_description="Concepto", show_words="",
        columns=["description", "net", "tax"],
    )  # fmt: skip
    assert answer.status_code == 302
    after = printed(company)
    for text in ("Aviso de cobro", "Sin devoluciones", "Río para todos", "Concepto", "$48.28"):
        assert text in after
    assert "Importe en letras" not in after and "Cantidad" not in after
    pdf = render("invoice", company, sample("invoice", "MXN"))
    assert round(float(PdfReader(BytesIO(pdf)).pages[0].mediabox.width) / 72 * 25.4) == 210


def test_prices_are_net_or_gross_from_the_line_to_the_total(company: Company) -> None:
    style = Style(prices="net")
    save_template(
        actor=Actor.system("t"), now=_now(), company=company, kind="invoice", style=style, source=""
    )
    net = printed(company)
    assert "$301.72" in net and "$350.00" not in net and "$344.83" in net
    save_template(
        actor=Actor.system("t"), now=_now(), company=company, kind="invoice",
        style=Style(prices="gross"), source="",
    )  # fmt: skip
    gross = printed(company)
    assert "$350.00" in gross and "$301.72" not in gross and "$55.17" in gross


def test_the_preview_shows_pictures_and_saves_nothing(
    company: Company, client_as: ClientAs
) -> None:
    page = post(client_as("owner"), company, "look", heading="Otra").content.decode()
    assert "data:image/png;base64," in page
    assert not Template.objects.exists()


def test_a_fault_in_the_source_is_shown_with_its_line_and_not_saved(
    company: Company, client_as: ClientAs
) -> None:
    client, source = client_as("owner"), "Hola\n#let x = \n#nada"
    for view in ("look", "template"):
        answer = post(client, company, view, source=source)
        assert answer.status_code == 200
        assert "Línea 2" in answer.content.decode() or "Line 2" in answer.content.decode()
    assert not Template.objects.exists()


def test_an_own_source_prints_and_the_original_comes_back(
    company: Company, client_as: ClientAs
) -> None:
    client = client_as("owner")
    source = "#for doc in data.docs { page[Factura propia de #doc.party] }"
    assert post(client, company, source=source).status_code == 302
    assert "Factura propia de María" in printed(company)
    client.post(reverse("documents:restore", args=[company.pk, "invoice"]))
    assert "Factura propia" not in printed(company)
    first = TemplateVersion.objects.get(number=1)
    client.post(reverse("documents:bring_back", args=[first.pk]))
    assert "Factura propia" in printed(company)
    assert TemplateVersion.objects.count() == 3
    assert JournalEntry.objects.filter(verb="documents.edit_template").count() == 3


def test_our_own_source_is_not_kept_as_a_copy(company: Company, client_as: ClientAs) -> None:
    from caudal.apps.documents.press import original

    source = original("invoice").replace("\n", "\r\n")  # as browsers send it
    post(client_as("owner"), company, source=source)
    assert Template.objects.get().source == ""


def test_an_own_source_that_fails_on_real_data_gives_way(company: Company) -> None:
    Template.objects.create(company=company, kind="invoice", source="#panic()")
    assert "María Peña Núñez" in printed(company)


def test_a_payment_link_is_filled_and_escaped(company: Company, client_as: ClientAs) -> None:
    client = client_as("owner")
    for bad in ("javascript:alert(1)", "https://x.example/{secret}"):
        answer = post(client, company, qr="pay", pay_link=bad)
        assert answer.status_code == 200
    link = "https://pay.example/{code}?amount={amount}"
    assert post(client, company, qr="pay", pay_link=link).status_code == 302
    style, _source = look_of("invoice", company)
    assert style.pay_link == link


def test_tickets_are_as_wide_as_their_roll(company: Company) -> None:
    for paper, width in ((Paper.TICKET80, 80), (Paper.TICKET58, 58)):
        content = render("invoice", company, sample("invoice", "MXN"), paper=paper)
        pages = PdfReader(BytesIO(content)).pages
        assert round(float(pages[0].mediabox.width) / 72 * 25.4) == width
        assert len(pages) == 1


def test_a_ticket_for_the_browser_escapes_what_people_typed(company: Company) -> None:
    from dataclasses import replace

    sheet = replace(sample("invoice", "MXN"), party="<script>alert(1)</script>")
    html = render("invoice", company, sheet, format="html", paper="ticket58").decode()
    assert "<script>" not in html and "&lt;script&gt;" in html and "58mm" in html


def test_only_who_edits_the_catalog_gets_in(company: Company, client_as: ClientAs) -> None:
    assert client_as("cashier").get(reverse("documents:templates")).status_code == 403
    assert client_as("owner").get(reverse("documents:templates")).status_code == 200


def _now() -> Any:
    from datetime import UTC, datetime

    return datetime(2026, 7, 5, 18, 0, tzinfo=UTC)
