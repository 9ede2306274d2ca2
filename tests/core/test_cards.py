"""Card numbers are told from other long numbers, and left out where a column names a card."""

import pytest

from caudal.core.cards import is_card_number, without_cards

CARD = "4111 1111 1111 1111"


@pytest.mark.parametrize("text", [CARD, "4111-1111-1111-1111", "378282246310005"])
def test_a_card_number_is_known_with_or_without_groups(text: str) -> None:
    assert is_card_number(text)


@pytest.mark.parametrize("text", ["", "4111 1111 1111 1112", "5512345678", "41111111x1111111"])
def test_other_numbers_are_no_cards(text: str) -> None:
    assert not is_card_number(text)


def test_only_a_column_that_names_a_card_loses_them() -> None:
    header = ["Número de tarjeta", "Tarjeta RFID", "Referencia"]
    row = [CARD, "0012345678", CARD, CARD]
    assert without_cards(header, row) == ("", "0012345678", CARD, CARD)
