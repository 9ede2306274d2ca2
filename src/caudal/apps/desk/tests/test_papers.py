"""Notes and documents on the customer's page: written, found, printed, sent and shown safely."""

from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pypdf import PdfReader

from caudal.apps.customers import actions
from caudal.apps.customers.models import Attachment, Customer, Note
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.models import User

ClientAs = Callable[..., Client]
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + b"\x00" * 40
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def uploaded(name: str, content: bytes = PNG) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def send(client: Client, customer: Customer, *files: SimpleUploadedFile, **more: Any) -> str:
    answer = client.post(f"/customers/{customer.pk}/files/", {"files": list(files), **more})
    assert answer.status_code == 200
    return answer.content.decode()


def write(customer: Customer, now: datetime, text: str, user: User | None = None) -> Note:
    who = Actor.person(user) if user else Actor.system("test")
    return actions.add_note(actor=who, now=now, customer=customer, text=text)


def test_several_are_sent_at_once_and_what_is_refused_keeps_none_out(
    client_as: ClientAs, customer: Customer
) -> None:
    shown = send(
        client_as("owner"), customer, uploaded("a.png"), uploaded("b.exe", b"MZ\x90\x00"),
        uploaded("c.pdf", PDF), is_shown="1",
    )  # fmt: skip
    assert "a.png" in shown and "c.pdf" in shown
    assert "b.exe" in shown
    assert list(Attachment.objects.values_list("name", "is_shown")) == [
        ("c.pdf", True), ("a.png", True)
    ]  # fmt: skip


def test_a_name_with_markup_is_shown_as_text(client_as: ClientAs, customer: Customer) -> None:
    shown = send(client_as("owner"), customer, uploaded("<img src=x onerror=alert(1)>.png"))
    assert "<img src=x" not in shown


def test_a_file_comes_back_with_its_own_type_and_no_guessing(
    client_as: ClientAs, customer: Customer
) -> None:
    owner = client_as("owner")
    send(owner, customer, uploaded("INE ñ.png"), uploaded("n.txt", b"hola"))
    text, picture = Attachment.objects.order_by("name")[1], Attachment.objects.order_by("name")[0]
    answer = owner.get(f"/files/{picture.pk}/?inline=1")
    assert b"".join(answer.streaming_content) == PNG  # type: ignore[attr-defined]
    assert answer["Content-Type"] == "image/png"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("inline")
    assert owner.get(f"/files/{picture.pk}/")["Content-Disposition"].startswith("attachment")
    forced = owner.get(f"/files/{text.pk}/?inline=1")
    assert forced["Content-Disposition"].startswith("attachment")


def test_files_and_notes_of_others_are_not_there(
    client_as: ClientAs, customer: Customer, now: datetime, user_with_role: Callable[..., User]
) -> None:
    from caudal.apps.staff.models import Role

    Role.objects.filter(code="collector").update(only_own_customers=True)
    send(client_as("owner"), customer, uploaded("a.png"))
    row, note = Attachment.objects.get(), write(customer, now, "Perro bravo")
    collector = client_as("collector")
    for address in (f"/files/{row.pk}/", f"/notes/{note.pk}/", f"/customers/{customer.pk}/files/",
                    f"/customers/{customer.pk}/notes.pdf"):  # fmt: skip
        assert collector.get(address).status_code == 404, address
    Customer.objects.filter(pk=customer.pk).update(collector=user_with_role("collector"))
    assert collector.get(f"/files/{row.pk}/").status_code == 200


def test_who_may_not_edit_customers_reads_but_sends_nothing(
    client_as: ClientAs, customer: Customer
) -> None:
    cashier, at = client_as("cashier"), f"/customers/{customer.pk}/files/"
    assert 'type="file"' not in cashier.get(at).content.decode()
    assert cashier.post(at, {"files": [uploaded("a.png")]}).status_code == 403


def test_a_file_is_described_and_taken_away_with_a_reason(
    client_as: ClientAs, customer: Customer, folder: Path
) -> None:
    owner = client_as("owner")
    send(owner, customer, uploaded("a.png"))
    row = Attachment.objects.get()
    owner.post(f"/files/{row.pk}/describe/", {"text": "INE frente", "is_shown": "on"})
    shown = owner.get(f"/customers/{customer.pk}/files/").content.decode()
    assert "INE frente" in shown
    assert "reason" in owner.post(f"/files/{row.pk}/remove/", {"reason": ""}).context["form"].errors
    owner.post(f"/files/{row.pk}/remove/", {"reason": "Vencida"})
    assert owner.get(f"/files/{row.pk}/").status_code == 404
    shown = owner.get(f"/customers/{customer.pk}/files/").content.decode()
    assert "Vencida" in shown and "Owner" in shown


def test_a_lost_file_is_not_there_instead_of_an_error(
    client_as: ClientAs, customer: Customer, folder: Path
) -> None:
    owner = client_as("owner")
    send(owner, customer, uploaded("a.png"))
    for path in folder.rglob("*"):
        if path.is_file():
            path.unlink()
    assert owner.get(f"/files/{Attachment.objects.get().pk}/").status_code == 404


def test_notes_are_found_by_their_words_whatever_the_accents(
    client_as: ClientAs, customer: Customer, now: datetime
) -> None:
    write(customer, now, "Llamó su mamá")
    write(customer, now, "Perro bravo")
    owner, at = client_as("owner"), f"/customers/{customer.pk}/notes/"
    shown = owner.get(at, {"q": "MAMA llamo"}).content.decode()
    assert "Llamó" in shown and "Perro" not in shown
    assert "Perro" not in owner.get(at, {"q": "nada"}).content.decode()


def test_pinned_notes_stand_on_top_and_older_ones_are_asked_for(
    client_as: ClientAs, customer: Customer, now: datetime
) -> None:
    first = write(customer, now, "La primera")
    for n in range(25):
        write(customer, now, f"Nota {n}")
    owner, at = client_as("owner"), f"/customers/{customer.pk}/notes/"
    assert "La primera" not in owner.get(at).content.decode()
    assert "La primera" in owner.get(at, {"all": 1}).content.decode()
    pinned = owner.post(f"/notes/{first.pk}/pin/1/").content.decode()
    assert pinned.index("La primera") < pinned.index("Nota 24")
    assert "La primera" not in owner.post(f"/notes/{first.pk}/pin/0/").content.decode()


def test_its_author_mends_a_note_and_nobody_else(
    client_as: ClientAs, customer: Customer, now: datetime, user_with_role: Callable[..., User]
) -> None:
    note = write(customer, now, "Paga mañana", user_with_role("seller"))
    seller, owner, at = client_as("seller"), client_as("owner"), f"/notes/{note.pk}/edit/"
    assert "Paga mañana" in seller.get(at).content.decode()
    assert seller.post(at, {"text": ""}).context["form"].errors
    assert "Paga el lunes" in seller.post(at, {"text": "Paga el lunes"}).content.decode()
    assert owner.post(at, {"text": "No paga"}).context["form"].errors
    note.refresh_from_db()
    assert note.text == "Paga el lunes"
    panel = f"/customers/{customer.pk}/notes/"
    assert at in seller.get(panel).content.decode()
    assert at not in owner.get(panel).content.decode()


def test_notes_are_printed(client_as: ClientAs, customer: Customer, now: datetime) -> None:
    write(customer, now, "Llamó su mamá\nque paga el lunes")
    answer = client_as("cashier").get(f"/customers/{customer.pk}/notes.pdf")
    assert answer["Content-Type"] == "application/pdf"
    [paper] = PdfReader(BytesIO(answer.content)).pages
    text = paper.extract_text()
    assert "que paga el lunes" in text and customer.code in text


def test_pictures_and_pdf_are_looked_at_within_the_page_and_nowhere_else(
    client_as: ClientAs, customer: Customer
) -> None:
    owner = client_as("owner")
    shown = send(
        owner, customer, uploaded("a.png"), uploaded("c.pdf", PDF), uploaded("n.txt", b"h")
    )
    picture, paper = (Attachment.objects.get(name=name) for name in ("a.png", "c.pdf"))
    assert f'<img src="/files/{picture.pk}/?inline=1"' in shown
    assert f'<iframe src="/files/{paper.pk}/?inline=1"' in shown
    assert shown.count("file-look") == 2
    answer = owner.get(f"/files/{paper.pk}/?inline=1")
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]
    page = owner.get(f"/customers/{customer.pk}/")
    assert page["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
