"""Notes about customers and their files: who may mend them, and what may be attached."""

from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from caudal.apps.customers import actions
from caudal.apps.customers.models import Attachment, Customer, Zone
from caudal.apps.customers.uploads import check_upload, clean_name
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.models import JournalEntry, User
from caudal.core.errors import RuleError

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + b"\x00" * 40
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + b"\x00" * 40
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
WEBP = b"RIFF\x24\x00\x00\x00WEBPVP8 " + b"\x00" * 30
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00heicmif1"


def packed(*names: str) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w") as made:
        for name in names:
            made.writestr(name, "x")
    return file.getvalue()


DOCX = packed("[Content_Types].xml", "word/document.xml")
XLSX = packed("[Content_Types].xml", "xl/workbook.xml")


@pytest.fixture
def customer(zone: Zone, now: datetime) -> Customer:
    data = {"name": "Ana López", "zone": zone, "address": "Calle Uno"}
    return actions.register_customer(actor=Actor.system("test"), now=now, data=data)


@pytest.fixture
def ana(user_with_role: Callable[..., User]) -> Actor:
    return Actor.person(user_with_role("support"))


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def uploaded(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="text/html")


def kept_on_disk(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("name", "content", "kept", "kind"),
    [
        ("ine.JPG", JPEG, "ine.jpg", "image/jpeg"),
        ("foto.png", PNG, "foto.png", "image/png"),
        ("foto.jpg", PNG, "foto.png", "image/png"),
        ("foto", WEBP, "foto.webp", "image/webp"),
        ("IMG_1.HEIC", HEIC, "IMG_1.heic", "image/heif"),
        ("contrato.pdf", PDF, "contrato.pdf", "application/pdf"),
        ("página.html", PDF, "página.html.pdf", "application/pdf"),
        ("carta.docx", DOCX, "carta.docx", None),
        ("datos.xlsx", XLSX, "datos.xlsx", None),
        ("nota.txt", "Pagó: ñandú".encode(), "nota.txt", "text/plain"),
        ("nota.csv", "a;ñ\n".encode("cp1252"), "nota.csv", "text/csv"),
    ],
)
def test_a_file_is_what_it_holds_whatever_it_is_called(
    name: str, content: bytes, kept: str, kind: str | None
) -> None:
    found, content_type = check_upload(uploaded(name, content))
    assert found == kept
    assert kind is None or content_type == kind


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("foto.jpg", b"<html><script>alert(1)</script>"),
        ("foto.jpg", b"MZ\x90\x00" + b"\x00" * 60),
        ("foto.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"),
        ("nota.txt", b"<script>alert(1)</script>"),
        ("nota.txt", b"\x00\x01\x02"),
        ("nota.txt", PDF),
        ("carta.docx", XLSX),
        ("carta.docx", PDF),
        ("macro.xlsx", packed("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin")),
        ("macro.xlsm", XLSX),
        ("todo.zip", packed("a.txt")),
        ("roto.docx", b"PK\x03\x04broken"),
        ("vacío.pdf", b""),
        ("programa.exe", b"MZ\x90\x00" + b"\x00" * 60),
        ("guion", b"#!/bin/sh\nrm -r x\n"),
    ],
)
def test_what_could_run_or_lies_is_refused(name: str, content: bytes) -> None:
    with pytest.raises(ValidationError):
        check_upload(uploaded(name, content))


def test_a_file_larger_than_the_setting_is_refused(settings: Any) -> None:
    settings.ATTACHMENT_MEGABYTES = 1
    with pytest.raises(ValidationError) as refused:
        check_upload(uploaded("foto.png", PNG + b"\x00" * 1024 * 1024))
    assert "1 MB" in refused.value.messages[0]


@given(st.text(max_size=300))
def test_a_cleaned_name_is_short_and_harmless(name: str) -> None:
    cleaned = clean_name(name)
    assert cleaned and len(cleaned) <= 120
    assert not set(cleaned) & set('/\\"<>|:*?\r\n\x00')
    assert not cleaned.startswith(".")
    assert clean_name(cleaned) == cleaned


def test_names_lose_their_folders_and_keep_their_ending() -> None:
    assert clean_name("../../etc/passwd") == "passwd"
    assert clean_name("C:\\Users\\Ana\\INE frente.JPG") == "INE frente.jpg"
    assert clean_name("...") == clean_name("")
    assert clean_name("a\u202egpj.exe") == "agpj.exe"


def test_a_file_is_kept_under_a_name_that_says_nothing(
    customer: Customer, ana: Actor, now: datetime, folder: Path
) -> None:
    row = actions.attach(
        actor=ana, now=now, customer=customer, file=uploaded("INE Ana.png", PNG), text=" INE "
    )
    [path] = kept_on_disk(folder)
    assert "Ana" not in str(path.relative_to(folder)) and path.suffix == ""
    assert path.read_bytes() == PNG
    assert (row.name, row.text, row.is_shown, row.author_name) == (
        "INE Ana.png", "INE", False, ana.name
    )  # fmt: skip
    entry = JournalEntry.objects.get(verb="file.attach")
    assert (entry.customer_id, entry.after["name"]) == (customer.pk, "INE Ana.png")


def test_the_same_file_is_not_kept_twice(
    customer: Customer, ana: Actor, now: datetime, folder: Path
) -> None:
    actions.attach(actor=ana, now=now, customer=customer, file=uploaded("a.png", PNG))
    with pytest.raises(ValidationError):
        actions.attach(actor=ana, now=now, customer=customer, file=uploaded("b.png", PNG))
    assert len(kept_on_disk(folder)) == 1


def test_a_failure_leaves_no_file_behind(
    customer: Customer, ana: Actor, now: datetime, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: Any, *args: Any, **kwargs: Any) -> None:
        raise RuntimeError("no room")

    monkeypatch.setattr(Attachment, "save", fail)
    with pytest.raises(RuntimeError):
        actions.attach(actor=ana, now=now, customer=customer, file=ContentFile(PNG, "a.png"))
    assert kept_on_disk(folder) == []


def test_a_file_taken_away_leaves_who_and_when(
    customer: Customer, ana: Actor, now: datetime, folder: Path,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    row = actions.attach(actor=ana, now=now, customer=customer, file=uploaded("a.png", PNG))
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.remove_file(actor=ana, now=now, attachment=row, reason="Otra persona")
    assert not actions.remove_file(actor=ana, now=now, attachment=row, reason="")
    row.refresh_from_db()
    assert (row.removed_at, row.removed_by, row.removed_why) == (now, ana.name, "Otra persona")
    assert kept_on_disk(folder) == []
    assert not Attachment.objects.kept().exists()
    again = actions.attach(actor=ana, now=now, customer=customer, file=uploaded("a.png", PNG))
    assert again.pk != row.pk


def test_a_file_is_shown_to_the_customer_only_when_somebody_says_so(
    customer: Customer, ana: Actor, now: datetime
) -> None:
    row = actions.attach(actor=ana, now=now, customer=customer, file=uploaded("a.png", PNG))
    assert not row.is_shown
    actions.describe_file(actor=ana, now=now, attachment=row, text="Contrato", is_shown=True)
    assert Attachment.objects.kept().get(is_shown=True) == row
    assert JournalEntry.objects.get(verb="file.describe").after["is_shown"] is True


def test_only_its_author_mends_a_note_and_the_journal_keeps_both(
    customer: Customer, ana: Actor, now: datetime, user_with_role: Callable[..., User]
) -> None:
    note = actions.add_note(actor=ana, now=now, customer=customer, text="Paga mañana")
    other = Actor.person(user_with_role("owner"))
    for somebody in (other, Actor.system("clock")):
        with pytest.raises(RuleError):
            actions.edit_note(actor=somebody, now=now, note=note, text="No paga")
    later = now + timedelta(minutes=5)
    assert actions.edit_note(actor=ana, now=later, note=note, text="Paga el lunes")
    assert not actions.edit_note(actor=ana, now=later, note=note, text="Paga el lunes ")
    note.refresh_from_db()
    assert (note.at, note.edited_at, note.folded) == (now, later, "paga el lunes")
    entry = JournalEntry.objects.get(verb="note.edit")
    assert (entry.before, entry.after) == ({"text": "Paga mañana"}, {"text": "Paga el lunes"})


def test_a_note_is_pinned_and_unpinned_once(customer: Customer, ana: Actor, now: datetime) -> None:
    note = actions.add_note(actor=ana, now=now, customer=customer, text="Perro bravo")
    assert actions.pin_note(actor=ana, now=now, note=note, pinned=True)
    assert not actions.pin_note(actor=ana, now=now, note=note, pinned=True)
    assert actions.pin_note(actor=ana, now=now, note=note, pinned=False)
    verbs = list(JournalEntry.objects.order_by("id").values_list("verb", flat=True))
    assert verbs[-3:] == ["note.add", "note.pin", "note.unpin"]
