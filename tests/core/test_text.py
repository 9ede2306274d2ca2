"""Text is compared the way people say it."""

import pytest

from caudal.core.text import ascii_fold, digits, fold, key


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("  Peña   NÚÑEZ ", "pena nunez"),
        ("Ñandú\tGüemes", "nandu guemes"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("Café ☕", "cafe ☕"),
        ("", ""),
    ],
)
def test_accents_case_and_spaces_make_no_difference(typed: str, folded: str) -> None:
    assert fold(typed) == folded


def test_folding_twice_changes_nothing() -> None:
    assert fold(fold("Ángel  Íñigo")) == fold("Ángel  Íñigo")


def test_only_plain_digits_of_a_phone_remain() -> None:
    assert digits("+52 (55) 1234-5678 ext٣") == "525512345678"


def test_two_spellings_of_one_address_share_a_key() -> None:
    assert (
        key("Calle #12, Colonia Centro")
        == key("calle 12 colonia  CENTRO")
        == "calle12coloniacentro"
    )


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("Ñandú Güemes", "Nandu Guemes"),
        ("Peña—López “fibra”", 'Pena-Lopez "fibra"'),
        ("Straße Ø ☕", "Strasse O "),
        ("plain_01", "plain_01"),
    ],
)
def test_names_for_routers_are_plain_ascii(typed: str, plain: str) -> None:
    assert ascii_fold(typed) == plain


def test_signs_without_likeness_are_marked_where_asked() -> None:
    assert ascii_fold("Café ☕", unknown="?") == "Cafe ?"
