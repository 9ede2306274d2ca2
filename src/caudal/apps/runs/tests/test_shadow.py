"""A shadow month is compared with the other system, customer by customer."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from caudal.apps.runs.models import Run
from caudal.apps.runs.shadow import compare_month, read_amounts
from caudal.apps.runs.tests.world import World, at, d, executed, planned
from caudal.core.errors import RuleError

JUNE = d(6, 28)


def shadowed(world: World) -> None:
    world.customer(name="Equal", document_number="RUFA-800101")
    world.customer(name="Different")
    world.customer(name="Extra")
    world.customer(name="Missing", is_invoiced=False)
    executed(planned(Run.Kind.CREATE, JUNE, at(JUNE), is_shadow=True), at(JUNE))


def test_who_is_equal_different_missing_and_extra(world: World) -> None:
    shadowed(world)
    theirs = [("rufa800101", "200.00"), ("RUFA 800101", "100.00"), ("000002", "290.00"),
              ("000004", "150.00"), ("stranger", "80.00")]  # fmt: skip
    found = compare_month(JUNE, [(who, Decimal(amount)) for who, amount in theirs])
    assert [(each.name, each.verdict) for each in found] == [
        ("000002 Different", "different"),
        ("000004 Missing", "missing"),
        ("stranger", "missing"),
        ("000003 Extra", "extra"),
        ("000001 Equal", "equal"),
    ]


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("300", "300"),
        ("$1,234.50", "1234.50"),
        ("1.234,50", "1234.50"),
        ("1234,5", "1234.5"),
        ("1,234", "1234"),
        ("12.345.678", "12345678"),
    ],
)
def test_amounts_are_read_as_people_write_them(text: str, amount: str) -> None:
    lines = f'code;amount\n000001;"{text}"\n'.encode()
    assert list(read_amounts(lines)) == [("000001", Decimal(amount))]


def test_a_line_without_an_amount_is_told() -> None:
    with pytest.raises(RuleError, match=r"csv-not-read.*line=3"):
        list(read_amounts(b"code,amount\n000001,300\n000002,abc\n"))


def test_the_page_compares_an_uploaded_file(world: World, client_as: Callable[..., Client]) -> None:
    shadowed(world)
    file = SimpleUploadedFile("facturas.csv", "código,importe\n000001,300.00\n".encode("latin-1"))
    answer = client_as("owner").post(reverse("runs:shadow"), {"month": "2026-06", "file": file})
    page = answer.content.decode()
    assert "000001 Equal" in page and "000003 Extra" in page
