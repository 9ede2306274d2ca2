"""What the office of the demo wrote about people: own fields, tags, reasons, notes and files."""

import struct
import zlib
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from caudal.apps.customers import actions
from caudal.apps.customers.models import Cause, Customer, CustomField
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.models import User

_FIELDS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("Nº de poste", "number", ()),
    ("Color de la casa", "choice", ("Blanca", "Amarilla", "Ladrillo", "Verde")),
    ("Aval", "text", ()),
    ("Perro bravo", "yes_no", ()),
    ("Depósito en garantía", "money", ()),
    ("Última visita técnica", "date", ()),
)
_TAGS = (
    ("VIP", "green", "Se atiende el mismo día"),
    ("En retiro", "amber", "Se le pide que entregue el equipo"),
    ("Cliente problemático", "red", "Hable antes con el gerente"),
)
_CAUSES = ("Se muda", "Precio", "El servicio no funcionaba bien", "Se fue con la competencia",
           "Ya no lo necesita", "No paga")  # fmt: skip
_NOTES = (
    ("cajera", "Pidió que le avisen por WhatsApp antes de cortar."),
    ("soporte", "Se movió el módem a la sala: la señal mejoró de -78 a -61."),
    ("vendedora", "Le interesa el plan de 20 Mb cuando cambie de casa."),
    ("tecnico", "La antena quedó en el poste del vecino, con su permiso."),
)
EVERY = 4
"""One customer of so many has something written about him."""


@transaction.atomic
def write_about_people(actor: Actor, today: date, now: datetime) -> None:
    """Once; a second call changes nothing."""
    if CustomField.objects.exists():
        return
    fields = [
        actions.create_field(actor=actor, now=now, kind=kind, name=name, choices=answers)
        for name, kind, answers in _FIELDS
    ]
    tags = [
        actions.create_tag(actor=actor, now=now, name=name, color=color, text=text)
        for name, color, text in _TAGS
    ]
    actions.propose_causes(actor=actor, now=now, use=Cause.Use.CANCEL, names=_CAUSES)
    people = list(Customer.objects.filter(archived_at=None).order_by("pk")[::EVERY])
    for place, customer in enumerate(people):
        values = _values(fields, place, today)
        actions.set_fields(actor=actor, now=now, customer=customer, values=values)
        if place % 3 == 0:
            chosen = [tags[place // 3 % len(tags)]]
            actions.set_tags(actor=actor, now=now, customer=customer, tags=chosen)
    _write_notes(people[::3], now)
    _attach_files(actor, people[:6], now)


def _values(fields: list[CustomField], place: int, today: date) -> dict[CustomField, Any]:
    """Some have less than others, as everywhere."""
    pole, color, guarantor, dog, deposit, visit = fields
    answers = [choice.name for choice in color.choices.all()]
    values: dict[CustomField, Any] = {
        pole: Decimal(100 + place * 7 % 400), color: answers[place % len(answers)],
        dog: place % 5 == 0,
    }  # fmt: skip
    if place % 2:
        values[deposit] = Decimal(200 + place % 3 * 100)
    if place % 3:
        values[visit] = today - timedelta(days=place * 11 % 300)
    if place % 7 == 0:
        values[guarantor] = "Su hermano, en la tienda de la esquina"
    return values


def _write_notes(people: Iterable[Customer], now: datetime) -> None:
    staff = {user.username: user for user in User.objects.filter(role__isnull=False)}
    for place, customer in enumerate(people):
        username, text = _NOTES[place % len(_NOTES)]
        at = now - timedelta(days=place + 1)
        author = Actor.person(staff[username])
        note = actions.add_note(actor=author, now=at, customer=customer, text=text)
        if place == 0:
            actions.pin_note(actor=author, now=at, note=note, pinned=True)


def _attach_files(actor: Actor, people: list[Customer], now: datetime) -> None:
    for place, customer in enumerate(people):
        picture = SimpleUploadedFile("fachada.png", house(place))
        actions.attach(actor=actor, now=now, customer=customer, file=picture, text="La fachada")
        if place % 2 == 0:
            proof = SimpleUploadedFile("comprobante.pdf", paper(customer.code))
            actions.attach(
                actor=actor, now=now, customer=customer, file=proof,
                text="Comprobante de domicilio", is_shown=True,
            )  # fmt: skip


def house(place: int) -> bytes:
    """A drawn house of some colour as PNG, so that files of the demo can be looked at."""
    wall = ((240, 240, 235), (235, 205, 110), (190, 110, 80), (130, 180, 130))[place % 4]
    rows = b"".join(
        b"\x00" + b"".join(bytes(_dot(x, y, wall)) for x in range(160)) for y in range(120)
    )
    head = struct.pack(">IIBBBBB", 160, 120, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def _dot(x: int, y: int, wall: tuple[int, int, int]) -> tuple[int, int, int]:
    if y >= 105:
        return (120, 150, 90)
    if 68 <= x < 92 and y >= 75:
        return (110, 75, 50)
    if y >= 60 and 40 <= x < 120:
        return wall
    if 30 <= y < 60 and abs(x - 80) <= (y - 30) * 5 // 3:
        return (150, 70, 60)
    return (175, 205, 235)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def paper(code: str) -> bytes:
    """A page that says whose proof of address it stands for, as PDF."""
    text = f"BT /F1 18 Tf 60 760 Td (Comprobante de domicilio de {code}) Tj ET".encode("latin-1")
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(text), text),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    made, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    trailer = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
    return made + head + table + trailer % (len(objects) + 1, len(made))
