"""Small pictures of attached ones: upright, without a place, and only for who may see the file."""

import io
import zlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from caudal.apps.customers import actions
from caudal.apps.customers.models import Attachment, Customer
from caudal.apps.customers.thumbnails import thumbnail_name, thumbnail_of
from caudal.apps.staff.actor import Actor

pytestmark = pytest.mark.django_db
TEST = Actor.system("test")
ORIENTATION, GPS = 0x0112, 0x8825


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def picture(kind: str = "JPEG", mode: str = "RGB", size: tuple[int, int] = (800, 400)) -> bytes:
    made, image = io.BytesIO(), Image.new(mode, size, "red")
    exif = image.getexif()
    exif[ORIENTATION] = 6  # turned by a quarter
    exif.get_ifd(GPS)[2] = (19.0, 25.0, 42.0)
    image.save(made, kind, **({"exif": exif} if kind == "JPEG" else {}))
    return made.getvalue()


def attached(customer: Customer, now: datetime, name: str, content: bytes) -> Attachment:
    file = SimpleUploadedFile(name, content)
    return actions.attach(actor=TEST, now=now, customer=customer, file=file)


def opened(row: Attachment) -> Image.Image | None:
    file = thumbnail_of(row)
    if file is None:
        return None
    with file:
        return Image.open(io.BytesIO(file.read()))


def test_a_photograph_is_shown_small_upright_and_without_its_place(
    customer: Customer, now: datetime
) -> None:
    small = opened(attached(customer, now, "casa.jpg", picture()))
    assert small is not None
    assert (small.format, small.size) == ("JPEG", (240, 480))
    assert not dict(small.getexif())


@pytest.mark.parametrize(("kind", "mode"), [("PNG", "RGBA"), ("GIF", "P"), ("WEBP", "RGB")])
def test_other_kinds_of_pictures_are_too(
    customer: Customer, now: datetime, kind: str, mode: str
) -> None:
    content = picture(kind, mode)
    small = opened(attached(customer, now, f"plano.{kind.lower()}", content))
    assert small is not None
    assert small.size == (480, 240)


def test_a_picture_that_unpacks_to_gigabytes_has_no_small_one(
    customer: Customer, now: datetime
) -> None:
    side = 60_000
    header = side.to_bytes(4, "big") * 2 + b"\x08\x00\x00\x00\x00"

    def chunk(name: bytes, data: bytes) -> bytes:
        crc = zlib.crc32(name + data).to_bytes(4, "big")
        return len(data).to_bytes(4, "big") + name + data + crc

    rows = zlib.compress(b"\x00" * 10_000_000, 9)
    bomb = (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )
    assert len(bomb) < 20_000
    row = attached(customer, now, "bomba.png", bomb)
    assert opened(row) is None
    assert row.file.storage.size(thumbnail_name(row)) == 0  # tried once


def test_what_is_no_picture_has_none(customer: Customer, now: datetime) -> None:
    broken = attached(
        customer, now, "rota.png", b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + b"\0" * 40
    )
    text = attached(customer, now, "nota.txt", b"hola")
    assert (opened(broken), opened(text)) == (None, None)


def test_it_is_made_once_and_goes_with_its_file(
    customer: Customer,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    row = attached(customer, now, "casa.jpg", picture())
    assert opened(row) is not None
    monkeypatch.setattr("caudal.apps.customers.thumbnails._made", None)  # not asked again
    assert opened(row) is not None
    with django_capture_on_commit_callbacks(execute=True):
        actions.remove_file(actor=TEST, now=now, attachment=row, reason="otra")
    assert not row.file.storage.exists(thumbnail_name(row))


def test_only_who_sees_the_customer_sees_it(
    customer: Customer, now: datetime, client_as: Callable[..., Client]
) -> None:
    row = attached(customer, now, "casa.jpg", picture())
    owner = client_as("owner")
    address = f"/files/{row.pk}/thumbnail/"
    panel = owner.get(f"/customers/{customer.pk}/files/").content.decode()
    assert address in panel
    shown = owner.get(address)
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/jpeg")
    assert "private" in shown["Cache-Control"]
    assert owner.get(f"/api/v1/attachments/{row.pk}/thumbnail/").status_code == 200
    collector = client_as("collector")
    assert collector.get(address).status_code == 404
    assert collector.get(f"/api/v1/attachments/{row.pk}/thumbnail/").status_code == 404
    pdf = attached(customer, now, "c.pdf", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n")
    assert owner.get(f"/files/{pdf.pk}/thumbnail/").status_code == 404
