"""The typed words are found in a text, and a number in its document, as people read them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caudal.core.text import fold, marked, numbered


@pytest.mark.parametrize(
    ("text", "typed", "pieces"),
    [
        ("Peña Ruiz", "pena", [("Peña", True), (" Ruiz", False)]),
        ("José  Ñandú", "NAN jose", [("José", True), ("  ", False), ("Ñan", True), ("dú", False)]),
        ("Straße", "ss", [("Stra", False), ("ß", True), ("e", False)]),
        ("anana", "ana", [("ana", True), ("na", False)]),
        ("10.20.0.7", "", [("10.20.0.7", False)]),
        ("", "ana", []),
    ],
)
def test_typed_words_are_marked(text: str, typed: str, pieces: list[tuple[str, bool]]) -> None:
    assert marked(text, typed) == pieces


@given(st.text(max_size=30), st.text(max_size=10))
def test_marking_loses_nothing_and_marks_what_fits(text: str, typed: str) -> None:
    pieces = marked(text, typed)
    assert "".join(piece for piece, _ in pieces) == text
    for piece, is_hit in pieces:
        if is_hit:
            assert any(word[0] in fold(piece) for word in fold(typed).split())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("FAC-00012", ("FAC-", 12)),
        ("12", ("", 12)),
        ("A1B2", ("A1B", 2)),
        ("FAC-", None),
        ("", None),
        ("9" * 18, ("", int("9" * 18))),
        ("9" * 19, None),
        ("٣", None),
    ],
)
def test_a_document_is_named_by_its_number(text: str, found: tuple[str, int] | None) -> None:
    assert numbered(text) == found
